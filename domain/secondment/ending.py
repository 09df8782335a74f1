"""The end of a duty: until when somebody must be home by then, and what it is for whoever is still looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.secondment.life import Clock, Life
from domain.secondment.states import Leaving, State, Trigger
from domain.secondment.table import LEAVING

_HANDING_OVER = frozenset({Leaving.RECALLED, Leaving.RELEASED_EARLY})
"""Who leaves for these reasons waits for the next one for a while."""


def noted(life: Life, trigger: Trigger, clock: Clock, now: datetime) -> Life:
    """Return the life of whoever is out of contact when the duty ends; the search goes on from the level it has reached."""
    leaving = LEAVING[trigger]
    return replace(life, revision=life.revision + 1, leaving=leaving, home_by=_home_by(leaving, clock, now))


def sent_home(life: Life, clock: Clock) -> Life:
    """Return the life of whoever has just been sent home, and must be there by an instant.

    Whoever was found when the duty was over is late since that, and escalated as if seen all the while.
    """
    if life.home_by is None:
        return replace(life, home_by=_home_by(life.leaving, clock, life.since))
    late = (life.since - life.home_by) // clock.return_escalation + 1
    # Whoever was dead by mistake may never have come to the site: then nobody has seen them there.
    was_there = life.arrived_at or life.seen_at
    return replace(life, escalation=max(0, late), seen_at=life.since if was_there else None)


def over_since(life: Life, clock: Clock, now: datetime) -> datetime:
    """Return when the duty ended of somebody who is on it no more, at the latest; a no-show says nothing of when."""
    if life.leaving == Leaving.NO_SHOW:
        # Whoever was confirmed to be home served no longer than until then.
        return min(life.due_back, now if life.state == State.NO_SHOW else life.since)
    ended = min(life.due_back, life.since)
    if life.home_by is None:
        return ended
    waits = clock.handover if life.leaving in _HANDING_OVER else timedelta(0)
    return min(ended, life.home_by - clock.homeward - waits)


def _home_by(leaving: Leaving | None, clock: Clock, at: datetime) -> datetime:
    waits = clock.handover if leaving in _HANDING_OVER else timedelta(0)
    return at + waits + clock.homeward
