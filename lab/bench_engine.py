"""`bench engine`: people offered by a real surge, beside bare workflows, on the server and settings of `up`.

"Offered" begins when the confirmation of a plan is recorded and ends when, for everybody of it, placement, task and
outbox notice are committed in PostgreSQL and the person's workflow has run its first task. Relay, update, holds,
guards, log and its hash chain are all inside; making the plan is not: it is timed apart (and by `bench planning`).
"Bare" is a workflow with one activity with one insert: it begins with the first of as many starts by a client and ends
when every row is committed and every workflow has returned. Both run in this one process, on workers of the same
settings, with the same number of starts on their way at once; they alternate, and medians are compared.

The town is synthetic: clinics that lend as many nurses as all rounds ask for together.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from statistics import median
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.worker import Worker

from activities.surges import STARTS_AT_ONCE
from adapters.postgres.boards import Boards
from adapters.postgres.roster import RosterBook
from app.actions import Decision
from app.wiring import Books, in_force, open_books, warm_up
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from lab import small_town
from lab.bare import BareActivities, BareWorkflow
from lab.bench_home import bench_home, postgres, temporal
from lab.counter import Counter
from lab.small_town import Donor, SmallTown
from lab.stage import Stage
from runtime.clock import SystemClock
from runtime.settings import Settings
from runtime.temporal import connect
from worker import make_worker

AT_LEAST = 1.2
"""Offered per second against bare per second."""
GROWTH = 4.4
"""Time for four times the people."""
LONGEST = 5_000
"""Events in one history."""

SMALL, LARGE = 500, 2_000
ROUNDS = 3
CLINIC = 100
"""Nurses of one clinic; half of them may be lent."""
LINES = 10
"""Lines of one request."""
QUEUE, BARE_QUEUE = "bench", "bench-bare"
POLL = 0.005  # seconds
WITHIN = 300.0  # seconds for one measurement


@dataclass(frozen=True)
class Offered:
    """One surge's offers: seconds for the plan and for the offers, the longest history in events."""

    people: int
    planned: float
    seconds: float
    longest: int

    @property
    def rate(self) -> float:
        """People a second."""
        return self.people / self.seconds


class Bench:
    """The running parts."""

    def __init__(self, stage: Stage, counter: Counter, town: SmallTown) -> None:
        self._stage = stage
        self._counter = counter
        self._town = town
        self._operation_id = ""

    async def prepare(self) -> None:
        """Open the operation that covers every surge of the bench."""
        books = self._stage.books
        await RosterBook(books.database).write(self._town.roster, in_force(books.rules))
        async with books.database.writing() as connection:
            await connection.execute("CREATE TABLE bare (key text PRIMARY KEY)")
        self._operation_id = await small_town.declare(self._stage, self._town)

    async def bare(self, people: int) -> float:
        """Return the seconds that so many bare workflows take."""
        run, at_once = uuid.uuid4().hex, asyncio.Semaphore(STARTS_AT_ONCE)
        returned = self._counter.of("returned", "BareWorkflow")

        async def begin(number: int) -> None:
            key = f"{run}/{number}"
            async with at_once:
                await self._stage.client.start_workflow(
                    BareWorkflow.run, key, id=f"bare:{key}", task_queue=BARE_QUEUE
                )

        began = time.perf_counter()
        await asyncio.gather(*(begin(number) for number in range(people)))
        await _until(lambda: self._counter.of("returned", "BareWorkflow") - returned >= people)
        await self._committed("SELECT count(*) FROM bare WHERE key LIKE $1", f"{run}/%", people)
        return time.perf_counter() - began

    async def offered(self, people: int) -> Offered:
        """Plan and offer one surge of so many people."""
        surge_id = await self._ask(people)
        case_id, coordinator = cases.surge(surge_id), self._town.officers[Capacity.COORDINATOR]
        began = time.perf_counter()
        await self._must(coordinator, CommandKind.PLAN_SURGE, case_id)
        planned = time.perf_counter() - began
        plan_id = str((await self._stage.boards.surge(surge_id))["plan_id"])
        first_tasks = self._counter.of("begun", "SecondmentWorkflow")

        began = time.perf_counter()
        await self._must(coordinator, CommandKind.CONFIRM_PLAN, case_id, plan_id)
        await _until(lambda: self._counter.of("begun", "SecondmentWorkflow") - first_tasks >= people)
        await self._committed(COMMITTED, surge_id, people)
        seconds = time.perf_counter() - began

        return Offered(people, planned, seconds, await self._check(surge_id, people))

    async def _ask(self, people: int) -> str:
        stage = self._stage
        lines = [small_town.nurses(stage, people // LINES) for _ in range(LINES)]
        surge_id = await small_town.ask(stage, self._town, self._operation_id, *lines)
        await self._must(
            self._town.officers[Capacity.SEKDA], CommandKind.APPROVE_SURGE, cases.surge(surge_id)
        )
        return surge_id

    async def _must(self, person: str, kind: CommandKind, case_id: str, choice: str | None = None) -> None:
        decision = Decision(kind, case_id, choice=choice)
        await small_town.must(self._stage, person, decision, self._town.government_id)

    async def _check(self, surge_id: str, people: int) -> int:
        """Ask the server itself, after the clock has stopped: all run. Returns the longest history."""
        rows = await self._rows("SELECT placement_id FROM placements WHERE surge_id = $1", surge_id)
        ids = [cases.surge(surge_id), *(cases.secondment(row["placement_id"]) for row in rows)]
        assert len(ids) == people + 1, f"{len(ids) - 1} placements instead of {people}"
        at_once = asyncio.Semaphore(STARTS_AT_ONCE)

        async def describe(case_id: str) -> int:
            async with at_once:
                found = await self._stage.client.get_workflow_handle(case_id).describe()
            assert found.status == WorkflowExecutionStatus.RUNNING, f"{case_id}: {found.status}"
            return found.history_length

        return max(await asyncio.gather(*(describe(case_id) for case_id in ids)))

    async def _committed(self, count: str, key: str, people: int) -> None:
        """Wait until the count in the books is reached."""
        while int((await self._rows(count, key))[0][0]) < people:  # noqa: ASYNC110 - the books ring no bell
            await asyncio.sleep(POLL)

    async def _rows(self, query: str, *arguments: object) -> Sequence[Any]:
        async with self._stage.books.database.reading() as connection:
            return list(await connection.fetch(query, *arguments))


COMMITTED = """
SELECT count(*) FROM placements p
 WHERE p.surge_id = $1 AND p.held
   AND EXISTS (SELECT FROM tasks t
                WHERE t.case_id = 'secondment:' || p.placement_id AND t.kind = 'ANSWER_OFFER' AND t.closed_at IS NULL)
   AND EXISTS (SELECT FROM events e JOIN outbox o USING (government_id, seq)
                WHERE e.case_id = 'secondment:' || p.placement_id AND e.type = 'OfferSent'
                  AND o.person_id = p.person_id)
"""


async def _until(true: Callable[[], bool]) -> None:
    """Look every few milliseconds; raises TimeoutError."""
    async with asyncio.timeout(WITHIN):
        while not true():  # noqa: ASYNC110 - what is waited for is counted elsewhere
            await asyncio.sleep(POLL)


@asynccontextmanager
async def workers(client: Client, books: Books) -> AsyncIterator[None]:
    """Run the program's worker, and beside it one for bare workflows with the very same settings."""

    async def insert(key: str) -> None:
        async with books.database.reading() as connection:
            await connection.execute("INSERT INTO bare (key) VALUES ($1)", key)

    ours = make_worker(client, books, QUEUE)
    bare = Worker(
        **ours.config()
        | {
            "task_queue": BARE_QUEUE,
            "workflows": [BareWorkflow],
            "activities": [BareActivities(insert).insert],
        }
    )
    async with ours, bare:
        yield


@asynccontextmanager
async def open_bench(address: str, dsn: str, town: SmallTown) -> AsyncIterator[Bench]:
    """Open everything in this one process."""
    counter, clock = Counter(), SystemClock()
    client = await connect(Settings.load(temporal_address=address))
    # An interceptor of the client is one of all its workers too.
    client = Client(**client.config() | {"interceptors": [counter]})
    async with open_books(dsn) as books, workers(client, books):
        relaying = asyncio.create_task(books.relay(client, QUEUE, clock).run())
        stage = Stage(client, books, Boards(books.database), books.house(clock), clock, QUEUE)
        try:
            bench = Bench(stage, counter, town)
            await bench.prepare()
            yield bench
        finally:
            relaying.cancel()
            with suppress(asyncio.CancelledError):
                await relaying


def town_for(people: int) -> SmallTown:
    """A town that can lend so many nurses."""
    clinics = -(-people // (CLINIC // 2))
    return small_town.build(tuple(Donor(f"PKM-{n:03}", CLINIC, CLINIC // 2) for n in range(1, clinics + 1)))


async def measure(address: str, dsn: str, *, small: int, large: int, rounds: int) -> int:
    """Print every round and the medians; 1 if a goal is missed."""
    warm = small // 5 // LINES * LINES
    town = town_for(warm + rounds * (2 * small + large))
    print(
        f"{len(town.roster.people)} people in {len(town.roster.units)} units; {rounds} rounds by turns",
        flush=True,
    )
    bare, few, many = [], [], []
    async with open_bench(address, dsn, town) as bench:
        await asyncio.to_thread(warm_up)
        await bench.bare(warm)
        await bench.offered(warm)
        for number in range(1, rounds + 1):
            # The large one in the middle: what else the machine does meanwhile then burdens all three alike.
            bare.append(small / await bench.bare(small))
            few.append(await bench.offered(small))
            many.append(await bench.offered(large))
            few.append(await bench.offered(small))
            bare.append(small / await bench.bare(small))
            print(
                f"  round {number}: bare {bare[-2]:6.1f} {bare[-1]:6.1f}/s"
                f"   offered {few[-2].rate:6.1f} {few[-1].rate:6.1f}/s   {large} people {many[-1].seconds:6.2f} s"
                f"   (plans, excluded: {few[-1].planned:.2f} s, {many[-1].planned:.2f} s)",
                flush=True,
            )
    return verdict(bare, few, many)


def verdict(bare: Sequence[float], few: Sequence[Offered], many: Sequence[Offered]) -> int:
    """Print the medians beside what is wanted; 1 if a goal is missed."""
    rate = median(run.rate for run in few)
    ratio = rate / median(bare)
    growth = median(run.seconds for run in many) / median(run.seconds for run in few)
    longest = max(run.longest for run in (*few, *many))
    print(f"  bare workflows    {median(bare):7.1f} a second")
    print(f"  offered people    {rate:7.1f} a second")
    print(f"  offered / bare    {ratio:7.2f}, at least {AT_LEAST} wanted")
    print(
        f"  {many[0].people} / {few[0].people} people   {growth:7.2f} times as long, at most {GROWTH} wanted"
    )
    print(f"  longest history   {longest:7d} events, at most {LONGEST} wanted")
    return int(ratio < AT_LEAST or growth > GROWTH or longest > LONGEST)


def main(small: int = SMALL, large: int = LARGE, rounds: int = ROUNDS) -> int:
    """Run on a fresh embedded stack."""
    logging.basicConfig(level=logging.WARNING)
    with bench_home() as home, postgres(home) as dsn, temporal(home) as address:
        return asyncio.run(measure(address, dsn, small=small, large=large, rounds=rounds))


if __name__ == "__main__":
    sys.exit(main())
