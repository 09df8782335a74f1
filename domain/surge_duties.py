"""What a surge asks of officers where it stands."""

from __future__ import annotations

from datetime import datetime

from domain.authority import MAY, Capacity
from domain.moves import Duty, TaskKind
from domain.surge import STAFFING, Life, State
from domain.urging import InHand, Urging, in_hand, need_of


def surge_duties(life: Life, urging: Urging, report_by: datetime | None = None) -> tuple[Duty, ...]:
    """Return what a surge asks of officers where it stands; these replace its open tasks."""
    asked = in_hand(life, urging)
    duties = _asked_of(asked, life) if asked else ()
    if life.oral and not life.oral.ratified and life.state in STAFFING | {State.APPROVED}:
        duties += (Duty(TaskKind.RATIFY_ORAL_ORDER, life.oral.paper_by, assignee_id=life.oral.by),)
    if life.letter_warned and life.state in STAFFING | {State.APPROVED}:
        duties += (Duty(TaskKind.LETTER_ENDING, life.letter_until, capacity=Capacity.COORDINATOR),)
    if life.relief_by and life.state in STAFFING:
        duties += (Duty(TaskKind.RELIEVE_OR_END, life.relief_by, capacity=Capacity.COORDINATOR),)
    if life.proposed_until and life.state in STAFFING:
        duties += (Duty(TaskKind.CONFIRM_PLAN, life.proposed_until, capacity=Capacity.COORDINATOR),)
    if need := need_of(life, urging):
        duties += tuple(Duty(need.kind, need.due, capacity=office) for office in need.offices)
    if life.state == State.STOOD_DOWN:
        duties += (Duty(TaskKind.CLOSE_SURGE, report_by, capacity=Capacity.COORDINATOR),)
    return duties


CHASED: dict[TaskKind, TaskKind] = {
    TaskKind.CONFIRM_PLAN: TaskKind.CHASE_PLAN,
    TaskKind.SIGN_ORDER: TaskKind.CHASE_ORDER,
}
"""What an office is asked for that may not decide the task itself: to see that it is decided."""


def _asked_of(asked: InHand, life: Life) -> tuple[Duty, ...]:
    """Ask the office of the level; where it may not decide, the last one below that may stays asked."""
    due = asked.due(life)
    climbed = asked.ladder.offices[: asked.level(life) + 1]
    able = [office for office in climbed if office in MAY[asked.kind.value]]
    task = Duty(asked.kind, due, capacity=able[-1])
    if climbed[-1] == able[-1]:
        return (task,)
    return task, Duty(CHASED[asked.kind], due, capacity=climbed[-1])
