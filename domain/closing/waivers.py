"""Waivers of the yearly cap on days of duty (S05), as the after-action report tells them: office, home unit and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.report.source import Entry

WAIVED = "YearlyCapWaived"


@dataclass(frozen=True)
class CapWaiver:
    """Somebody of a unit was let serve so many days more: by which office, when, why. It names no person."""

    at: datetime
    office: str
    unit_id: str
    home_role: str
    days: int
    reason: str


def waivers_of(entries: Iterable[Entry]) -> tuple[CapWaiver, ...]:
    """Return the waivers that these entries tell, oldest first."""
    return tuple(
        CapWaiver(
            entry.at,
            entry.authority,
            str(entry.data.get("unit_id", "")),
            str(entry.data.get("home_role", "")),
            int(entry.data["days"]),
            str(entry.data.get("choice") or ""),
        )
        for entry in entries
        if entry.type == WAIVED
    )
