"""The life of an emergency operation and of the statuses declared in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """MONITORING, then the declared status (siaga, tanggap, transisi), then ended."""

    MONITORING = "MONITORING"
    ALERT = "ALERT"
    RESPONSE = "RESPONSE"
    TRANSITION = "TRANSITION"
    LAPSED = "LAPSED"
    ENDED = "ENDED"


class Trigger(StrEnum):
    """What can move an operation."""

    DECLARE = "DECLARE"
    EXTEND = "EXTEND"
    END = "END"
    LAPSE = "LAPSE"


DECLARED = frozenset({State.ALERT, State.RESPONSE, State.TRANSITION})
"""An emergency status is in force."""

_MAY_FOLLOW = {
    State.MONITORING: {State.ALERT, State.RESPONSE},
    State.ALERT: {State.RESPONSE, State.TRANSITION},
    State.RESPONSE: {State.TRANSITION},
    State.TRANSITION: {State.RESPONSE},
    State.LAPSED: {State.ALERT, State.RESPONSE, State.TRANSITION},
}


@dataclass(frozen=True)
class Life:
    """An operation at one moment; `until` is the end of the status in force."""

    state: State
    revision: int
    since: datetime
    until: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state == State.ENDED


@dataclass(frozen=True)
class Moved:
    """The trigger stands; this is the life after it."""

    life: Life


@dataclass(frozen=True)
class Refused:
    """The trigger does not stand; the code says why."""

    code: str


def declare(life: Life, status: State, *, until: datetime, now: datetime) -> Moved | Refused:
    """Put a status in force until an end; a status without an end does not exist in law (PP 21/2008)."""
    if life.ended:
        return Refused("already_ended")
    if status not in _MAY_FOLLOW.get(life.state, set()):
        return Refused("status_cannot_follow")
    if until <= now:
        return Refused("ends_in_the_past")
    return Moved(Life(status, life.revision + 1, now, until))


def extend(life: Life, *, until: datetime) -> Moved | Refused:
    """Prolong the status in force by a new decree."""
    if life.state not in DECLARED or life.until is None:
        return Refused("already_ended" if life.ended else "no_status_in_force")
    if until <= life.until:
        return Refused("not_longer")
    return Moved(replace(life, revision=life.revision + 1, until=until))


def lapse(life: Life, *, now: datetime) -> Moved | Refused:
    """The end came and no extension: the status is no more, and everyone must see it."""
    if life.state not in DECLARED or life.until is None or now < life.until:
        return Refused("not_now")
    return Moved(Life(State.LAPSED, life.revision + 1, now))


def end(life: Life, *, now: datetime) -> Moved | Refused:
    """Close the operation."""
    if life.ended:
        return Refused("already_ended")
    return Moved(Life(State.ENDED, life.revision + 1, now))
