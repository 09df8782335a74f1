"""How what a surge asks of officers is urged: they are reminded, then the office above is asked, level by level.

Nothing here decides anything: silence is never an answer. The one thing that ends by itself is an oral
order that nobody confirmed in writing, for it was never more than a promise of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.authority import Capacity
from domain.moves import TaskKind
from domain.surge import STAFFING, Life, State, settled
from domain.unmet import Unmet


@dataclass(frozen=True)
class Ladder:
    """How one task is urged: each office has `term` for it, and is reminded after `reminder`; then the next one."""

    term: timedelta
    reminder: timedelta
    offices: tuple[Capacity, ...]


@dataclass(frozen=True)
class Urging:
    """The ladders of a surge's tasks. The last office of each stays responsible, reminded every `repeat`.

    `ratification` are the reminders of an oral order's paper, counted from the order; `prolonging` is how long before a
    duty ends the signatory is warned that its extension is agreed and not ordered;
    `letter` how long before a letter ends the coordinator is, `relief` how long before a place falls empty. `unmet` is the
    ladder of seats that nobody is found for, `idle` that of a surge which asks for nobody any more. `replanning` is how long
    empty seats wait for a plan to be confirmed that was asked for while the surge is being staffed.
    """

    approval: Ladder
    resubmission: Ladder
    confirmation: Ladder
    order: Ladder
    repeat: timedelta
    ratification: tuple[timedelta, ...]
    prolonging: timedelta
    letter: timedelta
    relief: timedelta = timedelta(hours=24)
    unmet: Ladder = Ladder(timedelta(hours=4), timedelta(hours=2), (Capacity.COORDINATOR, Capacity.SEKDA))
    idle: Ladder = Ladder(timedelta(hours=24), timedelta(hours=12), (Capacity.COORDINATOR, Capacity.SEKDA))
    replanning: timedelta = timedelta(hours=1)


class Ring(StrEnum):
    """What the clock does."""

    REMIND = "REMIND"
    ESCALATE = "ESCALATE"
    WARN_PROLONGING = "WARN_PROLONGING"
    REMIND_RATIFICATION = "REMIND_RATIFICATION"
    LAPSE_ORAL_ORDER = "LAPSE_ORAL_ORDER"
    WARN_LETTER = "WARN_LETTER"
    END_LETTER = "END_LETTER"
    WARN_RELIEF = "WARN_RELIEF"
    REMIND_UNMET = "REMIND_UNMET"
    ESCALATE_UNMET = "ESCALATE_UNMET"
    LAPSE_PLAN = "LAPSE_PLAN"


EVENT_OF: dict[Ring, str] = {
    Ring.REMIND: "SurgeReminded",
    Ring.ESCALATE: "SurgeEscalated",
    Ring.WARN_PROLONGING: "SurgeReminded",
    Ring.REMIND_RATIFICATION: "SurgeReminded",
    Ring.LAPSE_ORAL_ORDER: "StoodDown",
    Ring.WARN_LETTER: "SurgeReminded",
    Ring.END_LETTER: "StoodDown",
    Ring.WARN_RELIEF: "SurgeReminded",
    Ring.REMIND_UNMET: "SurgeReminded",
    Ring.ESCALATE_UNMET: "SurgeEscalated",
    Ring.LAPSE_PLAN: "PlanLapsed",
}


@dataclass(frozen=True)
class Alarm:
    """The next thing that happens if nobody does anything."""

    at: datetime
    ring: Ring


@dataclass(frozen=True)
class InHand:
    """The task that a surge waits for, how it is urged, and since when."""

    kind: TaskKind
    ladder: Ladder
    since: datetime

    def level(self, life: Life) -> int:
        """Return how far up the ladder it is."""
        return min(life.escalation, len(self.ladder.offices) - 1)

    def due(self, life: Life) -> datetime:
        """Return until when the office that is asked now has time; an order that prolongs a duty, until that ends."""
        due = self.since + self.ladder.term * (self.level(life) + 1)
        return min(due, life.sign_by) if self.kind == TaskKind.SIGN_ORDER and life.sign_by else due


def in_hand(life: Life, urging: Urging) -> InHand | None:
    """Return the task that the surge waits for; None when it waits for nobody in particular."""
    match life.state:
        case State.SUBMITTED:
            return InHand(TaskKind.APPROVE_SURGE, urging.approval, life.since)
        case State.RETURNED:
            return InHand(TaskKind.RESUBMIT_SURGE, urging.resubmission, life.since)
        case State.APPROVED:
            return InHand(TaskKind.CONFIRM_PLAN, urging.confirmation, life.since)
        case _ if life.state in STAFFING | {State.STOOD_DOWN} and life.signing_since:
            return InHand(TaskKind.SIGN_ORDER, urging.order, _signing(life, life.signing_since, urging))
        case _:
            return None


@dataclass(frozen=True)
class Need:
    """What officers are asked for while a need is unmet: of each office of the ladder so far, until when."""

    kind: TaskKind
    ladder: Ladder
    unmet: Unmet

    @property
    def offices(self) -> tuple[Capacity, ...]:
        """Return who is asked: whoever was asked first stays asked."""
        return self.ladder.offices[: self.unmet.escalation + 1]

    @property
    def due(self) -> datetime:
        """Return until when the office has time that was asked last."""
        return self.unmet.since + self.ladder.term * len(self.offices)


def need_of(life: Life, urging: Urging) -> Need | None:
    """Return what is asked because nobody is found for a seat, or because nobody is asked for any more."""
    if life.unmet is None or life.state not in STAFFING:
        return None
    if life.unmet.idle:
        return Need(TaskKind.ADD_OR_STAND_DOWN, urging.idle, life.unmet)
    return Need(TaskKind.FILL_OR_REDUCE, urging.unmet, life.unmet)


def _signing(life: Life, since: datetime, urging: Urging) -> datetime:
    """Who went by word has gone: their paper has time until the oral order's is due."""
    return max(since, life.oral.paper_by - urging.order.term) if life.oral else since


def climbing(ladder: Ladder, repeat: timedelta, *, since: datetime, escalation: int, notices: int) -> Alarm:
    """Say what a task's clock does next, `escalation` levels up its ladder: remind, ask the next office, remind the last."""
    begins = since + ladder.term * escalation
    if notices == 0:
        return Alarm(begins + ladder.reminder, Ring.REMIND)
    if escalation + 1 < len(ladder.offices):
        return Alarm(begins + ladder.term, Ring.ESCALATE)
    return Alarm(begins + ladder.term + repeat * (notices - 1), Ring.REMIND)


def told_by(alarm: Alarm, notices: int, repeat: timedelta, *, now: datetime) -> int:
    """Return how many reminders count as told after this one: what a long outage has missed is not told many times over."""
    missed = (now - alarm.at) // repeat if notices else 0
    return notices + 1 + missed


def next_alarm(life: Life, urging: Urging) -> Alarm | None:
    """Say what the surge does next by itself, and when; None when it waits for people alone.

    An alarm may lie in the past: then it is due now.
    """
    found = (
        _of_task(life, urging),
        _of_prolonging(life, urging),
        _of_oral_order(life, urging),
        _of_letter(life, urging),
        _of_relief(life, urging),
        _of_need(life, urging),
        _of_plan(life),
    )
    ahead = [alarm for alarm in found if alarm]
    return min(ahead, key=lambda alarm: alarm.at, default=None)


def rung(life: Life, alarm: Alarm, urging: Urging, *, now: datetime) -> Life:
    """Return the life after an alarm."""
    after = replace(life, revision=life.revision + 1)
    match alarm.ring:
        case Ring.REMIND:
            return replace(after, notices=told_by(alarm, life.notices, urging.repeat, now=now))
        case Ring.ESCALATE:
            return replace(after, notices=0, escalation=life.escalation + 1)
        case Ring.WARN_PROLONGING:
            return replace(after, sign_warned=life.sign_by)
        case Ring.REMIND_RATIFICATION:
            assert life.oral is not None
            return replace(after, oral=replace(life.oral, notices=life.oral.notices + 1))
        case Ring.WARN_LETTER:
            return replace(after, letter_warned=True)
        case Ring.LAPSE_ORAL_ORDER | Ring.END_LETTER:
            over = replace(after, state=State.STOOD_DOWN, since=now, offering=None, proposed_until=None)
            return settled(life, replace(over, relief_by=None, unmet=None))
        case Ring.WARN_RELIEF:
            return replace(after, relief_warned=life.relief_by)
        case Ring.LAPSE_PLAN:
            return replace(after, proposed_until=None)
        case Ring.REMIND_UNMET | Ring.ESCALATE_UNMET:
            assert life.unmet is not None
            return replace(after, unmet=_urged(life.unmet, alarm, urging.repeat, now))


def _urged(unmet: Unmet, alarm: Alarm, repeat: timedelta, now: datetime) -> Unmet:
    if alarm.ring == Ring.ESCALATE_UNMET:
        return replace(unmet, notices=0, escalation=unmet.escalation + 1)
    return replace(unmet, notices=told_by(alarm, unmet.notices, repeat, now=now))


def _of_task(life: Life, urging: Urging) -> Alarm | None:
    asked = in_hand(life, urging)
    if asked is None:
        return None
    return climbing(
        asked.ladder,
        urging.repeat,
        since=asked.since,
        escalation=asked.level(life),
        notices=life.notices,
    )


def _of_prolonging(life: Life, urging: Urging) -> Alarm | None:
    """An extension that is agreed and not ordered lapses when the duty ends: the signatory is warned of it once."""
    if life.state not in STAFFING or life.sign_by is None or life.sign_warned == life.sign_by:
        return None
    return Alarm(
        max(life.signing_since or life.since, life.sign_by - urging.prolonging), Ring.WARN_PROLONGING
    )


def _of_oral_order(life: Life, urging: Urging) -> Alarm | None:
    oral = life.oral
    if oral is None or oral.ratified or life.state not in STAFFING | {State.APPROVED}:
        return None
    if oral.notices < len(urging.ratification):
        return Alarm(oral.given_at + urging.ratification[oral.notices], Ring.REMIND_RATIFICATION)
    return Alarm(oral.paper_by, Ring.LAPSE_ORAL_ORDER)


def _of_letter(life: Life, urging: Urging) -> Alarm | None:
    """A demand for service ends with its letter: it goes on by a new one, before that end."""
    if life.letter_until is None or life.state not in STAFFING | {State.APPROVED}:
        return None
    if not life.letter_warned:
        return Alarm(max(life.since, life.letter_until - urging.letter), Ring.WARN_LETTER)
    return Alarm(life.letter_until, Ring.END_LETTER)


def _of_relief(life: Life, urging: Urging) -> Alarm | None:
    """A place falls empty, and nobody has said what becomes of it: the coordinator is reminded once of each instant."""
    if life.state not in STAFFING or life.relief_by is None or life.relief_warned == life.relief_by:
        return None
    return Alarm(life.relief_by - urging.relief, Ring.WARN_RELIEF)


def _of_need(life: Life, urging: Urging) -> Alarm | None:
    need = need_of(life, urging)
    if need is None:
        return None
    alarm = climbing(
        need.ladder,
        urging.repeat,
        since=need.unmet.since,
        escalation=len(need.offices) - 1,
        notices=need.unmet.notices,
    )
    return Alarm(alarm.at, Ring.ESCALATE_UNMET if alarm.ring == Ring.ESCALATE else Ring.REMIND_UNMET)


def _of_plan(life: Life) -> Alarm | None:
    """A plan that nobody confirms keeps no seat empty for ever: then the next best people are asked again."""
    waits = life.proposed_until if life.state in STAFFING else None
    return Alarm(waits, Ring.LAPSE_PLAN) if waits else None
