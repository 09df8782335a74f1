"""How Indonesian papers write days, spans, numbers and NIPs.

Instants come in as aware datetimes and are told as days of the government's own zone: an order that ends at
14.00 UTC on the 6th ends, for its readers in Kupang, on the 6th; one that ends at 17.00 UTC, on the 7th.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.long_days import GLUE, MONTHS, day
from domain.long_numbers import words
from domain.mutation.codes import RANKS, Grade

__all__ = [
    "GLUE", "clock", "counted", "day", "first_day", "grouped_nip", "last_day", "plain", "ranked", "short_day", "span",
    "span_with_length", "words",
]  # fmt: skip

_ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def ranked(grade: str) -> str:
    """`Pembina Tk. I, IV/b`: a grade alone is given its rank; of a PPPK, who has none, it stays as it is."""
    told = plain(grade)
    return f"{RANKS[Grade(told)]}, {told}" if told in tuple(Grade) else told


def plain(text: str) -> str:
    """Reduce text to what can be printed on one line: composed, single-spaced, no control or bidi characters."""
    spaced = "".join(" " if mark.isspace() else mark for mark in unicodedata.normalize("NFC", text))
    return " ".join("".join(mark for mark in spaced if unicodedata.category(mark)[0] != "C").split())


def first_day(at: datetime, zone: str) -> date:
    """Give the local day on which this instant falls."""
    return at.astimezone(ZoneInfo(zone)).date()


def last_day(at: datetime, zone: str) -> date:
    """Give the last local day before this instant: an end at midnight belongs to the day that it closes."""
    return (at.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


def short_day(on: date) -> str:
    """`22 Nov 2026`, for tables."""
    return f"{on.day}{GLUE}{MONTHS[on.month - 1][:3]}{GLUE}{on.year}"


def span(first: date, last: date) -> str:
    """`23 November s.d. 6 Desember 2026`: what both ends share is said once."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} s.d. {day(last)}"
    if first.year == last.year:
        return f"{first.day}{GLUE}{MONTHS[first.month - 1]} s.d. {day(last)}"
    return f"{day(first)} s.d. {day(last)}"


def span_with_length(first: date, last: date) -> str:
    """`23 November s.d. 6 Desember 2026 (14 hari)`; both ends count."""
    return f"{span(first, last)} ({(last - first).days + 1} hari)"


def clock(at: datetime, zone: str) -> str:
    """`05.40 WITA`; outside the three Indonesian zones the offset stands for the name."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H.%M}{GLUE}{_ZONE_NAMES.get(zone, f'UTC{local:%z}')}"


def counted(number: int) -> str:
    """`60 (enam puluh)`, so that a count cannot be altered by a stroke."""
    return f"{number} ({words(number)})"


def grouped_nip(nip: str) -> str:
    """`19850101 201001 1 001`: birth, entry, sex, serial; anything else than 18 digits stays as it is."""
    if len(nip) == 18 and nip.isdigit():
        return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}".replace(" ", GLUE)
    return nip
