"""What the fold takes: an entry of the log, as far as boards depend on it, and the rows that it makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry of the log, as far as boards depend on it."""

    seq: int
    type: str
    at: datetime
    case_id: str
    person_id: str | None
    command_id: str | None
    data: dict[str, Any]
    actor: str = ""


def instant(text: str | None) -> datetime | None:
    """Return an instant that an entry tells, if it tells one."""
    return datetime.fromisoformat(text) if text else None
