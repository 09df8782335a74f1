"""Who carries the surges: what each unit and each person has given of late, and how evenly that is spread.

A day is an elapsed day, begun ones count whole; a posting counts from the day of departure to that of the return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

WINDOW = timedelta(days=180)
"""How far back the burden is counted."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Posting:
    """Somebody was away on a surge from here to there; `until` is None while they are."""

    person_id: str
    unit_id: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Staff:
    """The people of one role in a unit: `held` are promised or away, `absent` on leave of those who are not.

    Of those whom the unit lends, `gone` are on its roster no more, so that they are not of the headcount.
    """

    unit_id: str
    role: str
    headcount: int
    held: int
    absent: int
    redline: int
    gone: int = 0

    @property
    def margin(self) -> int:
        """How many more are there than must be; below zero, too few."""
        return self.headcount - (self.held - self.gone) - self.absent - self.redline

    @property
    def thin(self) -> bool:
        """Whether people of the role are promised or away while fewer are there than must be."""
        return self.held > 0 and self.margin < 0


@dataclass(frozen=True)
class UnitBurden:
    """What a unit gives: people out now, person-days of late, and by role how far it is above its redline."""

    unit_id: str
    headcount: int
    out: int
    held: int
    days: int
    staff: tuple[Staff, ...]

    @property
    def days_a_head(self) -> float:
        """Person-days lent for each of its people."""
        return self.days / self.headcount if self.headcount else 0.0

    @property
    def margin(self) -> int:
        """How far the tightest of its roles is above its redline."""
        return min((one.margin for one in self.staff), default=0)

    @property
    def thin(self) -> bool:
        """Whether a role that has people promised or away has fewer there than it must."""
        return any(one.thin for one in self.staff)


@dataclass(frozen=True)
class PersonBurden:
    """What one person has given of late; `raised` is by how many days the yearly cap is, if it is."""

    person_id: str
    unit_id: str
    surges: int
    days: int
    out: bool
    raised: int = 0


@dataclass(frozen=True)
class Spread:
    """How evenly something is carried: `gini` is 0 where all carry the same and nears 1 where one carries all."""

    carriers: int
    mean: float
    most: float
    gini: float

    @property
    def most_over_mean(self) -> float:
        """How many times the mean the heaviest load is."""
        return self.most / self.mean if self.mean else 0.0


def spread(loads: Sequence[float]) -> Spread:
    """Return how evenly these loads are spread; those who carry nothing count too."""
    ordered, count = sorted(loads), len(loads)
    total = sum(ordered)
    if not total:
        return Spread(count, 0.0, 0.0, 0.0)
    ranked = sum(rank * load for rank, load in enumerate(ordered, 1))
    gini = (2 * ranked - (count + 1) * total) / (count * total)
    return Spread(count, total / count, ordered[-1], gini)


def by_unit(staff: Iterable[Staff], postings: Iterable[Posting], at: datetime) -> tuple[UnitBurden, ...]:
    """Return every unit, those that are thin first, then the heaviest burden."""
    postings = tuple(postings)
    roles: dict[str, list[Staff]] = defaultdict(list)
    for one in staff:
        roles[one.unit_id].append(one)
    found = [
        UnitBurden(
            unit_id,
            sum(one.headcount for one in own),
            sum(one.until is None for one in postings if one.unit_id == unit_id),
            sum(one.held for one in own),
            sum(_days(one, at) for one in postings if one.unit_id == unit_id),
            tuple(own),
        )
        for unit_id, own in roles.items()
    ]
    return tuple(sorted(found, key=lambda unit: (not unit.thin, -unit.days_a_head, unit.unit_id)))


def by_person(
    postings: Iterable[Posting], at: datetime, raised: Mapping[str, int] = MappingProxyType({})
) -> tuple[PersonBurden, ...]:
    """Return everybody who was on a surge of late, the heaviest burden first."""
    own: dict[str, list[Posting]] = defaultdict(list)
    for one in postings:
        if _days(one, at):
            own[one.person_id].append(one)
    found = [
        PersonBurden(
            person,
            mine[-1].unit_id,
            len(mine),
            sum(_days(one, at) for one in mine),
            any(one.until is None for one in mine),
            raised.get(person, 0),
        )
        for person, mine in own.items()
    ]
    return tuple(sorted(found, key=lambda person: (-person.days, -person.surges, person.person_id)))


def spread_over_units(units: Iterable[UnitBurden], able: frozenset[str]) -> Spread:
    """Return how evenly the days a head are spread over units that may lend (`able`) or have lent."""
    return spread([unit.days_a_head for unit in units if unit.days or unit.unit_id in able])


def _days(posting: Posting, at: datetime) -> int:
    begin, end = max(posting.since, at - WINDOW), min(posting.until or at, at)
    return max(0, -(-(end - begin) // _DAY))
