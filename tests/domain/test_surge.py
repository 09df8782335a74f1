"""The life of a surge: its table, its gate, and where it stands by the count of its people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.surge import (
    ENDS,
    STAFFING,
    TRANSITIONS,
    Brief,
    Life,
    Moved,
    Refused,
    State,
    Tally,
    Trigger,
    admissible,
    close_gate,
    decide,
    follow,
    planned,
    standing,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
BRIEF = Brief(
    people=10,
    status_in_force=True,
    status_until=NOW + 20 * DAY,
    first_report=NOW + DAY,
    last_due_back=NOW + 10 * DAY,
    longest_duty=9 * DAY,
)
NOBODY = Tally(asked=4, offered=0, filled=0, empty=4, awaiting_order=0, unserved=0, on_site=0, open=0)


def life(state: State) -> Life:
    return Life(state, 3, NOW, plan_id="plan-1")


@pytest.mark.parametrize("trigger", Trigger)
@pytest.mark.parametrize("state", State)
def test_every_cell_is_a_move_or_a_refusal(state: State, trigger: Trigger) -> None:
    verdict = decide(life(state), trigger, now=NOW + DAY, plan_id="plan-1")
    if (state, trigger) in TRANSITIONS:
        assert isinstance(verdict, Moved)
        assert (verdict.life.state, verdict.life.revision) == (TRANSITIONS[state, trigger], 4)
    else:
        assert verdict == Refused("already_ended" if state in ENDS else "not_now")


def test_nothing_leaves_an_end_and_only_a_stood_down_surge_closes() -> None:
    assert {state for state, _ in TRANSITIONS} & ENDS == set()
    assert [state for (state, trigger) in TRANSITIONS if trigger == Trigger.CLOSE] == [State.STOOD_DOWN]


def test_every_state_that_has_people_can_be_stood_down() -> None:
    assert {state for (state, trigger) in TRANSITIONS if trigger == Trigger.STAND_DOWN} == STAFFING | {
        State.APPROVED
    }


def test_a_confirmation_must_name_the_plan_that_was_seen() -> None:
    approved = life(State.APPROVED)
    assert decide(replace(approved, plan_id=None), Trigger.CONFIRM, now=NOW) == Refused("no_plan_yet")
    stale = decide(approved, Trigger.CONFIRM, now=NOW, plan_id="plan-0")
    assert stale == Refused("another_plan_stands")
    stands = decide(approved, Trigger.CONFIRM, now=NOW, plan_id="plan-1")
    assert isinstance(stands, Moved)
    assert (stands.life.state, stands.life.offering) == (State.SOURCING, 0)
    newer = planned(approved, "plan-2")
    assert decide(newer, Trigger.CONFIRM, now=NOW, plan_id="plan-1") == Refused("another_plan_stands")


@pytest.mark.parametrize("still_open", [0, 1, 12])
def test_it_cannot_close_while_one_secondment_is_open(still_open: int) -> None:
    gate = close_gate(replace(NOBODY, open=still_open))
    assert gate == (Refused("secondments_open") if still_open else None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"status_in_force": False}, "no_status_in_force"),
        ({"status_until": None}, "no_status_in_force"),
        ({"last_due_back": NOW + 20 * DAY}, None),
        ({"last_due_back": NOW + 20 * DAY + timedelta(seconds=1)}, "reaches_past_the_status"),
        ({"first_report": NOW}, None),
        ({"first_report": NOW - timedelta(seconds=1)}, "reports_in_the_past"),
        ({"longest_duty": 14 * DAY}, None),
        ({"longest_duty": 14 * DAY + timedelta(seconds=1)}, "longer_than_one_duty"),
    ],
)
def test_a_request_stands_on_a_status_that_covers_it(changed: dict[str, object], code: str | None) -> None:
    fault = admissible(replace(BRIEF, **changed), 14 * DAY, now=NOW)  # type: ignore[arg-type]
    assert fault == (Refused(code) if code else None)


@pytest.mark.parametrize(
    ("tally", "stands"),
    [
        (NOBODY, State.SOURCING),
        (replace(NOBODY, filled=1), State.PARTLY_FILLED),
        (replace(NOBODY, filled=4), State.FILLED),
        (replace(NOBODY, filled=1, on_site=1), State.ACTIVE),
    ],
)
def test_a_staffed_surge_stands_where_its_people_are(tally: Tally, stands: State) -> None:
    assert standing(life(State.SOURCING), tally) == stands


def test_once_active_it_stays_active_and_a_stood_down_one_follows_no_count() -> None:
    assert standing(life(State.ACTIVE), NOBODY) == State.ACTIVE
    assert standing(life(State.STOOD_DOWN), replace(NOBODY, on_site=3)) == State.STOOD_DOWN


TALLIES = st.builds(Tally, *[st.integers(0, 5)] * 8)


@settings(derandomize=True, max_examples=300)
@given(st.sampled_from(State), st.lists(TALLIES, max_size=20))
def test_following_the_count_writes_only_what_changed(state: State, tallies: list[Tally]) -> None:
    at = life(state)
    for tally in tallies:
        after = follow(at, tally, NOW + DAY)
        assert follow(after, tally, NOW + 2 * DAY) is after
        assert after is at or after.revision == at.revision + 1
        assert state in STAFFING or after.state == state
        at = after


@settings(derandomize=True, max_examples=300)
@given(st.lists(st.sampled_from(Trigger), max_size=30))
def test_no_sequence_of_decisions_leaves_an_end_or_skips_a_revision(triggers: list[Trigger]) -> None:
    at = replace(life(State.SUBMITTED), revision=0)
    for trigger in triggers:
        verdict = decide(at, trigger, now=NOW, plan_id=at.plan_id)
        if isinstance(verdict, Moved):
            assert not at.ended
            assert verdict.life.revision == at.revision + 1
            at = verdict.life
