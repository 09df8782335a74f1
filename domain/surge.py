"""The life of one surge: asked for, approved, planned, staffed, stood down, closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a surge stands."""

    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SOURCING = "SOURCING"
    PARTLY_FILLED = "PARTLY_FILLED"
    FILLED = "FILLED"
    ACTIVE = "ACTIVE"
    STOOD_DOWN = "STOOD_DOWN"
    CLOSED = "CLOSED"


class Trigger(StrEnum):
    """What can move a surge."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    PLAN = "PLAN"
    OVERRIDE_REDLINE = "OVERRIDE_REDLINE"
    CONFIRM = "CONFIRM"
    SIGN_ORDER = "SIGN_ORDER"
    STAND_DOWN = "STAND_DOWN"
    CLOSE = "CLOSE"
    CHANGE_LINE = "CHANGE_LINE"


ENDS = frozenset({State.REJECTED, State.CLOSED})
STAFFING = frozenset({State.SOURCING, State.PARTLY_FILLED, State.FILLED, State.ACTIVE})
"""States in which an empty seat is offered to the next best person."""

TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (State.SUBMITTED, Trigger.APPROVE): State.APPROVED,
    (State.SUBMITTED, Trigger.REJECT): State.REJECTED,
    (State.APPROVED, Trigger.PLAN): State.APPROVED,
    (State.APPROVED, Trigger.OVERRIDE_REDLINE): State.APPROVED,
    (State.APPROVED, Trigger.CONFIRM): State.SOURCING,
    (State.APPROVED, Trigger.CHANGE_LINE): State.APPROVED,
    (State.APPROVED, Trigger.STAND_DOWN): State.STOOD_DOWN,
    (State.STOOD_DOWN, Trigger.CLOSE): State.CLOSED,
} | {
    (state, trigger): target
    for state in STAFFING
    for trigger, target in (
        (Trigger.OVERRIDE_REDLINE, state),
        (Trigger.SIGN_ORDER, state),
        (Trigger.CHANGE_LINE, state),
        (Trigger.STAND_DOWN, State.STOOD_DOWN),
    )
}


@dataclass(frozen=True)
class Life:
    """A surge at one moment; `plan_id` is the plan that was last made, to be confirmed by name.

    `offering` is how many picks of that plan have been offered, None when none are left to offer;
    `signing_since` stands while people wait for their order.
    """

    state: State
    revision: int
    since: datetime
    plan_id: str | None = None
    escalation: int = 0
    signing_since: datetime | None = None
    offering: int | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDS


@dataclass(frozen=True)
class Brief:
    """What a request stands on: its operation's status, and the span of its lines."""

    people: int
    status_in_force: bool
    status_until: datetime | None
    first_report: datetime
    last_due_back: datetime
    longest_duty: timedelta


@dataclass(frozen=True)
class Tally:
    """A surge counted from its placements, in people; `empty` seats are filled by nobody and offered to nobody."""

    asked: int
    offered: int
    filled: int
    empty: int
    awaiting_order: int
    unserved: int
    on_site: int
    open: int


@dataclass(frozen=True)
class Moved:
    """The trigger stands; this is the life after it."""

    life: Life


@dataclass(frozen=True)
class Refused:
    """The trigger does not stand; the code says why."""

    code: str


def admissible(brief: Brief, longest_duty: timedelta, *, now: datetime) -> Refused | None:
    """Say why a request cannot stand, or None. Its people must be covered by a status on every day (S01)."""
    if not brief.status_in_force or brief.status_until is None:
        return Refused("no_status_in_force")
    if brief.last_due_back > brief.status_until:
        return Refused("reaches_past_the_status")
    if brief.first_report < now:
        return Refused("reports_in_the_past")
    if brief.longest_duty > longest_duty:
        return Refused("longer_than_one_duty")
    return None


def decide(life: Life, trigger: Trigger, *, now: datetime, plan_id: str | None = None) -> Moved | Refused:
    """Say whether the trigger moves this surge. A confirmation must name the plan it has seen."""
    target = TRANSITIONS.get((life.state, trigger))
    if target is None:
        return Refused("already_ended" if life.ended else "not_now")
    if trigger == Trigger.CONFIRM and life.plan_id is None:
        return Refused("no_plan_yet")
    if trigger == Trigger.CONFIRM and plan_id != life.plan_id:
        return Refused("another_plan_stands")
    after = _advance(life, target, now)
    if trigger == Trigger.CONFIRM:
        return Moved(replace(after, offering=0))
    if trigger == Trigger.STAND_DOWN:
        # Nobody is asked any more, also where a plan was being offered just now.
        return Moved(replace(after, offering=None, signing_since=None))
    if trigger == Trigger.CHANGE_LINE and target == State.APPROVED:
        # The plan that was seen answers another request.
        return Moved(replace(after, plan_id=None))
    return Moved(after)


def close_gate(tally: Tally) -> Refused | None:
    """Say why the surge cannot close: somebody is not yet home."""
    return Refused("secondments_open") if tally.open else None


def standing(life: Life, tally: Tally) -> State:
    """Say where the surge stands by its people; only staffing states follow the count."""
    if life.state not in STAFFING:
        return life.state
    if tally.on_site or life.state == State.ACTIVE:
        return State.ACTIVE
    if tally.filled >= tally.asked:
        return State.FILLED
    return State.PARTLY_FILLED if tally.filled else State.SOURCING


def follow(life: Life, tally: Tally, now: datetime) -> Life:
    """Return the life that the count asks for; the same one when nothing changed."""
    state = standing(life, tally)
    signing_since = (life.signing_since or now) if tally.awaiting_order else None
    if (state, signing_since) == (life.state, life.signing_since):
        return life
    return replace(_advance(life, state, now), signing_since=signing_since)


def planned(life: Life, plan_id: str) -> Life:
    """Return the life with its newest plan."""
    return replace(life, plan_id=plan_id, revision=life.revision + 1)


def _advance(life: Life, target: State, now: datetime) -> Life:
    since = life.since if target == life.state else now
    return replace(life, state=target, revision=life.revision + 1, since=since, escalation=0)
