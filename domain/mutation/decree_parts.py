"""The parts of the papers of a mutation: positions and people in words, the dictums of a decree, what may be wrong.

Names and personnel numbers stay out of every `repr`, so that no log or error text repeats them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from domain.mutation.states import Does


@dataclass(frozen=True, kw_only=True)
class PostInWords:
    """A position as a paper calls it; `job_class` (kelas jabatan) where it is known."""

    position_id: str
    position: str
    unit: str
    job_class: int | None = None


@dataclass(frozen=True, kw_only=True)
class PersonInWords:
    """Somebody as a paper calls them."""

    person_id: str
    name: str = field(repr=False)
    nip: str = field(repr=False)
    rank: str = ""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One person of a decree: the case, who, from where, to where; and the hash of the dossier that was approved."""

    case_id: str
    person: PersonInWords
    origin: PostInWords
    receiving: PostInWords
    dossier_sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Amended:
    """The decree that a second one undoes or corrects, as it was approved."""

    does: Does
    decree_id: str
    number: str
    facts_sha256: str


class DictumKind(StrEnum):
    """What a dictum settles. Without POSTING there is no mutation, and without EFFECT no decree."""

    POSTING = "POSTING"  # who goes where
    REVOCATION = "REVOCATION"  # which decrees it undoes
    AMENDMENT = "AMENDMENT"  # which dictum of a former decree reads how
    PAY = "PAY"
    DUTIES = "DUTIES"
    EFFECT = "EFFECT"  # from when (TMT)
    ERROR = "ERROR"  # that a mistake is mended
    OTHER = "OTHER"


class CorrectedDictum(StrEnum):
    """Which dictum a correction may give other words; from when on the decree has effect, it says as a date."""

    POSTING = DictumKind.POSTING
    PAY = DictumKind.PAY
    DUTIES = DictumKind.DUTIES
    ERROR = DictumKind.ERROR


def first_dictum(amends: Amended | None) -> DictumKind:
    """Return what the first dictum settles: who moves, or what becomes of the decree that a second one is about."""
    if amends is None:
        return DictumKind.POSTING
    return DictumKind.AMENDMENT if amends.does == Does.CORRECTS else DictumKind.REVOCATION


@dataclass(frozen=True)
class Dictum:
    """One dictum (KESATU, KEDUA …), in full words; its number follows from its place."""

    kind: DictumKind
    text: str


class Fault(StrEnum):
    """What keeps a paper from being made."""

    MISSING = "MISSING"
    NAIVE_TIME = "NAIVE_TIME"
    NO_LAW = "NO_LAW"  # a legal basis without rank, number and year
    DICTUM_MISSING = "DICTUM_MISSING"
    EFFECT_NOT_SAID = "EFFECT_NOT_SAID"  # no dictum says the effective date that the decree has
    EFFECT_PASSED = "EFFECT_PASSED"  # the effective date was over when it was signed
    TWICE = "TWICE"
    NOT_BY_ACTING = "NOT_BY_ACTING"  # Plh and Plt may not
    NOT_BY_SUB_DELEGATION = "NOT_BY_SUB_DELEGATION"
    DELEGATION_MISSING = "DELEGATION_MISSING"
    ANOTHER_OFFICE = "ANOTHER_OFFICE"  # not the office that decrees, nor for it
    OWN_CASE = "OWN_CASE"
    NOT_ON_DECREE = "NOT_ON_DECREE"
    ANSWER_UNCLEAR = "ANSWER_UNCLEAR"  # an objection without a ground, or a ground without an objection
    BEFORE_EFFECT = "BEFORE_EFFECT"  # duty began before the decree took effect
    SAME_PERSON = "SAME_PERSON"  # two parties of one paper are one person
    BEFORE_DECREE = "BEFORE_DECREE"


@dataclass(frozen=True)
class Found:
    """A fault, and where: a part of the paper by its name, one of many by its opaque id or number."""

    fault: Fault
    where: str

    def __str__(self) -> str:
        return f"{self.fault} at {self.where}"


@dataclass(frozen=True)
class Refused:
    """The paper cannot be made, for all of these."""

    found: tuple[Found, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.found))


class CannotBeMade(ValueError):
    """A paper was made without asking first; it names the paper by its id, and all faults."""

    def __init__(self, paper_id: str, found: tuple[Found, ...]) -> None:
        super().__init__(f"{paper_id} cannot be made: {Refused(found)}")
        self.found = found


def blank(named: dict[str, str]) -> list[Found]:
    """Find which of these texts say nothing."""
    return [Found(Fault.MISSING, where) for where, text in named.items() if not text.strip()]


def unfilled(where: str, lines: tuple[str, ...], *, needed: bool = True) -> list[Found]:
    """Find a list without a line, or the lines in it that say nothing, counted from 1."""
    if not lines:
        return [Found(Fault.MISSING, where)] if needed else []
    return blank({f"{where}[{at}]": line for at, line in enumerate(lines, start=1)})


def person_faults(where: str, person: PersonInWords) -> list[Found]:
    """Find what a paper cannot leave out of a person."""
    named = {"person_id": person.person_id, "name": person.name, "nip": person.nip}
    return blank({f"{where}.{key}": text for key, text in named.items()})


def post_faults(where: str, post: PostInWords) -> list[Found]:
    """Find what a paper cannot leave out of a position."""
    return blank({f"{where}.position": post.position, f"{where}.unit": post.unit})
