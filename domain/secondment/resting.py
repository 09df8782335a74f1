"""What the log of rests says of somebody at the site: a day off in seven, and no shift longer than one may be.

Rests are logged by hand, and not always. So a shift is judged only where the log shows both of its ends within a day:
what seems longer than a day has a rest in it that nobody logged, and is told of nobody as a breach. That no day off was
logged for a week is told all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from domain.secondment.life import Clock, Lacking, Life, Rest
from domain.secondment.states import DEPLOYED, WORKING, State, Trigger

DAY_OFF = timedelta(days=1)
"""A rest so long is a day off; nobody works longer than that in one shift."""
AWAKE = WORKING - {State.RESTING}


def with_rest(life: Life, trigger: Trigger, clock: Clock, now: datetime) -> Life:
    """Return the life with what its rests come to after a move; who has left the site rests at home."""
    if life.state not in DEPLOYED:
        return replace(life, rest=None)
    rest = life.rest
    match trigger:
        case Trigger.START_DUTY:
            began = life.on_duty_from
            rest = _sets_to_work(rest, clock, began - life.report_at, began)
        case Trigger.LACK_REST if rest:
            rest = replace(rest, lacking=Lacking.DAY_OFF)
        case Trigger.START_REST if rest:
            rest = _lies_down(rest, clock, now)
        case Trigger.END_REST if rest:
            rest = _gets_up(rest, clock, now)
        case Trigger.REPORT_INJURY if rest:
            rest = replace(_gets_up(rest, clock, now) if rest.began_at else rest, began_at=now)
        case Trigger.RESUME_DUTY if rest or life.state != State.MOBILISING:
            rest = _is_fit_again(rest, clock, now)
        case _:
            pass
    return replace(life, rest=rest)


def day_off_by(life: Life, clock: Clock) -> Iterator[datetime]:
    """Yield when somebody at work has been without a day off for too long, unless that was told."""
    if life.rest and life.state in AWAKE and life.rest.lacking != Lacking.DAY_OFF:
        yield life.rest.day_off_at + clock.without_day_off


def rest_taken_along(life: Life, clock: Clock, now: datetime) -> Rest | None:
    """Return the log of rests with which somebody goes on to another post: it is one stay; a rest ends with the move."""
    if life.rest and life.state == State.RESTING:
        return _gets_up(life.rest, clock, now)
    return life.rest


def _sets_to_work(rest: Rest | None, clock: Clock, way: timedelta, now: datetime) -> Rest:
    """On another post the week goes on, and so does the shift, unless there was time to rest on the way.

    Nobody can log a rest there: so none is counted as a day off, and none that was possible as missing.
    """
    if rest is None:
        return Rest(day_off_at=now, awake_since=now)
    return replace(rest, awake_since=now) if way >= clock.shortest_rest else rest


def _lies_down(rest: Rest, clock: Clock, now: datetime) -> Rest:
    shift = now - rest.awake_since
    too_long = clock.longest_shift < shift <= DAY_OFF
    return replace(rest, began_at=now, lacking=rest.lacking or (Lacking.REST if too_long else None))


def _gets_up(rest: Rest, clock: Clock, now: datetime) -> Rest:
    """A rest that is too short ends no shift: that goes on from where it began."""
    if now - (rest.began_at or now) >= DAY_OFF:
        return Rest(day_off_at=now, awake_since=now)
    return _sets_to_it_again(rest, clock, now)


def _is_fit_again(rest: Rest | None, clock: Clock, now: datetime) -> Rest:
    """An injury is no duty, and no day off either: it ends a shift as a rest does, and the week goes on."""
    if rest is None:  # hurt before the duty began
        return Rest(day_off_at=now, awake_since=now)
    return _sets_to_it_again(rest, clock, now)


def _sets_to_it_again(rest: Rest, clock: Clock, now: datetime) -> Rest:
    if now - (rest.began_at or now) < clock.shortest_rest:
        return replace(rest, began_at=None)
    lacking = None if rest.lacking == Lacking.REST else rest.lacking
    return replace(rest, began_at=None, awake_since=now, lacking=lacking)
