"""Whether something moves a secondment, and what it is like afterwards.

Every function is total and timeless: it takes the instant it is asked about and returns a value; a
refusal is a value too, because people are late, not wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.reported import CLOCKS_APART
from domain.secondment.alarms import absent_from, answer_by
from domain.secondment.amending import AMENDING, amended, amendment_fault
from domain.secondment.ending import noted, sent_home
from domain.secondment.life import Clock, Condition, Life
from domain.secondment.post import OF_THE_POST, post_after, post_fault, with_post_asked
from domain.secondment.proving import proof_fault, proved, unprovable
from domain.secondment.readiness import point_fault
from domain.secondment.resting import with_rest
from domain.secondment.retracting import alive, retraction_fault, told_dead
from domain.secondment.said import NOTHING, Ask
from domain.secondment.settling import OF_THE_PAPER, left_owing, paper_after, paper_fault
from domain.secondment.states import ON_SITE, SETTLING, Item, Leaving, Point, Ready, State, Trigger
from domain.secondment.table import CALLS_HOME, LEAVING, target_of


@dataclass(frozen=True)
class Moved:
    """The trigger stands; this is the life after it."""

    life: Life


@dataclass(frozen=True)
class Refused:
    """The trigger does not stand; the code says why."""

    code: str


OTHER_SITE = "OTHER_SITE"
"""The condition that is granted by another post; there must be one."""
_ANSWERS = frozenset({Trigger.ACCEPT, Trigger.ACCEPT_ON_CONDITION, Trigger.DECLINE})
_SIGNS_OF_LIFE = frozenset(
    {Trigger.START_REST, Trigger.END_REST, Trigger.REGAIN_CONTACT, Trigger.RESUME_DUTY}
)
ABOUT_A_REPORT = frozenset(
    {Trigger.FILE_ACCIDENT_REPORT, Trigger.WAIVE_ACCIDENT_REPORT, Trigger.ESCALATE_ACCIDENT_REPORT}
)
"""What is about the accident-cover report; there is none of it where none is owed."""


def decide(
    life: Life,
    trigger: Trigger,
    clock: Clock,
    ask: Ask = NOTHING,
    *,
    decided_at: datetime,
    now: datetime,
) -> Moved | Refused:
    """Say whether the trigger moves this life, and to where.

    `decided_at` is when the person decided and judges lateness; `now` stamps the new state.
    """
    proves = trigger == Trigger.PROVE_ARRIVAL
    if trigger == Trigger.RETRACT_DEATH:
        fault = retraction_fault(life, ask)
        return Refused(fault) if fault else Moved(with_post_asked(alive(life, clock, now), now))
    if life.ended and not proves:
        return Refused("already_ended")
    target = target_of(life.state, trigger, directed=life.directed)
    if target is None and proves:
        return Refused(unprovable(life))
    if target is None or (life.over_unseen and trigger in CALLS_HOME):
        if life.state == State.RETURNED and trigger == Trigger.SETTLE_CLAIM:
            return Refused("report_owed")
        may_not_decline = life.directed and trigger == Trigger.DECLINE
        return Refused("directed_order" if may_not_decline else "not_now")
    if proves:
        fault = proof_fault(life, clock, ask, decided_at, now)
        return Refused(fault) if fault else Moved(proved(life, clock, ask, decided_at, now))
    fault = _fault(life, trigger, clock, ask, decided_at)
    if fault := fault or post_fault(life, trigger) or paper_fault(life, trigger, ask):
        return Refused(fault)
    after = _after(life, trigger, clock, ask, target, now)
    after = _report_due(life, after, trigger, clock, now)
    return Moved(with_post_asked(with_rest(after, trigger, clock, now), now))


def _report_due(before: Life, after: Life, trigger: Trigger, clock: Clock, now: datetime) -> Life:
    """Until when the accident-cover report is owed is said with the accident, and stays so whatever becomes of the person."""
    if not after.owes_report:
        return replace(after, accident_by=None)
    if before.owes_report and trigger != Trigger.REPORT_DEATH:
        return after
    return replace(after, accident_by=now + clock.accident_report)


def _after(  # noqa: PLR0917 - all that a move depends on
    life: Life, trigger: Trigger, clock: Clock, ask: Ask, target: State, now: datetime
) -> Life:
    if trigger == Trigger.ORDER_ISSUED and life.amendment:
        return _extended(life, target, now)
    if trigger == Trigger.LACK_REST:
        return replace(life, revision=life.revision + 1)
    if trigger in CALLS_HOME and target == State.OUT_OF_CONTACT:
        return noted(life, trigger, clock, now)
    if trigger in OF_THE_POST:
        return post_after(life, trigger, ask.mandate_id, ask.until)
    if trigger in OF_THE_PAPER:
        return paper_after(life, trigger, clock, ask, now)
    if target == life.state:
        return _staying(replace(life, revision=life.revision + 1), trigger, ask, now)
    entered = _entered(_moved(life, trigger, target, now), trigger, clock, ask)
    return told_dead(life, entered, ask) if trigger == Trigger.REPORT_DEATH else entered


def _fault(life: Life, trigger: Trigger, clock: Clock, ask: Ask, decided_at: datetime) -> str | None:
    """Say what else forbids a trigger that the table allows."""
    if trigger in _ANSWERS and life.state == State.OFFERED and decided_at > answer_by(life, clock):
        return "too_late"
    match trigger:
        case Trigger.ACCEPT_ON_CONDITION if (
            ask.report_at and not life.report_at < ask.report_at < life.due_back
        ):
            return "not_within_the_duty"
        case Trigger.GRANT_CONDITION if life.condition and life.condition.code == OTHER_SITE:
            return None if ask.opening else "no_other_site"
        case Trigger.CHECK_IN | Trigger.REPORT_ARRIVAL:
            return _arrival_fault(ask, decided_at)
        case Trigger.SIGN_CHECKLIST | Trigger.WAIVE_CHECKLIST:
            return point_fault(life.state, ask.items)
        case Trigger.REPORT_NO_SHOW if decided_at < absent_from(life, clock.travel):
            return "too_early"
        case _ if trigger in AMENDING:
            return amendment_fault(life, trigger, clock, ask, decided_at)
        case _ if trigger in ABOUT_A_REPORT and not life.owes_report:
            return "no_accident_report_owed"
        case Trigger.SIGN_DEMOB:
            return _sign_off_fault(life, ask)
        case _:
            return None


def _arrival_fault(ask: Ask, decided_at: datetime) -> str | None:
    if ask.reported_at and ask.reported_at > decided_at + CLOCKS_APART:
        return "reported_in_the_future"
    return "duty_goes_on" if ask.left_at else None


def _sign_off_fault(life: Life, ask: Ask) -> str | None:
    if set(life.owed) - set(ask.items):
        return "checklist_open"
    return "accident_report_owed" if life.owes_report else None


def _moved(life: Life, trigger: Trigger, target: State, now: datetime) -> Life:
    """The life in its next state."""
    if trigger == Trigger.RESUME_DUTY and life.seen_at is None:
        target = State.MOBILISING  # hurt on the way: whoever never came goes on, and is checked in once there
    if life.over_unseen and target in {State.ON_DUTY, State.INJURED}:
        target = State.DEMOBILISING
    if target == State.ON_DUTY and life.notices:
        target = State.ENDING_SOON
    return replace(
        life,
        state=target,
        revision=life.revision + 1,
        # The paper that was owed changes nothing of when the hold was let go.
        since=life.since if life.state in SETTLING else now,
        leaving=_leaving(life, trigger, target),
        # Whoever is on the way home and still late keeps the level that was reached.
        escalation=life.escalation if trigger == Trigger.SIGN_DEMOB else 0,
        notices=0 if life.state == State.OFFERED else life.notices + (trigger == Trigger.WARN_ENDING),
        amendment=life.amendment if target in ON_SITE else None,
        accident=_accident(life, trigger, target),
    )


def _accident(life: Life, trigger: Trigger, target: State) -> bool | None:
    """Whether the accident-cover report that is owed in the next state is filed; whoever dies is owed one anew."""
    if trigger == Trigger.FILE_ACCIDENT_REPORT:
        return True
    if trigger == Trigger.WAIVE_ACCIDENT_REPORT:
        return None
    hurt = trigger == Trigger.REPORT_INJURY or target == State.ACCIDENT_REPORT_OWED
    return False if hurt else life.accident


def _staying(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """The life after a trigger that leaves the state as it is."""
    match trigger:
        case Trigger.REMIND_OFFER | Trigger.WARN_ENDING:
            return replace(life, notices=life.notices + 1)
        case Trigger.LOSE_COVER:
            return replace(life, uncovered_from=ask.until or now)
        case Trigger.REGAIN_COVER:
            return replace(life, uncovered_from=None)
        case _ if trigger in AMENDING:
            lapsed = trigger == Trigger.LAPSE_EXTENSION
            return replace(life, amendment=amended(life, trigger, ask, now), lapsed=lapsed)
        case Trigger.HAND_OVER:
            return replace(life, handed_over=True)
        case Trigger.REPORT_INJURY:
            return replace(life, accident=False)
        case Trigger.FILE_ACCIDENT_REPORT | Trigger.WAIVE_ACCIDENT_REPORT:
            return replace(life, accident=_accident(life, trigger, life.state))
        case Trigger.SIGN_CHECKLIST | Trigger.WAIVE_CHECKLIST:
            return replace(life, checklist=_settled(life, ask))
        case _:
            return replace(life, escalation=life.escalation + 1)


def _extended(life: Life, target: State, now: datetime) -> Life:
    """The duty lasts until the amended date; the notices before its end will be given again."""
    assert life.amendment is not None
    return replace(
        life,
        state=target,
        revision=life.revision + 1,
        since=life.since if target == life.state else now,
        due_back=life.amendment.until,
        amendment=None,
        extensions=life.extensions + 1,
        notices=0,
    )


def _entered(life: Life, trigger: Trigger, clock: Clock, ask: Ask) -> Life:
    """The life with what entering its state brings along."""
    match life.state:
        case State.CONDITION_PENDING:
            return replace(life, condition=Condition(ask.code or "OTHER", ask.report_at))
        case State.RELEASE_PENDING if trigger == Trigger.GRANT_CONDITION and ask.opening:
            report_at = max(life.report_at, ask.opening.report_at)
            return replace(life, report_at=report_at, due_back=ask.opening.due_back)
        case State.RELEASE_PENDING if trigger == Trigger.GRANT_CONDITION and life.condition:
            return replace(life, report_at=life.condition.report_at or life.report_at)
        case State.CHECKED_IN:
            arrived = ask.reported_at or life.since
            return replace(
                life,
                arrived_at=arrived,
                seen_at=life.since,
                leaving=None,
                home_by=None,
                checklist=_settled(life, ask, tuple(Ready)),
            )
        case State.DEMOBILISING:
            return sent_home(life, clock)
        case State.TRAVELLING_HOME:
            return replace(life, checklist=_settled(life, ask, tuple(Item)))
        case State.RETURNED | State.CONVERTED:
            return left_owing(life, clock, ask)
        case State.UNFIT | State.NO_SHOW:
            return replace(life, home_by=life.since + clock.homeward)
        case _ if trigger in _SIGNS_OF_LIFE and life.state != State.MOBILISING:
            # Of whoever goes on, what was learnt late of the duty before is not all of it.
            return replace(life, seen_at=life.since, served_until=None)
        case _:
            return life


def _settled(life: Life, ask: Ask, of: tuple[Point, ...] = (*Ready, *Item)) -> tuple[Point, ...]:
    """The checklist with the points that are said, of those that are asked for here."""
    return tuple(one for one in (*Ready, *Item) if one in life.checklist or (one in ask.items and one in of))


def _leaving(life: Life, trigger: Trigger, target: State) -> Leaving | None:
    if life.state == State.INJURED and target == State.DEMOBILISING:
        return Leaving.INJURED
    return LEAVING.get(trigger, life.leaving)
