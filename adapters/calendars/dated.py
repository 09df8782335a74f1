"""A calendar as its file dates it: weekends, national holidays and collective leave, year by year."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from domain.rules import OfficeRules
from domain.terms import YearUnknown

HERE = Path(__file__).parent
SATURDAY = 5
LISTS = ("national", "collective_leave")


class CalendarInvalid(ValueError):
    """The file cannot be used; the text names it, the place in it and what was expected."""


@dataclass(frozen=True)
class DatedCalendar:
    """Offices are open from Monday to Friday, but on the days off; a year without dates is not guessed."""

    name: str
    days_off: dict[int, frozenset[date]]
    office_closes: time

    def works(self, day: date) -> bool:
        """Say whether offices are open on a day; raises YearUnknown."""
        if day.year not in self.days_off:
            raise YearUnknown(self.name, day.year)
        return day.weekday() < SATURDAY and day not in self.days_off[day.year]

    def closes(self, day: date) -> time:  # noqa: ARG002 - the same on each day of this calendar
        """Return when offices close on a working day, in local time."""
        return self.office_closes


def read_calendar(rules: OfficeRules, directory: Path = HERE) -> DatedCalendar:
    """Return the calendar that a rule pack names; raises CalendarInvalid."""
    path = directory / f"{rules.calendar}.toml"
    try:
        years = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CalendarInvalid(f"calendar {rules.calendar!r}: there is no {path.name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CalendarInvalid(f"{path.name}: {error}") from None
    days_off = {_year(path.name, key): _days(path.name, key, node) for key, node in years.items()}
    return DatedCalendar(rules.calendar, days_off, rules.closes)


def _year(file: str, key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) == 4):
        raise CalendarInvalid(f"{file}: [{key}]: expected a year")
    return int(key)


def _days(file: str, year: str, node: Any) -> frozenset[date]:
    found: set[date] = set()
    for part in LISTS:
        entries = node.get(part) if isinstance(node, dict) else None
        if not isinstance(entries, list) or not entries:
            raise CalendarInvalid(f"{file}: {year}.{part}: expected a list of [day, name], not empty")
        for number, entry in enumerate(entries, 1):
            match entry:
                case [date() as day, str() as name] if day.year == int(year) and name and day not in found:
                    found.add(day)
                case _:
                    raise CalendarInvalid(
                        f"{file}: {year}.{part}[{number}]: expected [day of {year}, name], each day once, "
                        f"found {entry!r}"
                    )
    return frozenset(found)
