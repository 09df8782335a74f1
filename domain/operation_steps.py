"""From which state an operation comes to which, and what must stand behind the step; the database keeps the same table."""

from __future__ import annotations

from itertools import permutations

from domain.commands import CommandKind
from domain.operation import DECLARED, State

DRAFT = "DRAFT"
"""How the books call an operation whose case has not taken up its opening."""
STANDINGS = "STANDINGS"
"""The statuses that stand: the strongest gives the state, and where none does it has lapsed. They are guarded themselves."""
CLOCK = "CLOCK"
"""A deadline: nobody decides that it has passed."""

_DECREED = DECLARED | {State.LAPSED}
"""Where statuses have been in force, and may be again."""


def steps() -> dict[tuple[str, str], frozenset[str]]:
    """Return every step from one state into another, each with what may stand behind it (any of them is enough)."""
    found = {(a.value, b.value): frozenset({STANDINGS}) for a, b in permutations(_DECREED, 2)}
    found |= {(State.MONITORING.value, state.value): frozenset({STANDINGS}) for state in DECLARED}
    over = frozenset({CommandKind.END_OPERATION.value})
    found |= {(state.value, State.ENDED.value): over for state in (*_DECREED, State.MONITORING)}
    return found | {
        (DRAFT, State.MONITORING.value): frozenset({CommandKind.OPEN_OPERATION.value}),
        (State.ENDED.value, State.AFTER_ACTION.value): frozenset({CLOCK}),
        (State.AFTER_ACTION.value, State.ARCHIVED.value): frozenset({CommandKind.ARCHIVE_OPERATION.value}),
    }
