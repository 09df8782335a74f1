"""What somebody needs before they set to work: settled by name on the way or at the site, and asked for until it is.

It holds nobody up. Whoever went by word of mouth, or came while nothing worked, is checked in all the same; what is missing
stays asked for as long as they are there.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.secondment.states import ON_SITE, Item, Point, Ready, State

SETTLED_IN = ON_SITE | {State.MOBILISING}
"""Where what somebody needs for the duty is signed, or waived."""


def missing(state: State, checklist: Iterable[Point]) -> tuple[Ready, ...]:
    """Return what is still asked for of somebody who stands there; nothing of who has not left, or has left the site."""
    settled = set(checklist)
    return tuple(one for one in Ready if one not in settled) if state in SETTLED_IN else ()


def point_fault(state: State, points: Iterable[Point]) -> str | None:
    """Return the code of what is settled elsewhere: what is needed for the duty before it ends, the rest afterwards."""
    here = set(Ready) if state in SETTLED_IN else set(Item)
    return None if set(points) <= here else "point_not_now"
