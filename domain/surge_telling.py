"""Which decision moves a surge how, what the move is called in the log, and what is said with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from domain import lines
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.moves import KeptPlan, Override, TaskKind
from domain.surge import Life, Trigger
from domain.urging import Alarm, Ring, Urging, in_hand, need_of

TRIGGER_OF: dict[CommandKind, Trigger] = {
    CommandKind.APPROVE_SURGE: Trigger.APPROVE,
    CommandKind.REJECT_SURGE: Trigger.REJECT,
    CommandKind.RETURN_SURGE: Trigger.RETURN,
    CommandKind.RESUBMIT_SURGE: Trigger.RESUBMIT,
    CommandKind.RATIFY_ORAL_ORDER: Trigger.RATIFY,
    CommandKind.PROLONG_LETTER: Trigger.PROLONG,
    CommandKind.PLAN_SURGE: Trigger.PLAN,
    CommandKind.OVERRIDE_REDLINE: Trigger.OVERRIDE_REDLINE,
    CommandKind.WAIVE_YEARLY_CAP: Trigger.WAIVE_YEARLY_CAP,
    CommandKind.CONFIRM_PLAN: Trigger.CONFIRM,
    CommandKind.WITHDRAW_PLAN: Trigger.WITHDRAW_PLAN,
    CommandKind.SIGN_ORDER: Trigger.SIGN_ORDER,
    CommandKind.STAND_DOWN: Trigger.STAND_DOWN,
    CommandKind.CANCEL_SURGE: Trigger.CANCEL,
    CommandKind.CLOSE_SURGE: Trigger.CLOSE,
    **dict.fromkeys(lines.EVENT_OF, Trigger.CHANGE_LINE),
}

EVENT_OF: dict[Trigger, str] = {
    Trigger.APPROVE: "RequestApproved",
    Trigger.REJECT: "RequestRejected",
    Trigger.RETURN: "RequestReturned",
    Trigger.RESUBMIT: "RequestResubmitted",
    Trigger.RATIFY: "OralOrderRatified",
    Trigger.PROLONG: "LetterProlonged",
    Trigger.PLAN: "PlanMade",
    Trigger.OVERRIDE_REDLINE: "RedlineOverridden",
    Trigger.WAIVE_YEARLY_CAP: "YearlyCapWaived",
    Trigger.CONFIRM: "PlanConfirmed",
    Trigger.WITHDRAW_PLAN: "PlanWithdrawn",
    Trigger.SIGN_ORDER: "OrderSigned",
    Trigger.STAND_DOWN: "StoodDown",
    Trigger.CANCEL: "RequestCancelled",
    Trigger.CLOSE: "SurgeClosed",
}
"""A change of a line has a name of its own for each decision: `domain.lines.EVENT_OF`."""


def override_of(command: Command) -> Override:
    """Return the override that a decision grants."""
    details = command.details
    return Override(str(details["unit_id"]), str(details["role"]), int(details["extra"]), str(command.choice))


def oral_order(life: Life) -> dict[str, Any]:
    """Say who ordered by word of mouth, when, and until when it must be on paper; who heard it is the author."""
    if life.oral is None:
        return {}
    oral = life.oral
    return {
        "ordered_by": oral.by,
        "office": oral.capacity.value,
        "given_at": oral.given_at.isoformat(),
        "paper_by": oral.paper_by.isoformat(),
    }


def told_by_clock(before: Life, after: Life, alarm: Alarm, rules: Urging) -> tuple[str, dict[str, Any]]:
    """Return the rules that an alarm stands on, and what is said: of which task, and whom it is asked of now."""
    asked = in_hand(before, rules)
    if alarm.ring == Ring.END_LETTER:
        return "service_demand", {"reason": "letter_ended"}
    if alarm.ring == Ring.WARN_LETTER:
        return "service_demand", {"task": TaskKind.LETTER_ENDING.value, "office": Capacity.COORDINATOR.value}
    if alarm.ring == Ring.LAPSE_PLAN:
        return "deadlines.replanning", {"task": TaskKind.CONFIRM_PLAN.value}
    if alarm.ring == Ring.WARN_RELIEF:
        return "relief", {"task": TaskKind.RELIEVE_OR_END.value, "office": Capacity.COORDINATOR.value}
    if alarm.ring in (Ring.REMIND_UNMET, Ring.ESCALATE_UNMET) and (need := need_of(after, rules)):
        return "escalation", {"task": need.kind.value, "office": need.offices[-1].value}
    if alarm.ring == Ring.LAPSE_ORAL_ORDER:
        return "oral_order", {"reason": "oral_order_not_ratified"}
    if alarm.ring == Ring.REMIND_RATIFICATION or asked is None:
        return "oral_order", {"task": "RATIFY_ORAL_ORDER"}
    if alarm.ring == Ring.WARN_PROLONGING and before.sign_by:
        # Whom the task is asked of, at whatever level it is chased.
        first = asked.ladder.offices[0].value
        return "escalation", {
            "task": asked.kind.value,
            "office": first,
            "sign_by": before.sign_by.isoformat(),
        }
    office = asked.ladder.offices[asked.level(after)]
    return "escalation", {"task": asked.kind.value, "office": office.value}


def plan_told(plan_id: str, kept: KeptPlan) -> dict[str, Any]:
    """Return what the log is told of a plan: how many it picks, and what stays empty, and why."""
    return {"plan_id": plan_id, "picks": kept.picks, "short": [asdict(line) for line in kept.short]}
