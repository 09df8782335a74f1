"""What a scenario changes while people are out: a line asks for more, and people are moved on instead of home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from lab.scenario_file import Reader, Table

OFFERED_AFTER = timedelta(hours=1)
"""How long after it is asked for a surge has offered its plan at the latest."""


class Asked(Protocol):
    """What is to be known of a surge here."""

    @property
    def asked_after(self) -> timedelta: ...
    @property
    def needs(self) -> tuple[object, ...]: ...


@dataclass(frozen=True)
class Raised:
    """The figures were revised: the need of this number asks for so many more, so long after the start."""

    surge: str
    need: int
    by: int
    after: timedelta


@dataclass(frozen=True)
class Onward:
    """So many people of a surge are moved on to the first need of another one, so long after the start."""

    surge: str
    to: str
    people: int
    after: timedelta


def read_raised(read: Reader, data: Table, surges: Mapping[str, Asked]) -> tuple[Raised, ...]:
    """Take the `[[raised]]` out of a file."""
    found = []
    for at, table in read.several(data, "raised"):
        read.known(table, at, ("surge", "need", "by", "after"))
        surge = read.one_of(table, "surge", at, surges, default=next(iter(surges)))
        need = read.whole(table, "need", at, least=1)
        if need > len(surges[surge].needs):
            read.fail("need", at, f"one of the {len(surges[surge].needs)} needs of {surge}", need)
        by = read.whole(table, "by", at, least=1)
        found.append(Raised(surge, need, by, _after(read, table, at, surges[surge])))
    return tuple(found)


def read_onward(read: Reader, data: Table, surges: Mapping[str, Asked]) -> tuple[Onward, ...]:
    """Take the `[[onward]]` out of a file."""
    found = []
    for at, table in read.several(data, "onward"):
        read.known(table, at, ("surge", "to", "people", "after"))
        surge = read.one_of(table, "surge", at, surges, default=next(iter(surges)))
        to = read.one_of(table, "to", at, [key for key in surges if key != surge])
        people = read.whole(table, "people", at, least=1)
        found.append(Onward(surge, to, people, _after(read, table, at, surges[surge], surges[to])))
    return tuple(found)


def _after(read: Reader, table: Table, at: str, *surges: Asked) -> timedelta:
    after = read.span(table, "after", at)
    if after < max(one.asked_after for one in surges) + OFFERED_AFTER:
        read.fail(
            "after",
            at,
            "a span from the start to an hour after the surge is asked for, or longer",
            table["after"],
        )
    return after
