"""What other authorities must agree to, one after another, each with a clock that stands still while the file is incomplete.

What one of them says before its turn holds all the same: nobody asks for what is there already.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.mutation.life import Clearance, Life
from domain.mutation.said import Ask
from domain.mutation.states import Trigger, Verdict

ABOUT_ONE = frozenset(
    {Trigger.GRANT_CLEARANCE, Trigger.REFUSE_CLEARANCE, Trigger.HOLD_CLEARANCE, Trigger.COMPLETE_FILE}
)
"""What is said to one clearance by name."""


_SAID: dict[Trigger, dict[str, Any]] = {
    Trigger.GRANT_CLEARANCE: {"verdict": Verdict.GRANTED, "held": False, "wait": None},
    Trigger.REFUSE_CLEARANCE: {"verdict": Verdict.REFUSED, "held": False, "wait": None},
    Trigger.HOLD_CLEARANCE: {"held": True, "wait": None},
    Trigger.COMPLETE_FILE: {"held": False, "wait": None},
}


def needed(life: Life, codes: tuple[str, ...]) -> tuple[Clearance, ...]:
    """Return the clearances of a file that passed screening; a freeze that began before asks for its own."""
    asked = codes if life.freeze is None else (*codes, life.freeze)
    return tuple(Clearance(code) for code in dict.fromkeys(asked))


def clearance_fault(life: Life, trigger: Trigger, ask: Ask) -> str | None:
    """Return the code of what forbids a word about a clearance, or None."""
    one = next((one for one in life.clearances if one.code == ask.clearance), None)
    if one is None:
        return "no_such_clearance"
    if one.verdict != Verdict.PENDING:
        return "cleared_already"
    if trigger == Trigger.HOLD_CLEARANCE and one.held:
        return "held_already"
    return "file_not_held" if trigger == Trigger.COMPLETE_FILE and not one.held else None


def cleared(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """Return the life after a word about a clearance. A file that is completed begins its term anew."""
    said = _SAID[trigger] | ({"granted_at": now} if trigger == Trigger.GRANT_CLEARANCE else {})
    return replace(
        life,
        clearances=tuple(
            replace(one, **said) if one.code == ask.clearance else one for one in life.clearances
        ),
    )


def begun(life: Life, now: datetime) -> Life:
    """Return the life with the time of whoever is asked now and has no term yet: it begins with this move."""
    asked = {one.code for one in life.asking if one.wait is None}
    return replace(
        life,
        clearances=tuple(replace(one, since=now) if one.code in asked else one for one in life.clearances),
    )


def frozen(life: Life, code: str) -> Life:
    """Return the life once an election freeze has begun: it needs one agreement more, or that one again."""
    others = tuple(one for one in life.clearances if one.code != code)
    return replace(life, freeze=code, clearances=(*others, Clearance(code)))


def thawed(life: Life) -> Life:
    """Return the life once the freeze is over: what it asked for and nobody has answered is asked no more."""
    left = tuple(one for one in life.clearances if one.code != life.freeze or one.verdict != Verdict.PENDING)
    return replace(life, freeze=None, clearances=left)
