"""The life of a surge: its table, its gate, and where it stands by the count of its people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.admission import Brief, Limits, admissible, carried, received
from domain.authority import Capacity
from domain.requests import OralOrder, RequestKind
from domain.staffing import follow, standing
from domain.surge import (
    ENDS,
    STAFFING,
    TRANSITIONS,
    Life,
    Moved,
    Oral,
    Refused,
    State,
    Tally,
    Trigger,
    decide,
    planned,
    signed,
)
from domain.surge_gates import cancel_gate, cancelled, close_gate
from domain.unmet import Unmet

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
LIMITS = Limits(
    longest_duty=14 * DAY,
    service_notice=3 * DAY,
    service_duty=30 * DAY,
    service_term=90 * DAY,
    paper=DAY,
)
MAYOR = "mayor"
ORAL = Oral(MAYOR, Capacity.APPOINTING_AUTHORITY, NOW - DAY / 2, NOW + DAY / 2)
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


def by_word(state: State) -> Life:
    return replace(life(state), oral=ORAL)


@pytest.mark.parametrize("trigger", Trigger)
@pytest.mark.parametrize("state", State)
def test_every_cell_is_a_move_or_a_refusal(state: State, trigger: Trigger) -> None:
    before = replace(by_word(state), proposed_until=NOW + DAY if state in STAFFING else None)
    verdict = decide(
        before, trigger, now=NOW + DAY, plan_id="plan-1", decided_at=NOW, hands=frozenset({MAYOR})
    )
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
    gate = close_gate(life(State.STOOD_DOWN), replace(NOBODY, open=still_open))
    assert gate == (Refused("secondments_open") if still_open else None)


def test_who_went_by_word_must_have_a_paper_before_it_closes() -> None:
    owed = replace(NOBODY, awaiting_order=2)
    assert close_gate(by_word(State.STOOD_DOWN), owed) == Refused("order_owed")
    assert close_gate(by_word(State.STOOD_DOWN), NOBODY) is None
    assert decide(by_word(State.STOOD_DOWN), Trigger.SIGN_ORDER, now=NOW) != Refused("not_now")
    assert decide(life(State.STOOD_DOWN), Trigger.SIGN_ORDER, now=NOW) == Refused("not_now")


def test_it_is_cancelled_only_while_nobody_is_out_and_ends_when_all_are_let_go() -> None:
    assert cancel_gate(replace(NOBODY, open=4)) is None
    assert cancel_gate(replace(NOBODY, out=1)) == Refused("somebody_is_out")
    verdict = decide(replace(life(State.SOURCING), offering=200), Trigger.CANCEL, now=NOW)
    assert isinstance(verdict, Moved)
    assert (verdict.life.state, verdict.life.offering) == (State.CANCELLING, None)
    assert cancelled(verdict.life, NOBODY, NOW).state == State.CANCELLED
    left = cancelled(verdict.life, replace(NOBODY, awaiting_order=1), NOW)
    assert left.state == State.STOOD_DOWN, "somebody left by word in that moment: the paper is owed"


@pytest.mark.parametrize(
    ("changed", "hands", "late", "code"),
    [
        ({}, {MAYOR}, 0, None),
        ({}, {MAYOR, "deputy"}, 0, None),
        ({}, {"deputy"}, 0, "not_your_oral_order"),
        ({"oral": None}, {MAYOR}, 0, "no_oral_order"),
        ({"oral": replace(ORAL, ratified=True)}, {MAYOR}, 0, "ratified_already"),
        ({}, {MAYOR}, 1, "too_late"),
    ],
)
def test_an_oral_order_is_ratified_once_in_time_by_who_gave_it(
    changed: dict[str, object], hands: set[str], late: int, code: str | None
) -> None:
    at = ORAL.paper_by + timedelta(seconds=late)
    stands = replace(by_word(State.ACTIVE), **changed)  # type: ignore[arg-type]
    # When it is heard does not matter, when it was decided does.
    verdict = decide(stands, Trigger.RATIFY, now=NOW + 2 * DAY, decided_at=at, hands=frozenset(hands))
    if code:
        assert verdict == Refused(code)
    else:
        assert isinstance(verdict, Moved)
        assert verdict.life.oral == replace(ORAL, ratified=True)
        assert verdict.life.state == State.ACTIVE


def test_an_oral_order_goes_ahead_and_a_request_on_paper_waits() -> None:
    fresh = Life(State.SUBMITTED, 0, NOW)
    assert received(fresh, BRIEF, LIMITS) == fresh
    given = OralOrder(MAYOR, NOW - DAY / 2, Capacity.APPOINTING_AUTHORITY)
    assert received(fresh, replace(BRIEF, oral=given), LIMITS) == replace(
        fresh, state=State.APPROVED, oral=ORAL
    )


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
    fault = admissible(replace(BRIEF, **changed), LIMITS, now=NOW)  # type: ignore[arg-type]
    assert fault == (Refused(code) if code else None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"status_in_force": True, "last_due_back": NOW + 21 * DAY}, "reaches_past_the_status"),
        ({"oral": OralOrder(MAYOR, NOW - DAY, Capacity.SEKDA)}, "oral_order_too_old"),
        ({"operation_ended": True}, "operation_ended"),
        ({"longest_duty": 15 * DAY}, "longer_than_one_duty"),
    ],
)
def test_an_oral_order_may_come_before_the_status(changed: dict[str, object], code: str | None) -> None:
    given = OralOrder(MAYOR, NOW - DAY / 2, Capacity.APPOINTING_AUTHORITY)
    brief = replace(replace(BRIEF, status_in_force=False, oral=given), **changed)  # type: ignore[arg-type]
    assert admissible(brief, LIMITS, now=NOW) == (Refused(code) if code else None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"first_report": NOW + 3 * DAY - timedelta(seconds=1)}, "notice_too_short"),
        ({"first_report": NOW - DAY}, "reports_in_the_past"),
        ({"longest_duty": 30 * DAY}, None),
        ({"longest_duty": 31 * DAY}, "longer_than_one_duty"),
        ({"last_due_back": NOW + 61 * DAY}, "reaches_past_the_letter"),
        ({"letter_until": None}, "reaches_past_the_letter"),
        ({"letter_until": NOW + 91 * DAY}, "letter_lasts_too_long"),
    ],
)
def test_a_demand_for_service_stands_on_its_letter_and_no_status(
    changed: dict[str, object], code: str | None
) -> None:
    brief = replace(
        BRIEF, kind=RequestKind.SERVICE_DEMAND, status_in_force=False, status_until=None,
        letter_until=NOW + 60 * DAY, first_report=NOW + 3 * DAY,
    )  # fmt: skip
    brief = replace(brief, **changed)  # type: ignore[arg-type]
    assert admissible(brief, LIMITS, now=NOW) == (Refused(code) if code else None)


@pytest.mark.parametrize(
    ("changed", "oral", "code"),
    [
        ({}, None, None),
        ({"first_report": NOW - DAY}, None, None),  # decided late: what is left of it is covered
        ({"status_in_force": False}, None, "no_status_in_force"),
        ({"last_due_back": NOW + 21 * DAY}, None, "reaches_past_the_status"),
        ({"covered_all_along": False}, None, "status_has_a_gap"),
        ({"status_in_force": False, "status_until": None}, ORAL, None),
        ({"status_in_force": False, "status_until": None, "operation_ended": True}, ORAL, "operation_ended"),
        ({"status_in_force": False}, ORAL, "no_status_in_force"),  # it has lapsed
        ({"status_in_force": False, "status_until": None}, replace(ORAL, ratified=True), "no_status_in_force"),
        ({"kind": RequestKind.SERVICE_DEMAND, "letter_until": NOW + 60 * DAY, "status_in_force": False}, None, None),
        ({"kind": RequestKind.SERVICE_DEMAND, "letter_until": NOW + DAY}, None, "reaches_past_the_letter"),
    ],
)  # fmt: skip
def test_a_request_goes_ahead_only_while_something_carries_it(
    changed: dict[str, object], oral: Oral | None, code: str | None
) -> None:
    asked = replace(life(State.SUBMITTED), oral=oral)
    fault = carried(asked, replace(BRIEF, **changed))  # type: ignore[arg-type]
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


TALLIES = st.builds(Tally, *[st.integers(0, 5)] * 10)


@settings(derandomize=True, max_examples=300)
@given(
    st.sampled_from(State), st.lists(st.tuples(TALLIES, st.sampled_from([None, NOW, NOW + DAY])), max_size=20)
)
def test_following_the_count_writes_only_what_changed(
    state: State, tallies: list[tuple[Tally, datetime | None]]
) -> None:
    at = life(state)
    for tally, relief_by in tallies:
        after = follow(at, tally, NOW + DAY, relief_by)
        assert follow(after, tally, NOW + 2 * DAY, relief_by) is after
        assert follow(after, tally, NOW + 2 * DAY, relief_by, planned=True).state == after.state
        assert after.relief_by == relief_by
        assert after is at or after.revision == at.revision + 1
        assert state in STAFFING or after.state == state
        at = after


@pytest.mark.parametrize(
    ("at", "tally", "stands"),
    [
        (State.SOURCING, replace(NOBODY, asked=0, empty=0), State.SOURCING),
        (State.FILLED, replace(NOBODY, asked=0, empty=0), State.SOURCING),
        (State.FILLED, replace(NOBODY, asked=0, empty=0, open=2), State.FILLED),
    ],
)
def test_a_surge_that_asks_for_nobody_is_not_filled_by_nobody(at: State, tally: Tally, stands: State) -> None:
    assert standing(life(at), tally) == stands


def test_a_surge_that_asks_for_nobody_is_asked_about_once_nobody_is_out() -> None:
    at = life(State.SOURCING)
    idle = replace(NOBODY, asked=0, empty=0)
    assert follow(at, replace(idle, open=1), NOW).unmet is None
    asked = follow(at, idle, NOW + DAY)
    assert asked.unmet == Unmet(NOW + DAY, idle=True)
    assert follow(asked, idle, NOW + 2 * DAY) is asked
    assert follow(asked, replace(NOBODY, unmet=4), NOW + 2 * DAY).unmet is None, "a line was added"
    over = decide(asked, Trigger.STAND_DOWN, now=NOW + 2 * DAY)
    assert isinstance(over, Moved)
    assert over.life.unmet is None
    assert follow(over.life, idle, NOW + 3 * DAY) is over.life


def test_an_empty_seat_is_asked_about_once_a_plan_has_found_nobody_until_it_is_filled() -> None:
    at, short = life(State.SOURCING), replace(NOBODY, unmet=3)
    assert follow(at, short, NOW).unmet is None, "somebody may be found for it"
    asked = follow(at, short, NOW + DAY, planned=True)
    assert asked.unmet == Unmet(NOW + DAY)
    urged = replace(asked, unmet=Unmet(NOW + DAY, escalation=1, notices=2))
    for planned_now in (False, True):
        kept = follow(urged, replace(short, unmet=1), NOW + 2 * DAY, planned=planned_now)
        assert kept.unmet == urged.unmet, "a smaller need is the same need"
    assert follow(urged, replace(NOBODY, unmet=0, filled=4), NOW + 2 * DAY).unmet is None
    waiting = life(State.APPROVED)
    assert follow(waiting, short, NOW + DAY, planned=True) is waiting


def test_signing_ends_what_was_urged_and_a_plan_does_not() -> None:
    urged = replace(life(State.ACTIVE), signing_since=NOW, escalation=1, notices=2)
    assert signed(urged) == replace(urged, signing_since=None, escalation=0, notices=0)
    filled = follow(urged, replace(NOBODY, awaiting_order=1, filled=1, on_site=1), NOW + DAY)
    assert (filled.escalation, filled.notices) == (1, 2)
    asked = replace(life(State.APPROVED), escalation=1, notices=1)
    assert planned(asked, "plan-2").escalation == 1
    overridden = decide(asked, Trigger.OVERRIDE_REDLINE, now=NOW)
    assert isinstance(overridden, Moved)
    assert overridden.life.escalation == 1
    confirmed = decide(asked, Trigger.CONFIRM, now=NOW, plan_id="plan-1")
    assert isinstance(confirmed, Moved)
    assert (confirmed.life.escalation, confirmed.life.notices) == (0, 0)


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


def test_a_death_whose_report_is_owed_lets_a_surge_neither_close_nor_be_cancelled() -> None:
    owing = replace(NOBODY, reports_owed=1)
    over = life(State.STOOD_DOWN)
    assert close_gate(over, owing) == cancel_gate(owing) == Refused("accident_report_owed")
    assert close_gate(over, NOBODY) is cancel_gate(NOBODY) is None
    assert cancelled(life(State.CANCELLING), owing, NOW).state == State.STOOD_DOWN
    assert cancelled(life(State.CANCELLING), NOBODY, NOW).state == State.CANCELLED
