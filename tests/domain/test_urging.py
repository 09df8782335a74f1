"""How a surge's tasks climb: reminded, then the next office, level by level; and the one thing that ends by silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.wiring import in_force, rule_packs
from domain.authority import MAY, Capacity
from domain.moves import TaskKind
from domain.oral import Oral
from domain.surge import STAFFING, Life, State
from domain.surge_duties import CHASED, surge_duties
from domain.surge_telling import told_by_clock
from domain.unmet import Unmet
from domain.urging import EVENT_OF, Alarm, Ring, in_hand, next_alarm, rung

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = in_force(rule_packs()).urging
ORAL = Oral("mayor", Capacity.APPOINTING_AUTHORITY, NOW, NOW + 24 * HOUR)


def life(state: State, **more: object) -> Life:
    return replace(Life(state, 3, NOW), **more)  # type: ignore[arg-type]


def lived(at: Life, hours: int) -> list[tuple[int, str]]:
    """What the clock does in so many hours if nobody does anything, as (hour, what)."""
    told = []
    while (alarm := next_alarm(at, RULES)) and alarm.at <= NOW + hours * HOUR:
        after = rung(at, alarm, RULES, now=alarm.at)
        assert after.revision == at.revision + 1
        at = after
        told.append(((alarm.at - NOW) // HOUR, alarm.ring.value))
    return told


def asked(at: Life) -> list[tuple[str, str | None, int]]:
    """Of whom the surge asks what, until which hour."""
    duties = surge_duties(at, RULES, None)
    return [
        (duty.kind.value, duty.capacity or duty.assignee_id, (duty.due_at - NOW) // HOUR)
        for duty in duties
        if duty.due_at
    ]


def test_an_approval_goes_from_the_secretary_to_the_head_and_never_stands_by_silence() -> None:
    submitted = life(State.SUBMITTED)
    assert lived(submitted, 51) == [
        (1, "REMIND"), (2, "ESCALATE"), (3, "REMIND"), (4, "REMIND"), (28, "REMIND"),
    ]  # fmt: skip
    assert asked(submitted) == [("APPROVE_SURGE", "SEKDA", 2)]
    escalated = replace(submitted, escalation=1)
    assert asked(escalated) == [("APPROVE_SURGE", "APPOINTING_AUTHORITY", 4)]
    assert asked(replace(submitted, escalation=9)) == asked(escalated)


def test_a_signature_stays_with_who_may_sign_and_the_coordinator_is_told() -> None:
    signing = life(State.FILLED, signing_since=NOW)
    assert asked(signing) == [("SIGN_ORDER", "SIGNATORY", 2)]
    escalated = replace(signing, escalation=1)
    assert asked(escalated) == [("SIGN_ORDER", "SIGNATORY", 4), ("CHASE_ORDER", "COORDINATOR", 4)]


def test_a_plan_stays_with_the_coordinator_and_the_secretary_is_told() -> None:
    approved = life(State.APPROVED, escalation=1)
    assert asked(approved) == [("CONFIRM_PLAN", "COORDINATOR", 4), ("CHASE_PLAN", "SEKDA", 4)]


def test_a_request_that_was_sent_back_is_asked_for_again_and_again() -> None:
    returned = life(State.RETURNED)
    assert asked(returned) == [("RESUBMIT_SURGE", "COORDINATOR", 24)]
    assert lived(returned, 73) == [(12, "REMIND"), (24, "REMIND"), (48, "REMIND"), (72, "REMIND")]


def test_seats_that_nobody_is_found_for_go_up_beside_the_signature_and_whoever_was_asked_stays_asked() -> (
    None
):
    short = life(State.PARTLY_FILLED, unmet=Unmet(NOW))
    assert lived(short, 33) == [
        (2, "REMIND_UNMET"), (4, "ESCALATE_UNMET"), (6, "REMIND_UNMET"), (8, "REMIND_UNMET"), (32, "REMIND_UNMET"),
    ]  # fmt: skip
    assert asked(short) == [("FILL_OR_REDUCE", "COORDINATOR", 4)]
    above = replace(short, unmet=Unmet(NOW, escalation=1), signing_since=NOW)
    assert asked(above) == [
        ("SIGN_ORDER", "SIGNATORY", 2),
        ("FILL_OR_REDUCE", "COORDINATOR", 8),
        ("FILL_OR_REDUCE", "SEKDA", 8),
    ]
    assert (above.escalation, asked(replace(above, state=State.STOOD_DOWN))[1:]) == (0, [])


def test_a_surge_that_asks_for_nobody_any_more_is_not_forgotten() -> None:
    idle = life(State.ACTIVE, unmet=Unmet(NOW, idle=True))
    assert lived(idle, 49) == [
        (12, "REMIND_UNMET"), (24, "ESCALATE_UNMET"), (36, "REMIND_UNMET"), (48, "REMIND_UNMET"),
    ]  # fmt: skip
    assert asked(idle) == [("ADD_OR_STAND_DOWN", "COORDINATOR", 24)]


@pytest.mark.parametrize(("idle", "task"), [(False, "FILL_OR_REDUCE"), (True, "ADD_OR_STAND_DOWN")])
def test_the_log_says_which_need_is_urged_and_of_whom(*, idle: bool, task: str) -> None:
    short = life(State.SOURCING, unmet=Unmet(NOW, idle=idle))
    for _ in range(2):
        alarm = next_alarm(short, RULES)
        assert alarm is not None
        after = rung(short, alarm, RULES, now=alarm.at)
        key, said = told_by_clock(short, after, alarm, RULES)
        short = after
    assert (alarm.ring, EVENT_OF[alarm.ring]) == (Ring.ESCALATE_UNMET, "SurgeEscalated")
    assert (key, said) == ("escalation", {"task": task, "office": "SEKDA"})


@pytest.mark.parametrize("state", State)
def test_whoever_is_asked_may_decide_it(state: State) -> None:
    for level in range(3):
        for duty in surge_duties(life(state, signing_since=NOW, escalation=level, oral=ORAL), RULES, None):
            if duty.kind in CHASED.values():
                assert duty.capacity
            elif duty.capacity:
                assert duty.capacity in MAY[duty.kind.value]
            else:
                assert (duty.kind, duty.assignee_id) == (TaskKind.RATIFY_ORAL_ORDER, ORAL.by)


def test_a_paper_is_asked_for_and_the_order_lapses_when_it_does_not_come() -> None:
    going = life(State.ACTIVE, oral=ORAL)
    assert asked(going) == [("RATIFY_ORAL_ORDER", "mayor", 24)]
    assert lived(going, 100) == [
        (12, "REMIND_RATIFICATION"), (20, "REMIND_RATIFICATION"), (24, "LAPSE_ORAL_ORDER"),
    ]  # fmt: skip
    lapsed = rung(going, Alarm(ORAL.paper_by, Ring.LAPSE_ORAL_ORDER), RULES, now=ORAL.paper_by)
    assert lapsed.state == State.STOOD_DOWN
    assert asked(lapsed) == []


def test_once_ratified_nothing_lapses() -> None:
    ratified = life(State.ACTIVE, oral=replace(ORAL, ratified=True))
    assert next_alarm(ratified, RULES) is None
    assert asked(ratified) == []


def test_who_went_by_word_has_an_order_by_the_time_the_paper_is_due() -> None:
    going = life(State.ACTIVE, signing_since=NOW + HOUR, oral=replace(ORAL, ratified=True))
    assert asked(going) == [("SIGN_ORDER", "SIGNATORY", 24)]
    assert next_alarm(going, RULES) == Alarm(NOW + 23 * HOUR, Ring.REMIND)
    home = replace(going, state=State.STOOD_DOWN)
    assert asked(home) == [("SIGN_ORDER", "SIGNATORY", 24)]


def test_what_an_outage_missed_is_told_once() -> None:
    late = life(State.SUBMITTED, escalation=1, notices=1)
    alarm = next_alarm(late, RULES)
    assert alarm == Alarm(NOW + 4 * HOUR, Ring.REMIND)
    after = rung(late, alarm, RULES, now=alarm.at + timedelta(days=10, hours=1))
    following = next_alarm(after, RULES)
    assert following
    assert alarm.at + timedelta(days=10, hours=1) < following.at <= alarm.at + timedelta(days=11)


@pytest.mark.parametrize("state", sorted(STAFFING))
def test_a_surge_that_waits_for_nobody_sleeps(state: State) -> None:
    assert in_hand(life(state), RULES) is None
    assert next_alarm(life(state), RULES) is None


def test_a_demand_for_service_is_warned_of_before_its_letter_ends_and_stands_down_with_it() -> None:
    demand = life(State.ACTIVE, letter_until=NOW + 100 * HOUR)
    assert lived(demand, 200) == [(28, "WARN_LETTER"), (100, "END_LETTER")]
    assert asked(replace(demand, letter_warned=True)) == [("LETTER_ENDING", "COORDINATOR", 100)]
    assert next_alarm(life(State.STOOD_DOWN, letter_until=NOW + HOUR), RULES) is None


def test_the_coordinator_is_reminded_once_of_each_place_that_falls_empty() -> None:
    asked_of = life(State.ACTIVE, relief_by=NOW + 60 * HOUR)
    assert asked(asked_of) == [("RELIEVE_OR_END", "COORDINATOR", 60)]
    assert lived(asked_of, 200) == [(36, "WARN_RELIEF")]
    assert next_alarm(life(State.STOOD_DOWN, relief_by=NOW + HOUR), RULES) is None


def test_the_signatory_is_warned_once_of_each_end_that_an_order_would_prolong() -> None:
    signing = life(State.ACTIVE, signing_since=NOW, sign_by=NOW + 8 * HOUR)
    told = lived(signing, 9)
    assert (2, "WARN_PROLONGING") in told
    assert [ring for _, ring in told].count("WARN_PROLONGING") == 1
    # Nobody has longer to sign than until the duty ends.
    assert asked(replace(signing, sign_by=NOW + HOUR))[0] == ("SIGN_ORDER", "SIGNATORY", 1)
