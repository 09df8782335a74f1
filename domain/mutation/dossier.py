"""The dossier: what was known of a mutation when it was asked about, as its case keeps it.

Opaque ids, codes, days and numbers only; names and personnel numbers never. What has no order is a frozenset, so that
the same facts are the same dossier in whatever order they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from domain.authority import Appointment, Capacity, Tenure
from domain.mutation.codes import Charge, Education, Grade, Kinship, PositionKind, Rating, Tie
from domain.mutation.documents import Document
from domain.mutation.kinds import Agency, Initiative, Kind, kind_of
from domain.roster import EmploymentKind, Role

LATER = {"later": True}
"""Marks a field that came later: where it says nothing it is not spelt, so that what was asked before has the same hash."""


@dataclass(frozen=True, slots=True)
class YearRating:
    """The predicate of one year's performance (SKP)."""

    year: int
    rating: Rating


@dataclass(frozen=True, slots=True)
class Process:
    """A process or sanction, until the day it ended or is to end; open without one. Never what it is about."""

    charge: Charge
    until: date | None = None


@dataclass(frozen=True, slots=True)
class StudyTie:
    """A tie, until its last day; open without one."""

    tie: Tie
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A relative in service; `in_line` where either would be above the other in the new post."""

    person_id: str
    kinship: Kinship
    in_line: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to move. What nobody knows is None, and never taken for good."""

    person_id: str
    employment: EmploymentKind
    pns_since: date | None = None
    post_since: date | None = None
    grade: Grade | None = None
    education: Education | None = None
    competences: frozenset[str] = frozenset()
    ratings: frozenset[YearRating] = frozenset()
    processes: frozenset[Process] = frozenset()
    ties: frozenset[StudyTie] = frozenset()
    inspectorate_cleared_on: date | None = None
    retires_on: date | None = None
    unpaid_leave_until: date | None = None
    relations: frozenset[Relation] = frozenset()


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a position asks of whoever fills it."""

    education: Education | None = None
    competences: frozenset[str] = frozenset()
    lowest_grade: Grade | None = None
    highest_grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A position of the position map (peta jabatan): how many it needs, how many fill it, which cases reserved it.

    `vacated_by` are the cases of the same decree (a batch, a swap) whose person leaves it.
    """

    position_id: str
    unit_id: str
    kind: PositionKind
    job_class: int
    heads_unit: bool
    need: int
    incumbents: int
    requirements: Requirements = Requirements()
    reserved_by: frozenset[str] = frozenset()
    vacated_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """The workload analysis of one role of one unit: yearly minutes (None: unmeasured), heads, minimum service.

    `by_same_decree` is how many heads the other moves of the same decree bring (or, below 0, take).
    """

    unit_id: str
    role: Role
    minutes: Fraction | None
    headcount: int
    minimum: int = 0
    by_same_decree: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """Where somebody comes from, or goes to."""

    agency: Agency
    post: Post
    work: Work


@dataclass(frozen=True, slots=True)
class Signer:
    """Who would sign here for the appointing authority (PPK), and how that office is held; a delegate's writ."""

    person_id: str
    tenure: Tenure
    delegation: str | None = None


@dataclass(frozen=True, slots=True)
class Approver:
    """Who is to give a verdict in the case, and in which office; for whom, and by whose writ, where it is not the own one."""

    person_id: str
    capacity: Capacity
    unit_id: str | None = None
    tenure: Tenure = Tenure.DEFINITIVE
    principal_id: str | None = None
    written_by: str | None = None

    @property
    def office(self) -> Appointment:
        """Return the office as the table of authority knows it."""
        return Appointment(self.capacity, self.unit_id, self.tenure, self.principal_id, self.written_by)


@dataclass(frozen=True, slots=True)
class Dossier:
    """The whole of it, as of the day that is asked about; `restores` is the case whose decree this move undoes."""

    case_id: str
    asked_on: date
    initiative: Initiative
    proposer_id: str
    person: Person
    origin: Side
    receiving: Side
    signer: Signer | None = None
    approvers: frozenset[Approver] = frozenset()
    documents: frozenset[Document] = frozenset()
    restores: str | None = field(default=None, metadata=LATER)

    @property
    def kind(self) -> Kind:
        """Return which of the six kinds of mutation it is."""
        return kind_of(self.origin.agency, self.receiving.agency)

    @property
    def between_agencies(self) -> bool:
        """Whether somebody leaves one appointing authority for another."""
        return self.kind != Kind.WITHIN_AGENCY

    @property
    def own_request(self) -> bool:
        """Whether the person asked for it."""
        return self.initiative == Initiative.OWN_REQUEST
