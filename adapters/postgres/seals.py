"""What a service is asked to seal, until the paper is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from adapters.postgres.database import Database, queries
from domain.signing import Prepared


class SealBook:
    """Asks for seals, by the hash of the paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prepared(self, paper_sha256: str) -> Prepared | None:
        """Return what a service is asked for a paper, if it is."""
        async with self._database.reading() as connection:
            kept = await queries.seal_ask(connection, paper_sha256=paper_sha256)
        return prepared_of(kept) if kept else None

    async def keep(self, government_id: str, prepared: Prepared) -> Prepared:
        """Keep what a service is asked for a government, once a paper; return what is kept."""
        async with self._database.reading() as connection:
            kept = await queries.keep_seal_ask(
                connection,
                paper_sha256=prepared.paper_sha256,
                government_id=government_id,
                prepared=asdict(prepared),
            )
        return prepared_of(kept)

    async def forget(self, paper_sha256: str) -> None:
        """Forget what a service was asked for a paper."""
        async with self._database.reading() as connection:
            await queries.forget_seal_ask(connection, paper_sha256=paper_sha256)


def prepared_of(kept: dict[str, Any]) -> Prepared:
    """Return what waits for a signature, as it was kept."""
    return Prepared(**{**kept, "hole": tuple(kept["hole"])})
