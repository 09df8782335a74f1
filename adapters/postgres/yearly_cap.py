"""Who has served how much in a year, and whose yearly cap is raised."""

from __future__ import annotations

from datetime import datetime

from adapters.postgres.database import Database, queries
from domain.yearly_cap import Served


class CapBook:
    """Reads; the cap is raised by the move of a surge."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def served(self, government_id: str, person_id: str, at: datetime) -> Served | None:
        """Return how much somebody of the government has served within the year; None of nobody there."""
        async with self._database.reading() as connection:
            row = await queries.served(connection, government_id=government_id, person_id=person_id, at=at)
        return Served(row["duty"], row["raised"]) if row else None

    async def raised(self, government_id: str, at: datetime) -> dict[str, Served]:
        """Return whose cap is raised, and what they have served."""
        async with self._database.reading() as connection:
            rows = await queries.caps_raised(connection, government_id=government_id, at=at)
        return {row["person_id"]: Served(row["duty"], row["raised"]) for row in rows}
