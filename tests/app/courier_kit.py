"""A log, subscribers that listen on loopback, and couriers between them: no engine is needed here."""

import asyncio
import ipaddress
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from adapters.postgres import log
from app import subscribers
from app.courier import Courier
from app.subscribers import Desk, Wish
from app.wiring import Books, open_books, open_courier
from domain.authority import Actor, Appointment, Capacity
from domain.deliveries import Patience
from domain.log import Attribution, Fact
from lab.loopback import Ear, listening
from lab.small_town import Donor, SmallTown, build
from runtime.clock import Clock, SystemClock
from tests.patience import until

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
HASTY = Patience(first=timedelta(milliseconds=20), longest=timedelta(milliseconds=100), attempts=6)
BY = Attribution("system:test", "SYSTEM", "test")


@dataclass
class PostOffice:
    """One town's log, and who is told of it."""

    books: Books
    town: SmallTown
    stack: AsyncExitStack
    clock: Clock = field(default_factory=SystemClock)

    @property
    def people(self) -> list[str]:
        return [person for staff in self.town.staff.values() for person in staff]

    @property
    def administrator(self) -> Actor:
        return self.actor(Capacity.OPERATOR)

    def actor(self, capacity: Capacity) -> Actor:
        person = self.town.officers[Capacity.COORDINATOR]
        return Actor(person, self.town.government_id, (Appointment(capacity),))

    @property
    def desk(self) -> Desk:
        return Desk(self.books.house(self.clock), self.books.subscribers, LOOPBACK)

    async def ear(self, *types: str, from_start: bool = False, **more: Any) -> Ear:
        """A subscriber that listens; `ear.id` names it."""
        ear = await self.stack.enter_async_context(listening(Ear(**more)))
        wish = Wish(ear.url, types or None, from_start)
        ear.id, ear.secret = await subscribers.add(self.desk, self.administrator, wish)
        return ear

    async def tell(self, type_: str, person: str | None = None, case: str | None = None, **data: Any) -> int:
        """Something happens; return its number in the log."""
        case = case or (f"secondment:{uuid.uuid5(uuid.NAMESPACE_OID, person)}" if person else "surge:SU-1")
        fact = Fact(type_, case, self.clock.now(), BY, person, data)
        async with self.books.database.writing() as connection:
            return await log.append(connection, self.town.government_id, [fact])

    def courier(self, **more: Any) -> "Running":
        """A courier that runs while it is entered."""
        return Running(self.books, {"near": LOOPBACK, "patience": HASTY, "clock": self.clock, **more})

    async def value(self, statement: str, *arguments: Any) -> Any:
        async with self.books.database.reading() as connection:
            return await connection.fetchval(statement, *arguments)

    async def states(self, ear: Ear) -> dict[int, str]:
        """Entry -> state of its delivery."""
        async with self.books.database.reading() as connection:
            rows = await connection.fetch(
                "SELECT seq, state FROM deliveries WHERE subscriber_id = $1", ear.id
            )
        return {row["seq"]: row["state"] for row in rows}

    async def until_state(self, ear: Ear, seq: int, state: str) -> None:
        async def stands() -> bool:
            return (await self.states(ear)).get(seq) == state

        await until(stands, f"entry {seq} is {state}", every=0.02)


class Running:
    """A courier in a task of its own."""

    def __init__(self, books: Books, given: dict[str, Any]) -> None:
        self._books = books
        self._given = given
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Courier:
        courier = await self._stack.enter_async_context(open_courier(self._books, **self._given))
        self._task = asyncio.create_task(courier.run())
        return courier

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._stack.aclose()


@asynccontextmanager
async def post_office(dsn: str) -> AsyncIterator[PostOffice]:
    """Open the books of a small town."""
    async with open_books(dsn, size=12) as books, AsyncExitStack() as stack:
        town = build((Donor("PKM-1", 20, 5),))
        await books.rosters().write(town.roster, None)
        yield PostOffice(books, town, stack)
