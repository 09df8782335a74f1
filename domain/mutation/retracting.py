"""A death that was told by mistake: the case that it ended stays ended, and the person lives in the books again.

Nobody goes on with a proposal that others were heard on, or with a decree that had no effect, as if nothing had been: the
post may be another's by now. Whoever wants the move proposes it anew.
"""

from __future__ import annotations

from dataclasses import replace

from domain.mutation.life import Life
from domain.mutation.reasons import REASONS
from domain.mutation.said import Ask
from domain.mutation.states import Trigger

DEATH, RETRACTED = "DEATH", "DEATH_RETRACTED"
"""Why a case has ended: its person has died; or that was told, and taken back."""


def retraction_fault(life: Life, ask: Ask) -> str | None:
    """Return the code of what forbids to take a death back, or None; who told it is for the books to know."""
    if not life.ended or life.because != DEATH:
        return "no_death_reported"
    return None if ask.code in {one.value for one in REASONS[Trigger.RETRACT_DEATH]} else "reason_missing"


def alive(life: Life) -> Life:
    """Return the life of a case whose person lives: it has ended, and not by a death."""
    return replace(life, revision=life.revision + 1, because=RETRACTED)
