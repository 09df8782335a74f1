"""What a mutation does by itself, and when; and which terms it still needs counted.

Terms are counted outside, by a calendar of working days. After each move the case asks `untimed` what has none yet, has
it counted, and hands it in by `timed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.mutation.beside import Owed, Owing
from domain.mutation.life import Life
from domain.mutation.said import Ask
from domain.mutation.states import GroupKind, Objecting, State, Trigger
from domain.mutation.table import URGED
from domain.mutation.waiting import Wait


@dataclass(frozen=True)
class Alarm:
    """The next thing that happens if nobody does anything; `clearance` or `owed` is what it is about."""

    at: datetime
    trigger: Trigger
    clearance: str | None = None
    owed: Owing | None = None

    @property
    def ask(self) -> Ask:
        """Return what the machine is asked with it."""
        return Ask(clearance=self.clearance, owed=self.owed)


class Track(StrEnum):
    """What a term is counted for."""

    STEP = "STEP"
    CLEARANCE = "CLEARANCE"
    HELD_FILE = "HELD_FILE"
    OBJECTION = "OBJECTION"
    REVERSAL = "REVERSAL"
    SECOND = "SECOND"
    OWED = "OWED"


@dataclass(frozen=True)
class Untimed:
    """Something is waited for, and its term is not counted yet; `key` is a state's or clearance's name.

    `of_second`: of the second decree as a life of its own.
    """

    track: Track
    key: str
    of_second: bool = False


def untimed(life: Life) -> tuple[Untimed, ...]:
    """Return what a term must be counted for; nothing where the case has ended or waits for no office."""
    return tuple(_untimed(life))


def _untimed(life: Life) -> Iterator[Untimed]:
    if life.state in URGED | {State.CONSULTATION} and life.wait is None and not _asks_for_no_step(life):
        yield Untimed(Track.STEP, life.state.value)
    for one in life.asking:
        if one.wait is None:
            yield Untimed(Track.HELD_FILE if one.held else Track.CLEARANCE, one.code)
    yield from _untimed_beside(life)
    for owed in _owed(life):
        if owed.wait is None:
            yield Untimed(Track.OWED, owed.what.value)


def _untimed_beside(life: Life) -> Iterator[Untimed]:
    """A second decree on its way, or what becomes of an objection: to the decree, or to the second one that is served."""
    if life.beside and life.beside.state == State.SERVED:
        for one in _untimed_beside(life.beside):
            yield replace(one, of_second=True)
    elif life.beside and life.beside.wait is None:
        yield Untimed(Track.SECOND, life.beside.state.value)
    elif life.objection and life.objection.wait is None and not life.ended:
        if life.objecting:
            yield Untimed(Track.OBJECTION, life.objection.state.value)
        elif life.reversal_owed:
            yield Untimed(Track.REVERSAL, Objecting.REVOKED.value)


def _owed(life: Life) -> tuple[Owed, ...]:
    """What somebody is still asked for beside the road; a block of BKN asks for nothing."""
    return () if life.blocked_in or life.ended else life.owed


def _asks_for_no_step(life: Life) -> bool:
    """Of a group the paper is its group's; what is being undone waits for the second decree, unless BKN has blocked it."""
    return life.decreed_together or (life.being_undone and not life.blocked_in)


def timed(life: Life, what: Untimed, wait: Wait) -> Life:
    """Return the life with one term counted."""
    if what.of_second:
        assert life.beside is not None
        assert life.second is not None
        beside = timed(life.beside, replace(what, of_second=False), wait)
        second = replace(life.second, objection=beside.objection, second=beside.second)
        return replace(life, second=second)
    match what.track:
        case Track.STEP:
            return replace(life, wait=wait)
        case Track.OBJECTION | Track.REVERSAL:
            assert life.objection is not None
            return replace(life, objection=replace(life.objection, wait=wait))
        case Track.SECOND:
            assert life.second is not None
            return replace(life, second=replace(life.second, wait=wait))
        case Track.OWED:
            owed = tuple(replace(one, wait=wait) if one.what == what.key else one for one in life.owed)
            return replace(life, owed=owed)
        case _:
            clearances = tuple(
                replace(one, wait=wait) if one.code == what.key else one for one in life.clearances
            )
            return replace(life, clearances=clearances)


_LAPSES = {
    State.RETURNED: Trigger.LAPSE_FILE,
    State.CONSULTATION: Trigger.LAPSE_HEARINGS,
    State.COUNSEL: Trigger.WAIVE_COUNSEL,
}
"""How each step ends that ends by itself."""


def next_alarm(life: Life, again: datetime | None = None) -> Alarm | None:
    """Say what the mutation does next by itself, and when; None when it has ended or waits for people alone.

    An alarm may lie in the past: then it is due now. Of two at one instant, the one that is listed first rings. `again` is
    when an effect is tried next that the books have refused: meanwhile everything else rings.
    """
    if life.ended:
        return None
    return min(_alarms(life, again), key=lambda alarm: alarm.at, default=None)


def _alarms(life: Life, again: datetime | None) -> Iterator[Alarm]:
    yield from _of_step(life)
    for one in life.asking:
        if one.wait:
            yield Alarm(one.wait.rings, Trigger.URGE_CLEARANCE, one.code)
    yield from _beside(life)
    for owed in _owed(life):
        if owed.wait:
            yield Alarm(owed.wait.rings, Trigger.URGE_OWED, owed=owed.what)
    effect = life.takes_effect_at
    if effect and not (life.group and life.group.kind == GroupKind.SWAP):
        yield Alarm(max(effect, again or effect), Trigger.TAKE_EFFECT)
    last, done = (life.beside, State.SERVED) if life.undone else (life, State.REPORTED)
    if last and last.state == done and not (last.objecting or last.reversal_owed or last.beside or last.owed):
        yield Alarm(max(last.since, last.may_object_until or last.since), Trigger.CLOSE)


def _beside(life: Life) -> Iterator[Alarm]:
    """The second decree is urged, or the answer to an objection: to the decree, or to the second one that is served."""
    if life.beside and life.beside.state == State.SERVED:
        yield from _beside(life.beside)
    elif life.beside:
        if life.beside.wait:
            yield Alarm(life.beside.wait.rings, Trigger.URGE_SECOND)
    elif life.objection and life.objection.wait:
        yield Alarm(life.objection.wait.rings, Trigger.URGE_OBJECTION)


def _of_step(life: Life) -> Iterator[Alarm]:
    """Of what is asked by itself: it is urged; or reminded of once, and then ends."""
    if life.wait is None or _asks_for_no_step(life):
        return
    if life.lapses and life.wait.notices:
        yield Alarm(life.wait.due[-1], _LAPSES[life.state])
    else:
        yield Alarm(life.wait.rings, Trigger.URGE)
