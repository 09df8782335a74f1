"""Whom a mutation could move in an example city, and whom one thing alone keeps: for tests, and for trying it out.

Who they are is looked up in what the city's files say; the rules of the domain are not asked, so that they can be judged by it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.mutation.codes import Education, Grade, PositionKind, Rating
from domain.mutation.years import years_after
from domain.personnel import PositionRow
from domain.roster import EmploymentKind, LeaveKind, Roster
from domain.workload import WorkloadRules, role_loads

KEPT_FREE = WorkloadRules(reserve=Fraction(0))
_GOOD = (Rating.EXCELLENT, Rating.GOOD)
_AWAY = (LeaveKind.UNPAID, LeaveKind.STUDY)


class Kept(StrEnum):
    """The one thing that keeps somebody."""

    TOO_SHORT = "TOO_SHORT"
    CHARGED = "CHARGED"
    RELATED = "RELATED"
    UNRATED = "UNRATED"


@dataclass(frozen=True)
class Mover:
    """Somebody, and the vacant position to which they could move but for what keeps them."""

    person_id: str
    position_id: str
    kept: Kept | None


def movers(roster: Roster, on: date, *, every: bool = False) -> Iterator[Mover]:
    """Give whoever of a roster could move that day, or could but for one thing: to one vacant position for each outcome, or every."""
    city = _City(roster, on)
    for at in range(len(roster.people)):
        told = set[Kept | None]()
        for post in city.open_to(at):
            faults = set(city.faults(at, post))
            kept = next(iter(faults), None)
            if len(faults) <= 1 and (every or kept not in told):
                told.add(kept)
                person, position = str(roster.people.id[at]), position_id(roster.government.id, post)
                yield Mover(person, position, kept)


def position_id(government_id: str, post: PositionRow) -> str:
    """Return the id under which the registry keeps a position of the map."""
    said = f"{government_id}{post.unit}/{post.position}/{post.role}"
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


class _City:
    """What is asked again and again, by key."""

    def __init__(self, roster: Roster, on: date) -> None:
        self._people, self._on, filed = roster.people, on, roster.personnel
        columns = (roster.people.unit, roster.people.position, roster.people.role)
        self._held = [(unit, post or "", role) for unit, post, role in zip(*columns, strict=True)]
        self._posts = {(row.unit, row.position, row.role): row for row in filed.positions}
        loads = role_loads(roster.headcounts(), roster.workload, roster.redlines, rules=KEPT_FREE)
        self._spare = {key for key, load in loads.items() if load.headcount > load.redline}
        short = {key for key, load in loads.items() if (load.need or 0) > load.headcount}
        self._vacant = defaultdict[str, list[PositionRow]](list)
        for key, row in self._posts.items():
            plain = row.kind == PositionKind.GENERAL and not row.heads_unit
            if plain and (row.unit, row.role) in short and row.need > self._held.count(key):
                self._vacant[row.role].append(row)
        self._education = {row.nip: row.education for row in filed.careers}
        self._rated = {(row.nip, row.year) for row in filed.ratings if row.rating in _GOOD}
        self._badly = {row.nip for row in filed.ratings if row.rating not in _GOOD}
        self._charged = {row.nip for row in filed.processes if row.until is None or row.until >= on}
        away = {row.nip for row in roster.leave if row.kind in _AWAY and row.start <= on <= row.end}
        self._bound = away | {row.nip for row in filed.ties} | {office.nip for office in roster.appointments}
        self._kin = defaultdict[str, set[str]](set)
        for pair in filed.relations:
            self._kin[pair.nip].add(pair.other)
            self._kin[pair.other].add(pair.nip)
        self._heads = {unit.code: unit.head_nip for unit in roster.units}
        self._above = {unit.code: unit.parent for unit in roster.units}

    def open_to(self, at: int) -> Iterator[PositionRow]:
        """The vacant posts that fit somebody whom nothing but a `Kept` may keep; none where anything else does."""
        people, (unit, _, role) = self._people, self._held[at]
        nip, own = people.nip[at], self._posts.get(self._held[at])
        if people.employment[at] != EmploymentKind.PNS or nip in self._bound or nip in self._badly:
            return
        if own is None or own.kind != PositionKind.GENERAL or (unit, role) not in self._spare:
            return
        fits = _fitting(own, self._education[nip] or Education.SD, Grade(people.grade[at]))
        yield from (post for post in self._vacant[role] if fits(post))

    def faults(self, at: int, post: PositionRow) -> Iterator[Kept]:
        """What keeps somebody from a post."""
        nip, since = self._people.nip[at], self._people.position_since[at]
        if since is None or years_after(since, 2) > self._on:
            yield Kept.TOO_SHORT
        if nip in self._charged:
            yield Kept.CHARGED
        if self._kin[nip] & {self._heads[unit] for unit in self._line(post.unit)}:
            yield Kept.RELATED
        if {(nip, self._on.year - 1), (nip, self._on.year - 2)} - self._rated:
            yield Kept.UNRATED

    def _line(self, unit: str) -> Iterator[str]:
        above: str | None = unit
        while above:
            yield above
            above = self._above[above]


def _fitting(own: PositionRow, education: Education, grade: Grade) -> Callable[[PositionRow], bool]:
    """Whether a post asks for no more than somebody has, in another unit, and no more than two classes away."""

    def fits(post: PositionRow) -> bool:
        able = education.level >= (post.education or Education.SD).level and not post.competences
        high = grade.step >= (post.lowest_grade or Grade.I_A).step
        return able and high and post.unit != own.unit and abs(post.job_class - own.job_class) <= 2

    return fits
