"""What no sequence of events can do to a mutation: people late, twice and out of order, and a clock that never sleeps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.sentences import SENTENCES
from domain.authority import Capacity
from domain.moves import TaskKind
from domain.mutation.alarms import next_alarm, untimed
from domain.mutation.duties import Concerned, duties_of
from domain.mutation.life import Group, Life
from domain.mutation.machine import Moved, Refused, decide
from domain.mutation.reasons import REASONS
from domain.mutation.retracting import DEATH
from domain.mutation.said import Ask
from domain.mutation.states import (
    BY_CLOCK,
    ENDS,
    IN_EFFECT,
    SIGNED,
    GroupKind,
    Outcome,
    Paper,
    Party,
    State,
    Trigger,
)
from lab.mutation_samples import BATCH, INITIALS, NOW, PERTEK, ROAD, SWAP, counted, draft, said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_PEOPLE = sorted(set(Trigger) - BY_CLOCK - {Trigger.RETRACT_DEATH})
"""What moves a case; that its person lives after all moves only one that has ended."""
CONCERNED = Concerned("person", "proposer", "kota.A", "kota.B")
FATAL = {
    *(
        Trigger.REPORT_DEATH,
        Trigger.REPORT_RETIREMENT,
        Trigger.REPORT_FINDING,
        Trigger.WITHDRAW,
    ),
    *(Trigger.FIND_INELIGIBLE, Trigger.ADVISE_AGAINST, Trigger.REJECT, Trigger.REFUSE_CLEARANCE),
}
"""What ends a case early: tried less often than the rest."""
FOLLOWS = (Trigger.EXCUSE_ABSENCE, Trigger.RETRACT_ENTRY)
"""What is done beside the road, or no case that owes it would end."""
NAMED = {trigger for trigger, _ in ROAD}


class Mutations(RuleBasedStateMachine):
    """One case, with books beside it that know nothing but what was moved."""

    @initialize(
        group=st.sampled_from([None, None, BATCH, SWAP]),
        reverses=st.sampled_from([None, None, "mutation:another"]),
        inaugurated=st.booleans(),
        far=st.integers(0, len(ROAD) + 1),
        seed=st.integers(0, 2**32),
    )
    def on_its_road(
        self, group: Group | None, reverses: str | None, far: int, seed: int, *, inaugurated: bool
    ) -> None:
        papers = tuple(paper for paper in Paper if inaugurated or paper != Paper.INAUGURATION)
        self.now, self.chance = NOW, Random(seed)
        self.life = replace(draft(), group=group, reverses=reverses, papers=papers)
        self.reserved = self.used = False
        self.filed = self.unasked = 0
        self.approved_by: str | None = None
        self.signed: tuple[datetime, datetime] | None = None
        self.trail: list[State] = [State.DRAFT]
        self.by: set[Trigger] = set()
        self.go_on(far)

    def go_on(self, steps: int, late: timedelta = timedelta(0)) -> None:
        """Somebody does what is asked, so that the case gets anywhere at all."""
        for _ in range(steps):
            if self.life.takes_effect_at or self.life.state == State.REPORTED:
                self.now = max(self.now, self.life.takes_effect_at or self.now + 15 * DAY)
            for trigger in dict.fromkeys([*(trigger for trigger, _ in ROAD), *FOLLOWS]):
                if isinstance(self.apply(trigger, self.said_now(trigger), self.now - late), Moved):
                    break

    def said_now(self, trigger: Trigger) -> Ask:
        """What somebody would say who knows the case, and is always right."""
        life = self.life
        ask = replace(said(trigger), group_id=life.group.group_id if life.group else None)
        match trigger:
            case Trigger.HEAR if life.awaited:
                return replace(ask, party=life.awaited[0])
            case Trigger.INITIAL if life.newest.decree:
                return replace(ask, capacity=life.newest.decree.next_initial)
            case Trigger.PREPARE_DECREE:
                return replace(ask, effective_at=self.now + 6 * DAY)
            case Trigger.SERVE:
                return replace(ask, objection_until=self.now + 14 * DAY)
            case Trigger.FILE_PAPER if life.to_file:
                return replace(ask, paper=life.to_file[0])
            case Trigger.COMPLETE_FILE:
                return replace(ask, clearance=next((one.code for one in life.to_clear if one.held), None))
            case _ if life.to_clear and trigger != Trigger.FREEZE:
                return replace(ask, clearance=life.to_clear[-1].code)
            case _:
                return ask

    def apply(self, trigger: Trigger, ask: Ask, decided_at: datetime) -> Moved | Refused:
        before = self.life
        verdict = decide(before, trigger, ask, decided_at=decided_at, now=self.now)
        if isinstance(verdict, Refused):
            assert verdict.code in SENTENCES
            return verdict
        assert not before.ended
        after = verdict.life
        assert after.revision == before.revision + 1
        self.note(before, after, trigger, ask, decided_at)
        self.life = counted(after)
        self.trail.append(after.state)
        self.by.add(trigger)
        return verdict

    def note(self, before: Life, after: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> None:
        """What the books would write of a move."""
        if trigger == Trigger.ASK_SIGNATURE:
            assert after.asked
            assert not before.asked
        if after.asked and trigger in (Trigger.SIGN_DECREE, Trigger.REFUSE_SIGNATURE):
            raise AssertionError("a signature that has come, or will not, is waited for no more")
        if trigger == Trigger.APPROVE:
            self.approved_by, self.reserved = ask.by, True
        if trigger == Trigger.SIGN_DECREE:
            assert self.approved_by
            assert after.decree is not None
            assert after.decree.number
            assert after.decree.next_initial is None
            self.signed = (decided_at, after.decree.effective_at)
        if before.undone and after.reserves:
            assert trigger == Trigger.SIGN_DECREE, "what is undone stands again by a decree"
            self.reserved = True
        if self.reserved and not after.reserves:
            assert not self.used
            self.reserved, self.used = False, after.in_effect
        if after.stands == State.CLEARANCE or after.state == State.RETURNED:
            self.approved_by = None
        if before.in_effect != after.in_effect and after.in_effect:
            assert trigger == Trigger.TAKE_EFFECT
            assert after.decree is not None
            assert self.now >= after.decree.effective_at
            assert not after.to_file
        self.note_objection(before, after, trigger, decided_at)

    def note_objection(self, before: Life, after: Life, trigger: Trigger, decided_at: datetime) -> None:
        """Who objects does so in time: once, once more to what corrects the decree, and to each that nobody asked for."""
        if trigger == Trigger.FILE_OBJECTION:
            contested = before.beside if before.undone and before.beside else before
            assert contested.may_object_until is not None
            assert decided_at <= contested.may_object_until
            self.filed += 1
        taken_back = trigger == Trigger.CANCEL and before.stands in SIGNED
        of_oneself = trigger == Trigger.CORRECT_DECREE and not before.objecting
        not_wanted = trigger == Trigger.WITHDRAW_OBJECTION and after.second != before.second
        self.unasked += taken_back or of_oneself or not_wanted
        assert self.filed <= 2 + self.unasked

    @rule(late=st.integers(0, 48), steps=st.integers(1, 4))
    def somebody_does_what_is_asked(self, late: int, steps: int) -> None:
        self.go_on(steps, late * HOUR)

    @rule(
        answer=st.sampled_from([Trigger.UPHOLD_DECREE, Trigger.CORRECT_DECREE, Trigger.REVOKE_DECREE]),
        withdrawn=st.integers(0, 3),
        steps=st.integers(0, 8),
    )
    def somebody_objects_and_is_answered(self, answer: Trigger, withdrawn: int, steps: int) -> None:
        """So that an answer, and what is said of it, is reached at all."""
        taken_back = (Trigger.WITHDRAW_OBJECTION,) if withdrawn == 0 else ()
        for trigger in (Trigger.FILE_OBJECTION, Trigger.REVIEW_OBJECTION, answer, *taken_back):
            self.apply(trigger, self.said_now(trigger), self.now)
            self.checked()
        self.go_on(steps)

    @rule(moves=st.integers(1, 6), late=st.integers(0, 48))
    def somebody_does_what_can_be_done(self, moves: int, late: int) -> None:
        """Anything that the case would take now, so that its rarer ways are walked too."""
        for _ in range(moves):
            if kind := [one for one in self.can if one not in FATAL or self.chance.random() < 0.1]:
                trigger = self.chance.choice(kind)
                self.apply(trigger, self.said_now(trigger), self.now - late * HOUR)
                self.checked()

    @property
    def can(self) -> list[Trigger]:
        """What the case would take now, if it were said rightly."""
        return [trigger for trigger in BY_PEOPLE if isinstance(self.tried(trigger), Moved)]

    @rule(trigger=st.sampled_from(BY_PEOPLE), late=st.integers(0, 30 * 24))
    def somebody_decides(self, trigger: Trigger, late: int) -> None:
        ask, at = self.said_now(trigger), self.now - late * HOUR
        first = self.apply(trigger, ask, at)
        if isinstance(first, Moved) and trigger in NAMED and not self.life.ended:
            # The same decision again is not the same decision.
            again = decide(self.life, trigger, ask, decided_at=at, now=self.now)
            assert isinstance(again, Refused), trigger

    @rule(
        trigger=st.sampled_from(BY_PEOPLE),
        party=st.sampled_from([*Party, None]),
        outcome=st.sampled_from([*Outcome, None]),
        capacity=st.sampled_from([*INITIALS, Capacity.SIGNATORY, None]),
        paper=st.sampled_from([*Paper, None]),
        clearance=st.sampled_from([PERTEK, "KASN", None]),
        group_id=st.sampled_from([None, "BA-1", "SW-1", "SW-2"]),
        code=st.sampled_from([None, "OTHER", "TAKEN", "ABOLISHED"]),
        by=st.sampled_from([None, "somebody"]),
        ends=st.booleans(),
        days=st.integers(-9, 9),
    )
    def somebody_says_anything(
        self,
        trigger: Trigger,
        party: Party | None,
        outcome: Outcome | None,
        capacity: Capacity | None,
        paper: Paper | None,
        clearance: str | None,
        group_id: str | None,
        code: str | None,
        by: str | None,
        days: int,
        *,
        ends: bool,
    ) -> None:
        there = self.now + days * DAY
        ask = Ask(
            code=code,
            by=by,
            capacity=capacity,
            party=party,
            outcome=outcome,
            paper=paper,
            clearance=clearance,
            group_id=group_id,
            ends=ends,
            effective_at=there,
            decree_id="decree-1",
            initials=INITIALS,
        )
        verdict = self.apply(trigger, ask, self.now)
        if trigger in REASONS and code is None:
            assert isinstance(verdict, Refused)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        until, again = self.now + days * DAY, None
        for _ in range(400):
            alarm = next_alarm(self.life, again)
            if alarm is None or alarm.at > until:
                break
            self.now = max(self.now, alarm.at)
            if alarm.trigger == Trigger.TAKE_EFFECT and self.chance.random() < 0.6:
                again = self.now + HOUR
                self.the_books_refuse()
                continue
            verdict = self.apply(alarm.trigger, alarm.ask, self.now)
            # What is armed can happen: an alarm that is refused would ring for ever.
            assert isinstance(verdict, Moved), (alarm, self.life.state, verdict)
        else:
            raise AssertionError(f"the clock does not come to rest in {self.life.state}")
        self.now = until

    def the_books_refuse(self) -> None:
        """Somebody is told once, and stays asked."""
        verdict = self.apply(Trigger.HOLD_UP, Ask(code="holds_another_position"), self.now)
        assert isinstance(verdict, Moved) or verdict == Refused("known_already")
        assert TaskKind.SETTLE_EFFECT in {duty.kind for duty in duties_of(self.life, CONCERNED)}

    @rule(trigger=st.sampled_from(sorted(BY_CLOCK)))
    def the_clock_rings_when_it_should_not(self, trigger: Trigger) -> None:
        """A timer that was overtaken moves nothing that is not due."""
        due = next_alarm(self.life)
        if due is None or due.at > self.now:
            clearance = self.life.to_clear[0].code if self.life.to_clear else None
            swap = self.life.group and self.life.group.kind == GroupKind.SWAP
            assert swap or isinstance(self.apply(trigger, Ask(clearance=clearance), self.now), Refused)

    @rule(trigger=st.sampled_from(sorted(Trigger)))
    @precondition(lambda self: self.life.ended)
    def somebody_comes_after_the_end(self, trigger: Trigger) -> None:
        code = "no_death_reported" if trigger == Trigger.RETRACT_DEATH else "already_ended"
        if trigger != Trigger.RETRACT_DEATH or self.life.because != DEATH:
            assert self.apply(trigger, self.said_now(trigger), self.now) == Refused(code)

    def checked(self) -> None:
        """Every invariant, between two moves of one rule."""
        self.a_reserved_position_is_let_go_or_taken()
        self.no_decree_without_a_decision_by_name()
        self.every_open_case_can_be_left_and_asks_somebody()
        self.silence_is_never_consent()
        self.an_end_is_the_last()

    @invariant()
    def a_reserved_position_is_let_go_or_taken(self) -> None:
        assert self.reserved == self.life.reserves
        assert not (self.life.ended and self.life.reserves)
        assert self.used == (self.life.effective_since is not None)

    @invariant()
    def no_decree_without_a_decision_by_name(self) -> None:
        if self.life.stands in SIGNED | IN_EFFECT:
            assert self.signed is not None
            assert self.life.decided_by == self.approved_by is not None

    @invariant()
    def every_open_case_can_be_left_and_asks_somebody(self) -> None:
        if self.life.ended:
            assert next_alarm(self.life) is None
            assert untimed(self.life) == ()
            assert duties_of(self.life, CONCERNED) == ()
            return
        if self.life.state in {State.DRAFT, State.REPORTED}:
            return
        duties = duties_of(self.life, CONCERNED)
        waits_for_its_day = self.life.state == State.HANDOVER and not self.life.to_file
        alarm = next_alarm(self.life)
        waits_whether_they_object = self.life.undone and alarm and alarm.trigger == Trigger.CLOSE
        # Of a group, the next step of the decree is asked of the group.
        assert (
            waits_for_its_day
            or waits_whether_they_object
            or self.life.asked
            or self.life.decreed_together
            or any(duty.kind != TaskKind.CHASE_MUTATION for duty in duties)
        )
        assert self.life.decreed_together or alarm is not None
        assert any(isinstance(self.tried(trigger), Moved) for trigger in set(Trigger) - BY_CLOCK)

    def tried(self, trigger: Trigger) -> Moved | Refused:
        return decide(self.life, trigger, self.said_now(trigger), decided_at=self.now, now=self.now)

    @invariant()
    def silence_is_never_consent(self) -> None:
        silent = [one for one in self.life.heard if one.outcome == Outcome.NO_RESPONSE]
        assert not silent or State.ASSESSMENT in self.trail
        assert len({one.party for one in self.life.heard}) == len(self.life.heard)

    @invariant()
    def an_end_is_the_last(self) -> None:
        assert not ENDS & set(self.trail[:-1])


Mutations.TestCase.settings = settings(
    derandomize=True, max_examples=60, stateful_step_count=25, deadline=None
)
TestAnySequence = Mutations.TestCase


def test_walks_at_random_come_through_every_state_by_every_trigger() -> None:
    """What the machine above is told by chance it is told here for certain, from fixed seeds."""
    states, triggers = set[State](), set[Trigger]()
    for seed in range(200):
        chance, walk = Random(seed), Mutations()
        group, reverses = (None, None, BATCH, SWAP)[seed % 4], (None, "mutation:another")[seed % 3 == 0]
        walk.on_its_road(group, reverses, chance.randrange(len(ROAD)), seed, inaugurated=seed % 5 == 0)
        while not walk.life.ended and len(walk.trail) < 60:
            can = walk.can
            unseen = [trigger for trigger in can if trigger not in triggers | walk.by]
            trigger = chance.choice(unseen or [one for one in can if one not in FATAL])
            walk.apply(trigger, walk.said_now(trigger), walk.now)
            walk.checked()
            walk.time_passes(days=chance.choice([1, 2, 9]))
            walk.checked()
        states |= set(walk.trail)
        triggers |= walk.by
    assert states == set(State)
    assert triggers == set(Trigger) - {Trigger.RETRACT_DEATH}, "which moves only what has ended"


ANSWERS = (Trigger.UPHOLD_DECREE, Trigger.CORRECT_DECREE, Trigger.REVOKE_DECREE)
LAST_WORDS = {"objected_already", "no_further_objection", "asked_for_yourself", "not_now", "already_ended"}


def test_no_chain_of_objections_and_answers_goes_on_for_ever() -> None:
    """Whatever each is answered, where nobody decides anything unasked: the second answer is the last one."""
    chains = set[tuple[Trigger, ...]]()
    for seed in range(60):
        chance, walk = Random(seed), Mutations()
        walk.on_its_road(None, None, 0, seed, inaugurated=False)
        while walk.life.state != (State.SERVED, State.HANDOVER, State.EFFECTIVE)[seed % 3]:
            walk.go_on(1)
        chain: tuple[Trigger, ...] = ()
        while isinstance(filed := walk.tried(Trigger.FILE_OBJECTION), Moved):
            answer = chance.choice(ANSWERS)
            for trigger in (Trigger.FILE_OBJECTION, Trigger.REVIEW_OBJECTION, answer):
                assert isinstance(walk.apply(trigger, walk.said_now(trigger), walk.now), Moved)
                walk.checked()
            chain = (*chain, answer)
            for trigger in (
                Trigger.PREPARE_DECREE,
                *[Trigger.INITIAL] * 3,
                Trigger.SIGN_DECREE,
                Trigger.SERVE,
            ):
                walk.apply(trigger, walk.said_now(trigger), walk.now)
                walk.checked()
        assert filed.code in LAST_WORDS
        chains.add(chain)
    again = Trigger.CORRECT_DECREE
    assert chains == {(Trigger.UPHOLD_DECREE,), (Trigger.REVOKE_DECREE,)} | {(again, one) for one in ANSWERS}


def test_what_becomes_of_a_second_decree_is_walked_at_random_too() -> None:
    """By decisions that nobody asked for as well: cancelled, standing again, corrected of oneself, objected to each time."""
    seen = set[str]()
    ways = (Trigger.FILE_OBJECTION, Trigger.REVIEW_OBJECTION, *ANSWERS, Trigger.CANCEL)
    ways = (*ways, Trigger.WITHDRAW_OBJECTION, Trigger.LET_STAND)
    for seed in range(60):
        chance, walk = Random(seed), Mutations()
        walk.on_its_road(None, None, 0, seed, inaugurated=False)
        while walk.life.state != State.SERVED:
            walk.go_on(1)
        for _ in range(40):
            if walk.life.ended:
                break
            if can := [one for one in ways if isinstance(walk.tried(one), Moved)]:
                trigger = chance.choice(can)
                walk.apply(trigger, walk.said_now(trigger), walk.now)
                walk.checked()
            if chance.random() < 0.5:
                for step in (
                    Trigger.PREPARE_DECREE,
                    *[Trigger.INITIAL] * 3,
                    Trigger.SIGN_DECREE,
                    Trigger.SERVE,
                ):
                    if isinstance(walk.tried(step), Moved) and (step != Trigger.SERVE or walk.life.second):
                        walk.apply(step, walk.said_now(step), walk.now)
                        walk.checked()
            seen |= set(_what_there_is(walk.life))
    assert seen == {"corrected anew", "undone unasked", "stands again", "to be objected to anew"}


def _what_there_is(life: Life) -> Iterator[str]:
    second = life.second
    if second is None or second.state != State.SERVED:
        return
    if len(second.corrections) > 1:
        yield "corrected anew"
    if second.undoes and second.unasked:
        yield "undone unasked"
    if second.second and second.over:
        yield "stands again"
    if life.objection and life.objection.anew:
        yield "to be objected to anew"
