"""What a request is likely to cost, reckoned as its days will be: people × calendar days × per diem, meals withheld.

An estimate stands on the rates of the rule pack and on nothing else: where there is no rate, there is no estimate. Beds,
ways and the days of travel have no rate and are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.closing.days import calendar_days, local_day, local_last_day, per_diem
from domain.closing.terms import ClosingTerms
from domain.conditions import withholds_meals


@dataclass(frozen=True)
class Planned:
    """A line as it is asked for; it goes on until `until`, in turns where that is later than one duty."""

    line_id: str
    people: int
    report_at: datetime
    until: datetime
    food: str | None = None


@dataclass(frozen=True)
class LineEstimate:
    """What a line comes to: calendar days of each place, both ends included, and whole rupiah for all of its places."""

    line_id: str
    people: int
    days: int
    meals_withheld: bool
    rupiah: int


@dataclass(frozen=True)
class Estimate:
    """The whole, and what it stands on: the rate of a day, and the percentage of it that is withheld for meals."""

    lines: tuple[LineEstimate, ...]
    person_days: int
    rupiah: int
    rate: int
    meals_percent: int
    source: str


def estimate(lines: Iterable[Planned], terms: ClosingTerms, zone: str) -> Estimate | None:
    """Return what the lines come to, by the days of a zone; None where the pack has no rate."""
    if not terms.per_diem:
        return None
    found = tuple(_line(one, terms, zone) for one in lines if one.people)
    return Estimate(
        found,
        person_days=sum(one.people * one.days for one in found),
        rupiah=sum(one.rupiah for one in found),
        rate=terms.per_diem,
        meals_percent=terms.meals_percent,
        source=terms.per_diem_source,
    )


def _line(line: Planned, terms: ClosingTerms, zone: str) -> LineEstimate:
    days = calendar_days(local_day(line.report_at, zone), local_last_day(line.until, zone))
    fed = withholds_meals(line.food)
    each = per_diem(days, days if fed else 0, terms)
    return LineEstimate(line.line_id, line.people, days, fed, line.people * each)
