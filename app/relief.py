"""Places and what is handed over on them: who may read which part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.actions import NoSuchCase
from domain.authority import Actor
from domain.relief import Relief, Turn, in_turn, left_by, reliefs
from domain.relief_rules import ReliefRules
from domain.sight import OVERSEERS, holds, sees_person


class Book(Protocol):
    """Where places are read."""

    async def whose(self, placement_id: str) -> dict[str, Any]: ...
    async def notes(self, placement_id: str) -> list[dict[str, Any]]: ...
    async def chain(self, placement_id: str) -> tuple[list[dict[str, Any]], ReliefRules, list[Turn]]: ...


@dataclass(frozen=True)
class Handover:
    """The notes that somebody left, and those that the one before left them."""

    placement_id: str
    written: Sequence[dict[str, Any]]
    received_from: str | None
    received: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Chain:
    """A place: its turns, one after the other, and how each follows the one before."""

    people: Sequence[dict[str, Any]]
    reliefs: dict[str, Relief]
    rules: ReliefRules


async def handover(book: Book, who: Actor, placement_id: str) -> Handover:
    """Return the notes of a placement, and those of whoever was last at the place before.

    For the person, for whoever comes after them, and for the overseers; raises NoSuchCase.
    """
    found = await _found(book, who, placement_id)
    people, _, turns = await book.chain(placement_id)
    mine = who.person_id == found["person_id"]
    own = (row["placement_id"] for row in people if row["person_id"] == who.person_id and not row["dropped"])
    if not (mine or holds(who, OVERSEERS) or any(left_by(turns, one) == placement_id for one in own)):
        raise NoSuchCase(placement_id)
    # Whoever relieves the person reads what they left, and not what was left to them.
    before = left_by(turns, placement_id) if mine or holds(who, OVERSEERS) else None
    received = await book.notes(before) if before else []
    return Handover(placement_id, await book.notes(placement_id), before, received)


async def chain(book: Book, who: Actor, placement_id: str) -> Chain:
    """Return the place of a placement. For the person, the home head, the overseers; names for those who are on it."""
    found = await _found(book, who, placement_id)
    if not sees_person(who, subject_id=found["person_id"], home_unit_id=found["unit_id"]):
        raise NoSuchCase(placement_id)
    rows, rules, turns = await book.chain(placement_id)
    known = {row["placement_id"]: row for row in rows}
    named = holds(who, OVERSEERS) or any(row["person_id"] == who.person_id for row in rows)
    people = [known[turn.placement_id] for turn in in_turn(turns)]
    shown = people if named else [row | {"name": None, "person_id": None} for row in people]
    return Chain(shown, {one.placement_id: one for one in reliefs(turns, rules.overlap)}, rules)


async def _found(book: Book, who: Actor, placement_id: str) -> dict[str, Any]:
    try:
        found = await book.whose(placement_id)
    except LookupError:
        raise NoSuchCase(placement_id) from None
    if found["government_id"] != who.government_id:
        raise NoSuchCase(placement_id)
    return found
