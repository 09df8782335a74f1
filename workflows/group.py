"""A batch or a swap: mutations that go together, and the one paper that goes round for them."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow

from activities.groups import GroupActivities
from domain import cases
from domain.commands import Command
from domain.log import Attribution
from domain.mutation.decisions import ask_of
from domain.mutation.group_authority import TRIGGER_OF_KIND
from domain.mutation.group_life import GroupLife, GroupState, GroupTrigger
from domain.mutation.machine import Refused
from domain.mutation.moving import MEMBERS_CHANGED, Issued
from domain.mutation.said import NOTHING, Ask
from schemas.commands import CommandOutcome, CommandRef
from schemas.group import GroupMoved, GroupStart, GroupView, MoveGroup
from workflows import decisions, decreeing
from workflows.policies import BULK, EFFECT_AGAIN, LEDGER, long_enough


@workflow.defn
class GroupWorkflow:
    """From mutations that are put together to one decree for all who are ready, or for all of a swap or none.

    Id: domain.cases.group. Talks to: whoever forms it, drafts, initials and signs its decree (by recorded decisions);
    its members (their moves are written in the books together with its own, then each is told). Nothing that it is
    told is believed before the books say it. Can be taken up anywhere from the registry. Lives for months.
    """

    @workflow.init
    def __init__(self, start: GroupStart) -> None:
        self._start = start
        self._life = _life_of(start)
        self._believed: bool | None = None
        self._turn = asyncio.Lock()
        self._signature = decreeing.Awaiting(
            self._turn, lambda: self._life.asked, self._signed, self._unsigned
        )
        self._news = start.life is not None

    @workflow.run
    async def run(self, _: GroupStart) -> str:
        """Live until nobody goes with it any more, then leave nobody unanswered."""
        async with self._turn:
            known = await self._known()
        if not known:
            await workflow.wait_condition(workflow.all_handlers_finished)
            return decisions.UNKNOWN
        if self._start.life is None:
            await self._form()
        while not self._life.ended:
            await self._live_on()
            if long_enough():
                await workflow.wait_condition(self._nothing_in_hand)
                if not self._life.ended:
                    workflow.continue_as_new(self._start.model_copy(update={"life": self._life}))
        await workflow.wait_condition(self._nothing_in_hand)
        return self._life.state.value

    @workflow.update
    async def decide(self, ref: CommandRef) -> CommandOutcome:
        """Apply a recorded decision to everybody whom it is about, or refuse it with a reason."""
        async with self._turn:
            if not await self._known():
                raise decisions.no_such_case()
            return await self._apply(ref)

    @workflow.signal
    def member_moved(self) -> None:
        """One of its members is not where it was."""
        self._news = True

    @workflow.query
    def view(self) -> GroupView:
        """Show where it stands."""
        return GroupView(life=self._life)

    async def _known(self) -> bool:
        """Take from the books, once a run, what this case is and where it stands; False where it is none of theirs."""
        if self._believed is None:
            found = await workflow.execute_activity_method(GroupActivities.standing, **LEDGER)
            self._believed = found.start is not None
            if found.start:
                self._start, self._life = found.start, _life_of(found.start)
        return self._believed

    def _nothing_in_hand(self) -> bool:
        return workflow.all_handlers_finished() and not self._signature.heeding

    async def _form(self) -> None:
        """Begin by the decision that forms it; what does not stand is put away."""
        async with self._turn:
            await self._apply(CommandRef(command_id=self._start.command_id))
            if self._life.state == GroupState.DRAFT:
                await self._move(GroupTrigger.DISSOLVE, decisions.by_clock(self._start.basis))

    # ── what happens by itself ────────────────────────────────────────────────────────────────────────────────────

    async def _live_on(self) -> None:
        """Wait for news of a member or a decision, or for the clock to move it."""
        self._signature.look()
        revision, alarm = self._life.revision, self._alarm()
        timeout = max(alarm[0] - workflow.now(), timedelta(0)) if alarm else None
        try:
            await workflow.wait_condition(
                lambda: self._news or self._life.revision != revision, timeout=timeout
            )
        except TimeoutError:
            assert alarm is not None
            await self._ring(alarm[1])
            return
        if self._news:
            async with self._turn:
                self._news = False
                await self._move(GroupTrigger.LOOK, decisions.by_clock(self._start.basis))

    def _alarm(self) -> tuple[datetime, GroupTrigger] | None:
        """When it does something by itself next, and what."""
        alarms = []
        if self._life.effect_at:
            alarms.append((self._life.effect_at, GroupTrigger.TAKE_EFFECT))
        if self._life.wait and self._life.asks:
            alarms.append((self._life.wait.rings, GroupTrigger.URGE))
        return min(alarms, default=None)

    async def _ring(self, trigger: GroupTrigger) -> None:
        by = decisions.by_clock(self._start.basis)
        async with self._turn:
            moved = await self._move(trigger, by)
            if trigger == GroupTrigger.TAKE_EFFECT and moved.refused not in (None, self._life.held_up):
                code = str(moved.refused)
                await self._move(GroupTrigger.HOLD_UP, by, Ask(code=code), {"reason": code})
        if moved.refused:
            revision = self._life.revision
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: self._news or self._life.revision != revision, timeout=EFFECT_AGAIN
                )

    # ── what is decided ───────────────────────────────────────────────────────────────────────────────────────────

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        refused = taken.conflict or await self._perform(command)
        if refused:
            return await decisions.refuse(command, refused, self._life.state.value)
        return decisions.applied(command, self._life.state.value)

    async def _perform(self, command: Command) -> str | None:
        """Do what the decision asks; return the code of why it does not stand: then nothing has changed for anybody."""
        trigger = TRIGGER_OF_KIND.get(command.kind)
        if trigger is None:
            return "not_for_this_case"
        ask = ask_of(command)
        if isinstance(ask, Refused):
            return ask.code
        if trigger == GroupTrigger.PREPARE_DECREE:
            ask = replace(ask, decree_id=str(workflow.uuid4()), initials=self._start.initials)
        if trigger == GroupTrigger.SIGN_DECREE:
            return await self._sign(command, ask)
        return (await self._decided(command, trigger, ask)).refused

    async def _sign(self, command: Command, ask: Ask) -> str | None:
        """Make one decree for all who are ready; whoever falls out meanwhile is struck out, and it is made again."""
        while True:
            ready = await self._decided(
                command, GroupTrigger.SIGN_DECREE, decreeing.to_be_drawn(ask), dry=True
            )
            if ready.refused or self._life.paper is None:
                return ready.refused
            made = await decreeing.make(
                cases.group(self._start.group), ready.whose, command, self._life.paper.effective_at
            )
            if isinstance(made, Refused):
                return made.code
            trigger = GroupTrigger.SIGN_DECREE if made.issued else GroupTrigger.ASK_SIGNATURE
            signed = await self._decided(
                command, trigger, made.told(ask), issues=made.issued, whose=ready.whose
            )
            if signed.refused is None:
                return None
            await decreeing.give_up(made.decree_id, signed.refused)
            if signed.refused != MEMBERS_CHANGED:
                return signed.refused

    async def _signed(self, signed: Ask, issues: Issued) -> str | None:
        """Issue the decree with the signature that has come; return the code of why it cannot be any more."""
        whose = self._life.paper.members if self._life.paper else ()
        by = decisions.by_clock(self._start.basis)
        moved = await self._move(GroupTrigger.SIGN_DECREE, by, signed, issues=issues, whose=whose)
        return moved.refused

    async def _unsigned(self, code: str) -> None:
        """Ask whoever signs anew: no signature has come, or too late."""
        by = decisions.by_clock(self._start.basis)
        await self._move(GroupTrigger.REFUSE_SIGNATURE, by, Ask(code=code), {"reason": code})

    async def _decided(
        self,
        command: Command,
        trigger: GroupTrigger,
        ask: Ask,
        *,
        issues: Issued | None = None,
        whose: tuple[str, ...] = (),
        dry: bool = False,
    ) -> GroupMoved:
        said = command.said
        move = MoveGroup(
            group=self._start.group,
            trigger=trigger,
            ask=ask,
            by=decisions.by_author(command, self._start.basis),
            said=said,
            decided_at=command.decided_at,
            at=workflow.now(),
            issues=issues,
            whose=whose,
            dry=dry,
        )
        return await self._written(move)

    async def _move(
        self,
        trigger: GroupTrigger,
        by: Attribution,
        ask: Ask = NOTHING,
        said: dict[str, str | int | float] | None = None,
        *,
        issues: Issued | None = None,
        whose: tuple[str, ...] = (),
    ) -> GroupMoved:
        now = workflow.now()
        move = MoveGroup(
            group=self._start.group,
            trigger=trigger,
            ask=ask,
            by=by,
            said=said or {},
            decided_at=now,
            at=now,
            issues=issues,
            whose=whose,
        )
        return await self._written(move)

    async def _written(self, move: MoveGroup) -> GroupMoved:
        """Have the move written with its members'; where the group stands then say the books, whatever became of it."""
        policy = LEDGER if move.dry else BULK
        moved = await workflow.execute_activity_method(GroupActivities.move, move, **policy)
        before, self._life = self._life, moved.life
        if before.asked and not moved.life.asked and move.trigger != GroupTrigger.SIGN_DECREE:
            await decreeing.give_up(before.asked.decree_id, moved.life.because or MEMBERS_CHANGED)
        return moved


def _life_of(start: GroupStart) -> GroupLife:
    return start.life or GroupLife(start.group, GroupState.DRAFT, 0, workflow.now(), start.members)
