"""NIP, the 18 digits that name a civil servant: birth date, month of entry, sex, serial.

`YYYYMMDD YYYYMM S NNN`. PPPK carry 21 (the code of their formation) where the others carry the month of entry.
A NIP that is not exact is refused, never repaired: a spreadsheet that took it for a number kept 15 digits of it, and
a repaired NIP would be somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PPPK_MONTH = 21
_WRAPPING = " \t\u00a0\u200b'\u2019`"


@dataclass(frozen=True, slots=True)
class Nip:
    """A well-formed NIP and what it says. `entry_month` is PPPK_MONTH for PPPK."""

    digits: str
    birth_date: date
    entry_year: int
    entry_month: int
    sex: str  # "M" | "F"
    serial: int

    @property
    def is_pppk(self) -> bool:
        return self.entry_month == PPPK_MONTH


def parse_nip(text: str) -> Nip | str:
    """The NIP in this text, or what was expected instead (one line, without the digits)."""
    digits = clean_nip(text)
    fault = nip_fault(digits)
    if fault:
        return fault
    born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    sex = "M" if digits[14] == "1" else "F"
    return Nip(digits, born, int(digits[8:12]), int(digits[12:14]), sex, int(digits[15:]))


def clean_nip(text: str) -> str:
    """Without the apostrophe that keeps it text in a spreadsheet, and without blanks between its groups."""
    stripped = text.strip(_WRAPPING)
    return stripped if stripped.isdigit() else stripped.replace(" ", "").replace("\u00a0", "")


def nip_fault(digits: str) -> str | None:
    """What is wrong with a cleaned NIP; None if nothing is."""
    if len(digits) != 18 or not (digits.isascii() and digits.isdigit()):
        return _shape_fault(digits)
    if digits.endswith("000"):
        return "18 exact digits: this one ends in 000, as numbers do that a spreadsheet rounded to 15 digits"
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return "a NIP whose first 8 digits are a birth date YYYYMMDD"
    entry_month = int(digits[12:14])
    if not (1 <= entry_month <= 12 or entry_month == PPPK_MONTH):
        return "a NIP whose digits 13-14 are a month 01-12, or 21 for PPPK"
    if not 15 <= int(digits[8:12]) - born.year <= 66:
        return "a NIP whose entry year (digits 9-12) is 15 to 66 years after the birth year"
    if digits[14] not in "12":
        return "a NIP whose digit 15 is 1 (male) or 2 (female)"
    return None


def _shape_fault(text: str) -> str:
    lowered = text.lower()
    if "e+" in lowered or (lowered.replace("e", "", 1).replace(".", "", 1).isdigit() and "e" in lowered):
        return "18 exact digits as text: this is a number in scientific notation, its last digits are lost"
    if "." in text or "," in text:
        return "18 exact digits as text: this is a decimal number"
    return f"18 digits, not {len(text)} characters"


def mask_nip(text: str) -> str:
    """The NIP for an error text: only its last four digits."""
    digits = "".join(sign for sign in text if sign.isdigit())
    return f"...{digits[-4:]}" if len(digits) > 4 else "..."
