"""Turning the text of a cell into a value, or into a `Fault` that says what was expected instead.

Nothing is guessed: a date of two digits a year, a point outside Indonesia or an unknown word is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from uuid import UUID

from adapters.feeds import synonyms
from domain.nip import clean_nip, nip_fault

T = TypeVar("T")

LONGEST_TEXT = 200
# Indonesia lies within; a latitude that lost its sign mostly does not.
SOUTH, NORTH, WEST, EAST = -11.5, 6.5, 94.5, 141.5

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february pebruari", "maret mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "agustus agu agt aug august", "september sep sept",
            "oktober okt oct october", "november nov nop nopember", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\Z", re.ASCII)
_SPOKEN = re.compile(r"(\d{1,2})[ -]([a-z]+)[ -](\d{4})\Z", re.ASCII)
_GRADE = re.compile(r"(I{1,3}|IV)[/ .]?([A-E])\Z", re.IGNORECASE)
_PPPK_GRADE = re.compile(r"(?:X{0,1}(?:IX|IV|V?I{0,3}))\Z")
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\Z")
_PHONE = re.compile(r"\+?[\d ()./-]{5,24}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell was not taken: what was expected of it."""

    expected: str


def text(cell: str) -> str | Fault:
    if _CONTROL.search(cell):
        return Fault("a text on one line, without control characters")
    return cell if len(cell) <= LONGEST_TEXT else Fault(f"at most {LONGEST_TEXT} characters")


def nip(cell: str) -> str | Fault:
    digits = clean_nip(cell)
    fault = nip_fault(digits)
    return Fault(fault) if fault else digits


def day(cell: str) -> date | Fault:
    """A date: 1985-03-12, 12-03-1985, 12/03/1985 (day first, as in Indonesia) or 12 Maret 1985."""
    expected = Fault("a date such as 1985-03-12, 12/03/1985 (day first) or 12 Maret 1985")
    if found := _ISO.match(cell):
        year, month, dom = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.match(cell):
        dom, month, year = (int(part) for part in found.groups())
    elif (found := _SPOKEN.match(cell.lower())) and found[2] in _MONTHS:
        dom, month, year = int(found[1]), _MONTHS[found[2]], int(found[3])
    else:
        return expected
    if not 1900 <= year <= 2200:
        return Fault("a date between 1900 and 2200")
    try:
        return date(year, month, dom)
    except ValueError:
        return expected


def grade(cell: str) -> str | Fault:
    """Golongan: I/a to IV/e, or the Roman number of a PPPK, I to XVII."""
    if found := _GRADE.match(cell):
        return f"{found[1].upper()}/{found[2].lower()}"
    roman = cell.upper()
    known = roman and (_PPPK_GRADE.match(roman) or roman in ("XV", "XVI", "XVII"))
    return roman if known else Fault("a golongan such as III/b, or IX for PPPK")


def decimal(cell: str) -> Decimal | Fault:
    """A number of at most 12 digits before and after its decimal point or comma."""
    if not _NUMBER.match(cell):
        return Fault("a number such as 12 or 12.5")
    try:
        return Decimal(cell.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing through that Decimal refuses
        return Fault("a number such as 12 or 12.5")


def amount(cell: str) -> Decimal | Fault:
    value = decimal(cell)
    return Fault("a number of 0 or more") if isinstance(value, Decimal) and value < 0 else value


def whole(low: int, high: int) -> Callable[[str], int | Fault]:
    """A parser of whole numbers between two bounds, both included."""

    def parse(cell: str) -> int | Fault:
        value = decimal(cell)
        if isinstance(value, Fault) or value != int(value) or not low <= value <= high:
            return Fault(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def between(low: float, high: float, what: str) -> Callable[[str], float | Fault]:
    def parse(cell: str) -> float | Fault:
        value = decimal(cell)
        if isinstance(value, Fault) or not low <= value <= high:
            return Fault(f"{what} in degrees, {low} to {high}")
        return float(value)

    return parse


latitude = between(SOUTH, NORTH, "a latitude of Indonesia")
longitude = between(WEST, EAST, "a longitude of Indonesia")


def word(kind: str, members: Callable[[str], T] = str) -> Callable[[str], T | Fault]:  # type: ignore[assignment]
    """A parser of the words that `[values.kind]` of the synonyms knows, into members of an enum or plain texts."""
    known = {shape: members(value) for shape, value in synonyms.vocabulary(kind).items()}
    values = ", ".join(dict.fromkeys(synonyms.vocabulary(kind).values()))

    def parse(cell: str) -> T | Fault:
        shape = synonyms.plain(cell)
        return known[shape] if shape in known else Fault(f"one of {values}")

    return parse


def words(kind: str) -> Callable[[str], tuple[str, ...] | Fault]:
    """A parser of lists of such words, parted by commas or semicolons, into plain texts in one order."""
    one: Callable[[str], str | Fault] = word(kind)

    def parse(cell: str) -> tuple[str, ...] | Fault:
        found = [one(part.strip()) for part in re.split("[;,]", cell) if part.strip()]
        faults = [part for part in found if isinstance(part, Fault)]
        return faults[0] if faults else tuple(sorted({part for part in found if isinstance(part, str)}))

    return parse


def yes_no(cell: str) -> bool | Fault:
    value = synonyms.vocabulary("yes_no").get(synonyms.plain(cell) or cell)
    return Fault("ya or tidak") if value is None else value == "yes"


def uuid(cell: str) -> UUID | Fault:
    try:
        return UUID(cell)
    except ValueError:
        return Fault("an id of 32 hexadecimal digits (UUID)")


def email(cell: str) -> str | Fault:
    return cell if _EMAIL.match(cell) else Fault("an e-mail address")


def phone(cell: str) -> str | Fault:
    return cell if _PHONE.match(cell) else Fault("a telephone number such as +62 812 3456 7890")
