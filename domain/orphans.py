"""Workflows that run although no open case stands behind them. They are reported; a person ends them, never the house."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.authority import Capacity

MAY_END = frozenset({Capacity.OPERATOR})


class Why(StrEnum):
    """What is wrong with a running workflow: the books never heard of its case, or it has ended there."""

    NOT_IN_BOOKS = "NOT_IN_BOOKS"
    ENDED_IN_BOOKS = "ENDED_IN_BOOKS"


class EndReason(StrEnum):
    """Why an operator ends one. A code: words would enter the engine's history."""

    LEFT_OVER = "LEFT_OVER"
    NOT_OURS = "NOT_OURS"
    RESTORED_BOOKS = "RESTORED_BOOKS"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Running:
    """A run that the engine lists."""

    workflow_id: str
    run_id: str


@dataclass(frozen=True)
class BookedCase:
    """A case as the books have it."""

    government_id: str
    open: bool


@dataclass(frozen=True)
class Orphan:
    """A run that no open case stands behind; `government_id` where the books know whose case it was."""

    running: Running
    why: Why
    government_id: str | None = None


def judge(running: Running, booked: BookedCase | None) -> Orphan | None:
    """Say whether a run is an orphan by what the books say of its case."""
    if booked is None:
        return Orphan(running, Why.NOT_IN_BOOKS)
    return None if booked.open else Orphan(running, Why.ENDED_IN_BOOKS, booked.government_id)
