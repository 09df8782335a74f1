"""A whole house in one process: worker, relay and desk over a given engine and database, for drills and tests."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from temporalio.client import Client
from temporalio.worker import Worker

from adapters.feeds.roster_files import read_roster
from adapters.postgres.boards import Boards
from adapters.postgres.roster import RosterBook
from app.actions import House
from app.wiring import Books, in_force, open_books
from domain.authority import Actor
from domain.ports import Signers
from domain.roster import Roster
from lab.pulse import Pulse
from runtime.clock import Clock
from worker import make_worker

DEADLOCKED_AFTER = 60  # seconds of real time


@dataclass(frozen=True)
class Stage:
    """What a drill or a test plays on."""

    client: Client
    books: Books
    boards: Boards
    house: House
    clock: Clock
    task_queue: str
    pulse: Pulse = field(default_factory=Pulse)

    async def actor(self, person_id: str, government_id: str) -> Actor:
        """Return a person with the offices held now."""
        return await self.books.desk.actor(person_id, government_id, self.clock.now())


@asynccontextmanager
async def open_stage(
    client: Client,
    dsn: str,
    clock: Clock,
    *,
    task_queue: str = "stage",
    seed: int | None = None,
    signers: Signers | None = None,
) -> AsyncIterator[Stage]:
    """Open the house: with a seed, ids are the same in every run."""
    dice = random.Random(seed)

    def new_id() -> str:
        return str(uuid.UUID(int=dice.getrandbits(128), version=4))

    async with open_books(dsn, size=12) as opened:
        books = replace(opened, signers=signers)
        relay, pulse = books.relay(client, task_queue, clock), Pulse()
        worker = make_worker(client, books, task_queue, [pulse])
        _never_interrupted(worker)
        async with worker:
            relaying = asyncio.create_task(relay.run())
            house = books.house(clock, new_id if seed is not None else None)
            try:
                yield Stage(client, books, Boards(books.database), house, clock, task_queue, pulse)
            finally:
                relaying.cancel()
                with suppress(asyncio.CancelledError):
                    await relaying


def _never_interrupted(worker: Worker) -> None:
    """Let no case be broken off that had to wait for a processor.

    The SDK interrupts a case that has not come to rest within two seconds. With a thousand cases in one process that
    also drives them, one that only waited its turn was interrupted, and its next task then waited for it for good.
    """
    assert worker._workflow_worker is not None  # noqa: SLF001 - there is no setting but a mode for debuggers
    worker._workflow_worker._deadlock_timeout_seconds = DEADLOCKED_AFTER  # noqa: SLF001


async def load_roster(books: Books, directory: Path) -> Roster:
    """Import a roster directory; raises ValueError with every fault."""
    roster = read_roster(directory)
    if not isinstance(roster, Roster):
        raise ValueError(str(roster))  # noqa: TRY004 - its content is wrong, not its type
    await RosterBook(books.database).write(roster, in_force(books.rules))
    return roster
