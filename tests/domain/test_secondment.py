"""The life of one secondment: each cell of its table, and what no sequence of events can do to it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.secondment import (
    ENDS,
    FILLED,
    NEWS,
    ON_SITE,
    OUT,
    TRANSITIONS,
    VACATED,
    Clock,
    Life,
    Moved,
    Refused,
    State,
    Trigger,
    answer_by,
    decide,
    next_alarm,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCK = Clock(
    offer=4 * HOUR,
    offer_reminder=2 * HOUR,
    release=4 * HOUR,
    mobilise_before=24 * HOUR,
    check_in=24 * HOUR,
    ending_notices=(72 * HOUR, 24 * HOUR),
    homeward=24 * HOUR,
    return_escalation=24 * HOUR,
)
CELLS = [(state, trigger) for state in State for trigger in Trigger]


def life(state: State, **more: object) -> Life:
    """Somebody who stands there since now, to report tomorrow and due back in a week."""
    fields = {"revision": 3, "since": NOW, "report_at": NOW + DAY, "due_back": NOW + 7 * DAY} | more
    return Life(state, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "trigger"), CELLS)
def test_every_cell_is_a_move_or_a_refusal(state: State, trigger: Trigger) -> None:
    verdict = decide(life(state), trigger, CLOCK, decided_at=NOW, now=NOW + HOUR)
    if (state, trigger) in TRANSITIONS:
        assert isinstance(verdict, Moved)
        assert verdict.life.state == TRANSITIONS[state, trigger]
        assert verdict.life.revision == 4
    else:
        assert verdict == Refused("already_ended" if state in ENDS else "not_now")


def test_nothing_leaves_an_end() -> None:
    assert {state for state, _ in TRANSITIONS} & ENDS == set()
    assert {state for state in State if not any(at == state for at, _ in TRANSITIONS)} == ENDS


def test_every_state_can_be_reached_and_from_every_state_an_end() -> None:
    def reach(start: State) -> set[State]:
        seen, todo = {start}, [start]
        while todo:
            at = todo.pop()
            new = {target for (state, _), target in TRANSITIONS.items() if state == at} - seen
            seen |= new
            todo += new
        return seen

    assert reach(State.OFFERED) == set(State)
    assert [state for state in State if not reach(state) & ENDS] == []


def test_whoever_is_out_comes_home_and_nowhere_else() -> None:
    """No way leads from OUT to an end but RETURNED: nobody is forgotten there."""
    ways = {target for (state, _), target in TRANSITIONS.items() if state in OUT} - OUT
    assert ways == {State.RETURNED}


def test_the_groups_of_states_say_what_they_say() -> None:
    assert VACATED | {State.RETURNED} == ENDS
    assert set() == FILLED & ENDS
    assert OUT < FILLED
    assert ON_SITE < OUT
    assert ENDS < NEWS
    assert State.OFFERED not in FILLED


@pytest.mark.parametrize("trigger", [Trigger.ACCEPT, Trigger.DECLINE])
def test_lateness_is_judged_by_when_the_person_decided(trigger: Trigger) -> None:
    offered = life(State.OFFERED)
    deadline = answer_by(offered, CLOCK)
    much_later = deadline + 30 * DAY
    in_time = decide(offered, trigger, CLOCK, decided_at=deadline, now=much_later)
    too_late = decide(
        offered, trigger, CLOCK, decided_at=deadline + timedelta(microseconds=1), now=much_later
    )
    assert isinstance(in_time, Moved)
    assert in_time.life.since == much_later
    assert too_late == Refused("too_late")


@pytest.mark.parametrize(
    ("at", "alarm_after", "trigger"),
    [
        (life(State.OFFERED), 2 * HOUR, Trigger.REMIND_OFFER),
        (life(State.OFFERED, notices=1), 4 * HOUR, Trigger.LAPSE_OFFER),
        (life(State.RELEASE_PENDING), 4 * HOUR, Trigger.ESCALATE_RELEASE),
        (life(State.RELEASE_PENDING, escalation=2), 12 * HOUR, Trigger.ESCALATE_RELEASE),
        (life(State.ORDER_SIGNED), timedelta(0), Trigger.MOBILISE),
        (life(State.ORDER_SIGNED, report_at=NOW + 3 * DAY), 2 * DAY, Trigger.MOBILISE),
        (life(State.MOBILISING), 2 * DAY, Trigger.ESCALATE_CHECK_IN),
        (life(State.MOBILISING, escalation=5), 7 * DAY, Trigger.FALL_DUE),
        (life(State.CHECKED_IN), DAY, Trigger.START_DUTY),
        (life(State.ON_DUTY), 4 * DAY, Trigger.WARN_ENDING),
        (life(State.ENDING_SOON, notices=1), 6 * DAY, Trigger.WARN_ENDING),
        (life(State.ENDING_SOON, notices=2), 7 * DAY, Trigger.FALL_DUE),
        (life(State.DEMOBILISING, home_by=NOW + DAY), DAY, Trigger.ESCALATE_RETURN),
        (life(State.TRAVELLING_HOME, home_by=NOW + DAY, escalation=2), 3 * DAY, Trigger.ESCALATE_RETURN),
    ],
)
def test_what_happens_next_by_itself_and_when(at: Life, alarm_after: timedelta, trigger: Trigger) -> None:
    alarm = next_alarm(at, CLOCK)
    assert alarm is not None
    assert (alarm.at - NOW, alarm.trigger) == (alarm_after, trigger)


@pytest.mark.parametrize("state", [*sorted(ENDS), State.RELEASED])
def test_nothing_happens_by_itself_to_whoever_has_ended_or_waits_for_an_order(state: State) -> None:
    assert next_alarm(life(state), CLOCK) is None


@pytest.mark.parametrize("state", [s for s in State if s not in ENDS and s != State.RELEASED])
def test_an_alarm_rings_for_a_move_that_stands(state: State) -> None:
    """An alarm whose move is refused would ring for ever."""
    for notices in range(4):
        for escalation in range(4):
            at = life(state, notices=notices, escalation=escalation)
            alarm = next_alarm(at, CLOCK)
            assert alarm is not None
            verdict = decide(at, alarm.trigger, CLOCK, decided_at=alarm.at, now=alarm.at)
            assert isinstance(verdict, Moved)


def test_overdue_is_escalated_again_and_again_until_home() -> None:
    at = life(State.DEMOBILISING, home_by=NOW + DAY)
    rung = []
    for _ in range(10):
        alarm = next_alarm(at, CLOCK)
        assert alarm is not None
        rung.append(alarm.at)
        verdict = decide(at, alarm.trigger, CLOCK, decided_at=alarm.at, now=alarm.at)
        assert isinstance(verdict, Moved)
        at = verdict.life
    assert rung == [NOW + n * DAY for n in range(1, 11)]
    assert (at.state, at.escalation) == (State.DEMOBILISING, 10)
    signed = decide(at, Trigger.SIGN_DEMOB, CLOCK, decided_at=rung[-1], now=rung[-1])
    assert isinstance(signed, Moved)
    assert signed.life.escalation == 10, "who is late and on the way is no less late"
    home = decide(signed.life, Trigger.CONFIRM_RETURN, CLOCK, decided_at=rung[-1], now=rung[-1])
    assert isinstance(home, Moved)
    assert next_alarm(home.life, CLOCK) is None


# ── whatever happens, in whatever order ───────────────────────────────────────────────────────────────────────────

CLOCKS = st.builds(
    Clock,
    *[st.timedeltas(min_value=timedelta(seconds=1), max_value=5 * DAY)] * 5,
    st.tuples(
        st.timedeltas(min_value=timedelta(0), max_value=4 * DAY),
        st.timedeltas(min_value=timedelta(0), max_value=4 * DAY),
    ),
    *[st.timedeltas(min_value=timedelta(seconds=1), max_value=5 * DAY)] * 2,
)
STEPS = st.lists(
    st.tuples(st.sampled_from([None, *Trigger]), st.timedeltas(min_value=timedelta(0), max_value=3 * DAY)),
    max_size=60,
)


@settings(derandomize=True, max_examples=300)
@given(CLOCKS, STEPS)
def test_no_sequence_of_events_leaves_an_end_or_skips_a_revision(
    clock: Clock, steps: list[tuple[Trigger | None, timedelta]]
) -> None:
    """None lets the clock itself act: what rings is the next alarm."""
    at, now = life(State.OFFERED, revision=0), NOW
    for step, later in steps:
        now += later
        before, alarm = at, next_alarm(at, clock)
        if step is None and alarm is None:
            continue
        if step is None and alarm is not None:
            now = max(now, alarm.at)
        trigger = step or (alarm and alarm.trigger) or Trigger.ACCEPT
        verdict = decide(at, trigger, clock, decided_at=now, now=now)
        if isinstance(verdict, Refused):
            assert at.ended or verdict.code in ("not_now", "too_late")
            continue
        at = verdict.life
        assert not before.ended
        assert at.revision == before.revision + 1
        assert at.since in (before.since, now)
        assert (at.report_at, at.due_back) == (before.report_at, before.due_back)
        assert before.state not in OUT or at.state in OUT | {State.RETURNED}


@settings(derandomize=True, max_examples=300)
@given(CLOCKS, st.sampled_from([s for s in State if s not in ENDS and s != State.RELEASED]))
def test_the_clock_alone_never_runs_in_a_circle(clock: Clock, state: State) -> None:
    """Long after everything was due, each ring moves on: to another state or notice, or to a later alarm."""
    at, now = life(state, home_by=NOW + DAY), NOW + 30 * DAY
    for _ in range(200):
        alarm = next_alarm(at, clock)
        if alarm is None or alarm.at > now:
            return
        verdict = decide(at, alarm.trigger, clock, decided_at=now, now=now)
        assert isinstance(verdict, Moved)
        after = next_alarm(verdict.life, clock)
        told = (verdict.life.state, verdict.life.notices) != (at.state, at.notices)
        assert told or after is None or after.trigger != alarm.trigger or after.at > alarm.at
        at = verdict.life
    assert at.escalation > 50  # still escalating: thirty days of an escalation every few seconds
