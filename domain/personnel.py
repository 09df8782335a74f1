"""What the personnel agency keeps of people and positions beside the roster: what the rules of a mutation ask about.

Never what a process is about, and never a score: codes, days and numbers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.mutation.codes import Charge, Education, Grade, Kinship, PositionKind, Rating, Tie


@dataclass(frozen=True, slots=True)
class CareerRow:
    """A line of `careers.csv`: since when somebody is a PNS, the last education, when the inspectorate cleared them."""

    nip: str
    pns_since: date | None
    education: Education | None
    inspectorate_cleared_on: date | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """The predicate of one year's performance (SKP)."""

    nip: str
    year: int
    rating: Rating


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """What stands against somebody, until its last day; open without one."""

    nip: str
    charge: Charge
    until: date | None


@dataclass(frozen=True, slots=True)
class TieRow:
    """What study binds somebody by, until its last day; open without one."""

    nip: str
    tie: Tie
    until: date | None


@dataclass(frozen=True, slots=True)
class RelationRow:
    """Two in service who are related; a pair stands there once, either way round."""

    nip: str
    other: str
    kinship: Kinship


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position of the position map (peta jabatan): what it is, how many it needs, what it asks of whoever fills it."""

    unit: str
    position: str
    role: str
    kind: PositionKind
    job_class: int
    heads_unit: bool
    need: int
    education: Education | None = None
    competences: tuple[str, ...] = ()
    lowest_grade: Grade | None = None
    highest_grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Personnel:
    """All of it; what is in no file is not known."""

    careers: tuple[CareerRow, ...] = ()
    ratings: tuple[RatingRow, ...] = ()
    processes: tuple[ProcessRow, ...] = ()
    ties: tuple[TieRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    positions: tuple[PositionRow, ...] = ()
