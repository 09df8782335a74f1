"""After the decree: its entry in SIASN and the former one's retraction, what follows for an absence, a lawsuit about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.mutation.beside import Absence, Absent, Owed, Owing, Reference, Retracted, Retraction
from domain.mutation.life import Life
from domain.mutation.other_decrees import before_the_decree, in_the_future, is_number
from domain.mutation.said import Ask
from domain.mutation.states import Trigger
from domain.mutation.waiting import Wait

_T = Trigger
_ANSWERS = {
    _T.OPEN_DISCIPLINE: Owing.ABSENCE,
    _T.EXCUSE_ABSENCE: Owing.ABSENCE,
    _T.RETRACT_ENTRY: Owing.RETRACTION,
}
"""What each trigger settles of what is owed."""

AFTERMATH = frozenset({_T.REPORT, _T.REPORT_NO_SHOW, _T.TAKE_EFFECT, _T.NOTE_LAWSUIT, *_ANSWERS})
"""What changes something of it."""

JUDGED = AFTERMATH | {_T.CANCEL}
"""What depends on it."""

STILL_OWED = {Owing.ABSENCE: "absence_unanswered", Owing.RETRACTION: "retraction_owed"}
"""What is owed -> the code of why the case does not end so."""


def aftermath_fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> str | None:
    """Return the code of what forbids it, or None."""
    if trigger == _T.CANCEL:
        # The case would end, and nobody would ask any more.
        return STILL_OWED[Owing.ABSENCE] if Owing.ABSENCE in owing(life) else None
    if trigger in _ANSWERS and _ANSWERS[trigger] not in owing(life):
        return "no_absence" if _ANSWERS[trigger] == Owing.ABSENCE else "nothing_to_retract"
    if ask.dated and in_the_future(ask.dated, decided_at):
        return "dated_in_the_future"
    named = _named(ask)
    match trigger:
        case _T.REPORT if named is None:
            return "entry_unproven"
        case _T.RETRACT_ENTRY if ask.code == Retracted.RETRACTED and named is None:
            return "entry_unproven"
        case _T.NOTE_LAWSUIT if named is None:
            return "lawsuit_unnamed"
        case _T.NOTE_LAWSUIT if named and not is_number(named.number):
            return "no_lawsuit_number"
        case _T.REPORT | _T.NOTE_LAWSUIT if named and before_the_decree(life, named.dated):
            return "dated_before_the_decree"
        case _T.NOTE_LAWSUIT if any(one.number == ask.reference for one in life.lawsuits):
            return "known_already"
        case _:
            return None


def followed(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """Return the life after it."""
    if trigger in _ANSWERS:
        life = replace(life, owed=tuple(one for one in life.owed if one.what != _ANSWERS[trigger]))
    named = _named(ask)
    match trigger:
        case _T.REPORT:
            return replace(life, entry=named)
        case _T.REPORT_NO_SHOW:
            return _owing(life, Owing.ABSENCE, now)
        case _T.OPEN_DISCIPLINE:
            return replace(life, absence=Absence(Absent.DISCIPLINE, by=named))
        case _T.EXCUSE_ABSENCE:
            return replace(life, absence=Absence(Absent.EXCUSED, ask.code))
        case _T.TAKE_EFFECT:
            # What the first decree has entered stands in SIASN until somebody retracts it there.
            life = replace(life, effective_since=now)
            return _owing(life, Owing.RETRACTION, now) if life.reverses else life
        case _T.RETRACT_ENTRY:
            assert ask.code is not None
            return replace(life, retraction=Retraction(Retracted(ask.code), named))
        case _:
            assert named is not None
            return replace(life, lawsuits=(*life.lawsuits, named))


def owing(life: Life) -> tuple[Owing, ...]:
    """Return what the case still owes."""
    return tuple(one.what for one in life.owed)


def wait_of(life: Life, what: Owing | None) -> Wait | None:
    """Return how long what is owed is waited for; None where it is not owed, or not counted yet."""
    return next((one.wait for one in life.owed if one.what == what), None)


def owed_urged(life: Life, ask: Ask, now: datetime) -> Life:
    """Return the life once somebody was urged for it."""
    return replace(
        life,
        owed=tuple(
            replace(one, wait=one.wait.urged(now)) if one.wait and one.what == ask.owed else one
            for one in life.owed
        ),
    )


def _owing(life: Life, what: Owing, now: datetime) -> Life:
    return replace(life, owed=(*life.owed, Owed(what, now)))


def _named(ask: Ask) -> Reference | None:
    return Reference(ask.reference, ask.dated) if ask.reference and ask.dated else None
