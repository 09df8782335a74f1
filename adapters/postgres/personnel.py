"""Writing what a roster says of careers and positions, inside the import's transaction: COPY, then whole sets at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from adapters.postgres.database import Connection, queries
from domain.personnel import Personnel
from domain.roster import Government

_STEPS = (
    queries.drop_careers,
    queries.put_careers,
    queries.drop_ratings,
    queries.add_ratings,
    queries.drop_processes,
    queries.add_processes,
    queries.drop_ties,
    queries.add_ties,
    queries.drop_relations,
    queries.add_relations,
    queries.put_mapped_positions,
    queries.drop_position_map,
    queries.put_position_map,
)


async def put_personnel(connection: Connection, government: Government, personnel: Personnel) -> None:
    """Write all of it; `staged_people` must hold the people that it is about."""
    await queries.stage_personnel(connection)
    for table in fields(Personnel):
        rows = _as_records(getattr(personnel, table.name))
        await connection.copy_records_to_table(f"staged_{table.name}", records=rows)
    await queries.measure_personnel(connection)
    for step in _STEPS:
        await step(connection, government_id=government.id)


async def put_elections(connection: Connection, government: Government) -> None:
    """Write when a government's head is elected."""
    elections = {
        "government_id": government.id,
        "candidates_on": [one.candidates_on for one in government.elections],
        "term_ends": [one.term_ends for one in government.elections],
    }
    await queries.drop_elections(connection, **elections)
    await queries.add_elections(connection, **elections)


def _as_records(rows: tuple[Any, ...]) -> Iterable[tuple[Any, ...]]:
    """Each row as a tuple of its fields, which stand in the order of the staged table's columns."""
    return map(attrgetter(*(field.name for field in fields(rows[0]))), rows) if rows else ()
