"""What each move of a secondment is called in the log, and whom it asks to do what next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain import cases
from domain.authority import Capacity
from domain.log import Attribution, Fact
from domain.moves import Duty, Seat, SecondmentMove, TaskKind
from domain.rules import SurgeRules
from domain.secondment import Clock, Life, State, Trigger, answer_by
from domain.surge import STAFFING
from domain.surge import Life as SurgeLife
from domain.surge import State as SurgeState

EVENT_OF: dict[Trigger, str] = {
    Trigger.ACCEPT: "OfferAnswered",
    Trigger.DECLINE: "OfferAnswered",
    Trigger.REMIND_OFFER: "OfferReminded",
    Trigger.LAPSE_OFFER: "OfferLapsed",
    Trigger.RELEASE: "ReleaseDecided",
    Trigger.REFUSE_RELEASE: "ReleaseDecided",
    Trigger.ESCALATE_RELEASE: "ReleaseEscalated",
    Trigger.ORDER_ISSUED: "OrderServed",
    Trigger.MOBILISE: "Mobilised",
    Trigger.CHECK_IN: "CheckedIn",
    Trigger.ESCALATE_CHECK_IN: "CheckInEscalated",
    Trigger.START_DUTY: "DutyStarted",
    Trigger.WARN_ENDING: "EndingSoon",
    Trigger.FALL_DUE: "FellDue",
    Trigger.STAND_DOWN: "Recalled",
    Trigger.SIGN_DEMOB: "DemobSignedOff",
    Trigger.ESCALATE_RETURN: "ReturnOverdue",
    Trigger.CONFIRM_RETURN: "Returned",
}

RETURN_LADDER = (Capacity.COMMAND_POST, Capacity.COORDINATOR, Capacity.SEKDA)
"""Who must bring a late person home, level by level; the last one stays responsible."""


def told(
    seat: Seat,
    life: Life,
    trigger: Trigger,
    clock: Clock,
    *,
    by: Attribution,
    at: datetime,
    choice: str | None = None,
) -> SecondmentMove:
    """Return the move with its fact and the duty that follows; `life` is the one after the trigger."""
    return SecondmentMove(
        seat,
        life,
        fact_of(seat, life, EVENT_OF[trigger], by=by, at=at, choice=choice),
        duty_of(seat, life, clock),
    )


def fact_of(
    seat: Seat, life: Life, event: str, *, by: Attribution, at: datetime, choice: str | None = None
) -> Fact:
    """Return the fact for the log: who, from where, to what, until when, and where it stands."""
    data: dict[str, Any] = {
        "state": life.state.value,
        "surge_id": seat.surge_id,
        "line_id": seat.line_id,
        "unit_id": seat.unit_id,
        "home_role": seat.home_role,
        "role": seat.role,
        "site": seat.site,
        "due_back": life.due_back.isoformat(),
    }
    if choice is not None:
        data["choice"] = choice
    if life.escalation:
        data["escalation"] = life.escalation
    return Fact(event, cases.secondment(seat.placement_id), at, by, seat.person_id, data)


def duty_of(seat: Seat, life: Life, clock: Clock) -> Duty | None:
    """Return what the state asks somebody to do; None when it only waits or has ended."""
    match life.state:
        case State.OFFERED:
            return Duty(TaskKind.ANSWER_OFFER, answer_by(life, clock), assignee_id=seat.person_id)
        case State.RELEASE_PENDING if life.escalation:
            return Duty(TaskKind.DECIDE_RELEASE, _escalated(life, clock), capacity=Capacity.SEKDA)
        case State.RELEASE_PENDING:
            due = life.since + clock.release
            return Duty(TaskKind.DECIDE_RELEASE, due, capacity=Capacity.UNIT_HEAD, unit_id=seat.unit_id)
        case State.MOBILISING:
            arrive_by = max(life.since, life.report_at) + clock.check_in
            return Duty(TaskKind.CHECK_IN, arrive_by, capacity=Capacity.COMMAND_POST)
        case State.DEMOBILISING:
            return Duty(TaskKind.SIGN_DEMOB, life.home_by, capacity=_on_ladder(life))
        case State.TRAVELLING_HOME if life.escalation:
            return Duty(TaskKind.CONFIRM_RETURN, life.home_by, capacity=Capacity.SEKDA)
        case State.TRAVELLING_HOME:
            return Duty(
                TaskKind.CONFIRM_RETURN, life.home_by, capacity=Capacity.UNIT_HEAD, unit_id=seat.unit_id
            )
        case _:
            return None


def _escalated(life: Life, clock: Clock) -> datetime:
    return life.since + clock.release * (life.escalation + 1)


def _on_ladder(life: Life) -> Capacity:
    return RETURN_LADDER[min(life.escalation, len(RETURN_LADDER) - 1)]


def surge_duties(life: SurgeLife, rules: SurgeRules) -> tuple[Duty, ...]:
    """Return what a surge asks of officers where it stands; these replace its open tasks."""
    if life.state == SurgeState.SUBMITTED:
        return (Duty(TaskKind.APPROVE_SURGE, life.since + rules.approval, capacity=Capacity.SEKDA),)
    if life.state == SurgeState.APPROVED:
        return (Duty(TaskKind.CONFIRM_PLAN, capacity=Capacity.COORDINATOR),)
    if life.state in STAFFING and life.signing_since:
        return (Duty(TaskKind.SIGN_ORDER, life.signing_since + rules.order, capacity=Capacity.SIGNATORY),)
    return ()
