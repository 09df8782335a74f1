"""Before the decision: the selection panel's minutes that an assessment may need, and the counsel of the PyB.

Counsel is heard and weighed: it decides nothing, and where the rule pack waits for it no longer than its term, silence is
noted as silence and never taken for a yes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.mutation.beside import Advice
from domain.mutation.life import Life
from domain.mutation.other_decrees import in_the_future
from domain.mutation.said import Ask
from domain.mutation.states import Trigger

_T = Trigger
ADVICE = {
    _T.COUNSEL_FOR: Advice.FOR,
    _T.COUNSEL_AGAINST: Advice.AGAINST,
    _T.WAIVE_COUNSEL: Advice.WAIVED,
}
"""What each trigger makes of the counsel."""

ASSESSES = frozenset({_T.RECOMMEND, _T.ADVISE_AGAINST})


def assessment_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    """Return the code of why an assessment does not stand: for some positions it needs a selection panel's minutes."""
    if life.panel and not (ask.reference and ask.dated):
        return "panel_minutes_missing"
    return "dated_in_the_future" if ask.dated and in_the_future(ask.dated, decided_at) else None


def counselled(life: Life, trigger: Trigger, ask: Ask) -> Life:
    """Return the life with what the counsel is."""
    assert life.counsel is not None
    because = ask.code if trigger == _T.COUNSEL_AGAINST else None
    return replace(life, counsel=replace(life.counsel, advice=ADVICE[trigger], because=because))
