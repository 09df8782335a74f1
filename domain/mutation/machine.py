"""Whether something moves a mutation, and what it is like afterwards.

Every function is total and timeless: it takes the instants that it is asked about and returns a value; a refusal is a
value too. No decision follows from silence: the clock urges, and ends only what nobody decided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.mutation.changes import changed
from domain.mutation.clearing import begun
from domain.mutation.faults import close_fault, fault, why_not
from domain.mutation.life import Life
from domain.mutation.retracting import alive, retraction_fault
from domain.mutation.said import NOTHING, Ask
from domain.mutation.second_decree import ROAD, as_of, asked_of, ended, ended_fault, gone_on, is_about
from domain.mutation.states import ENDS, State, Trigger
from domain.mutation.table import TRANSITIONS, WHILE_BLOCKED

_S, _T = State, Trigger


@dataclass(frozen=True)
class Moved:
    """The trigger stands; this is the life after it."""

    life: Life


@dataclass(frozen=True)
class Refused:
    """The trigger does not stand; the code says why."""

    code: str


def decide(
    life: Life, trigger: Trigger, ask: Ask = NOTHING, *, decided_at: datetime, now: datetime
) -> Moved | Refused:
    """Say whether the trigger moves this life, and to where.

    `decided_at` is when the person decided and judges lateness; `now` stamps the new state, and judges the clock.
    """
    if trigger == _T.RETRACT_DEATH:
        code = retraction_fault(life, ask)
        return Refused(code) if code else Moved(alive(life))
    if life.ended:
        return Refused(ended_fault(life, trigger))
    if is_about(life, trigger):
        return _of_second(life, trigger, ask, decided_at, now)
    if life.blocked_in is not None:
        return _while_blocked(life, trigger, ask, decided_at, now)
    target = TRANSITIONS.get((life.state, trigger))
    if target is None:
        return Refused(why_not(life, trigger))
    if code := fault(life, trigger, ask, decided_at, now):
        return Refused(code)
    if trigger == _T.LOSE_PARTNER and target == _S.RETURNED and ask.ends:
        target = _S.LAPSED
    after = _led_on(changed(_entered(life, target, now), trigger, ask, now), now)
    return Moved(begun(after, now))


def _of_second(
    life: Life, trigger: Trigger, ask: Ask, decided_at: datetime, now: datetime
) -> Moved | Refused:
    """Move the second decree as the first one was moved; a block keeps nobody from undoing or mending what BKN will not have."""
    assert life.beside is not None
    assert life.second is not None
    if trigger == _T.CLOSE:
        code = close_fault(life.beside, now)
        return Refused(code) if code else Moved(ended(replace(life, revision=life.revision + 1), now))
    as_first = decide(
        as_of(life, decided_at),
        trigger if life.second.state == _S.SERVED else ROAD[trigger],
        asked_of(life, ask, decided_at),
        decided_at=decided_at,
        now=now,
    )
    return as_first if isinstance(as_first, Refused) else Moved(gone_on(life, trigger, as_first.life, now))


def _while_blocked(
    life: Life, trigger: Trigger, ask: Ask, decided_at: datetime, now: datetime
) -> Moved | Refused:
    """A block stops the case and its clocks; what may happen all the same happens as where it was blocked."""
    assert life.blocked_in is not None
    if trigger == _T.LIFT_BLOCK:
        # Each term begins anew: while the block stood, nobody could have kept it.
        lifted = _entered(replace(life, blocked_in=None), life.blocked_in, now)
        lifted = replace(
            lifted,
            clearances=tuple(replace(one, wait=None) for one in life.clearances),
            owed=tuple(replace(one, wait=None) for one in life.owed),
        )
        return Moved(begun(lifted, now))
    if trigger == _T.URGE:
        code = fault(life, trigger, ask, decided_at, now)
        return Refused(code) if code else Moved(changed(_entered(life, life.state, now), trigger, ask, now))
    if trigger not in WHILE_BLOCKED:
        return Refused("blocked_by_bkn")
    free = replace(life, state=life.blocked_in, blocked_in=None)
    verdict = decide(free, trigger, ask, decided_at=decided_at, now=now)
    if isinstance(verdict, Refused) or verdict.life.ended:
        return verdict
    after = verdict.life
    return Moved(replace(after, state=life.state, blocked_in=after.state, since=life.since, wait=life.wait))


def _entered(life: Life, target: State, now: datetime) -> Life:
    """The life in its next state: another step, whose term is not known yet."""
    moved = replace(life, state=target, revision=life.revision + 1)
    if target == life.state:
        return moved
    # Whatever ends the case otherwise, its second decree is not signed any more.
    second = life.second.in_force if target in ENDS and life.second else life.second
    moved = replace(moved, since=now, wait=None, held_up=None, second=second)
    match target:
        case _S.RETURNED:
            # Who proposes anew may propose something else: everybody is heard and asked again.
            return replace(moved, heard=(), clearances=(), counsel=None, decided_by=None, decree=None)
        case _S.CLEARANCE:
            return replace(moved, decided_by=None, decree=None)
        case _S.APPROVED:
            return replace(moved, decree=None)
        case _S.BLOCKED_BY_BKN:
            return replace(moved, blocked_in=life.state)
        case _:
            return moved


def _led_on(life: Life, now: datetime) -> Life:
    """Go on by itself where nothing is left to wait for: all are heard, or all have agreed."""
    if life.state == _S.CONSULTATION and not life.awaited:
        return replace(life, state=_S.ASSESSMENT, since=now, wait=None)
    if life.state == _S.CLEARANCE and not life.to_clear:
        to = _S.COUNSEL if life.counsel_awaited else _S.AWAITING_DECISION
        return replace(life, state=to, since=now, wait=None)
    return life
