"""How an Indonesian paper writes a day in full."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
    "November", "Desember",
)  # fmt: skip
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
GLUE = "\u00a0"  # a day is never parted from its month, nor a clock from its zone


def day(on: date) -> str:
    """`22 November 2026`."""
    return f"{on.day}{GLUE}{MONTHS[on.month - 1]} {on.year}"
