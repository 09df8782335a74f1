"""`soak crowd`: thousands of people of one surge, from the request to everyone home, and how large it all became.

On the server and the settings of `up`, by the real clock and the rule pack in force. Each step is a decision of the
right person through the ordinary action. Afterwards every history is read back from the server, every run of it: its
events, its bytes as the server counts them, and its largest payload.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from temporalio.client import Client, WorkflowExecution

from adapters.postgres.invariants import InvariantResult, invariants
from adapters.postgres.roster import RosterBook
from app.actions import Decision
from app.wiring import in_force
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.secondment import Item, State
from lab import small_town
from lab.bench_engine import town_for
from lab.payloads import largest_payload
from lab.small_town import SmallTown
from lab.soak_findings import broken
from lab.stage import Stage, open_stage
from runtime.clock import SystemClock

MOST_EVENTS, MOST_BYTES, LARGEST_PAYLOAD = 5_000, 5_000_000, 200_000
"""What no history may exceed, in events and in bytes, and no payload in bytes."""

LINES = 10
AT_ONCE = 24
"""People who decide at the same time."""
POLL = 0.5  # seconds
WITHIN = 900.0  # seconds that one stretch of the road may take

_K, _S = CommandKind, State
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """What one run of one case amounts to."""

    case_id: str
    events: int
    bytes: int
    payload: int
    """The largest one, in bytes."""


@dataclass
class Crowd:
    """What became of a crowd."""

    people: int
    home: int = 0
    stretches: list[tuple[str, float]] = field(default_factory=list)
    """Each stretch of the road, and its seconds."""
    sizes: list[Size] = field(default_factory=list)
    invariants: tuple[InvariantResult, ...] = ()
    faults: list[str] = field(default_factory=list)

    def judge(self) -> None:
        """Write down whatever is not as it has to be."""
        if self.home != self.people:
            self.faults.append(f"{self.home} of {self.people} people are home")
        self.faults += [
            f"{size.case_id}: {size.events} events, {size.bytes} bytes, a payload of {size.payload} bytes"
            for size in self.sizes
            if size.events > MOST_EVENTS or size.bytes > MOST_BYTES or size.payload > LARGEST_PAYLOAD
        ]
        self.faults += broken(self.invariants)


class Road:
    """The way of one surge, walked by everybody."""

    def __init__(self, stage: Stage, town: SmallTown, people: int, say: Say) -> None:
        self._stage = stage
        self._town = town
        self._say = say
        self._crowd = Crowd(people)

    async def walk(self) -> Crowd:
        """From the declared status to the closed surge."""
        operation_id = await small_town.declare(self._stage, self._town)
        surge_id = await self._stretch("asked, approved, planned, confirmed", self._ask(operation_id))
        seats = await self._stretch("offered", self._standing(surge_id, _S.OFFERED))
        await self._stretch(
            "accepted", self._each(seats, lambda s: self._must(s.person_id, _K.ACCEPT_OFFER, s))
        )
        await self._stretch("released", self._each(seats, lambda s: self._must(self._head(s), _K.RELEASE, s)))
        await self._stretch("ordered and on the way", self._sign(surge_id))
        post = self._town.officers[Capacity.COMMAND_POST]
        await self._stretch("checked in", self._each(seats, lambda s: self._must(post, _K.CHECK_IN, s)))
        await self._stretch("stood down", self._stand_down(surge_id))
        await self._stretch("signed off", self._each(seats, lambda s: self._sign_off(post, s)))
        await self._stretch(
            "home", self._each(seats, lambda s: self._must(self._head(s), _K.CONFIRM_RETURN, s))
        )
        await self._stretch("closed", self._on_surge(Capacity.COORDINATOR, _K.CLOSE_SURGE, surge_id))
        await self._stretch("read back", self._look(surge_id))
        return self._crowd

    async def _stretch(self, name: str, work: Coroutine[Any, Any, Any]) -> Any:
        self._say(name)
        began = time.perf_counter()
        result = await work
        self._crowd.stretches.append((name, time.perf_counter() - began))
        return result

    async def _ask(self, operation_id: str) -> str:
        sizes = [self._crowd.people // LINES + (n < self._crowd.people % LINES) for n in range(LINES)]
        # Within the time at which whoever has an order is on the way: nobody has to wait for tomorrow.
        soon = in_force(self._stage.books.rules).clock.mobilise_before / 2
        lines = [small_town.nurses(self._stage, size, after=soon) for size in sizes if size]
        surge_id = await small_town.ask(self._stage, self._town, operation_id, *lines)
        await small_town.confirm(self._stage, self._town, surge_id)
        return surge_id

    async def _sign(self, surge_id: str) -> None:
        """Sign as often as there is something to sign, until everybody is on the way."""
        signatory = self._town.officers[Capacity.SIGNATORY]
        decision = Decision(_K.SIGN_ORDER, cases.surge(surge_id))
        async with asyncio.timeout(WITHIN):
            while await self._number(surge_id, _S.MOBILISING) < self._crowd.people:
                command = await small_town.decide(self._stage, signatory, decision)
                if command.state != CommandState.APPLIED:
                    await asyncio.sleep(POLL)

    async def _stand_down(self, surge_id: str) -> None:
        await self._on_surge(Capacity.COORDINATOR, _K.STAND_DOWN, surge_id)
        await self._standing(surge_id, _S.DEMOBILISING)

    async def _sign_off(self, post: str, seat: Seat) -> None:
        await self._must(post, _K.SIGN_DEMOB, seat, details={"items": " ".join(Item)})

    async def _on_surge(self, office: Capacity, kind: CommandKind, surge_id: str) -> None:
        await small_town.must(self._stage, self._town.officers[office], Decision(kind, cases.surge(surge_id)))

    async def _must(self, who: str, kind: CommandKind, seat: Seat, **said: Any) -> None:
        await small_town.must(self._stage, who, Decision(kind, cases.secondment(seat.placement_id), **said))

    def _head(self, seat: Seat) -> str:
        return self._town.heads[seat.unit_id]

    async def _each(self, seats: Sequence[Seat], step: Callable[[Seat], Awaitable[None]]) -> None:
        """Let everybody take a step, not all at the same moment."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(seat: Seat) -> None:
            async with room:
                await step(seat)

        await asyncio.gather(*(one(seat) for seat in seats))

    async def _standing(self, surge_id: str, state: State) -> tuple[Seat, ...]:
        """Wait until everybody stands there."""
        async with asyncio.timeout(WITHIN):
            while await self._number(surge_id, state) < self._crowd.people:  # noqa: ASYNC110 - the books ring no bell
                await asyncio.sleep(POLL)
        return tuple(seat for seat, _ in await self._stage.boards.open_people(surge_id))

    async def _number(self, surge_id: str, state: State) -> int:
        count = "SELECT count(*) FROM placements WHERE surge_id = $1 AND state = $2"
        async with self._stage.books.database.reading() as connection:
            return int(await connection.fetchval(count, surge_id, state.value))

    async def _look(self, surge_id: str) -> None:
        books = self._stage.books
        self._crowd.home = await self._number(surge_id, _S.RETURNED)
        self._crowd.invariants = await invariants(books.database, self._town.government_id)
        self._crowd.sizes = await sizes_of(self._stage.client, self._stage.task_queue)
        self._crowd.judge()


async def sizes_of(client: Client, task_queue: str) -> list[Size]:
    """The size of every run of every case of a queue."""
    room = asyncio.Semaphore(AT_ONCE)

    async def measure(run: WorkflowExecution) -> Size:
        async with room:
            handle = client.get_workflow_handle(run.id, run_id=run.run_id)
            told = (await handle.describe()).raw_info
            history = await handle.fetch_history()
        return Size(run.id, told.history_length, told.history_size_bytes, largest_payload(history.events))

    return list(
        await asyncio.gather(
            *[measure(run) async for run in client.list_workflows(f"TaskQueue = '{task_queue}'")]
        )
    )


@asynccontextmanager
async def open_road(
    client: Client, dsn: str, people: int, say: Say, *, task_queue: str = "crowd"
) -> AsyncIterator[Road]:
    """A town that can lend so many nurses, and everything at work in it."""
    town = town_for(people)
    async with open_stage(client, dsn, SystemClock(), task_queue=task_queue) as stage:
        await RosterBook(stage.books.database).write(town.roster, in_force(stage.books.rules))
        yield Road(stage, town, people, say)
