"""What each move of an operation is called in the log, and whom it asks to do what next."""

from __future__ import annotations

from domain.authority import Capacity
from domain.moves import Duty, TaskKind
from domain.operation import Clock, Life, State, Trigger

EVENT_OF: dict[Trigger, str] = {
    Trigger.DECLARE: "StatusDeclared",
    Trigger.EXTEND: "StatusExtended",
    Trigger.ESCALATE: "StatusEscalated",
    Trigger.HAND_BACK: "StatusHandedBack",
    Trigger.WITHDRAW: "StatusWithdrawn",
    Trigger.BEGIN: "StatusBegan",
    Trigger.END: "OperationEnded",
    Trigger.FILE_REPORT: "AfterActionFiled",
    Trigger.ARCHIVE: "OperationArchived",
    Trigger.WARN: "StatusEndingSoon",
    # Where another status still stands, the log says StatusEnded instead.
    Trigger.RUN_OUT: "StatusLapsed",
    Trigger.OPEN_REVIEW: "AfterActionDue",
    Trigger.REPORT_OVERDUE: "AfterActionOverdue",
}


def operation_duties(life: Life, clock: Clock) -> tuple[Duty, ...]:
    """Return what an operation asks of officers where it stands; these replace its open tasks."""
    match life.state:
        case State.LAPSED:
            return (Duty(TaskKind.EXTEND_OR_END, life.covered_until, capacity=Capacity.SEKDA),)
        case State.AFTER_ACTION if life.report is not None:
            return (Duty(TaskKind.ARCHIVE_OPERATION, capacity=Capacity.SEKDA),)
        case State.AFTER_ACTION:
            due = life.since + clock.after_action
            report = Duty(TaskKind.FILE_AFTER_ACTION, due, capacity=Capacity.COORDINATOR)
            above = Duty(TaskKind.FILE_AFTER_ACTION, due, capacity=Capacity.SEKDA)
            return (report, above) if life.overdue else (report,)
        case _:
            warned = [one.end for one in life.ending if one.warned]
            return (Duty(TaskKind.EXTEND_OR_END, min(warned), capacity=Capacity.SEKDA),) if warned else ()
