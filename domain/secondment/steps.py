"""From which state a secondment comes to which, and what must stand behind the step; the database keeps the same table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from domain.secondment.asking import TRIGGER_OF
from domain.secondment.proving import ARRIVES
from domain.secondment.settling import OF_THE_PAPER
from domain.secondment.states import AT_PAPER, HOME, State, Trigger
from domain.secondment.table import DIRECTED, TRANSITIONS

CLOCK = "CLOCK"
"""A deadline: nobody decides that it has passed."""
FALLEN_DUE = "FALLEN_DUE"
"""The end of the duty that was ordered has come, or of the cover."""
ORDERED = "ORDERED"
"""An issued order with the person on it, or the word of mouth that stands in for one."""
TAKEN = "TAKEN"
"""The person is still out elsewhere."""
DIRECTED_TO = "DIRECTED"
"""A deadline of somebody who may not decline."""
SURGE_OVER = "SURGE_OVER"
"""The surge was stood down or cancelled."""

_S, _T = State, Trigger
_BY_ITSELF: dict[Trigger, str] = {
    _T.ORDER_ISSUED: ORDERED,
    _T.MOVE_ON: ORDERED,
    _T.STAND_DOWN: SURGE_OVER,
    _T.FIND_TAKEN: TAKEN,
    _T.FALL_DUE: FALLEN_DUE,
    _T.LAPSE_COVER: FALLEN_DUE,
}
_ELSEWHERE: dict[tuple[State, Trigger], frozenset[State]] = {
    # Whoever was hurt on the way was not there yet; whose duty is over goes home once they are found.
    (_S.INJURED, _T.RESUME_DUTY): frozenset({_S.MOBILISING}),
    (_S.OUT_OF_CONTACT, _T.REGAIN_CONTACT): frozenset({_S.DEMOBILISING}),
    (_S.OUT_OF_CONTACT, _T.REPORT_INJURY): frozenset({_S.DEMOBILISING}),
    # Nobody is looked for who had not left when their death was told.
    (_S.DECEASED, _T.RETRACT_DEATH): frozenset({_S.WITHDRAWN}),
}
"""Where the machine sends somebody whom the table alone would send on."""
_SETTLING = OF_THE_PAPER - {_T.URGE_SETTLEMENT} | {_T.CONFIRM_RETURN, _T.PROVE_ARRIVAL}


def behind(trigger: Trigger) -> frozenset[str]:
    """Return what must stand behind a trigger: a decision of one of these kinds, or what the clock or the surge has."""
    # What proves an arrival late is a check-in like any other.
    said = ARRIVES if trigger == _T.PROVE_ARRIVAL else {trigger}
    kinds = frozenset(kind.value for kind, moves in TRIGGER_OF.items() if moves in said)
    return kinds or frozenset({_BY_ITSELF.get(trigger, CLOCK)})


def steps() -> dict[tuple[State, State], frozenset[str]]:
    """Return every step from one state into another, each with what may stand behind it (any of them is enough)."""
    found: dict[tuple[State, State], frozenset[str]] = defaultdict(frozenset)
    for (state, trigger), target in TRANSITIONS.items():
        for to in targets(state, trigger, target):
            if to != state:
                found[state, to] |= behind(trigger)
    for (state, trigger), directed in DIRECTED.items():
        if directed is not None:
            found[state, directed] |= behind(trigger) - {CLOCK} or {DIRECTED_TO}
    return dict(found)


def targets(state: State, trigger: Trigger, target: State) -> Iterator[State]:
    """Yield every state in which a step may end that the table sends to `target`: some depend on more of the life."""
    yield target
    if target == State.ON_DUTY:
        yield State.ENDING_SOON  # the notices of the end were given before
    if trigger in _SETTLING and (target in AT_PAPER or state in AT_PAPER):
        # Home is left for the first paper that is owed, perhaps for none.
        yield from HOME
    yield from _ELSEWHERE.get((state, trigger), ())
