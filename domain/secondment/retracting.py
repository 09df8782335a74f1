"""A death that was told by mistake: what is kept of the life before, and where whoever lives after all stands.

After a flood lists of the dead are wrong now and then. A wrong list says nothing of where the person is: nobody has
looked for them since, and whoever took them for dead did not see them. So they are out of contact, and searched for,
until somebody says that they are found; then they go home, for their seat is another's by now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.secondment.life import Clock, Death, Life, Post
from domain.secondment.said import Ask
from domain.secondment.states import DEAD, NOT_YET_OUT, Leaving, State


def told_dead(before: Life, after: Life, ask: Ask) -> Life:
    """Return the life after a death was told, with what it takes to go back; `before` is the one until then."""
    return replace(after, death=Death(before.state, ask.hands, before.accident, before.accident_by))


def retraction_fault(life: Life, ask: Ask) -> str | None:
    """Return the code of what forbids to take a death back, or None; whoever told it does not judge their own word."""
    if life.state not in DEAD:
        return "no_death_reported"
    return "own_report" if life.death and set(life.death.by) & set(ask.hands) else None


def alive(life: Life, clock: Clock, now: datetime) -> Life:
    """Return the life of somebody who was dead by mistake.

    Whoever had left is out again, and owed home: by when the duty that was ordered would let them be, or from now on where
    it still ran. The report of the death is owed no more, that of an earlier accident as before. Whoever had not left stays
    at home.
    """
    death = life.death
    life = replace(
        life,
        revision=life.revision + 1,
        leaving=life.leaving or Leaving.REPORTED_DEAD,
        escalation=0,
        accident=death.accident if death else None,
        accident_by=death.accident_by if death else None,
        death=None,
    )
    if death and death.was in NOT_YET_OUT:
        return replace(life, state=State.WITHDRAWN)
    return replace(
        life,
        state=State.OUT_OF_CONTACT,
        since=now,
        home_by=life.home_by or min(now, life.due_back) + clock.homeward,
        # Who acted for a head has no mandate any more: it ended with the death, and comes back by nobody's doing.
        post=Post(life.post.unit_id) if life.post else None,
    )
