"""Another paper that a decision names by its number and its day: an erratum, or what forces the decree to be undone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from domain.mutation.life import Life
from domain.mutation.said import Ask

_EASTERNMOST = timezone(timedelta(hours=9))
"""The zone in which a day begins first (WIT): a day that has begun nowhere lies in the future."""
_LEAST_PARTS = 2


def ground_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    """Return the code of why what is named cannot be another authority's paper that forces the decision, or None."""
    if ask.number is None:
        return "decree_missing" if ask.dated else None
    return other_decree_fault(life, ask, decided_at)


def other_decree_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    """Return the code of why what is named cannot be another paper than the decree, or None."""
    if not ask.number:
        return "decree_missing"
    if not is_number(ask.number):
        return "no_decree_number"
    if life.decree and ask.number == life.decree.number:
        return "decree_not_new"
    if ask.dated is None:
        return None
    if in_the_future(ask.dated, decided_at):
        return "dated_in_the_future"
    return "dated_before_the_decree" if before_the_decree(life, ask.dated) else None


def before_the_decree(life: Life, day: date) -> bool:
    """Say whether the day was over wherever the decree may have been signed."""
    signed = life.decree.signed_at if life.decree else None
    # Its own day may be one later, by the government's clock.
    return signed is not None and day < signed.date()


def in_the_future(day: date, decided_at: datetime) -> bool:
    """Say whether the day had begun nowhere yet."""
    return day > decided_at.astimezone(_EASTERNMOST).date()


def is_number(text: str) -> bool:
    """Say whether it could number a decree or a ruling: `821.2/12/BKPSDM/XI/2026`, `123 Tahun 2026`; a part more than a count."""
    parts = re.split(r"[/\s]+", text)
    return sum(any(sign.isdecimal() for sign in part) for part in parts) >= _LEAST_PARTS
