"""The boards rebuilt from the log, beside what the boards themselves read, all in one snapshot."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from adapters.postgres import rebuild_decreed, rebuild_ordered
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.invariants import SAMPLE, InvariantResult
from domain.rebuild import Entry, Projection, Rebuilt, Tables, compare
from domain.rebuild.counting import SOON
from domain.secondment import ON_SITE

PROMISE = "every board shows what a rebuild from the log alone gives"
STRETCH = 5_000
"""Entries of the log read at once."""
_ALL = 2_000_000_000
_SHOWN = {
    *(
        "surge_id",
        "line_id",
        "unit_id",
        "home_role",
        "person_id",
        "offered_at",
        "departed_at",
        "checked_in_at",
    ),
    *(
        "arrived_at",
        "returned_at",
        "state",
        "out",
        "due_back",
        "home_by",
        "escalation",
        "leaving",
        "report_at",
    ),
    *("directed", "condition_code", "condition_report_at", "extend_until", "extend_agreed", "extensions"),
    *("order_id", "relieves", "moved_from", "handed_over", "extend_line_id", "hearing"),
    *("checklist", "accident", "uncovered_from", "seen_at", "overdue"),
    *("post_unit_id", "acting_mandate_id", "acting_until", "acting_wanted", "rest_lacking"),
    *("received", "waived", "owed", "report_by", "claim_by"),
    *("claim_reference", "claim_dated", "claim_amount"),
}
_OF_SURGE = (
    *("operation_id", "state", "escalation", "asked", "filled", "out", "unrested", "returned"),
    *("reported", "reimbursed", "outstanding", "waived", "claimed"),
)
_OF_LINE = (
    "role",
    "quantity",
    "report_at",
    "due_back",
    "closed_at",
    "needed_until",
    "short_reason",
    "short_by",
    "offered",
    "filled",
    "on_site",
    "returned",
)
_OF_OPERATION = ("state", "ended_at", "archived_at", "status_until", "uncovered")


async def rebuild(database: Database, government_id: str, at: datetime) -> Rebuilt:
    """Fold a government's log, and compare with what its boards show at an instant.

    Raises LookupError when there is no such government.
    """
    async with (
        database.reading() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        head = await queries.invariant_head(connection, government_id=government_id)
        if head is None:
            raise LookupError(f"no such government: {government_id}")
        projection = await fold(connection, government_id)
        books = await _shown(connection, government_id, at)
    # What was cut off the end of the log is missing too.
    gaps = (*projection.gaps, *range(projection.seq + 1, head["seq"] + 1))
    rows, differences = await asyncio.to_thread(lambda: compare(projection.tables(at), books))
    return Rebuilt(projection.seq, projection.at, projection.entries, rows, differences, gaps)


async def boards_hold(database: Database, government_id: str, at: datetime) -> InvariantResult:
    """Return the comparison as one more promise beside the invariants; of the faults the first few are named."""
    found = await rebuild(database, government_id, at)
    return InvariantResult("B1", PROMISE, found.compared, len(found.faults), found.faults[:SAMPLE])


async def fold(connection: Connection, government_id: str) -> Projection:
    """Take every entry, the oldest first; a stretch at a time, so that others are served in between."""
    projection = Projection()
    while True:
        rows = await queries.read_log(
            connection, government_id=government_id, after=projection.seq, most=STRETCH
        )
        for row in rows:
            projection.take(entry_of(row))
        if len(rows) < STRETCH:
            return projection


def entry_of(row: Any) -> Entry:
    """Return an entry as the fold takes it."""
    return Entry(
        row["seq"],
        row["type"],
        row["at"],
        row["case_id"],
        row["person_id"],
        row["command_id"],
        row["data"],
        row["actor"],
    )


async def _shown(connection: Connection, government_id: str, at: datetime) -> Tables:
    """Return what the boards show, by the boards' own queries; a request that its case has not received is not yet there."""
    of = {"government_id": government_id}
    surges = [
        row
        for row in await queries.surges_of(connection, **of, operation_id=None, id_prefix="")
        if row["state"] != "DRAFT"
    ]
    operations = await queries.operations_of(connection, **of, id_prefix="")
    standings = await queries.rebuild_standings(connection, **of)
    overrides = await queries.rebuild_overrides(connection, **of)
    thin = await queries.rebuild_thin_units(connection, **of)
    asked, asks = await rebuild_ordered.asked(connection, government_id)
    return {
        "operation": {
            row["operation_id"]: _some(row, _OF_OPERATION) for row in operations if row["state"] != "DRAFT"
        },
        "standing": {row["key"]: _but(row, "key") for row in standings},
        "surge": {row["surge_id"]: await _surge(connection, row) | asked[row["surge_id"]] for row in surges},
        "line": {
            key: line | asks[key] for row in surges for key, line in await _lines(connection, row["surge_id"])
        },
        "placement": await _people(connection, government_id, at),
        "lent": {row["key"]: _but(row, "key") for row in await queries.rebuild_lent(connection, **of)},
        "override": {row["override_id"]: _but(row, "override_id") for row in overrides},
        "cap": {
            row["waiver_id"]: _but(row, "waiver_id") for row in await queries.rebuild_caps(connection, **of)
        },
        **await rebuild_ordered.ordered(connection, government_id),
        "thin": {row["episode_id"]: _but(row, "episode_id") for row in thin},
        **await rebuild_decreed.decided(connection, government_id),
        **await rebuild_decreed.decreed(connection, government_id),
        "task": {
            _task(row): {"due_at": row["due_at"]} for row in await queries.open_tasks_of(connection, **of)
        },
    }


async def _surge(connection: Connection, row: Any) -> dict[str, Any]:
    people = await queries.people_by_state(connection, surge_id=row["surge_id"])
    return _some(row, _OF_SURGE) | {"people": {one["state"]: one["people"] for one in people}}


async def _lines(connection: Connection, surge_id: str) -> list[tuple[str, dict[str, Any]]]:
    rows = await queries.surge_lines_counted(connection, surge_id=surge_id, on_site_states=sorted(ON_SITE))
    return [(row["line_id"], {"surge_id": surge_id} | _some(row, _OF_LINE)) for row in rows]


async def _people(connection: Connection, government_id: str, at: datetime) -> dict[str, dict[str, Any]]:
    seen = await _board(connection, government_id, at, within=None)
    soon = {row["placement_id"] for row in await _board(connection, government_id, at, within=SOON)}
    people = {
        row["placement_id"]: _some(row, _SHOWN) | {"due_soon": row["placement_id"] in soon} for row in seen
    }
    for row in await queries.rebuild_placements(connection, government_id=government_id):
        people.setdefault(row["placement_id"], {}).update(_but(row, "placement_id"))
    return people


async def _board(
    connection: Connection, government_id: str, at: datetime, *, within: timedelta | None
) -> list[Any]:
    """The board of people as an overseer sees it; with `within`, of those who are out and due back so soon."""
    rows: list[Any] = await queries.secondments_seen(
        connection,
        government_id=government_id,
        person_id=None,
        everybody=True,
        units=[],
        surge_id=None,
        state=None,
        id_prefix="",
        only_out=within is not None,
        only_overdue=False,
        operation_id=None,
        only_uncovered=False,
        only_settling=False,
        due_before=at + within if within is not None else None,
        at=at,
        most=_ALL,
    )
    return rows


def _task(row: Any) -> str:
    whom = row["assignee_id"] or row["capacity"]
    where = row["unit_id"], row["inbox"]
    return " ".join((row["kind"], row["case_id"], whom, *filter(None, where)))


def _some(row: Any, columns: Any) -> dict[str, Any]:
    return {column: row[column] for column in columns}


def _but(row: Any, key: str) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != key}
