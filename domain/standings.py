"""Emergency statuses as they stand: each of one level, by a decree, from one instant to another.

Law: UU 24/2007 and PP 21/2008. Who declares it gives the level; the levels do not wait for each other, so statuses of
several may stand side by side and end on different days. Within one level, one follows another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """Whose head declares it, the lowest first: bupati or wali kota, gubernur, president."""

    REGENCY_CITY = "REGENCY_CITY"
    PROVINCE = "PROVINCE"
    NATIONAL = "NATIONAL"


class Status(StrEnum):
    """What stands, the weakest first: siaga darurat, transisi darurat ke pemulihan, tanggap darurat."""

    ALERT = "ALERT"
    TRANSITION = "TRANSITION"
    RESPONSE = "RESPONSE"


LEVELS = tuple(Level)
STRENGTH = tuple(Status)

LEVEL_WORDS = {
    "KABUPATEN_KOTA": Level.REGENCY_CITY,
    "KABUPATEN": Level.REGENCY_CITY,
    "KOTA": Level.REGENCY_CITY,
    "REGENCY": Level.REGENCY_CITY,
    "CITY": Level.REGENCY_CITY,
    "PROVINSI": Level.PROVINCE,
    "NASIONAL": Level.NATIONAL,
}
STATUS_WORDS = {"SIAGA": Status.ALERT, "TANGGAP": Status.RESPONSE, "TRANSISI": Status.TRANSITION}
"""What people may write for a level or a status, beside its own name."""


class Ending(StrEnum):
    """How the end of a standing moved or came."""

    EXTENDED = "EXTENDED"
    RAN_OUT = "RAN_OUT"
    SUPERSEDED = "SUPERSEDED"
    HANDED_BACK = "HANDED_BACK"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class Standing:
    """One status of one level; `decree` is the newest that it stands on, `ended` says why it stands no more."""

    number: int
    level: Level
    status: Status
    decree: str
    start: datetime
    end: datetime
    warned: bool = False
    ended: Ending | None = None

    @property
    def stands(self) -> bool:
        """Whether it is in force, as far as the operation has noticed."""
        return self.ended is None


@dataclass(frozen=True)
class EndMoved:
    """A standing's end was moved, from one instant to another."""

    number: int
    kind: Ending
    before: datetime
    after: datetime


_MAY_FOLLOW = {
    Status.ALERT: {Status.RESPONSE, Status.TRANSITION},
    Status.RESPONSE: {Status.TRANSITION},
    # Water comes back: a new declaration, never an extension.
    Status.TRANSITION: {Status.RESPONSE},
}
_FIRST = {Status.ALERT, Status.RESPONSE}


def may_follow(before: Standing | None, status: Status) -> bool:
    """Say whether a status may be declared where `before` is the newest of its level; anything once that is over."""
    if before is None:
        return status in _FIRST
    return not before.stands or status in _MAY_FOLLOW[before.status]


def newest(standings: Iterable[Standing], level: Level) -> Standing | None:
    """Return the newest standing of a level, in force or over."""
    return max((one for one in standings if one.level == level), key=lambda one: one.number, default=None)


def in_force(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return those in force, the strongest first; of two equally strong ones the higher level's."""

    def weight(one: Standing) -> tuple[int, int]:
        return STRENGTH.index(one.status), LEVELS.index(one.level)

    return tuple(sorted((one for one in standings if one.stands), key=weight, reverse=True))


def covered_until(standings: Iterable[Standing], coming: Iterable[Standing] = ()) -> datetime | None:
    """Return until when there is or was cover without a gap; None where nothing has been in force.

    What is to come counts from its start on, where the cover reaches up to it, and cuts short what it follows.
    """
    coming = sorted(coming, key=lambda one: one.start)
    follows = {one.level: one.start for one in reversed(coming)}
    end = max((min(one.end, follows.get(one.level, one.end)) for one in standings), default=None)
    for one in coming:
        if end is not None and one.start <= end:
            end = max(end, one.end)
    return end


def highest(standings: Iterable[Standing]) -> Standing:
    """Return the one of the highest level; raises ValueError where there is none."""
    return max(standings, key=lambda one: LEVELS.index(one.level))


def higher(one: Level, other: Level) -> bool:
    """Say whether a level stands above another."""
    return LEVELS.index(one) > LEVELS.index(other)
