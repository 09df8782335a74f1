"""An emergency operation and the statuses declared in it."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow

from activities.operations import OperationActivities
from domain import cases, operation
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.log import Attribution, Fact
from domain.moves import Duty, OperationMove, StatusDecree, TaskKind
from domain.operation import Life, Moved, Refused, State
from schemas.commands import CommandOutcome, CommandRef
from schemas.operation import OperationRef, OperationStart, OperationView, WriteOperation
from workflows import decisions
from workflows.policies import LEDGER, SETTLE, long_enough


@workflow.defn
class OperationWorkflow:
    """From the first warning to the end of the emergency.

    Id: domain.cases.operation. Begins in MONITORING by a recorded command; statuses are declared,
    extended and lapse. A status that nobody extends ends by itself and everyone is told.
    """

    @workflow.init
    def __init__(self, start: OperationStart) -> None:
        self._start = start
        self._life = start.life or Life(State.MONITORING, 0, workflow.now())
        self._turn = asyncio.Lock()

    @workflow.run
    async def run(self, start: OperationStart) -> str:
        """Live from status to status until the operation is ended."""
        if start.life is None:
            await self._open()
        while not self._life.ended:
            await self._live_on()
            if long_enough():
                await workflow.wait_condition(workflow.all_handlers_finished)
                if not self._life.ended:
                    workflow.continue_as_new(start.model_copy(update={"life": self._life}))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._life.state.value

    @workflow.update
    async def decide(self, ref: CommandRef) -> CommandOutcome:
        """Apply a recorded decision, or refuse it with a reason."""
        async with self._turn:
            return await self._apply(ref)

    @workflow.query
    def view(self) -> OperationView:
        """Show where it stands."""
        return OperationView(operation_id=self._start.operation_id, life=self._life)

    async def _open(self) -> None:
        async with self._turn:
            taken = await decisions.take(CommandRef(command_id=self._start.command_id))
            await self._write(
                self._life, "OperationOpened", decisions.by_author(taken.command, self._start.basis), {}
            )

    async def _live_on(self) -> None:
        revision = self._life.revision
        ends = self._life.until
        timeout = max(ends + SETTLE - workflow.now(), timedelta(0)) if ends else None
        try:
            await workflow.wait_condition(lambda: self._life.revision != revision, timeout=timeout)
        except TimeoutError:
            await self._lapse(ends)

    async def _lapse(self, ends: datetime | None) -> None:
        async with self._turn:
            if ends is None or self._life.until != ends:
                return
            # An extension that was decided in time but has not arrived keeps the status in force.
            for ref in await decisions.in_time(cases.operation(self._start.operation_id), ends):
                await self._apply(ref)
            verdict = operation.lapse(self._life, now=workflow.now())
            if isinstance(verdict, Moved):
                await self._write(verdict.life, "StatusLapsed", decisions.by_clock(self._start.basis), {})

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        verdict = Refused(taken.conflict) if taken.conflict else await self._judge(command)
        if isinstance(verdict, Refused):
            return await decisions.refuse(command, verdict.code, self._life.state.value)
        event, decree = self._told(command, verdict.life)
        by = decisions.by_author(command, self._start.basis)
        await self._write(verdict.life, event, by, dict(command.details), decree)
        return decisions.applied(command, self._life.state.value)

    async def _judge(self, command: Command) -> Moved | Refused:
        now = workflow.now()
        match command.kind:
            case CommandKind.DECLARE_STATUS:
                return operation.declare(
                    self._life, State(str(command.details["status"])), until=_until(command), now=now
                )
            case CommandKind.EXTEND_STATUS:
                return operation.extend(self._life, until=_until(command))
            case CommandKind.END_OPERATION:
                # An operation cannot be over while somebody is out in its name.
                held = await self._people_held()
                return Refused("secondments_open") if held else operation.end(self._life, now=now)
            case _:
                return Refused("not_for_this_case")

    async def _people_held(self) -> int:
        ref = OperationRef(operation_id=self._start.operation_id)
        found = await workflow.execute_activity_method(OperationActivities.people_held, ref, **LEDGER)
        return found.people

    def _told(self, command: Command, life: Life) -> tuple[str, StatusDecree | None]:
        if command.kind == CommandKind.END_OPERATION:
            return "OperationEnded", None
        details = {key: str(value) for key, value in command.details.items()}
        decree = StatusDecree(
            status=life.state.value,
            level=details.get("level", ""),
            area=details.get("area", ""),
            decree=details["decree"],
            decree_date=details["decree_date"],
            start=workflow.now()
            if command.kind == CommandKind.DECLARE_STATUS
            else self._life.until or workflow.now(),
            end=_until(command),
        )
        return "StatusDeclared" if command.kind == CommandKind.DECLARE_STATUS else "StatusExtended", decree

    async def _write(
        self,
        life: Life,
        event: str,
        by: Attribution,
        data: dict[str, object],
        decree: StatusDecree | None = None,
    ) -> None:
        data = {**data, "state": life.state.value, "until": life.until.isoformat() if life.until else None}
        fact = Fact(event, cases.operation(self._start.operation_id), workflow.now(), by, None, data)
        move = OperationMove(
            self._start.operation_id, self._start.government_id, life, fact, self._duties(life), decree
        )
        await workflow.execute_activity_method(OperationActivities.write, WriteOperation(move=move), **LEDGER)
        self._life = life

    def _duties(self, life: Life) -> tuple[Duty, ...]:
        if life.until is None:
            return ()
        return (Duty(TaskKind.EXTEND_OR_END, life.until, capacity=Capacity.SEKDA),)


def _until(command: Command) -> datetime:
    return datetime.fromisoformat(str(command.details["until"]))
