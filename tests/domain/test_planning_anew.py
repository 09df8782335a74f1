"""A new plan of a surge that is being staffed: empty seats wait for it, until it is confirmed or lapses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.wiring import in_force, rule_packs
from domain import surge, urging
from domain.authority import Capacity
from domain.moves import Duty, TaskKind
from domain.surge import Life, Moved, Refused, State, Trigger, decide
from domain.surge_duties import surge_duties
from domain.urging import Alarm, Ring

NOW = datetime(2027, 2, 4, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
URGING = in_force(rule_packs()).urging
RUNNING = Life(State.ACTIVE, 5, NOW - HOUR, plan_id="first")
WAITING = surge.planned(RUNNING, "new", NOW + HOUR)


def decided(life: Life, trigger: Trigger, plan_id: str | None = None, at: datetime = NOW) -> Life | str:
    verdict = decide(life, trigger, now=at, plan_id=plan_id, decided_at=at)
    return verdict.life if isinstance(verdict, Moved) else verdict.code


def test_a_confirmed_plan_is_offered_and_the_surge_stands_where_it_stood() -> None:
    after = decided(WAITING, Trigger.CONFIRM, "new")
    assert isinstance(after, Life)
    assert (after.state, after.offering, after.proposed_until) == (State.ACTIVE, 0, None)


@pytest.mark.parametrize(
    ("life", "plan_id", "at", "code"),
    [
        (RUNNING, "first", NOW, "no_plan_waits"),
        (WAITING, "first", NOW, "another_plan_stands"),
        (WAITING, "new", NOW + 2 * HOUR, "plan_lapsed"),
        (replace(WAITING, plan_id=None), "new", NOW, "no_plan_yet"),
    ],
)
def test_no_other_plan_is_confirmed(life: Life, plan_id: str, at: datetime, code: str) -> None:
    assert decided(life, Trigger.CONFIRM, plan_id, at) == code


def test_a_plan_that_is_taken_back_leaves_the_seats_to_the_next_best() -> None:
    after = decided(WAITING, Trigger.WITHDRAW_PLAN)
    assert after == replace(WAITING, revision=WAITING.revision + 1, proposed_until=None)
    assert surge_duties(after, URGING) == ()
    assert decided(after, Trigger.CONFIRM, "new") == "no_plan_waits"
    unseen = replace(WAITING, plan_id=None)
    assert decided(unseen, Trigger.WITHDRAW_PLAN) == replace(after, plan_id=None)


@pytest.mark.parametrize(
    ("life", "at", "code"),
    [
        (RUNNING, NOW, "no_plan_waits"),
        (WAITING, NOW + 2 * HOUR, "plan_lapsed"),
        (replace(RUNNING, state=State.APPROVED), NOW, "not_now"),
        (replace(RUNNING, state=State.CLOSED), NOW, "already_ended"),
    ],
)
def test_nothing_is_taken_back_where_nothing_waits(life: Life, at: datetime, code: str) -> None:
    assert decided(life, Trigger.WITHDRAW_PLAN, at=at) == code


def test_no_plan_is_made_while_another_one_is_being_offered() -> None:
    assert decided(replace(RUNNING, offering=200), Trigger.PLAN) == "plan_being_offered"
    assert isinstance(decide(RUNNING, Trigger.PLAN, now=NOW), Moved)


def test_a_line_that_changes_asks_for_another_plan_and_the_seats_go_on_waiting() -> None:
    after = decided(WAITING, Trigger.CHANGE_LINE)
    assert isinstance(after, Life)
    assert (after.plan_id, after.proposed_until) == (None, NOW + HOUR)
    assert decided(RUNNING, Trigger.CHANGE_LINE) == replace(RUNNING, revision=6)


def test_the_coordinator_is_asked_to_confirm_until_the_plan_lapses() -> None:
    asked = Duty(TaskKind.CONFIRM_PLAN, NOW + HOUR, capacity=Capacity.COORDINATOR)
    assert surge_duties(WAITING, URGING) == (asked,)
    alarm = urging.next_alarm(WAITING, URGING)
    assert alarm == Alarm(NOW + HOUR, Ring.LAPSE_PLAN)
    lapsed = urging.rung(WAITING, alarm, URGING, now=NOW + HOUR)
    assert lapsed.proposed_until is None
    assert surge_duties(lapsed, URGING) == ()
    assert urging.next_alarm(lapsed, URGING) is None


@pytest.mark.parametrize("trigger", [Trigger.STAND_DOWN, Trigger.CANCEL])
def test_what_is_over_waits_for_no_plan(trigger: Trigger) -> None:
    after = decided(WAITING, trigger)
    assert isinstance(after, Life)
    assert after.proposed_until is None
    assert decide(after, Trigger.CONFIRM, now=NOW, plan_id="new") == Refused("not_now")
