"""An arrival that the case learns of when the duty is over: what its paper proves, and until when the duty counts.

After a blackout the lists that were kept on paper come late: when the person is on the way home, home and settled, or
was reported a no-show whom everybody took for absent. That the person was on site is a fact whenever it is learnt, so
the days count; where the person is by now is another one, and stays as the case knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.reported import CLOCKS_APART
from domain.secondment.ending import over_since, sent_home
from domain.secondment.life import Clock, Life
from domain.secondment.said import Ask
from domain.secondment.settling import owed_anew
from domain.secondment.states import HOME, NOT_YET_OUT, OWES_PAPERS, VACATED, Leaving, Party, State, Trigger

ARRIVES = frozenset({Trigger.CHECK_IN, Trigger.REPORT_ARRIVAL})
"""What says that somebody is there; once the duty is over it proves that they were."""


def arrival_of(life: Life, trigger: Trigger, now: datetime) -> Trigger:
    """Return what an arrival that is reported is to the case: the check-in, or the proof of one when the duty is over.

    Everything else is what it was.
    """
    if trigger not in ARRIVES or life.state == State.MOBILISING:
        return trigger
    if life.state == State.NO_SHOW and now < life.due_back:
        return trigger
    return Trigger.PROVE_ARRIVAL


def unprovable(life: Life) -> str:
    """Return the code of why an arrival cannot be recorded where the table has no place for it."""
    if life.state == State.MOBILISING:
        return "not_now"  # the duty lasts, and whoever comes is checked in
    return "never_left" if life.state in NOT_YET_OUT | VACATED else "arrived_already"


def proof_fault(life: Life, clock: Clock, ask: Ask, decided_at: datetime, now: datetime) -> str | None:
    """Return the code of what forbids to record an arrival after the duty, or None.

    What was said while the duty lasted, and was not heard in time, needs no paper; what is said afterwards does, and
    nobody proves the own arrival.
    """
    if life.arrived_at or life.seen_at:
        return "arrived_already"
    until = _served_until(life, clock, ask, now)
    in_time = decided_at < until
    by_paper = ask.reference and ask.reported_at and ask.party != Party.PERSON
    if not in_time and not by_paper:
        return "arrival_needs_paper"
    arrived = ask.reported_at or decided_at
    if arrived > decided_at + CLOCKS_APART:
        return "reported_in_the_future"
    return None if arrived < until else "arrived_after_the_end"


def proved(life: Life, clock: Clock, ask: Ask, decided_at: datetime, now: datetime) -> Life:
    """Return the life of somebody who is known to have been on site, and until when they served.

    A no-show that was wrong is none any more: who is not home is brought home like everybody else, and is late since the
    end of the duty; who is home owes what everybody owes after a return.
    """
    until = _served_until(life, clock, ask, now)
    never_came = life.leaving == Leaving.NO_SHOW
    life = replace(
        life,
        revision=life.revision + 1,
        arrived_at=ask.reported_at or decided_at,
        served_until=until,
        seen_at=until,
        leaving=Leaving.DUE if never_came else life.leaving,
        # The way home is counted from the duty that was served, and no longer from a no-show that was none.
        home_by=until + clock.homeward if never_came else life.home_by,
    )
    if life.state == State.NO_SHOW:
        return sent_home(replace(life, state=State.DEMOBILISING, since=now), clock)
    return owed_anew(life, clock, ask, now) if life.state in HOME | OWES_PAPERS else life


def proof_told(life: Life) -> dict[str, Any]:
    """Return what the log is told of an arrival that was proved; `life` is the one after it."""
    assert life.arrived_at is not None
    assert life.served_until is not None
    return {
        "reported_at": life.arrived_at.isoformat(),
        "began_at": max(life.arrived_at, life.report_at).isoformat(),
        "served_until": life.served_until.isoformat(),
    }


def corrected(life: Life, trigger: Trigger, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a decision says, and that it corrects a no-show, where it does; `life` is the one before it."""
    wrong = life.leaving == Leaving.NO_SHOW and trigger in ARRIVES | {Trigger.PROVE_ARRIVAL}
    return dict(said) | ({"corrects": Leaving.NO_SHOW.value} if wrong else {})


def _served_until(life: Life, clock: Clock, ask: Ask, now: datetime) -> datetime:
    """The end of the duty as the case knows it, or the earlier one that the paper tells."""
    until = over_since(life, clock, now)
    return min(until, ask.left_at) if ask.left_at else until
