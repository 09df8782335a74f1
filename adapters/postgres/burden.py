"""The board of burden: what units and people have given of late, as much of it as somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.postgres.database import Database, queries
from domain.authority import Actor
from domain.burden import (
    WINDOW,
    PersonBurden,
    Posting,
    Spread,
    Staff,
    UnitBurden,
    by_person,
    by_unit,
    spread,
    spread_over_units,
)
from domain.sight import OVERSEERS, holds, units_headed

_COUNTED = ("unit_id", "role", "headcount", "held", "absent", "redline", "gone")


@dataclass(frozen=True)
class Burden:
    """Units and people, and how evenly both carry; the spread is that of what is shown."""

    units: tuple[UnitBurden, ...]
    people: tuple[PersonBurden, ...]
    over_units: Spread
    over_people: Spread


class BurdenBoard:
    """Reads, in one snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, who: Actor, at: datetime) -> Burden:
        """Return the burden that somebody may see: all for overseers, the own unit's for its head, else one's own."""
        asked = {
            "government_id": who.government_id,
            "everybody": holds(who, OVERSEERS),
            "units": list(units_headed(who)),
        }
        async with (
            self._database.reading() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows = await queries.burden_staff(connection, **asked, at=at, lending=False)
            postings = [
                Posting(**dict(row))
                for row in await queries.burden_postings(
                    connection, **asked, person_id=who.person_id, window_opens=at - WINDOW
                )
            ]
            caps = await queries.caps_raised(connection, government_id=who.government_id, at=at)
        raised = {row["person_id"]: row["raised"] for row in caps}
        units = by_unit(map(staff_of, rows), postings, at)
        people = by_person(postings, at, raised)
        able = frozenset(row["unit_id"] for row in rows if row["lends"])
        return Burden(units, people, spread_over_units(units, able), spread([one.days for one in people]))

    async def skills(self, unit_id: str) -> dict[str, tuple[str, ...]]:
        """Return which skills the people of a unit hold, by their role at home, the commonest first."""
        async with self._database.reading() as connection:
            rows = await queries.roles_by_skill(connection, unit_id=unit_id)
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["role"], []).append(row["skill"])
        return {role: tuple(skills) for role, skills in found.items()}


def staff_of(row: Any) -> Staff:
    """Return the people of a role of a unit, as counted."""
    return Staff(**{column: row[column] for column in _COUNTED})
