"""The objection (keberatan) to a decree: a track beside the case, from the day on which the extract was served.

It suspends nothing unless that is ordered. Silence answers it neither way: whoever must answer is urged. (UU 30/2014
Art. 77 knows an objection that is granted by silence; here only a named person revokes a decree.)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.mutation.decrees import Objection
from domain.mutation.life import Life
from domain.mutation.other_decrees import ground_fault
from domain.mutation.said import Ask
from domain.mutation.second_decree import ordered
from domain.mutation.states import Objecting, Trigger

_T = Trigger
VERDICTS = {
    _T.UPHOLD_DECREE: Objecting.UPHELD,
    _T.CORRECT_DECREE: Objecting.CORRECTED,
    _T.REVOKE_DECREE: Objecting.REVOKED,
}
OBJECTING = frozenset(
    {_T.FILE_OBJECTION, _T.WITHDRAW_OBJECTION, _T.REVIEW_OBJECTION, _T.SUSPEND, _T.LIFT_SUSPENSION, *VERDICTS}
)
"""What moves an objection, or what depends on it."""


def objection_fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> str | None:
    """Return the code of what forbids it, or None; an objection is late by when it was decided."""
    if trigger == _T.FILE_OBJECTION:
        if life.objection is not None:
            return "objected_already"
        assert life.objection_until is not None
        return "too_late" if decided_at > life.objection_until else None
    if life.objection is None or not life.objecting:
        return "no_objection"
    state, suspended = life.objection.state, life.objection.suspended
    match trigger:
        case _T.REVIEW_OBJECTION if state != Objecting.FILED:
            return "in_review_already"
        case _T.SUSPEND if suspended:
            return "suspended_already"
        case _T.LIFT_SUSPENSION if not suspended:
            return "not_suspended"
        case _ if trigger in VERDICTS and state != Objecting.IN_REVIEW:
            return "not_in_review"
        case _T.REVOKE_DECREE:
            return ground_fault(life, ask, decided_at)
        case _T.CORRECT_DECREE:
            return ground_fault(life, ask, decided_at) or _new_date_fault(life, ask, decided_at)
        case _:
            return None


def _new_date_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    if ask.effective_at is None:
        return None if ask.reworded else "correction_missing"
    if life.in_effect:
        return "in_effect_already"
    return "effective_date_passed" if ask.effective_at <= decided_at else None


def objected(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """Return the life after a move of the objection."""
    if trigger == _T.FILE_OBJECTION:
        return replace(life, objection=Objection(Objecting.FILED, now))
    assert life.objection is not None
    match trigger:
        case _T.SUSPEND | _T.LIFT_SUSPENSION:
            return replace(life, objection=replace(life.objection, suspended=trigger == _T.SUSPEND))
        case _T.REVIEW_OBJECTION:
            # What was suspended stays so while it is looked into.
            under = replace(life.objection, state=Objecting.IN_REVIEW, since=now, wait=None)
            return replace(life, objection=under)
        case _T.WITHDRAW_OBJECTION:
            return replace(life, objection=Objection(Objecting.WITHDRAWN, now))
        case _:
            return _answered(life, trigger, ask, now)


def _answered(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    owed = trigger == _T.REVOKE_DECREE and life.in_effect
    if trigger == _T.UPHOLD_DECREE or owed:
        return replace(life, objection=Objection(VERDICTS[trigger], now, reversal_owed=owed))
    # Decided, and answered once the decree that says so is signed.
    return ordered(life, trigger, ask, now)
