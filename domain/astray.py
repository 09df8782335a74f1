"""Who is away while their roster changes: so that whoever imports it sees whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Astray:
    """Who is on a surge and not where the roster says: `now_unit_id` None, it names them no more."""

    placement_id: str
    surge_id: str
    state: str
    unit_id: str
    now_unit_id: str | None
