"""A small town on the real engine, with deadlines of seconds: worker and relay can be stopped, started and changed."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from adapters.postgres.boards import Boards
from adapters.postgres.commands import CommandBook
from adapters.postgres.roster import RosterBook
from app.actions import Decision
from app.wiring import Books, in_force, open_books, rule_packs
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from domain.rules import RulePack
from domain.secondment import Clock, Item
from lab import small_town
from lab.papers import claim, evaluate
from lab.small_town import Donor, SmallTown, build
from lab.stage import Stage
from runtime.clock import SystemClock
from runtime.sandbox import fast_runner
from tests.patience import until
from workflows import ALL

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)

SETTLED: dict[str, str | int | float] = {"items": " ".join(Item)}
"""The whole checklist, signed together with the signing off."""

SHORT = Clock(
    offer=HOUR,
    offer_reminder=HOUR / 2,
    condition=HOUR,
    release=HOUR,
    mobilise_before=HOUR,
    check_in=HOUR,
    contact=48 * HOUR,
    ending_notices=(2 * SECOND, SECOND),
    handover=HOUR,
    homeward=HOUR,
    return_escalation=HOUR,
    uncovered_grace=HOUR,
    accident_report=48 * HOUR,
    longest_extended=21 * 24 * HOUR,
    longest_waived=30 * 24 * HOUR,
)
"""Whoever has an order leaves at once, and a duty of seconds falls due; nobody else is hurried."""


def rules(**clock: Any) -> dict[str, RulePack]:
    """The pack in force with `SHORT`, and whatever else is to be shorter; also a duty of seconds is offered on."""
    pack = in_force(rule_packs())
    sparing = replace(pack.sparing, shortest_duty=timedelta())
    return {pack.id: replace(pack, clock=replace(SHORT, **clock), sparing=sparing)}


class DeafBook(CommandBook):
    """Never finds what was decided in time: the guard of every deadline, dropped."""

    async def pending(self, case_id: str, decided_by: datetime) -> tuple[str, ...]:
        return ()


@dataclass
class LiveTown:
    """Worker, relay and desk over one database and one task queue."""

    client: Client
    books: Books
    town: SmallTown
    stage: Stage
    queue: str
    more_activities: Sequence[Any] = ()
    _worker: Worker | None = None
    _working: asyncio.Task[None] | None = None
    _relaying: asyncio.Task[None] | None = None

    def start_worker(self) -> None:
        activities = [*self.books.activities(self.client, self.queue), *self.more_activities]
        self._worker = Worker(
            self.client,
            task_queue=self.queue,
            workflows=ALL,
            activities=activities,  # type: ignore[arg-type]
            workflow_runner=fast_runner(self.client.data_converter),
        )
        self._working = asyncio.create_task(self._worker.run())

    async def stop_worker(self) -> None:
        if self._worker and self._working:
            await self._worker.shutdown()
            await self._working
        self._worker = None

    def start_relay(self) -> None:
        self._relaying = asyncio.create_task(self.books.relay(self.client, self.queue).run())

    async def stop_relay(self) -> None:
        if self._relaying:
            self._relaying.cancel()
            with suppress(asyncio.CancelledError):
                await self._relaying
        self._relaying = None

    # ── what people do ────────────────────────────────────────────────────────────────────────────────────────────

    async def decide(self, person: str | Capacity, kind: CommandKind, case_id: str, **said: Any) -> Command:
        """Let a person or an officer decide."""
        who = self.town.officers[person] if isinstance(person, Capacity) else person
        return await small_town.decide(self.stage, who, Decision(kind, case_id, **said))

    async def must(self, person: str | Capacity, kind: CommandKind, case_id: str, **said: Any) -> Command:
        """Let somebody decide something that stands."""
        command = await small_town.answered(self.stage, await self.decide(person, kind, case_id, **said))
        assert command.state == CommandState.APPLIED, (kind, command.state, command.refusal)
        return command

    async def offered(self, people: int, *, duty: timedelta = 7 * 24 * HOUR) -> tuple[str, tuple[Seat, ...]]:
        """A surge with so many people asked."""
        line = small_town.nurses(self.stage, people, after=5 * SECOND, duty=duty)
        return await small_town.offered(self.stage, self.town, line)

    async def released(self, people: int, *, duty: timedelta = 7 * 24 * HOUR) -> tuple[str, tuple[Seat, ...]]:
        """A surge whose people said yes and may go."""
        surge_id, seats = await self.offered(people, duty=duty)
        for seat in seats:
            await small_town.accept(self.stage, seat)
            await small_town.release(self.stage, self.town, seat)
        return surge_id, seats

    async def on_site(self, people: int, *, duty: timedelta = 7 * 24 * HOUR) -> tuple[str, tuple[Seat, ...]]:
        """A surge whose people were ordered, left and arrived."""
        surge_id, seats = await self.released(people, duty=duty)
        await self.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, cases.surge(surge_id))
        for seat in seats:
            await self.until_state(seat, "MOBILISING")
            await self.must(Capacity.COMMAND_POST, CommandKind.CHECK_IN, case_of(seat))
        return surge_id, seats

    async def bring_home(self, seat: Seat) -> None:
        """Sign somebody off and confirm the return."""
        await self.must(Capacity.COMMAND_POST, CommandKind.SIGN_DEMOB, case_of(seat), details=SETTLED)
        await self.must(self.town.heads[seat.unit_id], CommandKind.CONFIRM_RETURN, case_of(seat))

    def claim(self) -> dict[str, str | int | float]:
        """A document of today that pays a claim."""
        return claim(self.stage.clock.now())

    async def settle(self, seat: Seat) -> None:
        """Let both sides file what they owe after a return, and the claim be paid."""
        await evaluate(self.stage, seat.person_id, seat)
        await evaluate(self.stage, self.town.officers[Capacity.COMMAND_POST], seat)
        await self.until_state(seat, "REPORTED")
        await self.must(
            Capacity.FINANCE_OFFICER, CommandKind.SETTLE_CLAIM, case_of(seat), details=self.claim()
        )

    async def close(self, surge_id: str) -> None:
        """Stand a surge down, bring everybody home and close it."""
        await self.must(Capacity.COORDINATOR, CommandKind.STAND_DOWN, cases.surge(surge_id))
        for seat, _ in await self.stage.boards.open_people(surge_id):
            await until(lambda seat=seat: self._called(seat))
        for seat, _ in await self.stage.boards.open_people(surge_id):
            await self.bring_home(seat)
        await self.must(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, cases.surge(surge_id))

    async def archive(self, case_id: str) -> None:
        """File the report on an operation that has ended, and put it in the archive."""

        async def asked() -> bool:
            kinds = "SELECT count(*) > 0 FROM tasks WHERE case_id = $1 AND kind = 'FILE_AFTER_ACTION' AND closed_at IS NULL"
            return bool(await self.value(kinds, case_id))

        await until(asked)
        report = {"report": "360/LAP/1/2026"}
        await self.must(Capacity.COORDINATOR, CommandKind.FILE_AFTER_ACTION, case_id, details=report)
        await self.must(Capacity.SEKDA, CommandKind.ARCHIVE_OPERATION, case_id)

    async def _called(self, seat: Seat) -> bool:
        return await self.state(seat) in ("DEMOBILISING", "WITHDRAWN")

    # ── what can be seen ──────────────────────────────────────────────────────────────────────────────────────────

    async def value(self, statement: str, *arguments: Any) -> Any:
        """One value of the database."""
        async with self.books.database.reading() as connection:
            return await connection.fetchval(statement, *arguments)

    async def state(self, seat: Seat) -> str:
        """Where somebody stands in the books."""
        return str(
            await self.value("SELECT state FROM placements WHERE placement_id = $1", seat.placement_id)
        )

    async def until_state(self, seat: Seat, state: str) -> None:
        """Wait until somebody stands there."""

        async def stands() -> bool:
            return await self.state(seat) == state

        await until(stands, state)

    def handle(self, case_id: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(case_id)

    async def known(self, case_id: str) -> bool:
        """Whether the engine has ever carried the case: people are held a moment before theirs begin."""
        try:
            await self.handle(case_id).describe()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def runs(self, case_id: str) -> bool:
        """Whether a workflow carries the case."""
        return (await self.handle(case_id).describe()).status == WorkflowExecutionStatus.RUNNING


def case_of(seat: Seat) -> str:
    """The case of a seat."""
    return cases.secondment(seat.placement_id)


@asynccontextmanager
async def live_town(
    client: Client,
    dsn: str,
    *donors: Donor,
    packs: dict[str, RulePack] | None = None,
    working: bool = True,
) -> AsyncIterator[LiveTown]:
    """Open a town; `working` starts its worker and relay."""
    queue = f"town-{uuid.uuid4().hex[:8]}"
    town = build(donors or small_town.TWO_CLINICS)
    async with open_books(dsn, size=12) as opened:
        books = replace(opened, rules=packs or rules())
        await RosterBook(books.database).write(town.roster, in_force(books.rules))
        clock = SystemClock()
        stage = Stage(client, books, Boards(books.database), books.house(clock), clock, queue)
        live = LiveTown(client, books, town, stage, queue)
        if working:
            live.start_worker()
            live.start_relay()
        try:
            yield live
        finally:
            await live.stop_relay()
            await live.stop_worker()
