"""How an Indonesian paper spells a number."""

from __future__ import annotations

_ONES = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
)  # fmt: skip


def words(number: int) -> str:
    """Spell a whole number below one million: `seratus dua puluh tiga`."""
    if number < 12:
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    for size, name, single in ((1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", "")):
        if number >= size:
            count, rest = divmod(number, size)
            head = single if count == 1 and single else f"{words(count)} {name}"
            return f"{head} {words(rest)}" if rest else head
    raise AssertionError("every number of 12 or more has a size")


def ordinal(place: int) -> str:
    """Number a dictum, counted from 1, as a decree does: `KESATU`, `KEDUA` …"""
    return f"KE{'SATU' if place == 1 else words(place).upper()}"
