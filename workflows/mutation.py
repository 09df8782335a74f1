"""One person's mutation, from the proposal to the decree in force, and until nobody can object any more."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

from activities.mutations import MutationActivities
from domain import cases
from domain.commands import Command
from domain.log import Attribution
from domain.mutation.alarms import Alarm, next_alarm
from domain.mutation.decisions import TRIGGER_OF, ask_of
from domain.mutation.life import Life
from domain.mutation.machine import Moved, Refused, decide
from domain.mutation.moving import MOVED_MEANWHILE, Issued, told
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import State, Trigger
from schemas.commands import CommandOutcome, CommandRef
from schemas.mutation import (
    MutationRef,
    MutationStart,
    MutationView,
    Undone,
    WriteMutation,
)
from workflows import decisions, decreeing, following, looking_up
from workflows.policies import EFFECT_AGAIN, LEDGER, SETTLE, long_enough

_HEARS_OUT = frozenset({Trigger.LAPSE_FILE, Trigger.LAPSE_HEARINGS, Trigger.WAIVE_COUNSEL, Trigger.CLOSE})
"""Deadlines of people: they wait a moment for what was said in time."""

_KEEPS_WAITING = frozenset({Trigger.HOLD_UP, Trigger.URGE, Trigger.URGE_OBJECTION, Trigger.URGE_SECOND})
"""After any other move an effect that was refused is tried at once."""


@workflow.defn
class MutationWorkflow:
    """From a proposal to another position, in law and in fact.

    Id: domain.cases.mutation. Talks to: whoever is heard, screens, decides, signs and reports (by recorded decisions);
    the case whose decree it undoes (by a signal). Begins with its draft written and its proposal recorded; can be
    taken up anywhere in its life from the registry. Lives for months, with BKN for years.
    """

    @workflow.init
    def __init__(self, start: MutationStart) -> None:
        self._start = start
        self._matter = start.matter
        self._life = start.life or _draft(start)
        self._believed: bool | None = None
        self._turn = asyncio.Lock()
        self._signature = decreeing.Awaiting(
            self._turn, lambda: self._life.asked, self._signed, self._unsigned
        )
        self._again: datetime | None = None
        """When the effect is tried next that the books have refused."""

    @workflow.run
    async def run(self, _: MutationStart) -> str:
        """Live until it has ended, then leave nobody unanswered."""
        async with self._turn:
            known = await self._known()
        if not known:
            await workflow.wait_condition(workflow.all_handlers_finished)
            return decisions.UNKNOWN
        if self._start.life is None:
            await self._propose()
        while not self._life.ended:
            await self._live_on()
            if long_enough():
                await workflow.wait_condition(self._nothing_in_hand)
                if not self._life.ended:
                    workflow.continue_as_new(
                        self._start.model_copy(update={"life": self._life, "matter": self._matter})
                    )
        await workflow.wait_condition(self._nothing_in_hand)
        return self._life.state.value

    @workflow.update
    async def decide(self, ref: CommandRef) -> CommandOutcome:
        """Apply a recorded decision, or refuse it with a reason."""
        async with self._turn:
            if not await self._known():
                raise decisions.no_such_case()
            return await self._apply(ref)

    @workflow.signal
    async def undone(self, by: Undone) -> None:
        """The decree of another mutation has undone this one."""
        async with self._turn:
            if not await self._known():
                return
            # Anybody may say so: the books let it be only where the other decree is in effect.
            await self._surely(Trigger.REVERSE, Ask(case_id=by.case_id), by_case=by.case_id)

    @workflow.signal
    async def moved_elsewhere(self) -> None:
        """The batch or swap has moved this case in the books."""
        async with self._turn:
            await self._catch_up()

    @workflow.query
    def view(self) -> MutationView:
        """Show where it stands."""
        return MutationView(matter=self._matter, life=self._life)

    async def _known(self) -> bool:
        """Take from the books, once a run, what this case is about and where it stands; False where it is none of theirs.

        Whoever reaches the engine may start it with any life and any matter: what it was started with is not believed.
        """
        if self._believed is None:
            found = await workflow.execute_activity_method(MutationActivities.standing, **LEDGER)
            self._believed = found.start is not None
            if found.start:
                self._start, self._matter = found.start, found.start.matter
                self._life = found.start.life or _draft(found.start)
        return self._believed

    async def _propose(self) -> None:
        """Begin by the proposal; a draft whose proposal does not stand is put away, or nobody could be proposed again."""
        async with self._turn:
            await self._apply(CommandRef(command_id=self._start.command_id))
            if self._life.state == State.DRAFT:
                await self._move(Trigger.WITHDRAW, self._by_system())

    def _nothing_in_hand(self) -> bool:
        return workflow.all_handlers_finished() and not self._signature.heeding

    def _by_system(self) -> Attribution:
        return Attribution("system:mutation", "SYSTEM", self._matter.basis)

    async def _live_on(self) -> None:
        """Wait for the next move, or for the clock to make it."""
        revision = self._life.revision
        self._signature.look()
        alarm = next_alarm(self._life, self._again)
        timeout = max(alarm.at + _settle(alarm) - workflow.now(), timedelta(0)) if alarm else None
        try:
            await workflow.wait_condition(lambda: self._life.revision != revision, timeout=timeout)
        except TimeoutError:
            assert alarm is not None
            await self._ring(alarm)

    async def _ring(self, alarm: Alarm) -> None:
        revision = self._life.revision
        async with self._turn:
            if alarm.trigger in _HEARS_OUT:
                # Silence counts only after everything that was said in time has been heard.
                for ref in await decisions.in_time(cases.mutation(self._matter.mutation_id), alarm.at):
                    await self._apply(ref)
            # While we waited for the turn or for the books, somebody may have moved it.
            if next_alarm(self._life, self._again) != alarm:
                return
            by = decisions.by_clock(self._matter.basis)
            verdict = await self._move(alarm.trigger, by, alarm.ask, {})
            if isinstance(verdict, Refused) and alarm.trigger == Trigger.TAKE_EFFECT:
                await self._held_up(verdict.code)
                return
        if isinstance(verdict, Refused):
            with suppress(TimeoutError):
                await workflow.wait_condition(lambda: self._life.revision != revision, timeout=EFFECT_AGAIN)

    async def _held_up(self, code: str) -> None:
        """Try the effect again later, and tell once for each code that the books refuse it."""
        self._again = workflow.now() + EFFECT_AGAIN
        if code != self._life.held_up:
            by = decisions.by_clock(self._matter.basis)
            await self._move(Trigger.HOLD_UP, by, Ask(code=code), {"reason": code})

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        verdict = Refused(taken.conflict) if taken.conflict else await self._perform(command)
        # Who decides looks at the books, which a group may have moved on before this case has heard of it.
        while isinstance(verdict, Refused) and (
            verdict.code == MOVED_MEANWHILE or (self._life.group and await self._catch_up())
        ):
            verdict = await self._perform(command)
        if isinstance(verdict, Refused):
            return await decisions.refuse(command, verdict.code, self._life.state.value)
        return decisions.applied(command, self._life.state.value)

    async def _perform(self, command: Command) -> Moved | Refused:
        """Do what the decision asks, writing the move; a refusal here left everything as it was."""
        if command.kind not in TRIGGER_OF:
            return Refused("not_for_this_case")
        trigger, now = TRIGGER_OF[command.kind], workflow.now()
        ask = ask_of(command)
        if isinstance(ask, Ask):
            ask = await looking_up.added(self._start, self._life, command, trigger, ask)
        if isinstance(ask, Refused):
            return ask
        by = decisions.by_author(command, self._matter.basis)
        said = command.said

        def judge(trigger: Trigger, asked: Ask) -> Moved | Refused:
            return decide(self._life, trigger, asked, decided_at=command.decided_at, now=now)

        async def keep(trigger: Trigger, moved: Moved, issues: Issued | None = None) -> Moved | Refused:
            return await self._write(trigger, moved, by, said, issues)

        if trigger == Trigger.SIGN_DECREE:
            return await decreeing.sign(
                self._matter.mutation_id, self._life, command, ask, judge=judge, keep=keep
            )
        verdict = judge(trigger, ask)
        if isinstance(verdict, Moved) and trigger == Trigger.SERVE:
            verdict = await decreeing.extract(self._life, self._matter.mutation_id) or verdict
        return await keep(trigger, verdict) if isinstance(verdict, Moved) else verdict

    async def _signed(self, signed: Ask, issues: Issued) -> str | None:
        """Issue the decree with the signature that has come; return the code of why it cannot be any more."""
        verdict = await self._surely(Trigger.SIGN_DECREE, signed, issues=issues)
        return verdict.code if isinstance(verdict, Refused) else None

    async def _unsigned(self, code: str) -> None:
        """Ask whoever signs anew: no signature has come, or too late."""
        await self._surely(Trigger.REFUSE_SIGNATURE, Ask(code=code), reason=code)

    async def _surely(
        self, trigger: Trigger, ask: Ask, issues: Issued | None = None, **told: str
    ) -> Moved | Refused:
        """Move it from wherever the books have it, which its group may have moved meanwhile."""
        by, meanwhile = self._by_system(), Refused(MOVED_MEANWHILE)
        while (verdict := await self._move(trigger, by, ask, told, issues)) == meanwhile:
            pass
        return verdict

    async def _move(
        self,
        trigger: Trigger,
        by: Attribution,
        ask: Ask = NOTHING,
        said: dict[str, Any] | None = None,
        issues: Issued | None = None,
    ) -> Moved | Refused:
        now = workflow.now()
        verdict = decide(self._life, trigger, ask, decided_at=now, now=now)
        if isinstance(verdict, Refused):
            return verdict
        return await self._write(trigger, verdict, by, said or {}, issues)

    async def _write(
        self,
        trigger: Trigger,
        moved: Moved,
        by: Attribution,
        said: dict[str, Any],
        issues: Issued | None = None,
    ) -> Moved | Refused:
        """Put the move into the books first, with its terms counted; only then does this case believe it."""
        life = await looking_up.timed(self._matter, moved.life)
        move = replace(told(self._matter, life, trigger, by=by, at=workflow.now(), said=said), issues=issues)
        written = await workflow.execute_activity_method(
            MutationActivities.write, WriteMutation(move=move), **LEDGER
        )
        if written.refused is not None:
            if written.refused == MOVED_MEANWHILE:
                await self._catch_up()
            return Refused(written.refused)
        if trigger not in _KEEPS_WAITING:
            self._again = None
        elsewhere = life.position_id != self._life.position_id
        before, self._life = self._life, life
        if elsewhere:
            ref = MutationRef(mutation_id=self._matter.mutation_id)
            found = await workflow.execute_activity_method(MutationActivities.matter, ref, **LEDGER)
            self._matter = found.matter
        await following.moved(self._matter.mutation_id, before, life, trigger)
        return Moved(life)

    async def _catch_up(self) -> bool:
        """Believe the books, where the group has moved this case in them; say whether it had."""
        ref = MutationRef(mutation_id=self._matter.mutation_id)
        found = await workflow.execute_activity_method(MutationActivities.stands, ref, **LEDGER)
        if found.life is None or found.life.revision <= self._life.revision:
            return False
        before, self._life = self._life, found.life
        if self._life.in_effect and not before.in_effect:
            await following.took_effect(self._matter.mutation_id, self._life)
        return True


def _draft(start: MutationStart) -> Life:
    return Life(State.DRAFT, 0, workflow.now(), start.position_id, reverses=start.reverses)


def _settle(alarm: Alarm) -> timedelta:
    return SETTLE if alarm.trigger in _HEARS_OUT else timedelta(0)
