"""A surge: from asking for people to the last one home."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from temporalio import workflow

from domain import admission, cases, lines, staffing, surge_gates, urging
from domain.commands import Command
from domain.lines import LineChange
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS
from domain.surge import MAKES_ROOM, OVER, STAFFING, Life, Moved, Refused, State, Tally, Trigger
from domain.surge_telling import EVENT_OF, TRIGGER_OF, oral_order, override_of, told_by_clock
from domain.urging import Alarm
from schemas.commands import CommandOutcome, CommandRef
from schemas.secondment import SecondmentNews
from schemas.surge import (
    CoverNews,
    SurgeRef,
    SurgeStart,
    SurgeView,
)
from workflows import asking, changing, decisions, offering, ordering, relieving, standing
from workflows.alarms import AlarmClock
from workflows.bookkeeping import Bookkeeping
from workflows.policies import GATHER_NEWS, ORDER_IN_MAKING, SETTLE, long_enough


@workflow.defn
class SurgeWorkflow(Bookkeeping):
    """A surge request, from asking to the last person home.

    Id: domain.cases.surge. Talks to: coordinator, approver, signatory (by recorded decisions) and
    its people's cases, which it begins and which are nobody's children. Cannot close while the
    registry counts one secondment open. What it asks of officers is urged by its alarms; an oral order
    that is not ratified in time ends it. Lives for weeks; continues as new between looks.
    """

    @workflow.init
    def __init__(self, start: SurgeStart) -> None:
        self._start = start
        self._believed: bool | None = None
        self._ref = SurgeRef(surge_id=start.surge_id, government_id=start.government_id)
        self._life = start.life or Life(State.SUBMITTED, 0, workflow.now())
        self._turn = asyncio.Lock()
        # A fresh run looks once: what happened between two runs told nobody.
        self._news = start.life is not None
        self._tried: tuple[int, int] | None = None
        self._called_home = False
        self._look_at: datetime | None = None
        self._alarms = AlarmClock(self._wake)

    @workflow.run
    async def run(self, _start: SurgeStart) -> str:
        """Be asked for, be staffed, be stood down; end only when everyone is home."""
        if not await self._begin():
            await workflow.wait_condition(workflow.all_handlers_finished)
            return decisions.UNKNOWN
        while not self._life.ended:
            self._arm()
            await self._wait_for_news()
            await self._look()
            if long_enough():
                await workflow.wait_condition(workflow.all_handlers_finished)
                if not self._life.ended:
                    workflow.continue_as_new(self._start.model_copy(update={"life": self._life}))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._life.state.value

    @workflow.update
    async def decide(self, ref: CommandRef) -> CommandOutcome:
        """Apply a recorded decision, or refuse it with a reason."""
        async with self._turn:
            if not await self._known():
                raise decisions.no_such_case()
            return await self._apply(ref)

    @workflow.signal
    def secondment_moved(self, _news: SecondmentNews) -> None:
        """Some of our people left a seat, were released, arrived or came home: look."""
        self._news = True

    @workflow.signal
    def cover_changed(self, _change: CoverNews) -> None:
        """The operation's cover has changed: a seat that reaches past it is offered to nobody, until it is covered."""
        self._news = True

    @workflow.query
    def view(self) -> SurgeView:
        """Show where it stands."""
        return SurgeView(surge_id=self._start.surge_id, life=self._life)

    async def _begin(self) -> bool:
        """Take the case up where the books have it, by its request at the very start; False where it is none of theirs."""
        async with self._turn:
            if not await self._known():
                return False
            if self._start.life is None:
                await self._submit()
        return True

    async def _submit(self) -> None:
        """Receive the request; what its emergency does not cover is turned down at once, with the reason."""
        taken = await decisions.take(CommandRef(command_id=self._start.command_id))
        command = taken.command
        brief = await asking.brief(self._ref)
        fault = admission.admissible(brief, self._start.rules.limits, now=workflow.now())
        if taken.conflict:
            fault = Refused(taken.conflict)
        if fault is None:
            by = decisions.by_author(command, self._basis("request"))
            life = admission.received(self._life, brief, self._start.rules.limits)
            event = "OralOrderGiven" if life.oral else "RequestSubmitted"
            await self._write(life, event, by, {"people": brief.people} | oral_order(life))
            return
        rejected = replace(self._life, state=State.REJECTED, revision=1)
        await decisions.refuse(command, fault.code, State.REJECTED.value)
        await self._write(rejected, "RequestRejected", self._by_clock(), {"reason": fault.code})

    def _wake(self) -> None:
        self._news = True

    def _arm(self) -> None:
        alarm = urging.next_alarm(self._life, self._start.rules.urging)
        if alarm:
            # A decision made in time must also be in the books when the clock acts.
            self._alarms.arm(alarm.at + SETTLE)
        if self._look_at:
            self._alarms.arm(self._look_at)

    async def _wait_for_news(self) -> None:
        def something_to_do() -> bool:
            return self._news or self._life.ended or self._life.offering is not None

        await workflow.wait_condition(something_to_do)
        if self._life.state in STAFFING and self._life.offering is None:
            # People answer in bursts: gather a little, so that one look serves many.
            await workflow.sleep(GATHER_NEWS)
        self._news = False

    async def _look(self) -> None:
        self._look_at = None
        try:
            await self._look_round()
        except standing.Disbelieved:
            if not await self._take_from_books():
                # What the books do not take stays as it is until somebody moves, or for a while.
                await workflow.sleep(ORDER_IN_MAKING)
            self._news = True

    async def _look_round(self) -> None:
        async with self._turn:
            await self._ring()
            if self._life.state in OVER:
                await self._see_home()
            elif self._life.offering is not None:
                await self._offer()
            elif self._life.state in STAFFING:
                await self._staff()

    async def _ring(self) -> None:
        """Do what is due by the clock, once all that was decided in time has been heard."""
        rules = self._start.rules.urging
        while (alarm := urging.next_alarm(self._life, rules)) and alarm.at + SETTLE <= workflow.now():
            for ref in await decisions.in_time(cases.surge(self._start.surge_id), alarm.at):
                await self._apply(ref)
            if urging.next_alarm(self._life, rules) == alarm:
                await self._urge(alarm)

    async def _urge(self, alarm: Alarm) -> None:
        rules = self._start.rules.urging
        life = urging.rung(self._life, alarm, rules, now=workflow.now())
        key, data = told_by_clock(self._life, life, alarm, rules)
        by = decisions.by_clock(self._basis(key))
        await self._write(life, urging.EVENT_OF[alarm.ring], by, data)

    async def _offer(self) -> None:
        """Offer one shard of the plan; the next look offers the next one."""
        shard = await offering.offer_shard(self._ref, self._start.rules.pack, self._life)
        if shard.offered:  # who declines before the next look leaves the counts as they were
            self._tried = None
        self._life = replace(self._life, offering=shard.following)
        self._news = True

    async def _staff(self) -> None:
        """Count, serve orders, and offer empty seats to the next best people."""
        seen = await relieving.look(self._ref, self._start.rules, self._turn_over)
        tally, self._look_at = seen.tally, relieving.look_at(seen)
        # With the same seats empty and the same people held, a plan would say the same again.
        planned = not tally.empty or (tally.empty, tally.open) == self._tried
        await self._follow(tally, relieving.settle_by(seen, self._start.rules), planned=planned)
        await ordering.let_go(self._ref, tally, self._life.oral, self._start.command_id)
        if self._life.proposed_until:
            self._tried = None  # empty seats wait for the plan that was asked for
            return
        if not planned and not await self._refill():
            self._news = True  # what finds nobody is seen by looking again
        self._tried = (tally.empty, tally.open)

    async def _turn_over(self, change: LineChange) -> None:
        life = replace(self._life, revision=self._life.revision + 1)
        await self._keep_change(change, life, "LineAdded", decisions.by_clock(self._basis("relief")))

    async def _refill(self) -> bool:
        """Plan the remainder; what it cannot fill stays empty until somebody moves. Say whether anybody is asked."""
        made = await asking.plan(self._ref)
        if made.kept.picks:
            await self._write_plan(made, self._by_clock())
            self._life = replace(self._life, offering=0)
        return bool(made.kept.picks)

    async def _follow(
        self, tally: Tally, relief_by: datetime | None = None, *, planned: bool = False
    ) -> None:
        after = staffing.follow(self._life, tally, workflow.now(), relief_by, planned=planned)
        if after != self._life:
            data = {"asked": tally.asked, "filled": tally.filled, "on_site": tally.on_site}
            await self._write(after, "StaffingChanged", self._by_clock(), data)

    async def _see_home(self) -> None:
        """Call everybody home; whoever went by word is still owed a paper, and a cancelled surge ends with the last."""
        await self._call_home()
        if self._life.state == State.STOOD_DOWN and not self._life.oral:
            return
        tally = await asking.tally(self._ref)
        if self._life.state == State.STOOD_DOWN:
            await self._follow(tally)
        elif not tally.open:
            over = surge_gates.cancelled(self._life, tally, workflow.now())
            await self._write(over, "SurgeCancelled", self._by_clock(), {})
            self._news = True

    async def _call_home(self) -> None:
        if not self._called_home:
            await asking.call_home(self._ref, self._start.command_id)
            self._called_home = True

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        try:
            refused = await self._decide(taken)
        except standing.Disbelieved:
            refused = await self._decide_anew(taken)
        if refused:
            return await decisions.refuse(command, refused.code, self._life.state.value)
        self._news = True
        return decisions.applied(command, self._life.state.value)

    async def _decide(self, taken: decisions.Taken) -> Refused | None:
        """Judge a decision and do what it asks; a refusal left everything as it was."""
        verdict = await asking.judge(self._ref, self._life, self._start.rules, taken)
        return verdict if isinstance(verdict, Refused) else await self._perform(taken.command, verdict)

    async def _decide_anew(self, taken: decisions.Taken) -> Refused | None:
        """Judge a decision where the books have the case, which was somewhere else, once more."""
        with suppress(standing.Disbelieved):
            if await self._take_from_books():
                return await self._decide(taken)
        return Refused(NOT_BY_THE_BOOKS)

    async def _perform(self, command: Command, moved: Moved) -> Refused | None:
        """Do what the decision asks, writing the move; a refusal here left everything as it was."""
        by = decisions.by_author(command, self._basis("request"))
        trigger = TRIGGER_OF[command.kind]
        if trigger == Trigger.PLAN:
            made = await asking.plan(self._ref, command.command_id)
            if made.refusal:
                return Refused(made.refusal)
            await self._write_plan(made, by, workflow.now() + self._start.rules.urging.replanning)
        elif trigger == Trigger.CHANGE_LINE:
            return await self._change_line(command, moved.life, by)
        elif trigger == Trigger.SIGN_ORDER:
            return await self._sign(command, moved.life, by)
        else:
            override = override_of(command) if trigger == Trigger.OVERRIDE_REDLINE else None
            life = await asking.on_its_letter(self._ref, command, moved.life)
            data = command.said
            await self._write(life, EVENT_OF[trigger], by, data, override)
            if trigger in MAKES_ROOM:
                self._tried = None
        return None

    async def _change_line(self, command: Command, life: Life, by: Attribution) -> Refused | None:
        change = await changing.judge(self._ref, command, self._start.rules)
        change = lines.of_letter(change) if self._life.letter_until else change
        if isinstance(change, Refused):
            return change
        await self._keep_change(change, life, lines.EVENT_OF[command.kind], by)
        return None
