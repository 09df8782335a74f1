"""The fact that each move of a secondment is told as, and whom a move asks to do what next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import cases
from domain.authority import Capacity
from domain.facts import EVENT_OF, EXTENDED
from domain.log import Attribution, Fact
from domain.moves import Duty, Seat, SecondmentMove, TaskKind
from domain.secondment import (
    ABSENT,
    DEPLOYED,
    ON_SITE,
    OWES_PAPERS,
    Alarm,
    Clock,
    Leaving,
    Life,
    Paper,
    Party,
    State,
    Trigger,
    accident_report_by,
    accident_urged_at,
    answer_by,
    arrive_by,
    condition_by,
    heard_by,
    proof_told,
    release_by,
)
from domain.secondment.resting import AWAKE

RETURN_LADDER = (Capacity.COMMAND_POST, Capacity.COORDINATOR, Capacity.SEKDA)
"""Who must bring a late person home, level by level; whoever was asked before stays asked."""
ABOVE: dict[TaskKind, tuple[Capacity, ...]] = {
    TaskKind.DECIDE_RELEASE: (Capacity.SEKDA,),
    TaskKind.FIND_PERSON: RETURN_LADDER[1:],
    TaskKind.SIGN_DEMOB: RETURN_LADDER[1:],
    TaskKind.CONFIRM_RETURN: (Capacity.SEKDA,),
}
"""Who is asked beside whoever was asked first, one more each time that nobody has answered; one answer is enough."""
_HOME_MUST_SAY = ABSENT | {State.TRAVELLING_HOME}
"""Who is in one of these has left the site, or never came: their home says when they are there."""


def told(
    seat: Seat,
    life: Life,
    trigger: Trigger,
    clock: Clock,
    *,
    by: Attribution,
    at: datetime,
    said: dict[str, Any] | None = None,
) -> SecondmentMove:
    """Return the move with its fact and the duties that follow; `life` is the one after the trigger.

    `said` is what the decision told besides its kind, as it goes into the log: codes, instants, numbers.
    """
    prolongs = trigger == Trigger.ORDER_ISSUED and life.state in ON_SITE
    event = EXTENDED if prolongs else EVENT_OF[trigger]
    if trigger == Trigger.START_DUTY:
        said = (said or {}) | {"began_at": life.on_duty_from.isoformat()}
    if trigger == Trigger.PROVE_ARRIVAL:
        said = (said or {}) | proof_told(life)
    fact = fact_of(seat, life, event, by=by, at=at, said=said)
    return SecondmentMove(seat, life, fact, duties_of(seat, life, clock))


def said_by(alarm: Alarm, life: Life) -> dict[str, Any]:
    """Return what the log is told with a move that the clock makes; `life` is the one before it."""
    if alarm.trigger != Trigger.LAPSE_EXTENSION or life.amendment is None:
        return {}
    return {
        "until": life.amendment.until.isoformat(),
        "agreed": [party.value for party in life.amendment.agreed],
    }


def fact_of(
    seat: Seat, life: Life, event: str, *, by: Attribution, at: datetime, said: dict[str, Any] | None = None
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
    if life.escalation:
        data["escalation"] = life.escalation
    if life.leaving is not None:
        data |= {"leaving": life.leaving.value, "fills": life.fills}
    if life.state in OWES_PAPERS:
        data |= {"owed": [paper.value for paper in life.settling.owed], "urged": life.settling.urged}
    if life.home_by is not None:
        data["home_by"] = life.home_by.isoformat()
    if life.rest is not None and life.rest.lacking is not None:
        data["lacking"] = life.rest.lacking.value
    if life.post is not None:
        data["post"] = life.post.unit_id
    return Fact(event, cases.secondment(seat.placement_id), at, by, seat.person_id, (said or {}) | data)


def duties_of(seat: Seat, life: Life, clock: Clock) -> tuple[Duty, ...]:
    """Return what somebody is asked to do where it stands; nothing when it only waits or has ended."""
    asked = [
        _accident_duty(seat, life, clock),
        _late_report_duty(life, clock),
        _cover_duty(life, clock),
        _ready_duty(life, clock),
        _rest_duty(life),
        _new_post_duty(seat, life),
    ]
    named = tuple(duty for duty in asked if duty is not None)
    return (
        _state_duties(seat, life, clock)
        + named
        + _extension_duties(seat, life, clock)
        + _lapse_duties(seat, life)
        + _post_duties(life, clock)
        + _paper_duties(seat, life)
    )


def handlers(state: State, escalation: int) -> tuple[Capacity, ...]:
    """Return who has somebody late in hand by now, in the order in which they were asked."""
    if state in _HOME_MUST_SAY:
        return (Capacity.UNIT_HEAD, *ABOVE[TaskKind.CONFIRM_RETURN])[: escalation + 1]
    return RETURN_LADDER[: escalation + 1]


def _state_duties(seat: Seat, life: Life, clock: Clock) -> tuple[Duty, ...]:
    """What the state asks for, of whoever is asked first and, once it is late, of the offices above too.

    Whoever was asked first may decide it still, and is not to look for it elsewhere than in their inbox.
    """
    first = _duty_of(seat, life, clock)
    if first is None:
        return ()
    climbed = ABOVE.get(first.kind, ())[: life.escalation]
    above = (Duty(first.kind, first.due_at, capacity=office) for office in climbed)
    return first, *(duty for duty in above if duty.capacity != first.capacity)


def _duty_of(seat: Seat, life: Life, clock: Clock) -> Duty | None:
    """What the state asks of whoever is asked first; its time is that of the level that it has reached."""
    match life.state:
        case State.OFFERED:
            return Duty(TaskKind.ANSWER_OFFER, answer_by(life, clock), assignee_id=seat.person_id)
        case State.CONDITION_PENDING:
            return Duty(TaskKind.ANSWER_CONDITION, condition_by(life, clock), capacity=Capacity.COORDINATOR)
        case State.RELEASE_PENDING:
            return _of_the_head(TaskKind.DECIDE_RELEASE, seat, life, release_by(life, clock))
        case State.MOBILISING:
            return Duty(
                TaskKind.CHECK_IN,
                arrive_by(replace(life, escalation=0), clock),
                capacity=Capacity.COMMAND_POST,
            )
        case State.OUT_OF_CONTACT:
            due = life.since + clock.return_escalation
            return Duty(TaskKind.FIND_PERSON, due, capacity=RETURN_LADDER[0])
        case State.DEMOBILISING:
            return Duty(TaskKind.SIGN_DEMOB, life.home_by, capacity=RETURN_LADDER[0])
        case state if state in _HOME_MUST_SAY:
            return _of_the_head(TaskKind.CONFIRM_RETURN, seat, life, life.home_by)
        case _:
            return None


def _accident_duty(seat: Seat, life: Life, clock: Clock) -> Duty | None:
    """The accident-cover report (JKK) is owed by the home unit until it is filed, whether the person is back or not."""
    if not life.owes_report:
        return None
    kind, due = TaskKind.FILE_ACCIDENT_REPORT, accident_report_by(life, clock)
    if life.post:
        # Nobody files in the own case, nor does who acts for the person; the Sekda files no reports.
        return Duty(kind, due, capacity=Capacity.COMMAND_POST)
    return _of_the_head(kind, seat, life, due)


def _late_report_duty(life: Life, clock: Clock) -> Duty | None:
    """Once the report of a death, or of somebody who is back, is late: the Sekda sees that it is filed, or waives it.

    Whoever was asked stays asked.
    """
    if life.held or not (life.owes_report and life.escalation):
        return None
    due = accident_urged_at(life, clock)
    return Duty(TaskKind.CHASE_ACCIDENT_REPORT, due, capacity=Capacity.SEKDA)


def _cover_duty(life: Life, clock: Clock) -> Duty | None:
    """A duty that no emergency status covers: the coordinator has it extended, or sends the person home.

    Whoever is called home has no duty left to cover.
    """
    if life.uncovered_from is None or not life.held or life.home_by is not None:
        return None
    lapses = life.uncovered_from + clock.uncovered_grace
    return Duty(TaskKind.COVER_DUTY, lapses, capacity=Capacity.COORDINATOR)


def _extension_duties(seat: Seat, life: Life, clock: Clock) -> tuple[Duty, ...]:
    """Whoever has not yet agreed to a longer duty, or to another post, is asked; all before it ends."""
    if life.amendment is None or life.amendment.complete:
        return ()
    kind, due = TaskKind.ANSWER_EXTENSION, life.due_back
    if life.moving_to:
        kind, due = TaskKind.ANSWER_REASSIGNMENT, min(heard_by(life, clock), life.due_back)
    asked = {
        Party.PERSON: Duty(kind, due, assignee_id=seat.person_id),
        Party.HOME: _of_the_head(kind, seat, life, due),
        Party.HOST: Duty(kind, due, capacity=Capacity.COMMAND_POST),
    }
    return tuple(duty for party, duty in asked.items() if party not in life.amendment.agreed)


def _lapse_duties(seat: Seat, life: Life) -> tuple[Duty, ...]:
    """Whoever counted on a longer duty is told in the inbox that it lapsed, until the person is on the way home.

    The command post learns it by being asked to sign the person off.
    """
    if not (life.lapsed and life.state == State.DEMOBILISING and life.leaving == Leaving.DUE):
        return ()
    kind = TaskKind.EXPECT_RETURN
    return Duty(kind, life.home_by, assignee_id=seat.person_id), _of_the_head(kind, seat, life, life.home_by)


def _ready_duty(life: Life, clock: Clock) -> Duty | None:
    """Whoever is checked in without all that they need is asked for it: the arrival stands, and is not complete."""
    if life.state not in ON_SITE or not life.unready:
        return None
    due = life.report_at + clock.check_in
    return Duty(TaskKind.COMPLETE_CHECK_IN, due, capacity=Capacity.COMMAND_POST)


def _rest_duty(life: Life) -> Duty | None:
    """The command post sees that somebody rests who by the log has had too little."""
    if life.rest is None or life.rest.lacking is None or life.state not in AWAKE:
        return None
    return Duty(TaskKind.GRANT_REST, capacity=Capacity.COMMAND_POST)


def _new_post_duty(seat: Seat, life: Life) -> Duty | None:
    """The home head knows where somebody is by now who goes on on another post, until they are on the way home."""
    if life.stay_from is None or life.state not in DEPLOYED:
        return None
    return _of_the_head(TaskKind.KNOW_NEW_POST, seat, life, None)


def _post_duties(life: Life, clock: Clock) -> tuple[Duty, ...]:
    """The Sekda names who acts for a head that leaves; once that is late, the coordinator sees that it is done."""
    if life.post is None or life.post.asked_at is None:
        return ()
    due = life.post.asked_at + clock.acting_head
    named = Duty(TaskKind.NAME_ACTING_HEAD, due, capacity=Capacity.SEKDA)
    chased = Duty(TaskKind.CHASE_ACTING_HEAD, due, capacity=Capacity.COORDINATOR)
    return (named, chased) if life.post.urged else (named,)


def _paper_duties(seat: Seat, life: Life) -> tuple[Duty, ...]:
    """What is owed after the return, or a conversion: by the person, by the host, then by whoever pays; and who sees to what is late."""
    if life.state not in OWES_PAPERS:
        return ()
    paper = life.settling
    asked = {
        Paper.REPORT: Duty(TaskKind.FILE_REPORT, paper.report_by, assignee_id=seat.person_id),
        Paper.EVALUATION: Duty(TaskKind.EVALUATE_PERSON, paper.report_by, capacity=Capacity.COMMAND_POST),
        Paper.CLAIM: Duty(TaskKind.SETTLE_CLAIM, paper.claim_by, capacity=Capacity.FINANCE_OFFICER),
    }
    if Paper.REPORT in paper.owed:
        del asked[Paper.CLAIM]
    late = (
        Duty(TaskKind.CHASE_SETTLEMENT, paper.urge_at, capacity=Capacity.COORDINATOR),
        Duty(TaskKind.DECIDE_SETTLEMENT, paper.urge_at, capacity=Capacity.SEKDA),
    )
    named = tuple(duty for owed, duty in asked.items() if owed in paper.owed)
    return named + late[: max(0, paper.urged - 1)]


def _of_the_head(kind: TaskKind, seat: Seat, life: Life, due: datetime | None) -> Duty:
    """Ask the home head; of somebody who heads a unit, that is the Sekda."""
    if life.post:
        return Duty(kind, due, capacity=Capacity.SEKDA)
    return Duty(kind, due, capacity=Capacity.UNIT_HEAD, unit_id=seat.unit_id)
