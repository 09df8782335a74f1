"""An emergency operation and the statuses declared in it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

from activities.operations import OperationActivities
from domain import cases
from domain.commands import Command, CommandKind
from domain.log import Attribution, Fact
from domain.moves import Decree, OperationMove
from domain.operation import Alarm, Event, Life, Moved, Refused, State, Trigger, next_alarm
from domain.operation_duties import EVENT_OF, operation_duties
from domain.operation_rules import decide
from domain.standings import Level, Status, highest, newest
from schemas.commands import CommandOutcome, CommandRef
from schemas.operation import (
    OperationRef,
    OperationStart,
    OperationView,
    PeopleHeld,
    TellCover,
    WriteOperation,
)
from workflows import decisions
from workflows.policies import BULK, LEDGER, SETTLE, long_enough

TRIGGER_OF: dict[CommandKind, Trigger] = {
    CommandKind.DECLARE_STATUS: Trigger.DECLARE,
    CommandKind.EXTEND_STATUS: Trigger.EXTEND,
    CommandKind.ESCALATE_OPERATION: Trigger.ESCALATE,
    CommandKind.HAND_BACK_STATUS: Trigger.HAND_BACK,
    CommandKind.WITHDRAW_STATUS: Trigger.WITHDRAW,
    CommandKind.END_OPERATION: Trigger.END,
    CommandKind.FILE_AFTER_ACTION: Trigger.FILE_REPORT,
    CommandKind.ARCHIVE_OPERATION: Trigger.ARCHIVE,
}

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
        self._turn = asyncio.Lock()

    @workflow.run
    async def run(self, start: OperationStart) -> str:
        """Live from status to status until the operation is in the archive."""
        if start.life is None:
            await self._open()
        else:
            # What moved the cover before this run may not have been told to everyone.
            async with self._turn:
                await self._tell_cover()
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
            by = decisions.by_author(taken.command, self._start.basis)
            await self._write(Moved(self._life), "OperationOpened", by, {})

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
        async with self._turn:
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
            name, data = EVENT_OF[alarm.trigger], _told(event, verdict)
            if alarm.trigger == Trigger.RUN_OUT and verdict.life.in_force:
                name = "StatusEnded"
            by = decisions.by_clock(self._start.basis)
            await self._move(verdict, name, by, data, _decree_of(event, verdict))

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        await self._catch_up(command.decided_at)
        trigger = TRIGGER_OF.get(command.kind)
        if taken.conflict or trigger is None:
            code = taken.conflict or "not_for_this_case"
            return await decisions.refuse(command, code, self._life.state.value)
        try:
            event = await self._event(trigger, command)
        except ValueError:
            # A level or an instant in words that no form lets through: it must not stop the case.
            return await decisions.refuse(command, "not_understood", self._life.state.value)
        before = self._life
        verdict = decide(before, event, now=workflow.now())
        if isinstance(verdict, Refused):
            return await decisions.refuse(command, verdict.code, self._life.state.value)
        by = decisions.by_author(command, self._start.basis)
        data = dict(command.details) | _told(event, verdict)
        if trigger == Trigger.ESCALATE:
            data["from"] = highest(before.in_force).level.value
        ahead = verdict.declared in verdict.life.coming
        name = "StatusDecreed" if ahead else EVENT_OF[trigger]
        await self._move(verdict, name, by, data, _decree(command))
        return decisions.applied(command, self._life.state.value)

    async def _catch_up(self, decided_at: datetime) -> None:
        """Let everything come that was due before a decision: it is judged by what stood when it was made."""
        while alarm := next_alarm(self._life, self._start.clock):
            # The review opens with the end itself: whoever files the report at once is not too early.
            if alarm.at > decided_at and alarm.trigger != Trigger.OPEN_REVIEW:
                return
            await self._tick(alarm, max(alarm.at, decided_at))

    async def _event(self, trigger: Trigger, command: Command) -> Event:
        said = {key: str(value) for key, value in command.details.items()}
        left = await self._left_open(trigger)
        return Event(
            trigger,
            command.decided_at,
            level=Level(said["level"]) if "level" in said else None,
            status=Status(said["status"]) if "status" in said else None,
            decree=said.get("decree", ""),
            start=_instant(said.get("start")),
            until=_instant(said.get("until")),
            report=said.get("report", ""),
            people_held=left.people,
            surges_open=left.surges,
        )

    async def _left_open(self, trigger: Trigger) -> PeopleHeld:
        """Count whom and what the operation would leave behind: it cannot be over before they are."""
        if trigger not in _LEAVES_NOBODY:
            return PeopleHeld(people=0)
        ref = OperationRef(operation_id=self._start.operation_id)
        return await workflow.execute_activity_method(OperationActivities.people_held, ref, **LEDGER)

    async def _move(
        self,
        moved: Moved,
        event: str,
        by: Attribution,
        data: dict[str, Any],
        decree: Decree | None = None,
    ) -> None:
        """Write a move; whom its cover concerns is told after it stands in the books."""
        before = self._life
        await self._write(moved, event, by, data, decree)
        lapsed = self._life.state == State.LAPSED and before.state != State.LAPSED
        if lapsed or _cover(self._life) != _cover(before):
            await self._tell_cover()

    async def _write(
        self,
        moved: Moved,
        event: str,
        by: Attribution,
        data: dict[str, Any],
        decree: Decree | None = None,
    ) -> None:
        life = moved.life
        told = {**data, "state": life.state.value, "until": life.until.isoformat() if life.until else None}
        move = OperationMove(
            self._start.operation_id,
            self._start.government_id,
            life,
            Fact(event, self._case, workflow.now(), by, None, told),
            operation_duties(life, self._start.clock),
            decree,
            moved.declared,
            moved.ends,
        )
        await workflow.execute_activity_method(OperationActivities.write, WriteOperation(move=move), **LEDGER)
        self._life = life

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


def _decree_of(event: Event, moved: Moved) -> Decree | None:
    """The decree by which a status that begins cuts another one short; its date stands with it."""
    began = (
        newest(moved.life.standings, event.level) if event.level and event.trigger == Trigger.BEGIN else None
    )
    return Decree(began.start, began.decree) if began else None


def _settle(alarm: Alarm) -> timedelta:
    return SETTLE if alarm.trigger in _HEARS_OUT else timedelta(0)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _told(event: Event, moved: Moved) -> dict[str, Any]:
    """What the log says of the status that an event is about: `ends` is its own end, `until` the cover's."""
    of_level = moved.life.decreed if event.trigger == Trigger.WITHDRAW else moved.life.standings
    about = moved.declared or (newest(of_level, event.level) if event.level else None)
    if about is None and event.trigger == Trigger.WITHDRAW:
        about = next((one for one in of_level if one.decree == event.decree), None)
    elif about is None and event.trigger != Trigger.END:
        numbers = {end.number for end in moved.ends}
        about = next((one for one in moved.life.standings if one.number in numbers), None)
    if about is None:
        return {}
    told = {"level": about.level.value, "status": about.status.value, "ends": about.end.isoformat()}
    if event.trigger == Trigger.BEGIN:
        told |= {"decree": about.decree, "start": about.start.isoformat()}
    return told


def _decree(command: Command) -> Decree:
    said = {key: str(value) for key, value in command.details.items()}
    return Decree(
        command.decided_at,
        said.get("decree", ""),
        said.get("decree_date"),
        said.get("area", ""),
        said.get("statement"),
    )
