"""What the personnel agency of an example city keeps: careers, ratings and what stands against a few; all invented.

It is drawn from a stream of its own, after everybody is hired, so that who lives in a city does not hang on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from domain.authority import Capacity
from domain.mutation.codes import Charge, Education, Kinship, Rating, Tie
from domain.personnel import (
    CareerRow,
    Personnel,
    PositionRow,
    ProcessRow,
    RatingRow,
    RelationRow,
    TieRow,
)
from domain.roster import EmploymentKind, Roster
from lab.city_people import AS_OF
from lab.city_positions import position_map

_YEARS = (AS_OF.year - 2, AS_OF.year - 1)
_RATINGS = ((Rating.EXCELLENT, Rating.GOOD, Rating.NEEDS_IMPROVEMENT, Rating.POOR), (24, 72, 3, 1))
_FEW = 250
"""One in so many has something against them of each sort."""


def with_personnel(roster: Roster, seed: int) -> Roster:
    """Return the roster with what a mutation asks of its people and posts; the same seed gives the same."""
    draw = _Draw(roster, Random(f"personnel/{seed}"))
    drawn = Personnel(
        careers=tuple(draw.careers()),
        ratings=tuple(draw.ratings()),
        processes=tuple(draw.processes()),
        ties=tuple(draw.ties()),
        relations=tuple(draw.relations()),
        positions=draw.positions,
    )
    return replace(roster, personnel=drawn)


@dataclass(frozen=True)
class _Someone:
    """As much of somebody as is drawn from."""

    nip: str
    employment: str
    grade: str
    key: tuple[str, str, str]

    @property
    def entered(self) -> date:
        """The first day of service, as the NIP says it; of a PPPK only the year."""
        month = int(self.nip[12:14])
        return date(int(self.nip[8:12]), month if month <= 12 else 1, 1)


class _Draw:
    def __init__(self, roster: Roster, rng: Random) -> None:
        self._rng = rng
        self.positions = position_map(roster)
        self._posts = {(row.unit, row.position, row.role): row for row in self.positions}
        p = roster.people
        columns = zip(p.nip, p.employment, p.grade, p.unit, p.position, p.role, strict=True)
        self._people = [
            _Someone(nip, kind, grade, (unit, post or "", role))
            for nip, kind, grade, unit, post, role in columns
        ]
        self._heads = {
            office.unit: office.nip
            for office in roster.appointments
            if office.unit and office.capacity == Capacity.UNIT_HEAD
        }
        self._parents = {unit.parent for unit in roster.units}
        in_office = {office.nip for office in roster.appointments}
        self._others = [one for one in self._people if one.nip not in in_office]

    def careers(self) -> Iterator[CareerRow]:
        """A PNS is one a year after entry; the inspectorate cleared most within half a year, a few long ago or never."""
        rng = self._rng
        for one in self._people:
            since = one.entered.replace(year=one.entered.year + 1)
            days = rng.choices((rng.randint(5, 150), rng.randint(200, 900), None), (90, 6, 4))[0]
            yield CareerRow(
                one.nip,
                since if one.employment == EmploymentKind.PNS else None,
                self._education(self._posts.get(one.key), one.grade),
                None if days is None else AS_OF - timedelta(days=days),
            )

    def _education(self, post: PositionRow | None, grade: str) -> Education:
        """At least what the own post asks for, and more the higher the grade."""
        asked = (post and post.education) or Education.SMA
        by_grade = {"I": Education.SMA, "II": Education.D3, "III": Education.S1, "IV": Education.S2}
        reached = by_grade.get(grade.partition("/")[0], Education.SMA) if "/" in grade else Education.SMA
        likely = reached if self._rng.random() < 0.9 else asked
        return max(asked, likely, key=lambda one: one.level)

    def ratings(self) -> Iterator[RatingRow]:
        """The last two whole years, but for those who came later, and a few whom nobody rated."""
        for one in self._people:
            unrated = self._rng.random() < 1 / _FEW
            for year in _YEARS:
                drawn = self._rng.choices(*_RATINGS)[0]
                if one.entered.year <= year and not unrated:
                    yield RatingRow(one.nip, year, drawn)

    def processes(self) -> Iterator[ProcessRow]:
        """A few open ones, and a few that have ended."""
        for one in self._others:
            if self._rng.random() < 1 / _FEW:
                over = self._rng.random() < 0.3
                until = AS_OF - timedelta(days=self._rng.randint(30, 700)) if over else None
                yield ProcessRow(one.nip, self._rng.choice(tuple(Charge)), until)

    def ties(self) -> Iterator[TieRow]:
        """Who studies, and who owes service after it."""
        for one in self._others:
            if self._rng.random() < 1 / _FEW:
                until = AS_OF + timedelta(days=self._rng.randint(60, 1_200))
                yield TieRow(one.nip, self._rng.choice(tuple(Tie)), until)

    def relations(self) -> Iterator[RelationRow]:
        """Couples and relatives across units; half of them with a head, mostly of a unit that has others below it."""
        rng, heads = self._rng, sorted(self._heads)
        above = [unit for unit in heads if unit in self._parents]
        married, pairs = set[str](), set[frozenset[str]]()
        for one in self._others:
            if rng.random() >= 4 / _FEW:
                continue
            unit = rng.choice(above if rng.random() < 0.6 else heads)
            other = self._heads[unit] if rng.random() < 0.5 else rng.choice(self._others).nip
            pair = frozenset({one.nip, other})
            if pair in pairs or one.nip == other or unit == one.key[0]:
                continue
            pairs.add(pair)
            couple = not pair & married and rng.random() < 0.5
            married |= pair if couple else set()
            yield RelationRow(one.nip, other, Kinship.SPOUSE if couple else Kinship.RELATIVE)
