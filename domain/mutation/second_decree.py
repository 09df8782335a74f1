"""A second decree that undoes the first one or corrects it: decided, drafted, initialled, signed and served as the first was.

The case stays where it stands meanwhile; what is to be undone goes no step further on its road, and has no effect. With
the signature the first decree is undone, or reads otherwise. By name it may be said before the signature that the first
decree stands after all. A case that is undone ends once the extract is served; where that answers no objection of the
person, once they can object to it no more. A decree that undoes the second one goes the same road: by it the first one
stands again. Whoever is served what corrects the decree, or has it stand again unasked, may object to the decree anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.mutation.decrees import Objection, SecondDecree
from domain.mutation.life import Life
from domain.mutation.said import Ask
from domain.mutation.states import Does, GroupKind, Objecting, State, Trigger

_S, _T = State, Trigger
_DOES = {_T.CANCEL: Does.CANCELS, _T.REVOKE_DECREE: Does.REVOKES, _T.CORRECT_DECREE: Does.CORRECTS}
_ANSWERS = {Does.REVOKES: Objecting.REVOKED, Does.CORRECTS: Objecting.CORRECTED}
_ANSWERED = frozenset({*_DOES, _T.UPHOLD_DECREE, _T.URGE_OBJECTION})

ROAD: dict[Trigger, Trigger] = {
    **{
        one: one
        for one in (
            *(_T.PREPARE_DECREE, _T.INITIAL, _T.RETURN_DECREE, _T.ASK_SIGNATURE, _T.REFUSE_SIGNATURE),
            *(_T.SIGN_DECREE, _T.SERVE),
        )
    },
    _T.URGE_SECOND: _T.URGE,
}
"""What moves a second decree -> what moves the first one so."""

_OF_SERVED = frozenset(
    {
        *(_T.FILE_OBJECTION, _T.WITHDRAW_OBJECTION, _T.REVIEW_OBJECTION, _T.URGE_OBJECTION, _T.UPHOLD_DECREE),
        *(_T.REVOKE_DECREE, _T.CANCEL, _T.LET_STAND, _T.CLOSE),
    }
)
"""What is said of a second decree that is served, as of the first one: it is the one that binds now."""

_STANDS_STILL = frozenset({_T.SERVE, _T.BEGIN_HANDOVER, _T.FILE_PAPER, _T.REPORT_NO_SHOW, _T.ISSUE_ERRATUM})


def is_about(life: Life, trigger: Trigger) -> bool:
    """Say whether a trigger moves the second decree (or the one that undoes it), and not the first one."""
    if life.beside is None or life.second is None:
        return False
    if life.second.state == _S.SERVED:
        return trigger in _OF_SERVED or is_about(life.beside, trigger)
    # Before it is signed there is only the first one to serve.
    return trigger in ROAD and (trigger != _T.SERVE or life.second.signed)


def second_fault(life: Life, trigger: Trigger) -> str | None:
    """Return the code of what a second decree on its way keeps from happening to the first one, or None."""
    if life.beside is None:
        return None
    if trigger in _ANSWERED:
        return "second_decree_open"
    if life.being_undone and (trigger in _STANDS_STILL or (trigger == _T.URGE and not life.blocked_in)):
        return "being_undone"
    if trigger == _T.FILE_OBJECTION and life.undone and life.second and life.second.contestable:
        return "second_not_served"
    return "signed_already" if life.undone and trigger == _T.LET_STAND else None


def ended_fault(life: Life, trigger: Trigger) -> str:
    """Return the code of why nothing happens to a case that has ended; whoever has what they asked for is told so."""
    granted = life.objection is not None and life.objection.state == Objecting.REVOKED
    return "asked_for_yourself" if granted and trigger == _T.FILE_OBJECTION else "already_ended"


def ordered(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """Return the life once it is decided that a second decree is to undo the first one, or to correct it."""
    does = _DOES[trigger]
    second = SecondDecree(
        does,
        State.APPROVED,
        now,
        because="REVOKED" if does == Does.REVOKES else ask.code,
        decided_by=ask.by,
        effective_at=ask.effective_at,
        unasked=trigger == _T.CORRECT_DECREE and not life.objecting,
        before=life.second,
    )
    return replace(life, second=second)


def not_asked_for(life: Life, now: datetime) -> Life:
    """Return the life once the objection is withdrawn that a second decree on its way was to answer: that one is drafted anew, for
    its draft says that the objection is granted.
    """
    second = life.second
    if second is None or second.signed or not second.asked_for:
        return life
    anew = replace(second, state=_S.APPROVED, since=now, wait=None, decree=None, unasked=True)
    return replace(life, second=anew)


def asked_of(life: Life, ask: Ask, now: datetime) -> Ask:
    """Return what a decision says of the second decree, which is in force from the day of its signature on.

    Only a correction that moves the effect must be signed before the day to which it moves it is over.
    """
    assert life.second is not None
    if life.second.state == _S.SERVED:
        return ask
    return replace(ask, effective_at=life.second.effective_at or now)


def as_of(life: Life, now: datetime) -> Life:
    """Return the second decree as a life that may be signed now, unless the day to which it moves the effect is over."""
    assert life.beside is not None
    assert life.second is not None
    if life.beside.decree is None or life.second.state == _S.SERVED:
        return life.beside
    until = life.second.effective_at or now
    return replace(life.beside, decree=replace(life.beside.decree, effective_at=until))


def gone_on(life: Life, trigger: Trigger, beside: Life, now: datetime) -> Life:
    """Return the case after a move of its second decree, which stands so then."""
    assert life.second is not None
    served = life.second.state == _S.SERVED
    second = replace(
        life.second,
        state=_S.SERVED if served else beside.state,
        since=beside.since,
        wait=beside.wait,
        decree=beside.decree,
        objection=beside.objection,
        objection_until=beside.objection_until,
        second=beside.second,
    )
    moved = replace(life, second=second, because=beside.because, revision=beside.revision)
    match trigger:
        case _T.SIGN_DECREE if served:
            return _standing_again(moved, now)
        case _T.SIGN_DECREE:
            return _signed(moved, second, now)
        case _T.SERVE:
            return _served(moved, second, now)
        case _:
            return moved


def _served(life: Life, second: SecondDecree, now: datetime) -> Life:
    """Go on once the newest decree is served, by which the first one may be undone, read otherwise, or stand again."""
    third = second.second
    if third is not None:
        # What was not served before is served next, and may be objected to then.
        opens = third.contestable and life.objection_until is not None
        return _objectionable(life, third.objection_until) if opens else life
    if second.undoes:
        return life if second.contestable else ended(life, now)
    return _objectionable(life, second.objection_until) if second.opens_anew else life


def _objectionable(life: Life, until: datetime | None) -> Life:
    """Let the person object anew to the decree as it is now; an objection that waits for its answer is to that one."""
    objection = life.objection and replace(life.objection, anew=not life.objecting)
    return replace(life, objection=objection, objection_until=until)


def ended(life: Life, now: datetime) -> Life:
    """Return the case that is undone at its end."""
    return replace(
        life, state=_S.CANCELLED_BEFORE_EFFECT, since=now, wait=None, held_up=None, blocked_in=None
    )


def _standing_again(life: Life, now: datetime) -> Life:
    """Go on where it stood, each term anew; the others of a swap have gone on without it, so it goes alone."""
    in_swap = life.group is not None and life.group.kind == GroupKind.SWAP
    group = None if in_swap else life.group
    return replace(life, because=None, since=now, wait=None, group=group)


def _signed(life: Life, second: SecondDecree, now: datetime) -> Life:
    assert second.decree is not None
    if second.effective_at is None and second.decree.signed_at:
        paper = replace(second.decree, effective_at=second.decree.signed_at)
        life = replace(life, second=replace(second, decree=paper))
    if second.asked_for and life.objecting:
        life = replace(life, objection=Objection(_ANSWERS[second.does], now))
    if second.undoes:
        return replace(life, because=second.because)
    if second.effective_at and life.decree and not life.in_effect:
        return replace(life, decree=replace(life.decree, effective_at=second.effective_at))
    return life
