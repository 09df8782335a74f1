"""The lines of surges, as their rules judge them."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.postgres.database import Connection, Database, queries
from domain.lines import LineFacts


class LineBook:
    """Reads lines that change, go on or keep somebody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def line(
        self, surge_id: str, at: datetime | None, *, command_id: str | None = None, line_id: str | None = None
    ) -> LineFacts | None:
        """Return a line of the surge, or the one that the command asks to add, as of an instant."""
        of = {"surge_id": surge_id, "command_id": command_id, "line_id": line_id}
        async with self._database.reading() as connection:
            row = await queries.line_facts(connection, **of, at=at)
        return LineFacts(**dict(row)) if row else None

    async def lines_going_on(self, surge_id: str, at: datetime) -> tuple[LineFacts, ...]:
        """Return the lines of the surge that are not over as of an instant, nor closed."""
        async with self._database.reading() as connection:
            return await going_on(connection, surge_id, at)

    async def keeps(self, command_id: str) -> tuple[tuple[str, str], ...]:
        """Return the (person, line) that the plan of a command must keep."""
        async with self._database.reading() as connection:
            rows = await queries.keeps_of(connection, command_id=command_id)
        return tuple((row["person_id"], row["line_id"]) for row in rows)

    async def next_duty(self, placement_id: str) -> tuple[str, timedelta] | None:
        """Return the line of the next duty that somebody has, or was offered, and how long after this one's end it begins."""
        async with self._database.reading() as connection:
            row = await queries.next_duty(connection, placement_id=placement_id)
        return (row["line_id"], row["after"]) if row else None


async def going_on(connection: Connection, surge_id: str, at: datetime) -> tuple[LineFacts, ...]:
    """Return the lines of a surge that are not over as of an instant, nor closed."""
    rows = await queries.lines_going_on(connection, surge_id=surge_id, at=at)
    return tuple(LineFacts(**dict(row)) for row in rows)
