"""One person's secondment, from the offer to the return."""

import asyncio
from datetime import timedelta

from temporalio import workflow

from activities.secondments import SecondmentActivities
from domain import cases
from domain.commands import Command, CommandKind
from domain.duties import told
from domain.log import Attribution
from domain.secondment import Alarm, Moved, Refused, Trigger, answer_by, decide, next_alarm
from schemas.commands import CommandOutcome, CommandRef
from schemas.secondment import (
    OrderServed,
    SecondmentStart,
    SecondmentView,
    StandDown,
    WriteSecondment,
)
from workflows import decisions
from workflows.policies import LEDGER, SETTLE, long_enough

TRIGGER_OF: dict[CommandKind, Trigger] = {
    CommandKind.ACCEPT_OFFER: Trigger.ACCEPT,
    CommandKind.DECLINE_OFFER: Trigger.DECLINE,
    CommandKind.RELEASE: Trigger.RELEASE,
    CommandKind.REFUSE_RELEASE: Trigger.REFUSE_RELEASE,
    CommandKind.CHECK_IN: Trigger.CHECK_IN,
    CommandKind.SIGN_DEMOB: Trigger.SIGN_DEMOB,
    CommandKind.CONFIRM_RETURN: Trigger.CONFIRM_RETURN,
}


@workflow.defn
class SecondmentWorkflow:
    """A promise to bring one person home.

    Id: domain.cases.secondment. Talks to: its person, the home head, the command post (by recorded
    decisions), its surge (by signals). Begins with the offer already written, so it costs nothing
    to start; can be taken up anywhere in its life from the registry. Lives for weeks.
    """

    @workflow.init
    def __init__(self, start: SecondmentStart) -> None:
        self._seat = start.seat
        self._clock = start.clock
        self._basis = start.basis
        self._life = start.life
        self._turn = asyncio.Lock()

    @workflow.run
    async def run(self, start: SecondmentStart) -> str:
        """Live until it has ended, then leave nobody unanswered."""
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

    @workflow.signal
    async def order_served(self, served: OrderServed) -> None:
        """The assignment order is issued."""
        async with self._turn:
            await self._hear(Trigger.ORDER_ISSUED, served.order_id)

    @workflow.signal
    async def stand_down(self, _order: StandDown) -> None:
        """The surge is over."""
        async with self._turn:
            await self._hear(Trigger.STAND_DOWN, None)

    @workflow.query
    def view(self) -> SecondmentView:
        """Show where it stands."""
        return SecondmentView(seat=self._seat, life=self._life)

    async def _live_on(self) -> None:
        """Wait for the next move, or for the clock to make it."""
        revision = self._life.revision
        alarm = next_alarm(self._life, self._clock)
        timeout = max(alarm.at + self._settle(alarm) - workflow.now(), timedelta(0)) if alarm else None
        try:
            await workflow.wait_condition(lambda: self._life.revision != revision, timeout=timeout)
        except TimeoutError:
            assert alarm is not None
            await self._ring(alarm)

    async def _ring(self, alarm: Alarm) -> None:
        async with self._turn:
            if alarm.trigger == Trigger.LAPSE_OFFER:
                # Silence counts only after everything that was said in time has been heard: with Temporal
                # away across the deadline, answers are in the books and nowhere else.
                deadline = answer_by(self._life, self._clock)
                for ref in await decisions.in_time(cases.secondment(self._seat.placement_id), deadline):
                    await self._apply(ref)
            # While we waited for the turn or for the books, somebody may have moved it.
            if next_alarm(self._life, self._clock) == alarm:
                await self._move(alarm.trigger, decisions.by_clock(self._basis))

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        verdict: Moved | Refused = Refused(taken.conflict) if taken.conflict else self._judge(command)
        if isinstance(verdict, Refused):
            return await decisions.refuse(command, verdict.code, self._life.state.value)
        by = decisions.by_author(command, self._basis)
        await self._write(TRIGGER_OF[command.kind], verdict, by, command.choice)
        return decisions.applied(command, self._life.state.value)

    def _judge(self, command: Command) -> Moved | Refused:
        trigger = TRIGGER_OF.get(command.kind)
        if trigger is None:
            return Refused("not_for_this_case")
        return decide(self._life, trigger, self._clock, decided_at=command.decided_at, now=workflow.now())

    async def _hear(self, trigger: Trigger, choice: str | None) -> None:
        """Apply what the surge says. What comes twice, or too late, changes nothing."""
        await self._move(trigger, Attribution("system:surge", "SYSTEM", self._basis), choice)

    async def _move(self, trigger: Trigger, by: Attribution, choice: str | None = None) -> None:
        verdict = decide(self._life, trigger, self._clock, decided_at=workflow.now(), now=workflow.now())
        if isinstance(verdict, Moved):
            await self._write(trigger, verdict, by, choice)

    async def _write(self, trigger: Trigger, moved: Moved, by: Attribution, choice: str | None) -> None:
        """Put the move into the books first; only then does this case believe it."""
        move = told(self._seat, moved.life, trigger, self._clock, by=by, at=workflow.now(), choice=choice)
        await workflow.execute_activity_method(
            SecondmentActivities.write, WriteSecondment(move=move), **LEDGER
        )
        self._life = moved.life

    @staticmethod
    def _settle(alarm: Alarm) -> timedelta:
        return SETTLE if alarm.trigger == Trigger.LAPSE_OFFER else timedelta(0)
