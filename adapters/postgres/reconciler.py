"""The reconciler's book: what the books say of cases that run, and what a look found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.postgres import log
from adapters.postgres.database import Database, queries
from domain import cases
from domain.cases import CaseKind
from domain.log import Fact
from domain.orphans import BookedCase, Orphan

MOST = 200
"""Rows that the board shows of each."""


class ReconcilerBook:
    """Orphans, and cases that were taken up again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def booked(self, case_ids: Sequence[str]) -> dict[str, BookedCase]:
        """Return those of the cases that the books know."""
        keys: dict[CaseKind, list[str]] = defaultdict(list)
        for case_id in case_ids:
            try:
                name = cases.parse(case_id)
            except ValueError:
                continue
            keys[name.kind].append(name.key)
        async with self._database.reading() as connection:
            rows = await queries.standing_of_cases(
                connection,
                operations=keys[CaseKind.OPERATION],
                surges=keys[CaseKind.SURGE],
                secondments=keys[CaseKind.SECONDMENT],
                mutations=keys[CaseKind.MUTATION],
                groups=[f"{kind}:{key}" for kind in cases.GROUPS for key in keys[kind]],
            )
        return {row["case_id"]: BookedCase(row["government_id"], row["open"]) for row in rows}

    async def note_taken_up(self, case_ids: Sequence[str], at: datetime) -> None:
        """Note which cases were taken up again."""
        booked = await self.booked(case_ids)
        governments = [case.government_id for case in booked.values()]
        async with self._database.writing() as connection:
            await queries.note_taken_up(connection, case_ids=list(booked), governments=governments, at=at)

    async def note_look(self, orphans: Sequence[Orphan], at: datetime) -> None:
        """Note what a whole look found; what it did not find any more is gone."""
        async with self._database.writing() as connection:
            await queries.note_orphans(
                connection,
                run_ids=[one.running.run_id for one in orphans],
                workflow_ids=[one.running.workflow_id for one in orphans],
                whys=[one.why.value for one in orphans],
                governments=[one.government_id for one in orphans],
                at=at,
            )
            await queries.note_gone(connection, at=at)
            await queries.note_look(connection, at=at)

    async def last_look(self) -> tuple[datetime | None, int]:
        """Return when the reconciler looked last, and how many orphans run."""
        async with self._database.reading() as connection:
            row = await queries.last_look(connection)
        return row["looked_at"], row["orphans"]

    async def board(self, government_id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the orphans that a government's operator may see, and the cases that were taken up again."""
        async with self._database.reading() as connection:
            orphans = await queries.orphans_seen(connection, government_id=government_id, most=MOST)
            taken_up = await queries.taken_up_seen(connection, government_id=government_id, most=MOST)
        return [dict(row) for row in orphans], [dict(row) for row in taken_up]

    async def orphan(self, run_id: str, government_id: str) -> str | None:
        """Return the id of an orphan's workflow as far as a government may see it; None where there is none."""
        async with self._database.reading() as connection:
            found: str | None = await queries.orphan_of_run(
                connection, run_id=run_id, government_id=government_id
            )
        return found

    async def order_ended(self, run_id: str, government_id: str, reason: str, fact: Fact) -> None:
        """Note who orders an orphan to be ended and why, with the fact."""
        async with self._database.writing() as connection:
            await queries.order_orphan_ended(
                connection, run_id=run_id, ordered_by=fact.by.actor, reason=reason, at=fact.at
            )
            await log.append(connection, government_id, [fact])

    async def gone(self, run_id: str, at: datetime) -> None:
        """Note that an orphan was ended."""
        async with self._database.reading() as connection:
            await queries.note_orphan_gone(connection, run_id=run_id, at=at)
