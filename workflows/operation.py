"""An emergency operation and the statuses declared in it."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from temporalio import workflow

from activities.operations import OperationActivities
from domain import cases
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS
from domain.operation import Alarm, Event, Life, Moved, Refused, State, Trigger, next_alarm
from domain.operation_rules import decide
from domain.operation_telling import (
    OPENED,
    TRIGGER_OF,
    Telling,
    event_of,
    move_of,
    told_by_clock,
    told_by_decision,
)
from schemas.commands import CommandOutcome, CommandRef
from schemas.operation import (
    OperationRef,
    OperationStart,
    OperationView,
    PeopleHeld,
    TellCover,
    WriteOperation,
)
from workflows import decisions, standing
from workflows.policies import BULK, LEDGER, ORDER_IN_MAKING, SETTLE, long_enough

_HEARS_OUT = frozenset({Trigger.RUN_OUT, Trigger.BEGIN})
_LEAVES_NOBODY = frozenset({Trigger.END, Trigger.ARCHIVE})


@workflow.defn
class OperationWorkflow:
    """From the first warning to the archive.

    Id: domain.cases.operation. Begins in MONITORING by a recorded command; statuses of several levels are declared,
    extended, handed up and back, and run out by themselves, after a warning. When the last one does, or one is cut
    short, everyone whose duty reaches past the cover is told. Ended by a decision, it waits for the report on it.
    """

    @workflow.init
    def __init__(self, start: OperationStart) -> None:
        self._start = start
        self._case = cases.operation(start.operation_id)
        self._life = start.life or Life(State.MONITORING, 0, workflow.now())
        self._believed: bool | None = None
        self._turn = asyncio.Lock()

    @workflow.run
    async def run(self, _start: OperationStart) -> str:
        """Live from status to status until the operation is in the archive."""
        async with self._turn:
            known = await self._known()
        while known and not self._life.ended:
            await self._live_on()
            if long_enough():
                await workflow.wait_condition(workflow.all_handlers_finished)
                if not self._life.ended:
                    workflow.continue_as_new(self._start.model_copy(update={"life": self._life}))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._life.state.value if known else decisions.UNKNOWN

    @workflow.update
    async def decide(self, ref: CommandRef) -> CommandOutcome:
        """Apply a recorded decision, or refuse it with a reason."""
        async with self._turn:
            if not await self._known():
                raise decisions.no_such_case()
            return await self._apply(ref)

    @workflow.query
    def view(self) -> OperationView:
        """Show where it stands."""
        return OperationView(operation_id=self._start.operation_id, life=self._life)

    async def _known(self) -> bool:
        """Take the case up where the books have it, once a run, and by which rules; False where it is none of theirs.

        Whoever reaches the engine may start it with any life and any rules: what it was started with is not believed.
        """
        if self._believed is None:
            found = await self._take_from_books()
            if found and found.life is None:
                await self._open()
            elif found:
                # What moved the cover before this run may not have been told to everyone.
                await self._tell_cover()
        return bool(self._believed)

    async def _take_from_books(self) -> OperationStart | None:
        found = await standing.of_operation()
        self._believed = found is not None
        if found:
            self._start = found
            self._life = found.life or Life(State.MONITORING, 0, workflow.now())
        return found

    async def _open(self) -> None:
        taken = await decisions.take(CommandRef(command_id=self._start.command_id))
        await self._write(
            Moved(self._life), Telling(OPENED), decisions.by_author(taken.command, self._start.basis)
        )

    async def _live_on(self) -> None:
        """Wait for the next move, or for the clock to make it."""
        revision = self._life.revision
        alarm = next_alarm(self._life, self._start.clock)
        timeout = max(alarm.at + _settle(alarm) - workflow.now(), timedelta(0)) if alarm else None
        try:
            await workflow.wait_condition(lambda: self._life.revision != revision, timeout=timeout)
        except TimeoutError:
            assert alarm is not None
            await self._ring(alarm)

    async def _ring(self, alarm: Alarm) -> None:
        try:
            async with self._turn:
                await self._ring_in_turn(alarm)
        except standing.Disbelieved:
            before = self._life
            async with self._turn:
                await self._take_from_books()
            if self._life == before:
                # What the books do not take stays as it is for a while.
                await workflow.sleep(ORDER_IN_MAKING)

    async def _ring_in_turn(self, alarm: Alarm) -> None:
        if alarm.trigger in _HEARS_OUT:
            # What was decided in time but has not arrived counts: an extension, or the withdrawal of what begins.
            for ref in await decisions.in_time(self._case, alarm.at):
                await self._apply(ref)
        # While we waited for the turn or for the books, somebody may have moved it.
        if next_alarm(self._life, self._start.clock) == alarm:
            await self._tick(alarm, alarm.at)

    async def _tick(self, alarm: Alarm, at: datetime) -> None:
        event = Event(alarm.trigger, at, level=alarm.level)
        verdict = decide(self._life, event, now=workflow.now())
        if isinstance(verdict, Moved):
            by = decisions.by_clock(self._start.basis)
            await self._move(verdict, told_by_clock(alarm, event, verdict), by)

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        try:
            refused = await self._perform(taken)
        except standing.Disbelieved:
            refused = await self._perform_anew(taken)
        if refused:
            return await decisions.refuse(command, refused.code, self._life.state.value)
        return decisions.applied(command, self._life.state.value)

    async def _perform(self, taken: decisions.Taken) -> Refused | None:
        """Judge a decision and do what it asks; a refusal left everything as it was."""
        command = taken.command
        await self._catch_up(command.decided_at)
        trigger = TRIGGER_OF.get(command.kind)
        if taken.conflict or trigger is None:
            return Refused(taken.conflict or "not_for_this_case")
        left = await self._left_open(trigger)
        try:
            event = event_of(command, people_held=left.people, surges_open=left.surges)
        except ValueError:
            # A level or an instant in words that no form lets through: it must not stop the case.
            return Refused("not_understood")
        verdict = decide(self._life, event, now=workflow.now())
        if isinstance(verdict, Refused):
            return verdict
        by = decisions.by_author(command, self._start.basis)
        await self._move(verdict, told_by_decision(self._life, command, event, verdict), by)
        return None

    async def _perform_anew(self, taken: decisions.Taken) -> Refused | None:
        """Judge a decision once more where the books have the case, and by whom it would leave behind now."""
        with suppress(standing.Disbelieved):
            if await self._take_from_books():
                return await self._perform(taken)
        return Refused(NOT_BY_THE_BOOKS)

    async def _catch_up(self, decided_at: datetime) -> None:
        """Let everything come that was due before a decision: it is judged by what stood when it was made."""
        while alarm := next_alarm(self._life, self._start.clock):
            # The review opens with the end itself: whoever files the report at once is not too early.
            if alarm.at > decided_at and alarm.trigger != Trigger.OPEN_REVIEW:
                return
            await self._tick(alarm, max(alarm.at, decided_at))

    async def _left_open(self, trigger: Trigger) -> PeopleHeld:
        """Count whom and what the operation would leave behind: it cannot be over before they are."""
        if trigger not in _LEAVES_NOBODY:
            return PeopleHeld(people=0)
        ref = OperationRef(operation_id=self._start.operation_id)
        return await workflow.execute_activity_method(OperationActivities.people_held, ref, **LEDGER)

    async def _move(self, moved: Moved, telling: Telling, by: Attribution) -> None:
        """Write a move; whom its cover concerns is told after it stands in the books."""
        before = self._life
        await self._write(moved, telling, by)
        lapsed = self._life.state == State.LAPSED and before.state != State.LAPSED
        if lapsed or _cover(self._life) != _cover(before):
            await self._tell_cover()

    async def _write(self, moved: Moved, telling: Telling, by: Attribution) -> None:
        """Put the move into the books first; only then does this case believe it."""
        start = self._start
        move = move_of(
            start.operation_id, start.government_id, moved, telling, start.clock, by, workflow.now()
        )
        if await workflow.execute_activity_method(
            OperationActivities.write, WriteOperation(move=move), **LEDGER
        ):
            raise standing.Disbelieved
        self._life = moved.life

    async def _tell_cover(self) -> None:
        covered = self._life.covered_until
        if covered is None and self._life.decreed and not self._life.coming:
            # Nothing ever was in force, and what was to come has been withdrawn: there is no cover from now on.
            covered = workflow.now()
        if covered is None:
            return
        ask = TellCover(
            operation_id=self._start.operation_id,
            covered_until=covered,
            at=workflow.now(),
            basis=self._start.basis,
        )
        await workflow.execute_activity_method(OperationActivities.tell_cover, ask, **BULK)


def _cover(life: Life) -> tuple[datetime | None, list[tuple[datetime, datetime]]]:
    """What somebody must be told of: the end of the cover, and what is to come behind a gap."""
    return life.covered_until, [(one.start, one.end) for one in life.coming]


def _settle(alarm: Alarm) -> timedelta:
    return SETTLE if alarm.trigger in _HEARS_OUT else timedelta(0)
