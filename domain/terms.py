"""Terms: so many hours, days or working days from an instant on, and the instant at which they end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.ports import Calendar

_TERM = re.compile(r"(\d{1,5}) (h|d|wd)", re.ASCII)
_DAY = timedelta(days=1)
_WORKING_WEEK = 5  # days


class Unit(StrEnum):
    """What a term counts; the value is how a rule pack writes it."""

    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"


class YearUnknown(LookupError):
    """The calendar has no dates for a year, and nobody guesses them."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(f"calendar {calendar!r} has no dates for {year}: add that year's holidays to it")
        self.calendar = calendar
        self.year = year


@dataclass(frozen=True)
class Term:
    """How long something may take. Hours and days are elapsed time, day and night."""

    amount: int
    unit: Unit

    @property
    def elapsed(self) -> timedelta | None:
        """Return the elapsed time, or None where working days must be counted."""
        if self.unit == Unit.WORKING_DAYS:
            return None
        return timedelta(hours=self.amount) if self.unit == Unit.HOURS else self.amount * _DAY

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


def parse(text: object) -> Term:
    """Return the term that is written like `24 h`, `14 d` or `5 wd`; raises ValueError."""
    match = _TERM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f'expected a term like "24 h", "14 d" or "5 wd", found {text!r}')
    term = Term(int(match[1]), Unit(match[2]))
    if term.unit == Unit.WORKING_DAYS and not term.amount:
        raise ValueError(f"expected one working day or more, found {text!r}")
    return term


def due(start: datetime, term: Term, calendar: Calendar, zone: tzinfo) -> datetime:
    """Return when a term that begins at `start` ends, in UTC; raises YearUnknown.

    Of working days, the local day on which it begins is not counted, whatever the hour; the term
    ends when offices close on the last one.
    """
    if term.elapsed is not None:
        return (start + term.elapsed).astimezone(UTC)
    day, left = start.astimezone(zone).date(), term.amount
    while left:
        day += _DAY
        left -= calendar.works(day)
    return datetime.combine(day, calendar.closes(day), zone).astimezone(UTC)


def without_dates(start: datetime, term: Term) -> datetime:
    """Return when a term of working days ends where a year's days off are not known: weeks count as five days."""
    return start + timedelta(days=term.amount * 7 / _WORKING_WEEK)
