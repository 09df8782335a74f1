"""Years and months of the law: so many calendar months from a day, ending on the day of the same number."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date


def months_after(day: date, months: int) -> date:
    """Return the day so many months later (or earlier); a month that is too short ends it on its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    if year < MINYEAR:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """Return the anniversary; that of a leap day is the last day of February in other years."""
    return months_after(day, years * 12)
