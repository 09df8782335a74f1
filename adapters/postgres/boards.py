"""Reads for boards and inboxes: projections, never a fan-out over workflows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.postgres.asks import requests_back
from adapters.postgres.database import Database, queries
from adapters.postgres.placements import life_of, seat_of
from domain.authority import Actor
from domain.moves import Seat
from domain.secondment import ON_SITE, Life, State, missing, point_of
from domain.sight import OVERSEERS, holds, units_headed

MOST = 5_000
"""Rows that one board shows."""


@dataclass(frozen=True)
class PeopleWanted:
    """Which secondments a board is to show; what is not said is not asked."""

    surge_id: str | None = None
    state: str | None = None
    only_out: bool = False
    only_overdue: bool = False
    id_prefix: str = ""
    operation_id: str | None = None
    only_uncovered: bool = False
    only_settling: bool = False
    due_within: timedelta | None = None
    """Only those who are due back before so long from now."""


class Boards:
    """What is going on, by government."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_tasks(self, government_id: str) -> list[dict[str, Any]]:
        """Return open tasks, most urgent first."""
        async with self._database.reading() as connection:
            return [dict(row) for row in await queries.open_tasks_of(connection, government_id=government_id)]

    async def officers(self, government_id: str, at: datetime) -> list[dict[str, Any]]:
        """Return who holds which office."""
        async with self._database.reading() as connection:
            rows = await queries.officers(connection, government_id=government_id, at=at)
        return [dict(row) for row in rows]

    async def open_people(
        self, surge_id: str | None = None, *, settling: bool = False
    ) -> list[tuple[Seat, Life]]:
        """Return secondments that have not ended; those of who is home and whose papers are not settled, if so asked."""
        async with self._database.reading() as connection:
            rows = await queries.open_placements(connection, surge_id=surge_id, settling=settling)
        return [(seat_of(row), life_of(row)) for row in rows]

    async def surge(self, surge_id: str) -> dict[str, Any]:
        """Return one surge; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.surge_by_id(connection, surge_id=surge_id)
        if row is None:
            raise LookupError(f"no such surge: {surge_id}")
        return dict(row)

    async def zone(self, government_id: str) -> str:
        """Return the zone by whose days a government counts."""
        async with self._database.reading() as connection:
            return str(await queries.zone_of_government(connection, government_id=government_id))

    async def log(self, government_id: str, after: int = 0, most: int = 100_000) -> list[dict[str, Any]]:
        """Return a stretch of the log, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.read_log(connection, government_id=government_id, after=after, most=most)
        return [dict(row) for row in rows]

    async def operations(self, government_id: str, id_prefix: str = "") -> list[dict[str, Any]]:
        """Return operations, the newest first, each with its newest status."""
        async with self._database.reading() as connection:
            rows = await queries.operations_of(connection, government_id=government_id, id_prefix=id_prefix)
        return [dict(row) for row in rows]

    async def standings(self, operation_id: str, known_at: datetime) -> list[dict[str, Any]]:
        """Return every standing of an operation as it was known at an instant, each with how its end was moved."""
        async with self._database.reading() as connection:
            rows = await queries.standings_known(connection, operation_id=operation_id, known_at=known_at)
            moved = await queries.ends_known(connection, operation_id=operation_id, known_at=known_at)
        return [
            {**dict(row), "ends": [dict(end) for end in moved if end["number"] == row["number"]]}
            for row in rows
        ]

    async def surges(
        self, government_id: str, *, operation_id: str | None = None, id_prefix: str = ""
    ) -> list[dict[str, Any]]:
        """Return surges, the newest first, counted in people."""
        async with self._database.reading() as connection:
            rows = await queries.surges_of(
                connection,
                government_id=government_id,
                operation_id=operation_id,
                id_prefix=id_prefix,
            )
        return [dict(row) for row in rows]

    async def requests_back(self, surge_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return how requests came back that were sent back, rejected or cancelled, by surge."""
        async with self._database.reading() as connection:
            return await requests_back(connection, surge_ids)

    async def lines(self, surge_id: str) -> list[dict[str, Any]]:
        """Return the lines of a surge, each counted from its placements."""
        async with self._database.reading() as connection:
            rows = await queries.surge_lines_counted(
                connection, surge_id=surge_id, on_site_states=sorted(ON_SITE)
            )
        return [dict(row) for row in rows]

    async def lines_of_decision(self, command_id: str, surge_id: str) -> list[tuple[str, timedelta]]:
        """Return (number, how long it lasts) of each line that a decision about a surge asks for."""
        async with self._database.reading() as connection:
            rows = await queries.lines_of_decision(connection, command_id=command_id, surge_id=surge_id)
        return [(row["number"], row["lasts"]) for row in rows]

    async def pack_of_placement(self, placement_id: str) -> str:
        """Return the rule pack of somebody's surge."""
        async with self._database.reading() as connection:
            return str(await queries.pack_of_placement(connection, placement_id=placement_id))

    async def people_by_state(self, surge_id: str) -> dict[str, int]:
        """Return how many people of a surge stand where."""
        async with self._database.reading() as connection:
            rows = await queries.people_by_state(connection, surge_id=surge_id)
        return {row["state"]: row["people"] for row in rows}

    async def secondments(self, who: Actor, wanted: PeopleWanted, at: datetime) -> list[dict[str, Any]]:
        """Return the secondments that the actor may see, the overdue ones first; at most `MOST`."""
        async with self._database.reading() as connection:
            rows = await queries.secondments_seen(
                connection,
                government_id=who.government_id,
                person_id=who.person_id,
                everybody=holds(who, OVERSEERS),
                units=list(units_headed(who)),
                surge_id=wanted.surge_id,
                state=wanted.state,
                id_prefix=wanted.id_prefix.lower(),
                only_out=wanted.only_out,
                only_overdue=wanted.only_overdue,
                operation_id=wanted.operation_id,
                only_uncovered=wanted.only_uncovered,
                only_settling=wanted.only_settling,
                due_before=at + wanted.due_within if wanted.due_within is not None else None,
                at=at,
                most=MOST,
            )
        return [dict(row) | {"missing": _missing(row)} for row in rows]

    async def missing(self, placement_id: str) -> list[str]:
        """Return what is asked for of somebody before they set to work, and not settled."""
        async with self._database.reading() as connection:
            row = await queries.placement_standing(connection, placement_id=placement_id)
        return _missing(row) if row else []

    async def plan(self, plan_id: str) -> dict[str, Any] | None:
        """Return a kept plan as it was made, or None."""
        async with self._database.reading() as connection:
            row = await queries.plan_by_id(connection, plan_id=plan_id)
        return dict(row) if row else None

    async def asked_by(self, plan_id: str) -> set[str]:
        """Return whom a plan has asked already."""
        async with self._database.reading() as connection:
            rows = await queries.asked_by_plan(connection, plan_id=plan_id)
        return {row["person_id"] for row in rows}

    async def donors(
        self, surge_id: str, donors: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """Return what these (unit, role) may lend as of now, and who has lifted their redline for a surge."""
        pairs = sorted(set(donors))
        async with self._database.reading() as connection:
            rows = await queries.donors_of_plan(
                connection,
                surge_id=surge_id,
                units=[unit for unit, _ in pairs],
                roles=[role for _, role in pairs],
            )
        return {(row["unit_id"], row["role"]): dict(row) for row in rows}

    async def orders(self, surge_id: str) -> list[dict[str, Any]]:
        """Return the orders of a surge, in the order of their numbers."""
        async with self._database.reading() as connection:
            rows = await queries.orders_of_surge(connection, surge_id=surge_id)
        return [dict(row) for row in rows]

    async def order(self, order_id: str) -> dict[str, Any] | None:
        """Return an order's head, or None."""
        async with self._database.reading() as connection:
            row = await queries.order_view(connection, order_id=order_id)
        return dict(row) if row else None

    async def person_on_order(
        self, order_id: str, *, placement_id: str | None = None, person_id: str | None = None
    ) -> dict[str, Any] | None:
        """Return the placement of somebody who stands on an order, by placement or by person, or None."""
        async with self._database.reading() as connection:
            row = await queries.placement_of_order(
                connection, order_id=order_id, placement_id=placement_id, person_id=person_id
            )
        return dict(row) if row else None

    async def offer_terms(self, placement_id: str) -> dict[str, Any]:
        """Return what somebody is asked to do."""
        async with self._database.reading() as connection:
            return dict(await queries.offer_terms(connection, placement_id=placement_id))

    async def document(self, order_id: str, placement_id: str | None) -> bytes | None:
        """Return the PDF of an issued order, or of one person's extract; None when there is none."""
        async with self._database.reading() as connection:
            row = await queries.document(connection, order_id=order_id, placement_id=placement_id)
        return bytes(row["file"]) if row else None

    async def names(self, person_ids: Iterable[str]) -> dict[str, str]:
        """Return the names behind opaque ids; for those who may see them."""
        async with self._database.reading() as connection:
            rows = await queries.names_of(connection, person_ids=sorted(set(person_ids)))
        return {row["person_id"]: row["name"] for row in rows}

    async def unit_names(self, unit_ids: Iterable[str]) -> dict[str, str]:
        """Return what units are called."""
        async with self._database.reading() as connection:
            rows = await queries.unit_names(connection, unit_ids=sorted(set(unit_ids)))
        return {row["unit_id"]: row["name"] for row in rows}

    async def unit(self, government_id: str, code: str) -> dict[str, Any] | None:
        """Return a unit by its code or id, or None."""
        async with self._database.reading() as connection:
            row = await queries.unit_by_code(connection, government_id=government_id, code=code)
        return dict(row) if row else None

    async def staff(self, government_id: str, unit_id: str) -> list[dict[str, Any]]:
        """Return who serves in a unit, its head first."""
        async with self._database.reading() as connection:
            rows = await queries.staff_of_unit(connection, government_id=government_id, unit_id=unit_id)
        return [dict(row) for row in rows]

    async def positions(
        self, government_id: str, unit_id: str | None = None, *, free: bool = False
    ) -> list[dict[str, Any]]:
        """Return the position map of a government or of one unit; with `free` what has a place that nobody has."""
        asked = {"government_id": government_id, "unit_id": unit_id, "free": free}
        async with self._database.reading() as connection:
            rows = await queries.mapped_positions(connection, **asked)
        return [dict(row) for row in rows]

    async def has_role(self, unit_id: str, role: str) -> bool:
        """Say whether a unit has people of a role."""
        async with self._database.reading() as connection:
            return bool(await queries.has_unit_role(connection, unit_id=unit_id, role=role))

    async def case_log(self, government_id: str, case_id: str) -> list[dict[str, Any]]:
        """Return what happened in one case, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.log_of_case(connection, government_id=government_id, case_id=case_id)
        return [dict(row) for row in rows]

    async def log_position(self, government_id: str) -> int:
        """Return the number of the newest entry of the log: what a board was read at."""
        async with self._database.reading() as connection:
            return int(await queries.log_position(connection, government_id=government_id) or 0)

    async def log_head(self, government_id: str) -> tuple[int, datetime | None, str]:
        """Return the number of the newest entry of the log, when it was written, and the government's zone."""
        async with self._database.reading() as connection:
            row = await queries.log_head(connection, government_id=government_id)
        return row["seq"], row["at"], row["zone"]

    async def people(self, government_id: str) -> Sequence[dict[str, Any]]:
        """Return everybody who serves, with the code of the unit."""
        async with self._database.reading() as connection:
            return [dict(row) for row in await queries.active_people(connection, government_id=government_id)]


def _missing(row: Any) -> list[str]:
    points = tuple(point_of(one) for one in row["checklist"])
    return [one.value for one in missing(State(row["state"]), points)]
