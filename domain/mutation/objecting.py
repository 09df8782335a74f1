"""The objection (keberatan) to a decree: a track beside the case, from the day on which the extract was served.

There is one to the decree, and one more to what a second decree makes of it unasked, or in part: so a chain ends where an
objection to a correction is answered. Whoever was granted what they asked for has nothing left to object to.

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
from domain.mutation.second_decree import not_asked_for, ordered
from domain.mutation.states import Objecting, State, Trigger

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
        return _filing_fault(life, decided_at)
    if trigger == _T.CORRECT_DECREE and not life.objecting:
        # What is wrong in substance needs no objection to be mended.
        return _correction_fault(life, ask, decided_at)
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
            return _correction_fault(life, ask, decided_at)
        case _:
            return None


def _filing_fault(life: Life, decided_at: datetime) -> str | None:
    """Say why the person may not object to the decree as it reads now: once to each, and what grants it is what was asked for."""
    if life.objection is not None and not life.objection.anew:
        return _heard_already(life, life.objection.state)
    assert life.objection_until is not None
    return "too_late" if decided_at > life.objection_until else None


def _heard_already(life: Life, state: Objecting) -> str:
    second = life.second
    if state == Objecting.REVOKED:
        return "asked_for_yourself"
    if second and second.signed and not second.undoes:
        if second.opens_anew and second.state != State.SERVED:
            return "second_not_served"
        if state == Objecting.CORRECTED:
            return "no_further_objection"
    return "objected_already"


def _correction_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    if life.reversal_owed:
        return "reversal_owed"
    if code := ground_fault(life, ask, decided_at):
        return code
    if ask.effective_at is None:
        return None if ask.reworded else "correction_missing"
    if life.in_effect:
        return "in_effect_already"
    return "effective_date_passed" if ask.effective_at <= decided_at else None


def objected(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """Return the life after a move of the objection."""
    if trigger == _T.FILE_OBJECTION:
        return replace(life, objection=Objection(Objecting.FILED, now))
    if trigger == _T.CORRECT_DECREE:
        return ordered(life, trigger, ask, now)
    assert life.objection is not None
    match trigger:
        case _T.SUSPEND | _T.LIFT_SUSPENSION:
            return replace(life, objection=replace(life.objection, suspended=trigger == _T.SUSPEND))
        case _T.REVIEW_OBJECTION:
            # What was suspended stays so while it is looked into.
            under = replace(life.objection, state=Objecting.IN_REVIEW, since=now, wait=None)
            return replace(life, objection=under)
        case _T.WITHDRAW_OBJECTION:
            return not_asked_for(replace(life, objection=Objection(Objecting.WITHDRAWN, now)), now)
        case _:
            return _answered(life, trigger, ask, now)


def _answered(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    owed = trigger == _T.REVOKE_DECREE and life.in_effect
    if trigger == _T.UPHOLD_DECREE or owed:
        return replace(life, objection=Objection(VERDICTS[trigger], now, reversal_owed=owed))
    # Decided, and answered once the decree that says so is signed.
    return ordered(life, trigger, ask, now)
