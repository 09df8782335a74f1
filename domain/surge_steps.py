"""From which state a surge comes to which, and what must stand behind the step; the database keeps the same table."""

from __future__ import annotations

from collections import defaultdict
from itertools import permutations

from domain.commands import CommandKind
from domain.surge import STAFFING, TRANSITIONS, State
from domain.surge_telling import TRIGGER_OF

DRAFT = "DRAFT"
"""How the books call a request that its case has not received."""
COUNTED = "COUNTED"
"""The count of its people: nobody decides it."""
RUN_OUT = "RUN_OUT"
"""The letter has ended, or the paper of an oral order is overdue."""
NOBODY_HELD = "NOBODY_HELD"
"""Everybody whom a cancelled surge had asked is let go."""
TURNED_DOWN = "TURNED_DOWN"
"""The request was refused: no emergency covers it."""


def steps() -> dict[tuple[str, str], frozenset[str]]:
    """Return every step from one state into another, each with what may stand behind it (any of them is enough)."""
    found: dict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for (state, trigger), target in TRANSITIONS.items():
        if target != state:
            kinds = frozenset(kind.value for kind, moves in TRIGGER_OF.items() if moves == trigger)
            found[state.value, target.value] |= kinds
    for state, target in permutations(STAFFING, 2):
        found[state.value, target.value] |= {COUNTED}
    for state in (*STAFFING, State.APPROVED):
        found[state.value, State.STOOD_DOWN.value] |= {RUN_OUT}
    for target in (State.CANCELLED, State.STOOD_DOWN):
        found[State.CANCELLING.value, target.value] |= {NOBODY_HELD}
    for target in (State.SUBMITTED, State.APPROVED):  # an oral order goes ahead at once
        found[DRAFT, target.value] |= {CommandKind.REQUEST_SURGE.value}
    found[DRAFT, State.REJECTED.value] |= {TURNED_DOWN}
    return dict(found)
