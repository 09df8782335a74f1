"""Reads for boards and inboxes: projections, never a fan-out over workflows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.postgres.database import Database, queries
from adapters.postgres.surges import life_of, seat_of
from domain.moves import Seat
from domain.secondment import Life


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
            rows = await queries.officers(connection, government_id=government_id, day=at.date())
        return [dict(row) for row in rows]

    async def open_people(self, surge_id: str | None = None) -> list[tuple[Seat, Life]]:
        """Return secondments that have not ended."""
        async with self._database.reading() as connection:
            rows = await queries.open_placements(connection, surge_id=surge_id)
        return [(seat_of(row), life_of(row)) for row in rows]

    async def surge(self, surge_id: str) -> dict[str, Any]:
        """Return one surge; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.surge_by_id(connection, surge_id=surge_id)
        if row is None:
            raise LookupError(f"no such surge: {surge_id}")
        return dict(row)

    async def log(self, government_id: str, after: int = 0, most: int = 100_000) -> list[dict[str, Any]]:
        """Return a stretch of the log, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.read_log(connection, government_id=government_id, after=after, most=most)
        return [dict(row) for row in rows]
