"""One person's secondment, from the offer to the return, and until its paper is settled."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow

from activities.secondments import SecondmentActivities
from domain import cases
from domain.commands import Command, CommandKind
from domain.duties import said_by, told
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_SURGE, Seat
from domain.secondment import (
    NOTHING,
    TRIGGER_OF,
    Alarm,
    Ask,
    Moved,
    Refused,
    Trigger,
    arrival_of,
    ask_of,
    corrected,
    decide,
    next_alarm,
)
from schemas.commands import CommandOutcome, CommandRef
from schemas.secondment import (
    OrderServed,
    PlacementRef,
    SecondmentStart,
    SecondmentView,
    StandDown,
    WriteSecondment,
)
from workflows import decisions, moving, settling, standing
from workflows.policies import LEDGER, ORDER_IN_MAKING, SETTLE, UNASKED, long_enough

_HEARS_OUT = frozenset({Trigger.LAPSE_OFFER, Trigger.LAPSE_EXTENSION})
"""Deadlines of people: they wait a moment for what was said in time."""


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
        self._believed: bool | None = None
        self._begun = workflow.now()
        self._turn = asyncio.Lock()

    @workflow.run
    async def run(self, _start: SecondmentStart) -> str:
        """Live until it has ended, then leave nobody unanswered."""
        while True:
            while not self._over:
                await self._live_on()
                if long_enough():
                    await workflow.wait_condition(workflow.all_handlers_finished)
                    if not self._over:
                        workflow.continue_as_new(self._stands())
            await workflow.wait_condition(workflow.all_handlers_finished)
            # A case that was begun again for what came after its end may go on.
            if self._over:
                return decisions.UNKNOWN if self._believed is False else self._life.state.value

    @workflow.update
    async def decide(self, ref: CommandRef) -> CommandOutcome:
        """Apply a recorded decision, or refuse it with a reason."""
        async with self._turn:
            return await self._apply(ref)

    @workflow.signal
    async def order_served(self, served: OrderServed) -> None:
        """The assignment order is issued: the first one, the one that prolongs the duty, or the one to another post."""
        async with self._turn:
            trigger = Trigger.MOVE_ON if self._life.moving_to else Trigger.ORDER_ISSUED
            await self._hear(trigger, said={"choice": served.order_id})

    @workflow.signal
    async def stand_down(self, _order: StandDown) -> None:
        """The surge is over."""
        async with self._turn:
            await self._hear(Trigger.STAND_DOWN)

    @workflow.query
    def view(self) -> SecondmentView:
        """Show where it stands."""
        return SecondmentView(seat=self._seat, life=self._life)

    async def _live_on(self) -> None:
        """Wait for the next move, or for the clock to make it."""
        revision = self._life.revision
        alarm = next_alarm(self._life, self._clock)
        ring_at = alarm.at + self._settle(alarm) if alarm else None
        # A case that was begun with something else than the books have would perhaps never hear its clock.
        ask_at = self._begun + UNASKED if self._believed is None else None
        wake_at = min(filter(None, (ring_at, ask_at)), default=None)
        timeout = max(wake_at - workflow.now(), timedelta(0)) if wake_at else None
        try:
            await workflow.wait_condition(
                lambda: self._life.revision != revision or self._over, timeout=timeout
            )
        except TimeoutError:
            if alarm and wake_at == ring_at:
                await self._ring(alarm)
            else:
                async with self._turn:
                    await self._take_from_books()

    @property
    def _over(self) -> bool:
        return self._life.ended or self._believed is False

    def _stands(self) -> SecondmentStart:
        return SecondmentStart(seat=self._seat, life=self._life, clock=self._clock, basis=self._basis)

    async def _take_from_books(self) -> bool:
        """Stand where the books have the case, and live by its rules; say whether that is elsewhere than it stood.

        Whoever reaches the engine may start a case with anything: it is asked about where it would matter.
        """
        found, before = await standing.of_secondment(), self._stands()
        self._believed = found is not None
        if found:
            self._seat, self._life, self._clock, self._basis = (
                found.seat,
                found.life,
                found.clock,
                found.basis,
            )
        return self._stands() != before

    async def _mistaken(self, verdict: Refused) -> bool:
        """Say whether a case that was never asked about, or is not believed, refused what it would not where it stands."""
        if self._believed and verdict.code != NOT_BY_THE_BOOKS:
            return False
        moved = await self._take_from_books()
        if self._believed is False:
            raise decisions.no_such_case()
        return moved

    async def _ring(self, alarm: Alarm) -> None:
        revision = self._life.revision
        async with self._turn:
            if alarm.trigger in _HEARS_OUT:
                # Silence counts only after everything that was said in time has been heard: with Temporal
                # away across the deadline, answers are in the books and nowhere else.
                for ref in await decisions.in_time(cases.secondment(self._seat.placement_id), alarm.at):
                    await self._apply(ref)
            if alarm.trigger == Trigger.LOSE_CONTACT:
                # Signs of life are written without waking this case; it looks before it worries.
                await self._look_for_sign_of_life()
            # While we waited for the turn or for the books, somebody may have moved it.
            if next_alarm(self._life, self._clock) != alarm:
                return
            verdict = await self._move(
                alarm.trigger, decisions.by_clock(self._basis), said=said_by(alarm, self._life)
            )
        if isinstance(verdict, Refused):
            if verdict.code == NOT_BY_THE_BOOKS and await self._take_from_books():
                return
            # An order that was signed in time is still being made: it prolongs the duty, or is given up.
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: self._life.revision != revision, timeout=ORDER_IN_MAKING
                )

    async def _apply(self, ref: CommandRef) -> CommandOutcome:
        taken = await decisions.take(ref)
        command = taken.command
        if known := decisions.answered(command, self._life.state.value):
            return known
        if taken.conflict:
            return await decisions.refuse(command, taken.conflict, self._life.state.value)
        verdict = await self._perform(command)
        if isinstance(verdict, Refused) and await self._mistaken(verdict):
            verdict = await self._perform(command)
        if isinstance(verdict, Refused):
            return await decisions.refuse(command, verdict.code, self._life.state.value)
        return decisions.applied(command, self._life.state.value)

    async def _perform(self, command: Command) -> Moved | Refused:
        """Judge a decision and write what it moves; a refusal left everything as it was."""
        ask = await self._asked(command)
        verdict = ask if isinstance(ask, Refused) else self._judge(command, ask)
        if isinstance(verdict, Refused) or isinstance(ask, Refused):
            return verdict
        by = decisions.by_author(command, self._basis)
        trigger = self._trigger(command)
        said = corrected(self._life, trigger, command.said)
        return await self._write(trigger, verdict, by, said, moving.seat_at(self._seat, trigger, ask))

    async def _asked(self, command: Command) -> Ask | Refused:
        """Return what the decision asks, with what the books must say to it."""
        if command.kind not in TRIGGER_OF:
            return Refused("not_for_this_case")
        ask = ask_of(command)
        if isinstance(ask, Refused):
            return ask
        if command.kind in (CommandKind.CONFIRM_RETURN, CommandKind.CONVERT):
            return await settling.dated(self._seat, self._life, self._clock, self._basis, ask)
        if self._trigger(command) == Trigger.PROVE_ARRIVAL:
            return await settling.dated_anew(self._seat, self._life, self._clock, self._basis, ask)
        return await moving.looked_up(self._seat, self._life, command, ask)

    def _judge(self, command: Command, ask: Ask) -> Moved | Refused:
        trigger = self._trigger(command)
        return decide(
            self._life, trigger, self._clock, ask, decided_at=command.decided_at, now=workflow.now()
        )

    def _trigger(self, command: Command) -> Trigger:
        return arrival_of(self._life, TRIGGER_OF[command.kind], workflow.now())

    async def _hear(self, trigger: Trigger, ask: Ask = NOTHING, said: dict[str, Any] | None = None) -> None:
        """Apply what the surge or the operation says. What comes twice, or too late, changes nothing."""
        by = Attribution(OF_THE_SURGE, "SYSTEM", self._basis)
        verdict = await self._move(trigger, by, ask, said)
        if isinstance(verdict, Refused) and verdict.code == NOT_BY_THE_BOOKS:
            # The case stands elsewhere than the books have it, and what it was told is not said again.
            await self._take_from_books()
            if self._believed:
                await self._move(trigger, by, ask, said)

    async def _move(
        self, trigger: Trigger, by: Attribution, ask: Ask = NOTHING, said: dict[str, Any] | None = None
    ) -> Moved | Refused:
        now = workflow.now()
        verdict = decide(self._life, trigger, self._clock, ask, decided_at=now, now=now)
        if isinstance(verdict, Refused):
            return verdict
        written = await self._write(trigger, verdict, by, said or {}, self._seat)
        if isinstance(written, Refused) and written.code == "still_out_elsewhere":
            # The order cannot be followed, and the seat goes to the next best person.
            return await self._move(Trigger.FIND_TAKEN, by, said={"reason": written.code})
        return written

    async def _write(
        self, trigger: Trigger, moved: Moved, by: Attribution, said: dict[str, Any], seat: Seat
    ) -> Moved | Refused:
        """Put the move into the books first; only then does this case believe it. The books may refuse."""
        move = told(seat, moved.life, trigger, self._clock, by=by, at=workflow.now(), said=said)
        if trigger == Trigger.MOVE_ON:
            move = moving.with_successor(move, self._life, self._clock)
        written = await workflow.execute_activity_method(
            SecondmentActivities.write, WriteSecondment(move=move), **LEDGER
        )
        if written.refused is not None:
            return Refused(written.refused)
        self._life, self._seat, self._believed = moved.life, seat, True
        return moved

    async def _look_for_sign_of_life(self) -> None:
        ask = PlacementRef(placement_id=self._seat.placement_id)
        found = await workflow.execute_activity_method(SecondmentActivities.last_seen, ask, **LEDGER)
        if found.seen_at is not None and (self._life.seen_at is None or found.seen_at > self._life.seen_at):
            self._life = replace(self._life, seen_at=found.seen_at)

    @staticmethod
    def _settle(alarm: Alarm) -> timedelta:
        return SETTLE if alarm.trigger in _HEARS_OUT else timedelta(0)
