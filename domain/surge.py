"""The life of one surge: asked for, approved, planned, staffed, stood down, closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
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


ENDS = frozenset({State.REJECTED, State.CLOSED})
STAFFING = frozenset({State.SOURCING, State.PARTLY_FILLED, State.FILLED, State.ACTIVE})
"""States in which an empty seat is offered to the next best person."""

TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (State.SUBMITTED, Trigger.APPROVE): State.APPROVED,
    (State.SUBMITTED, Trigger.REJECT): State.REJECTED,
    (State.APPROVED, Trigger.PLAN): State.APPROVED,
    (State.APPROVED, Trigger.OVERRIDE_REDLINE): State.APPROVED,
    (State.APPROVED, Trigger.CONFIRM): State.SOURCING,
    (State.APPROVED, Trigger.STAND_DOWN): State.STOOD_DOWN,
    (State.STOOD_DOWN, Trigger.SIGN_ORDER): State.STOOD_DOWN,
    (State.STOOD_DOWN, Trigger.CLOSE): State.CLOSED,
} | {
    (state, trigger): target
    for state in STAFFING
    for trigger, target in (
        (Trigger.OVERRIDE_REDLINE, state),
        (Trigger.SIGN_ORDER, state),
        (Trigger.STAND_DOWN, State.STOOD_DOWN),
    )
}


@dataclass(frozen=True)
class Life:
    """A surge at one moment; `plan_id` is the plan that was last made, to be confirmed by name."""

    state: State
    revision: int
    since: datetime
    plan_id: str | None = None
    escalation: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDS


@dataclass(frozen=True)
class Tally:
    """A surge counted from its placements, in people."""

    asked: int
    offered: int
    filled: int
    awaiting_order: int
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


def decide(life: Life, trigger: Trigger, *, now: datetime, plan_id: str | None = None) -> Moved | Refused:
    """Say whether the trigger moves this surge. A confirmation must name the plan it has seen."""
    target = TRANSITIONS.get((life.state, trigger))
    if target is None:
        return Refused("already_ended" if life.ended else "not_now")
    if trigger == Trigger.CONFIRM and life.plan_id is None:
        return Refused("no_plan_yet")
    if trigger == Trigger.CONFIRM and plan_id != life.plan_id:
        return Refused("another_plan_stands")
    return Moved(_advance(life, target, now))


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
    return life if state == life.state else _advance(life, state, now)


def planned(life: Life, plan_id: str) -> Life:
    """Return the life with its newest plan."""
    return replace(life, plan_id=plan_id)


def _advance(life: Life, target: State, now: datetime) -> Life:
    since = life.since if target == life.state else now
    return replace(life, state=target, revision=life.revision + 1, since=since, escalation=0)
