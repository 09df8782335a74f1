"""Where a surge that is being staffed stands by the count of its people, and what nobody meets of its need."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.surge import STAFFING, Life, State, Tally, advance, settled
from domain.unmet import Unmet


def standing(life: Life, tally: Tally) -> State:
    """Say where the surge stands by its people; only staffing states follow the count.

    Once it asks for nobody more, it stands where it stood: without anybody it is not filled.
    """
    if life.state not in STAFFING:
        return life.state
    if tally.on_site or life.state == State.ACTIVE:
        return State.ACTIVE
    if not tally.asked:
        return life.state if tally.open else State.SOURCING
    if tally.filled >= tally.asked:
        return State.FILLED
    return State.PARTLY_FILLED if tally.filled else State.SOURCING


def unmet(life: Life, tally: Tally, now: datetime, *, planned: bool) -> Unmet | None:
    """Return what nobody meets of the need; `planned`: a plan has just looked for people for these very seats.

    An empty seat is none that nobody is found for before that. What lasts goes on from when it began.
    """
    idle = not tally.asked and not tally.open
    if life.state not in STAFFING or not (idle or tally.unmet):
        return None
    if life.unmet and life.unmet.idle == idle:
        return life.unmet
    return Unmet(now, idle) if idle or planned else None


def follow(
    life: Life, tally: Tally, now: datetime, relief_by: datetime | None = None, *, planned: bool = False
) -> Life:
    """Return the life that the count asks for, and the places that fall empty; the same one when nothing changed."""
    state = standing(life, tally)
    signing_since = (life.signing_since or now) if tally.awaiting_order else None
    need = unmet(life, tally, now, planned=planned)
    stands = life.state, life.signing_since, life.sign_by, life.relief_by, life.unmet
    if (state, signing_since, tally.sign_by, relief_by, need) == stands:
        return life
    after = replace(advance(life, state, now), signing_since=signing_since, sign_by=tally.sign_by)
    return settled(life, replace(after, relief_by=relief_by, unmet=need))
