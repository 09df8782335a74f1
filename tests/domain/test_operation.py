"""The life of an operation: statuses of several levels that end on their own days, an end, a report, an archive."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.operation import (
    BY_CLOCK,
    DECLARED,
    OVER,
    Alarm,
    Clock,
    Event,
    Life,
    Moved,
    Refused,
    State,
    Trigger,
    next_alarm,
)
from domain.operation_rules import decide
from domain.operation_steps import steps
from domain.standings import STRENGTH, Ending, EndMoved, Level, Standing, Status, may_follow
from lab.state_tables import OPERATION_EVENTS, OPERATION_STATES

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOCK = Clock(warning=72 * HOUR, after_action=14 * DAY)
CITY, PROVINCE, NATIONAL = Level
STEPS = steps()
FOLLOWS = {
    (None, Status.ALERT),
    (None, Status.RESPONSE),
    (Status.ALERT, Status.RESPONSE),
    (Status.ALERT, Status.TRANSITION),
    (Status.RESPONSE, Status.TRANSITION),
    (Status.TRANSITION, Status.RESPONSE),
}


def moved(verdict: Moved | Refused) -> Moved:
    assert isinstance(verdict, Moved), verdict
    return verdict


def declaration(
    status: Status, level: Level = CITY, *, days: float = 14, at: datetime = NOW, decree: str = "D"
) -> Event:
    return Event(Trigger.DECLARE, at, level, status, decree=decree, until=at + days * DAY)


def declared(*events: Event) -> Life:
    """An operation in which these were declared, one after another."""
    life = Life(State.MONITORING, 0, NOW)
    for event in events:
        life = moved(decide(life, event, now=event.at)).life
    return life


CITY_RESPONDS = declared(declaration(Status.RESPONSE))
BESIDE = declared(
    declaration(Status.RESPONSE, days=6), declaration(Status.RESPONSE, PROVINCE, days=10, at=NOW + HOUR)
)
"""The city's status ends first, the province's four days later."""


def extension(
    days: float, *, at: datetime = NOW + DAY, level: Level | None = None, decree: str = "E"
) -> Event:
    return Event(Trigger.EXTEND, at, level, decree=decree, until=NOW + days * DAY)


# ── one level ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("before", [None, *Status])
def test_a_status_follows_another_only_where_the_law_lets_it(before: Status | None, status: Status) -> None:
    standing = before and Standing(1, CITY, before, "D", NOW, NOW + DAY)
    assert may_follow(standing, status) is ((before, status) in FOLLOWS)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("before", Status)
def test_once_a_status_is_over_any_may_be_declared_anew(before: Status, status: Status) -> None:
    assert may_follow(Standing(1, CITY, before, "D", NOW, NOW + DAY, ended=Ending.RAN_OUT), status)


def test_a_status_that_follows_cuts_the_one_before_it_short() -> None:
    at = NOW + 3 * DAY
    verdict = moved(decide(CITY_RESPONDS, declaration(Status.TRANSITION, at=at, decree="E", days=30), now=at))
    assert verdict.ends == (EndMoved(1, Ending.SUPERSEDED, NOW + 14 * DAY, at),)
    assert verdict.declared == Standing(2, CITY, Status.TRANSITION, "E", at, at + 30 * DAY)
    assert (verdict.life.state, verdict.life.since) == (State.TRANSITION, at)
    assert verdict.life.standings == (verdict.declared,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"until": NOW + DAY}, "ends_in_the_past"),
        ({"start": NOW + 40 * DAY}, "ends_before_it_starts"),
        ({"start": NOW + 2 * DAY, "status": Status.ALERT}, "status_cannot_follow"),
        ({"start": NOW}, "starts_too_early"),
        ({"decree": "D"}, "decree_not_new"),
        ({"status": Status.ALERT}, "status_cannot_follow"),
        ({"status": Status.RESPONSE}, "status_in_force"),
        ({"at": NOW + 15 * DAY, "until": NOW + 20 * DAY}, "not_now"),
    ],
)
def test_a_declaration_that_does_not_stand_says_why(change: dict[str, object], code: str) -> None:
    event = replace(declaration(Status.TRANSITION, at=NOW + DAY, decree="E"), **change)  # type: ignore[arg-type]
    assert decide(CITY_RESPONDS, event, now=NOW + DAY) == Refused(code)


def test_a_status_may_take_effect_before_it_is_declared_but_not_before_the_last_one_ended() -> None:
    over = declared(declaration(Status.RESPONSE, days=2))
    over = moved(decide(over, Event(Trigger.RUN_OUT, NOW + 2 * DAY, CITY), now=NOW + 2 * DAY)).life
    at = NOW + 3 * DAY
    anew = declaration(Status.RESPONSE, at=at, decree="E")
    assert moved(decide(over, replace(anew, start=NOW + 2 * DAY), now=at)).life.state == State.RESPONSE
    early = replace(anew, start=NOW + 2 * DAY - MINUTE)
    assert decide(over, early, now=at) == Refused("starts_too_early")


def test_an_extension_at_the_last_minute_stands_and_one_minute_late_takes_a_new_declaration() -> None:
    ends = NOW + 14 * DAY
    in_time = moved(decide(CITY_RESPONDS, extension(21, at=ends - MINUTE), now=ends + HOUR))
    assert in_time.life.until == NOW + 21 * DAY
    assert in_time.ends == (EndMoved(1, Ending.EXTENDED, ends, NOW + 21 * DAY),)
    for late in (timedelta(0), MINUTE):
        assert decide(CITY_RESPONDS, extension(21, at=ends + late), now=ends) == Refused("extension_too_late")


def test_what_was_decided_in_time_and_heard_after_the_lapse_puts_the_status_in_force_again() -> None:
    ends = NOW + 14 * DAY
    lapsed = moved(decide(CITY_RESPONDS, Event(Trigger.RUN_OUT, ends, CITY), now=ends)).life
    assert (lapsed.state, lapsed.until, lapsed.covered_until) == (State.LAPSED, None, ends)
    heard = moved(decide(lapsed, extension(21, at=ends - MINUTE), now=ends + HOUR)).life
    assert (heard.state, heard.until) == (State.RESPONSE, NOW + 21 * DAY)
    assert decide(lapsed, extension(21, at=ends + MINUTE), now=ends + HOUR) == Refused("extension_too_late")
    assert moved(
        decide(lapsed, declaration(Status.RESPONSE, at=ends + HOUR, decree="E"), now=ends)
    ).life.until


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (extension(14), "not_longer"),
        (extension(21, decree="D"), "decree_not_new"),
        (extension(21, level=PROVINCE), "no_status_in_force"),
    ],
)
def test_an_extension_that_does_not_stand_says_why(event: Event, code: str) -> None:
    assert decide(CITY_RESPONDS, event, now=NOW + DAY) == Refused(code)


# ── several levels ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_strongest_status_in_force_is_the_operations_state() -> None:
    life = declared(declaration(Status.ALERT), declaration(Status.RESPONSE, PROVINCE, days=5))
    assert (life.state, life.until) == (State.RESPONSE, NOW + 14 * DAY)
    ended = moved(decide(life, Event(Trigger.RUN_OUT, NOW + 5 * DAY, PROVINCE), now=NOW + 5 * DAY)).life
    assert (ended.state, ended.until) == (State.ALERT, NOW + 14 * DAY)


def test_the_citys_end_leaves_the_provinces_cover_and_the_last_end_lapses() -> None:
    six, ten = NOW + 6 * DAY, NOW + 10 * DAY + HOUR
    city_over = moved(decide(BESIDE, Event(Trigger.RUN_OUT, six, CITY), now=six)).life
    assert (city_over.state, city_over.until) == (State.RESPONSE, ten)
    both_over = moved(decide(city_over, Event(Trigger.RUN_OUT, ten, PROVINCE), now=ten)).life
    assert (both_over.state, both_over.until, both_over.covered_until) == (State.LAPSED, None, ten)


def test_where_several_are_in_force_an_extension_names_the_level() -> None:
    assert decide(BESIDE, extension(21), now=NOW + DAY) == Refused("level_missing")
    longer = moved(decide(BESIDE, extension(21, level=CITY), now=NOW + DAY))
    assert [moved.number for moved in longer.ends] == [1]


def test_once_all_levels_are_over_an_extension_is_late_whichever_is_meant() -> None:
    six, ten = NOW + 6 * DAY, NOW + 10 * DAY + HOUR
    city_over = moved(decide(BESIDE, Event(Trigger.RUN_OUT, six, CITY), now=six)).life
    both_over = moved(decide(city_over, Event(Trigger.RUN_OUT, ten, PROVINCE), now=ten)).life
    late = extension(21, at=ten + HOUR)
    assert decide(both_over, late, now=ten + HOUR) == Refused("extension_too_late")
    assert decide(BESIDE, late, now=ten + HOUR) == Refused("extension_too_late"), "also before that is noted"
    # What was decided while one alone was left is about that one.
    longer = moved(decide(both_over, extension(21, at=six + HOUR), now=ten + HOUR))
    assert [moved.number for moved in longer.ends] == [2]


def test_escalation_goes_up_only_and_leaves_what_stands_below() -> None:
    up = replace(declaration(Status.RESPONSE, PROVINCE, at=NOW + DAY), trigger=Trigger.ESCALATE)
    life = moved(decide(CITY_RESPONDS, up, now=NOW + DAY)).life
    assert [one.level for one in life.in_force] == [PROVINCE, CITY]
    assert decide(life, replace(up, at=NOW + 2 * DAY), now=NOW + 2 * DAY) == Refused("not_higher")
    assert decide(Life(State.MONITORING, 0, NOW), up, now=NOW) == Refused("no_status_in_force")
    assert moved(decide(life, replace(up, level=NATIONAL, decree="N"), now=NOW + DAY)).life.revision == 3


def test_what_was_handed_up_is_handed_back_only_where_somebody_below_goes_on() -> None:
    at = NOW + 2 * DAY
    back = Event(Trigger.HAND_BACK, at, decree="B")
    verdict = moved(decide(BESIDE, back, now=at))
    assert verdict.ends == (EndMoved(2, Ending.HANDED_BACK, NOW + 10 * DAY + HOUR, at),)
    assert (verdict.life.until, verdict.life.covered_until) == (NOW + 6 * DAY, NOW + 6 * DAY)
    assert decide(verdict.life, replace(back, at=at + HOUR), now=at + HOUR) == Refused("nothing_below")
    # Closed by a decree it is not prolonged, also by what was decided before.
    earlier = extension(21, at=at - HOUR, level=PROVINCE)
    assert decide(verdict.life, earlier, now=at + HOUR) == Refused("no_status_in_force")


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_status_is_warned_of_before_it_ends_and_again_after_an_extension() -> None:
    first = next_alarm(BESIDE, CLOCK)
    assert first == Alarm(NOW + 3 * DAY, Trigger.WARN, CITY)
    warned = moved(decide(BESIDE, Event(Trigger.WARN, first.at, CITY), now=first.at)).life
    assert next_alarm(warned, CLOCK) == Alarm(NOW + 6 * DAY, Trigger.RUN_OUT, CITY)
    longer = moved(decide(warned, extension(20, at=first.at, level=CITY), now=first.at)).life
    assert next_alarm(longer, CLOCK) == Alarm(NOW + 7 * DAY + HOUR, Trigger.WARN, PROVINCE)


def test_a_status_shorter_than_the_warning_is_warned_of_at_once() -> None:
    life = declared(declaration(Status.RESPONSE, days=1))
    assert next_alarm(life, CLOCK) == Alarm(NOW, Trigger.WARN, CITY)


def test_an_operation_that_ended_waits_for_its_report_and_then_for_the_archive() -> None:
    ended = moved(decide(CITY_RESPONDS, Event(Trigger.END, NOW + DAY), now=NOW + DAY))
    assert ended.ends == (EndMoved(1, Ending.CLOSED, NOW + 14 * DAY, NOW + DAY),)
    assert next_alarm(ended.life, CLOCK) == Alarm(NOW + DAY, Trigger.OPEN_REVIEW)
    review = moved(decide(ended.life, Event(Trigger.OPEN_REVIEW, NOW), now=NOW + DAY)).life
    due = NOW + 15 * DAY
    assert next_alarm(review, CLOCK) == Alarm(due, Trigger.REPORT_OVERDUE)
    late = moved(decide(review, Event(Trigger.REPORT_OVERDUE, due), now=due)).life
    assert (late.overdue, next_alarm(late, CLOCK)) == (True, None)
    filed = moved(decide(late, Event(Trigger.FILE_REPORT, due, report="LAP/1"), now=due)).life
    archived = moved(decide(filed, Event(Trigger.ARCHIVE, due), now=due)).life
    assert (archived.state, archived.ended, next_alarm(archived, CLOCK)) == (State.ARCHIVED, True, None)


@pytest.mark.parametrize("trigger", Trigger)
def test_nothing_acts_on_what_is_in_the_archive(trigger: Trigger) -> None:
    event = Event(trigger, NOW, CITY, Status.RESPONSE, decree="Z", until=NOW + DAY, report="R")
    assert decide(Life(State.ARCHIVED, 9, NOW), event, now=NOW) == Refused("already_ended")


# ── any sequence ──────────────────────────────────────────────────────────────────────────────────────────────────


class Operations(RuleBasedStateMachine):
    """People who decide whatever comes to their minds, late, twice and at once; and a clock that never sleeps."""

    @initialize()
    def opened(self) -> None:
        self.life, self.now = Life(State.MONITORING, 0, NOW), NOW
        self.decrees = 0
        self.history: dict[int, tuple[Level, datetime, datetime]] = {}
        self.ahead: dict[int, tuple[Level, datetime, datetime]] = {}
        self.lapses = 0

    def apply(self, event: Event) -> Moved | Refused:
        before = self.life
        verdict = decide(before, event, now=self.now)
        if isinstance(verdict, Refused):
            assert verdict.code
            return verdict
        assert not before.ended
        step = (before.state.value, verdict.life.state.value)
        assert before.state == verdict.life.state or step in STEPS
        assert verdict.life.revision == before.revision + 1
        for end in verdict.ends:
            level, start, until = self.history[end.number]
            assert until == end.before
            # Only an extension that was decided before the end moves it to later.
            assert end.after < until or (end.kind == Ending.EXTENDED and event.at < until < end.after)
            self.history[end.number] = (level, start, end.after)
        if verdict.declared:
            one = verdict.declared
            assert one.number not in self.history | self.ahead
            (self.ahead if one in verdict.life.coming else self.history)[one.number] = (
                one.level,
                one.start,
                one.end,
            )
        for number in set(self.ahead) - {one.number for one in verdict.life.coming}:
            gone = self.ahead.pop(number)
            if event.trigger == Trigger.BEGIN:
                self.history[number] = gone
        self.life = verdict.life
        return verdict

    @rule(
        trigger=st.sampled_from(
            [Trigger.DECLARE, Trigger.ESCALATE, Trigger.EXTEND, Trigger.HAND_BACK, Trigger.WITHDRAW]
        ),
        level=st.sampled_from([*Level, None]),
        status=st.sampled_from(Status),
        days=st.integers(-2, 12),
        late=st.integers(0, 48),
        ahead=st.sampled_from([0, 0, 24, 72]),
        old=st.booleans(),
    )
    def somebody_decides(
        self,
        trigger: Trigger,
        level: Level | None,
        status: Status,
        days: int,
        late: int,
        ahead: int,
        *,
        old: bool,
    ) -> None:
        self.decrees += not old
        at = self.now - late * HOUR
        until = self.now + days * DAY
        start = self.now + ahead * HOUR if ahead else None
        event = Event(trigger, at, level, status, decree=f"D{self.decrees}", start=start, until=until)
        first = self.apply(event)
        if isinstance(first, Moved):
            # The same decision again is refused: it takes a new decree, or the law does not let it follow.
            assert isinstance(decide(self.life, event, now=self.now), Refused)

    @rule(
        trigger=st.sampled_from([Trigger.END, Trigger.FILE_REPORT, Trigger.ARCHIVE]),
        out=st.integers(0, 1),
        asked=st.integers(0, 1),
    )
    @precondition(lambda self: self.life.revision > 6)
    def somebody_ends_it(self, trigger: Trigger, out: int, asked: int) -> None:
        verdict = self.apply(Event(trigger, self.now, report="R", people_held=out, surges_open=asked))
        if (trigger == Trigger.END and out) or (trigger != Trigger.FILE_REPORT and asked):
            assert isinstance(verdict, Refused)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        until = self.now + hours * HOUR
        while (alarm := next_alarm(self.life, CLOCK)) and alarm.at <= until:
            self.now = max(self.now, alarm.at)
            # The clock is set for nothing that is refused.
            assert isinstance(self.apply(Event(alarm.trigger, alarm.at, alarm.level)), Moved)
        self.now = until

    @invariant()
    def statuses_of_one_level_never_overlap(self) -> None:
        for level in Level:
            periods = sorted((start, end) for one, start, end in self.history.values() if one == level)
            assert all(start < end for start, end in periods)
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(periods))

    @invariant()
    def the_state_is_the_strongest_that_stands(self) -> None:
        standing = [one.status for one in self.life.standings if one.stands]
        if self.life.state in DECLARED:
            strongest = max(standing, key=STRENGTH.index)
            assert self.life.state.value == strongest.value
            assert self.life.until is not None
        else:
            assert not standing
            assert self.life.until is None
        assert (self.life.state == State.MONITORING) is (not self.history and self.life.state not in OVER)

    @invariant()
    def what_stands_has_not_ended_unnoticed(self) -> None:
        assert all(one.end > self.now - HOUR * 48 for one in self.life.in_force)
        assert len({one.level for one in self.life.standings}) == len(self.life.standings)


Operations.TestCase.settings = settings(
    derandomize=True, max_examples=150, stateful_step_count=40, deadline=None
)
TestAnySequence = Operations.TestCase


def test_the_clock_is_set_for_every_trigger_of_its_own_and_no_sample_is_forgotten() -> None:
    """What the table of states shows is drawn from lives that can be: each column's state is its life's."""
    assert {event.trigger for event in OPERATION_EVENTS.values()} == set(Trigger)
    assert {life.state for life in OPERATION_STATES.values()} == set(State)
    assert {
        alarm.trigger for life in OPERATION_STATES.values() if (alarm := next_alarm(life, CLOCK))
    } < BY_CLOCK
