"""One writer of `soak numbers`: a process that draws numbers by the program's own book until its decisions are done.

What it was told it says at once, so that whoever ends it in the middle knows what was promised by then.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from multiprocessing.connection import Connection as Pipe

import asyncpg

from adapters.postgres.database import Database
from adapters.postgres.decrees import DecreeBook, issue
from domain import cases
from domain.mutation.moving import Issued
from domain.rules import RulePack

_FILE = "e" * 64
"""The hash of a file that is none."""
_PAPER = """
    INSERT INTO decree_papers (decree_id, paper, sha256, file) VALUES ($1, 'DECREE', $2, '') ON CONFLICT DO NOTHING
"""
TOO_LONG = 0.02  # seconds of real time after which whoever lets go has done so


class End(StrEnum):
    """What becomes of a decision's number."""

    ISSUED = "issued"
    VOID = "given up"
    AGAIN = "given up, and another one issued"
    RESERVED = "left reserved"


class Trouble(StrEnum):
    """What comes between before the number is told."""

    NONE = "none"
    BROKEN_OFF = "fails after the number was drawn"
    LET_GO = "whoever asks lets go in the middle"
    TWICE = "is asked twice at once"


@dataclass(frozen=True)
class Decision:
    """A recorded signature, and what the story does to it; `at` is the story's instant."""

    command_id: str
    mutation_id: str
    government_id: str
    at: datetime
    end: End
    trouble: Trouble


@dataclass(frozen=True)
class Told:
    """What a writer says: a number that it was told, that a decision is done, or what should not be."""

    command_id: str
    number: str | None = None
    decree_id: str | None = None
    done: bool = False
    wrong: str | None = None


def write(
    dsn: str, rules: Mapping[str, RulePack], decisions: Sequence[Decision], chance: int, said: Pipe
) -> None:
    """Work through these decisions; the first ones may have been begun by a writer that was ended."""
    asyncio.run(_write(dsn, rules, decisions, chance, said))


async def _write(
    dsn: str, rules: Mapping[str, RulePack], decisions: Sequence[Decision], chance: int, said: Pipe
) -> None:
    database = await Database.open(dsn, size=2)
    try:
        writer = _Writer(database, DecreeBook(database, rules), random.Random(chance), said)
        for decision in decisions:
            await writer.carry(decision)
    finally:
        await database.close()


class _Writer:
    def __init__(self, database: Database, book: DecreeBook, chance: random.Random, said: Pipe) -> None:
        self._database = database
        self._book = book
        self._chance = chance
        self._said = said
        self._taken: str | None = None
        """A decree that there is: whoever reserves under its id fails after the number was drawn."""

    async def carry(self, decision: Decision) -> None:
        """Draw a decision's number, whatever comes between, and bring it to its end."""
        await self._trouble(decision)
        decree_id = await self._draw(decision)
        if decision.end in (End.VOID, End.AGAIN):
            await self._book.void(
                decree_id, cases.mutation(decision.mutation_id), "soak: given up", decision.at
            )
        if decision.end == End.AGAIN:
            decree_id = await self._draw(decision)
        if decision.end in (End.ISSUED, End.AGAIN):
            await self._issue(decision, decree_id)
        self._say(Told(decision.command_id, done=True))

    async def _draw(self, decision: Decision) -> str:
        decree_id, number = await self._reserve(decision, str(uuid.uuid4()))
        self._say(Told(decision.command_id, number, decree_id))
        self._taken = decree_id
        return decree_id

    async def _reserve(self, decision: Decision, decree_id: str) -> tuple[str, str]:
        return await self._book.reserve(
            cases.mutation(decision.mutation_id),
            (decision.mutation_id,),
            command_id=decision.command_id,
            decree_id=decree_id,
            effective_at=decision.at,
            at=decision.at,
        )

    async def _trouble(self, decision: Decision) -> None:
        match decision.trouble:
            case Trouble.BROKEN_OFF if self._taken:
                with suppress(asyncpg.UniqueViolationError):
                    await self._reserve(decision, self._taken)
            case Trouble.LET_GO:
                asking = asyncio.create_task(self._reserve(decision, str(uuid.uuid4())))
                await asyncio.wait({asking}, timeout=self._chance.uniform(0, TOO_LONG))
                asking.cancel()
                await asyncio.wait({asking})
            case Trouble.TWICE:
                await self._ask_twice(decision)

    async def _ask_twice(self, decision: Decision) -> None:
        asked = [self._reserve(decision, str(uuid.uuid4())) for _ in range(2)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        told = {one for one in answers if not isinstance(one, BaseException)}
        if len(told) != 1:
            self._say(Told(decision.command_id, wrong=f"asked twice at once: {answers}"))
        for one in answers:
            if isinstance(one, BaseException) and not isinstance(one, asyncpg.UniqueViolationError):
                raise one

    async def _issue(self, decision: Decision, decree_id: str) -> None:
        """Issue it, in the transaction that would also move its case; one who died after this did it already."""
        async with self._database.writing() as connection:
            state = await connection.fetchval("SELECT state FROM decrees WHERE decree_id = $1", decree_id)
            if state == "RESERVED":
                await connection.execute(_PAPER, decree_id, _FILE)
                made, whose = Issued(decree_id, "f" * 64, _FILE, decree_id), decision.mutation_id
                await issue(connection, made, cases.mutation(whose), (whose,))

    def _say(self, told: Told) -> None:
        self._said.send(told)
