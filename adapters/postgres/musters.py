"""The book of roll calls and signs of life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from adapters.postgres import log
from adapters.postgres.database import Database, queries
from domain import cases
from domain.log import Fact
from domain.muster import MUSTERED, OnSite
from domain.secondment import State


class MusterBook:
    """Who was seen at the site, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expected(
        self, *, surge_id: str | None = None, placement_id: str | None = None
    ) -> tuple[OnSite, ...]:
        """Return who is expected at the site: of a surge, or one placement."""
        async with self._database.reading() as connection:
            rows = await queries.expected_on_site(
                connection, surge_id=surge_id, placement_id=placement_id, states=sorted(MUSTERED)
            )
        return tuple(
            OnSite(row["placement_id"], row["person_id"], State(row["state"]), row["site"], row["unit_id"])
            for row in rows
        )

    async def goes_on(self, surge_id: str) -> bool:
        """Say whether a surge has begun and not ended."""
        async with self._database.reading() as connection:
            case_id = cases.surge(surge_id)
            return bool(await queries.case_is_open(connection, case_id=case_id, key=surge_id))

    async def note(
        self, government_id: str, placements: Sequence[str], seen_at: datetime, fact: Fact
    ) -> None:
        """Note who was seen, and write the fact, in one transaction."""
        async with self._database.writing() as connection:
            await queries.add_sightings(
                connection,
                placement_ids=list(placements),
                seen_at=seen_at,
                recorded_at=fact.at,
                recorded_by=fact.by.actor,
            )
            await log.append(connection, government_id, [fact])
