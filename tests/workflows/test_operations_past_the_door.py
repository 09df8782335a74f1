"""Whoever reaches the engine and not the door declares, prolongs and ends nothing: all is held against the books."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from adapters.postgres.invariants import invariants
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.log import Attribution
from domain.moves import OF_THE_CLOCK, OperationMove
from domain.operation import Alarm, Clock, Event, Life, Moved, State, Trigger
from domain.operation_rules import decide
from domain.operation_telling import event_of, move_of, told_by_clock, told_by_decision
from domain.standings import Level
from lab import small_town
from lab.small_town import Donor
from schemas.commands import CommandRef
from schemas.operation import OperationStart, TellCover, WriteOperation
from tests.patience import until
from tests.workflows.kit import LiveTown, live_town
from tests.workflows.test_surges_past_the_door import Robber
from workflows.operation import OperationWorkflow

pytestmark = [pytest.mark.long(120), pytest.mark.usefixtures("brisk")]

_K = CommandKind
DAY = timedelta(days=1)
FAR = 3_650 * DAY


@dataclass(frozen=True)
class Siege:
    """An operation with a status in force, and a decision to prolong it that is recorded and not delivered."""

    live: LiveTown
    operation_id: str
    longer: Command

    @property
    def case_id(self) -> str:
        return cases.operation(self.operation_id)

    @property
    def now(self) -> datetime:
        return self.live.stage.clock.now()

    @property
    def pack(self) -> Any:
        return next(iter(self.live.books.rules.values()))

    @property
    def clock(self) -> Clock:
        return Clock(self.pack.status_warning, self.pack.after_action)

    async def life(self) -> Life:
        life = (await self.live.books.registry.open_case(self.case_id)).life
        assert isinstance(life, Life)
        return life

    def by(self, **changes: Any) -> Attribution:
        own = Attribution(self.longer.actor_id, "SEKDA", self.pack.basis("surge"), self.longer.command_id)
        return replace(own, **changes)

    async def decided(self, command: Command, **changes: Any) -> OperationMove:
        """The move that a decision makes, as its case would tell it."""
        life, event = await self.life(), event_of(command)
        verdict = decide(life, event, now=self.now)
        assert isinstance(verdict, Moved), verdict
        telling = told_by_decision(life, command, event, verdict)
        by = self.by(command_id=command.command_id)
        move = move_of(self.operation_id, command.government_id, verdict, telling, self.clock, by, self.now)
        return replace(move, **changes)

    async def run_out(self, at: datetime) -> OperationMove:
        """The move by which the status runs out at an instant."""
        life = await self.life()
        event = Event(Trigger.RUN_OUT, at, level=Level.REGENCY_CITY)
        verdict = decide(life, event, now=life.standings[0].end)
        assert isinstance(verdict, Moved), verdict
        telling = told_by_clock(Alarm(at, Trigger.RUN_OUT, Level.REGENCY_CITY), event, verdict)
        by = Attribution(OF_THE_CLOCK, "SYSTEM", self.pack.basis("surge"))
        return move_of(self.operation_id, self.longer.government_id, verdict, telling, self.clock, by, at)

    async def rob(self, what: str, ask: Any, *, place: str | None = None) -> None:
        """Have our worker do something, asked by a workflow of one's own under this or the operation's id."""
        queue = f"robbers-{uuid.uuid4().hex[:8]}"
        async with Worker(self.live.client, task_queue=queue, workflows=[Robber]):
            with suppress(WorkflowFailureError):
                await self.live.client.execute_workflow(
                    Robber.run,
                    args=[what, ask, self.live.queue],
                    id=place or self.case_id,
                    task_queue=queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
                )
        await self.live.books.starter(self.live.client, self.live.queue).reconcile()

    async def write(self, move: OperationMove, place: str | None = None) -> None:
        await self.rob("operations.write", WriteOperation(move=move), place=place)

    async def begun(self, life: Life, case_id: str | None = None) -> None:
        """Begin the case over the first, elsewhere than it stands, and let it hear a decision of nothing."""
        start = OperationStart(
            operation_id=self.operation_id,
            government_id=self.longer.government_id,
            command_id=str(uuid.uuid4()),
            status_warning=FAR,
            basis=self.pack.basis("surge"),
            life=life,
        )
        await self.live.client.start_workflow(
            OperationWorkflow.run,
            start,
            id=case_id or self.case_id,
            task_queue=self.live.queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        )

    async def settled(self) -> None:
        """Wait until all that came before has had its turn: a decision of nothing is answered after it."""
        with suppress(WorkflowUpdateFailedError):
            await asyncio.wait_for(
                self.live.handle(self.case_id).execute_update(
                    OperationWorkflow.decide, CommandRef(command_id=str(uuid.uuid4()))
                ),
                20,
            )

    async def seen(self) -> str:
        """All that a forger could want to change; refusals alone are added to the log."""
        return str(await self.live.value(
            """SELECT jsonb_build_object('operations', (SELECT jsonb_agg(to_jsonb(o) ORDER BY operation_id) FROM operations o),
                 'standings', (SELECT jsonb_agg(to_jsonb(s) ORDER BY number) FROM standings s),
                 'ends', (SELECT count(*) FROM standing_ends), 'told', (SELECT count(*) FROM placements WHERE cover_told IS NOT NULL),
                 'log', (SELECT count(*) FROM events WHERE type <> 'CommandRefused'),
                 'waiting', (SELECT state FROM commands WHERE command_id = $1))::text""",
            self.longer.command_id,
        ))  # fmt: skip


async def _ended(siege: Siege) -> None:
    """The decision to prolong, told as the end of the operation."""
    end = replace(siege.longer, kind=_K.END_OPERATION, details={})
    await siege.write(await siege.decided(end))


async def _for_ever(siege: Siege) -> None:
    move = await siege.decided(siege.longer)
    (one,), (end,) = move.life.standings, move.ends
    longer = replace(move.life, standings=(replace(one, end=one.end + FAR),))
    await siege.write(replace(move, life=longer, ends=(replace(end, after=end.after + FAR),)))


async def _invented(siege: Siege) -> None:
    await siege.write(await siege.decided(replace(siege.longer, command_id=str(uuid.uuid4()))))


async def _of_another(siege: Siege) -> None:
    move = await siege.decided(siege.longer)
    await siege.write(replace(move, fact=replace(move.fact, by=siege.by(actor=str(uuid.uuid4())))))


async def _of_no_office(siege: Siege) -> None:
    """What somebody recorded in an office that they do not hold, cited under the operation's own id."""
    town = siege.live.town
    nobody = next(iter(town.staff.values()))[-1]
    theirs = replace(siege.longer, command_id=str(uuid.uuid4()), actor_id=nobody)
    await record(siege.live, theirs)
    move = await siege.decided(theirs)
    by = siege.by(actor=nobody, command_id=theirs.command_id)
    await siege.write(replace(move, fact=replace(move.fact, by=by)))


ATTEMPTS: dict[str, Callable[[Siege], Awaitable[object]]] = {
    "a status that runs out before its end": lambda s: _run_out(s, s.now),
    "a status that runs out in ten years": lambda s: _run_out(s, s.now + FAR),
    "the decision, told as the end": _ended,
    "the decision, for ever": _for_ever,
    "an invented decision": _invented,
    "the decision in another's name": _of_another,
    "a decision of nobody of the office": _of_no_office,
    "the decision, by a stranger": lambda s: _by_stranger(s, "robber"),
    "the decision, by another operation": lambda s: _by_stranger(s, "operation:OP-0000000000"),
    "a lapse of cover that a stranger tells": lambda s: s.rob("operations.tell_cover", _lapse(s), place="robber"),
    "a run over the first, lapsed": lambda s: s.begun(Life(State.LAPSED, 9, s.now)),
    "a run over the first, in the archive": lambda s: s.begun(Life(State.ARCHIVED, 9, s.now)),
    "a run of an operation that nobody knows": lambda s: s.begun(
        Life(State.RESPONSE, 9, s.now), f"operation:{uuid.uuid4()}"
    ),
}  # fmt: skip


async def _run_out(siege: Siege, at: datetime) -> None:
    await siege.write(await siege.run_out(at))


async def _by_stranger(siege: Siege, place: str) -> None:
    await siege.write(await siege.decided(siege.longer), place)


def _lapse(siege: Siege) -> TellCover:
    return TellCover(operation_id=siege.operation_id, covered_until=siege.now, at=siege.now, basis="x")


async def record(live: LiveTown, command: Command) -> None:
    """Record a decision that no relay delivers."""
    async with live.books.database.writing() as connection:
        await connection.execute(
            """INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, capacity, tenure, decided_at, details,
                                     idempotency_key, request_sha256, leased_until)
               VALUES ($1::uuid, $2, $3, $4, $5, $6, 'DEFINITIVE', $7, $8, ($1::uuid)::text, '', 'infinity')""",
            command.command_id, command.government_id, command.case_id, command.kind.value, command.actor_id,
            command.capacity.value, command.decided_at, command.details,
        )  # fmt: skip


async def besieged(live: LiveTown) -> Siege:
    """Somebody is on a surge of an operation whose status is to be prolonged."""
    surge_id, _ = await live.offered(1)
    operation_id = str(await live.value("SELECT operation_id FROM surges WHERE surge_id = $1", surge_id))
    ends = await live.value("SELECT max(upper(period)) FROM standings")
    day = live.stage.clock.now().date().isoformat()
    details = {"decree": "360/9/XI/2026", "decree_date": day, "until": (ends + 5 * DAY).isoformat()}
    command_id, sekda = str(uuid.uuid4()), live.town.officers[Capacity.SEKDA]
    longer = Command(
        command_id,
        live.town.government_id,
        cases.operation(operation_id),
        _K.EXTEND_STATUS,
        sekda,
        Capacity.SEKDA,
        live.stage.clock.now(),
        details=dict(details),
    )
    await record(live, longer)
    return Siege(live, operation_id, longer)


async def test_nothing_that_is_sent_past_the_door_moves_an_operation_and_it_goes_on_as_if_nothing_had_been(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database, Donor("PKM-1", 8, 6)) as live:
        siege = await besieged(live)
        moved = []
        for what, attempt in ATTEMPTS.items():
            before = await siege.seen()
            await attempt(siege)
            await siege.settled()
            if await siege.seen() != before:
                moved.append(what)
        assert moved == []
        # What was decided all the while is now delivered, to the case where the books have it.
        async with live.books.database.writing() as connection:
            await connection.execute("UPDATE commands SET leased_until = NULL WHERE state = 'RECORDED'")

        async def longer() -> bool:
            return bool(await live.value("SELECT count(*) = 1 FROM standing_ends WHERE kind = 'EXTENDED'"))

        await until(longer)
        state = "SELECT state FROM commands WHERE command_id = $1"
        assert await live.value(state, siege.longer.command_id) == CommandState.APPLIED
        found = await invariants(live.books.database, live.town.government_id)
        assert [one for one in found if one.violations] == []


async def test_an_operation_does_not_end_over_somebody_who_was_asked_while_it_was_decided(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the case's count and its writing somebody may be held: the books count again, and the case is told."""
    async with live_town(temporal_env.client, fresh_database, Donor("PKM-1", 8, 6)) as live:
        operation_id = await small_town.declare(live.stage, live.town)
        counted: list[int] = []

        async def blind(_self: object, _operation_id: str) -> tuple[int, int]:
            # The first time as if the surge had come a moment later.
            counted.append(1)
            return (0, 0) if len(counted) == 1 else (0, 1)

        line = small_town.nurses(live.stage, 1)
        await small_town.ask(live.stage, live.town, operation_id, line)
        monkeypatch.setattr("adapters.postgres.operations.OperationBook.left_open", blind)
        ended = await live.decide(Capacity.SEKDA, _K.END_OPERATION, cases.operation(operation_id))
        ended = await small_town.answered(live.stage, ended)
        assert (ended.state, ended.refusal, len(counted)) == (CommandState.REFUSED, "surges_open", 2)
        assert await live.value("SELECT state FROM operations") == "RESPONSE"
