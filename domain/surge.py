"""The life of one surge: asked for, approved, planned, staffed, stood down, closed.

It is asked for on paper and waits for an approval; or somebody who may orders it by word of mouth, and
it goes ahead at once, owing the paper (`Oral`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.oral import Oral
from domain.unmet import Unmet


class State(StrEnum):
    """Where a surge stands."""

    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SOURCING = "SOURCING"
    PARTLY_FILLED = "PARTLY_FILLED"
    FILLED = "FILLED"
    ACTIVE = "ACTIVE"
    STOOD_DOWN = "STOOD_DOWN"
    CLOSED = "CLOSED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"


class Trigger(StrEnum):
    """What people can move a surge by; what its clock does stands in `domain/urging.py`."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    RETURN = "RETURN"
    RESUBMIT = "RESUBMIT"
    RATIFY = "RATIFY"
    PROLONG = "PROLONG"
    PLAN = "PLAN"
    OVERRIDE_REDLINE = "OVERRIDE_REDLINE"
    WAIVE_YEARLY_CAP = "WAIVE_YEARLY_CAP"
    CONFIRM = "CONFIRM"
    WITHDRAW_PLAN = "WITHDRAW_PLAN"
    SIGN_ORDER = "SIGN_ORDER"
    STAND_DOWN = "STAND_DOWN"
    CANCEL = "CANCEL"
    CLOSE = "CLOSE"
    CHANGE_LINE = "CHANGE_LINE"


ENDS = frozenset({State.REJECTED, State.CLOSED, State.CANCELLED})
STAFFING = frozenset({State.SOURCING, State.PARTLY_FILLED, State.FILLED, State.ACTIVE})
"""States in which an empty seat is offered to the next best person."""

MAKES_ROOM = frozenset({Trigger.OVERRIDE_REDLINE, Trigger.WAIVE_YEARLY_CAP, Trigger.WITHDRAW_PLAN})
"""After these an empty seat is worth another plan, though nobody has moved."""

OVER = frozenset({State.STOOD_DOWN, State.CANCELLING})
"""Nobody is asked any more, and whoever was is called home."""

TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (State.SUBMITTED, Trigger.APPROVE): State.APPROVED,
    (State.SUBMITTED, Trigger.REJECT): State.REJECTED,
    (State.SUBMITTED, Trigger.RETURN): State.RETURNED,
    (State.SUBMITTED, Trigger.CANCEL): State.CANCELLED,
    (State.RETURNED, Trigger.RESUBMIT): State.SUBMITTED,
    (State.RETURNED, Trigger.CANCEL): State.CANCELLED,
    (State.APPROVED, Trigger.PLAN): State.APPROVED,
    (State.APPROVED, Trigger.OVERRIDE_REDLINE): State.APPROVED,
    (State.APPROVED, Trigger.WAIVE_YEARLY_CAP): State.APPROVED,
    (State.APPROVED, Trigger.CONFIRM): State.SOURCING,
    (State.APPROVED, Trigger.CHANGE_LINE): State.APPROVED,
    (State.APPROVED, Trigger.RATIFY): State.APPROVED,
    (State.APPROVED, Trigger.PROLONG): State.APPROVED,
    (State.APPROVED, Trigger.STAND_DOWN): State.STOOD_DOWN,
    (State.APPROVED, Trigger.CANCEL): State.CANCELLED,
    (State.STOOD_DOWN, Trigger.SIGN_ORDER): State.STOOD_DOWN,
    (State.STOOD_DOWN, Trigger.RATIFY): State.STOOD_DOWN,
    (State.STOOD_DOWN, Trigger.CLOSE): State.CLOSED,
} | {
    (state, trigger): target
    for state in STAFFING
    for trigger, target in (
        (Trigger.OVERRIDE_REDLINE, state),
        (Trigger.WAIVE_YEARLY_CAP, state),
        (Trigger.PLAN, state),
        (Trigger.CONFIRM, state),
        (Trigger.WITHDRAW_PLAN, state),
        (Trigger.SIGN_ORDER, state),
        (Trigger.CHANGE_LINE, state),
        (Trigger.RATIFY, state),
        (Trigger.PROLONG, state),
        (Trigger.STAND_DOWN, State.STOOD_DOWN),
        (Trigger.CANCEL, State.CANCELLING),
    )
}


@dataclass(frozen=True)
class Life:
    """A surge at one moment; `plan_id` is the plan that was last made, to be confirmed by name.

    `offering` is how many picks of that plan have been offered, None when none are left to offer;
    `signing_since` stands while people wait for their order. `escalation` and `notices` say how far
    up, and how often on that level, the task in hand has been urged (`domain/urging.py`). `sign_by` is when the first
    of the duties ends that the waiting order would prolong, `sign_warned` the one of which the signatory was warned.
    `letter_until` ends a demand for service, and `letter_warned` says that the coordinator knows. `relief_by` is when the
    first place falls empty of which nobody has said what becomes of it, `relief_warned` the one that was reminded of.
    `unmet` stands while seats stay empty for which nobody is found, or nobody is asked for at all. `proposed_until` stands
    while a plan that was asked for once people were asked waits to be confirmed: until then an empty seat waits for it, and
    is not offered to the next best person.
    """

    state: State
    revision: int
    since: datetime
    plan_id: str | None = None
    escalation: int = 0
    signing_since: datetime | None = None
    offering: int | None = None
    notices: int = 0
    oral: Oral | None = None
    sign_by: datetime | None = None
    sign_warned: datetime | None = None
    letter_until: datetime | None = None
    letter_warned: bool = False
    relief_by: datetime | None = None
    relief_warned: datetime | None = None
    unmet: Unmet | None = None
    proposed_until: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDS


@dataclass(frozen=True)
class Tally:
    """A surge counted from its placements, in people; `empty` seats are filled by nobody and offered to nobody.

    `awaiting_order` are all who need a paper and have none, `held_up` those of them who cannot leave without it;
    `sign_by` is when the first of the duties ends that it would prolong; `reports_owed`, of who is dead or back.
    `unmet` are empty seats of lines that have not begun, covered or not; `changes_at` is when the first of these begins, or
    the first line ends.
    """

    asked: int
    offered: int
    filled: int
    empty: int
    awaiting_order: int
    unserved: int
    on_site: int
    open: int
    held_up: int = 0
    out: int = 0
    sign_by: datetime | None = None
    reports_owed: int = 0
    unmet: int = 0
    changes_at: datetime | None = None


@dataclass(frozen=True)
class Moved:
    """The trigger stands; this is the life after it."""

    life: Life


@dataclass(frozen=True)
class Refused:
    """The trigger does not stand; the code says why."""

    code: str


def decide(
    life: Life,
    trigger: Trigger,
    *,
    now: datetime,
    plan_id: str | None = None,
    decided_at: datetime | None = None,
    hands: frozenset[str] = frozenset(),
) -> Moved | Refused:
    """Say whether the trigger moves this surge.

    A confirmation must name the plan it has seen; an oral order is ratified in time, by who gave it: `hands`
    are the person who decides and whom for.
    """
    target = TRANSITIONS.get((life.state, trigger))
    if target is None or (life.state == State.STOOD_DOWN and trigger == Trigger.SIGN_ORDER and not life.oral):
        return Refused("already_ended" if life.ended else "not_now")
    if fault := _fault(life, trigger, plan_id, decided_at or now, hands):
        return fault
    after = advance(life, target, now)
    if trigger == Trigger.RATIFY and life.oral:
        return Moved(replace(after, oral=replace(life.oral, ratified=True)))
    if trigger == Trigger.CONFIRM:
        return Moved(replace(after, offering=0, proposed_until=None))
    if trigger == Trigger.WITHDRAW_PLAN:
        return Moved(replace(after, proposed_until=None))
    if target in OVER and life.state not in OVER:
        # Nobody is asked any more, also where a plan was being offered just now. Who went by word is owed a paper.
        signing_since = life.signing_since if life.oral and target == State.STOOD_DOWN else None
        over = replace(after, offering=None, signing_since=signing_since, sign_by=None)
        return Moved(settled(life, replace(over, relief_by=None, unmet=None, proposed_until=None)))
    if trigger == Trigger.CHANGE_LINE and (target == State.APPROVED or life.proposed_until):
        # The plan that was seen answers another request.
        return Moved(replace(after, plan_id=None))
    return Moved(after)


def _fault(
    life: Life, trigger: Trigger, plan_id: str | None, decided_at: datetime, hands: frozenset[str]
) -> Refused | None:
    if trigger == Trigger.PLAN:
        # The offset of what is being offered counts the picks of one plan.
        return Refused("plan_being_offered") if life.offering is not None else None
    if trigger == Trigger.CONFIRM:
        return _confirmation_fault(life, plan_id, decided_at)
    if trigger == Trigger.WITHDRAW_PLAN:
        return _waiting_fault(life, decided_at)
    if trigger != Trigger.RATIFY:
        return None
    if life.oral is None:
        return Refused("no_oral_order")
    if life.oral.ratified:
        return Refused("ratified_already")
    if life.oral.by not in hands:
        return Refused("not_your_oral_order")
    return Refused("too_late") if decided_at > life.oral.paper_by else None


def _confirmation_fault(life: Life, plan_id: str | None, decided_at: datetime) -> Refused | None:
    if life.state in STAFFING and (fault := _waiting_fault(life, decided_at)):
        return fault
    if life.plan_id is None:
        return Refused("no_plan_yet")
    return None if plan_id == life.plan_id else Refused("another_plan_stands")


def _waiting_fault(life: Life, decided_at: datetime) -> Refused | None:
    """Say why no empty seat waits for a new plan."""
    if life.proposed_until is None:
        return Refused("no_plan_waits")
    return Refused("plan_lapsed") if decided_at > life.proposed_until else None


def signed(life: Life) -> Life:
    """Return the life in which nobody waits for an order any more."""
    return settled(life, replace(life, signing_since=None, sign_by=None))


def planned(life: Life, plan_id: str, waits_until: datetime | None = None) -> Life:
    """Return the life with its newest plan; one that people asked for while others serve waits until then for its word."""
    proposed_until = waits_until if life.state in STAFFING else None
    return replace(life, plan_id=plan_id, revision=life.revision + 1, proposed_until=proposed_until)


def settled(before: Life, after: Life) -> Life:
    """Return the life after a move: what is asked of officers now begins on the lowest level."""
    if _in_hand(before) == _in_hand(after):
        return after
    return replace(after, escalation=0, notices=0)


def advance(life: Life, target: State, now: datetime) -> Life:
    """Return the life in its next state, which may be the one that it has."""
    since = life.since if target == life.state else now
    return settled(life, replace(life, state=target, revision=life.revision + 1, since=since))


def _in_hand(life: Life) -> tuple[State | None, datetime | None]:
    """What is asked of officers, and since when: a surge that is being staffed asks for signatures and nothing else."""
    if life.state in STAFFING | OVER:
        return None, life.signing_since
    return life.state, life.since
