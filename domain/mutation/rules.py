"""What the rule pack says of mutation; a case keeps the pack under which it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.authority import Capacity
from domain.mutation.codes import PositionKind, Rating
from domain.mutation.documents import Document
from domain.mutation.findings import Effect, Rule
from domain.mutation.kinds import Kind
from domain.terms import Term
from domain.workload import WorkloadRules


class ClearanceKind(StrEnum):
    """What somebody outside must say before the decision, in the order in which it is asked for."""

    ORIGIN_CONSENT = "ORIGIN_CONSENT"  # persetujuan PPK instansi asal
    GOVERNOR_CONSENT = "GOVERNOR_CONSENT"  # the proposal goes by way of the receiving side's governor
    TECHNICAL_CLEARANCE = "TECHNICAL_CLEARANCE"  # pertimbangan teknis BKN
    HOME_MINISTER_CONSENT = "HOME_MINISTER_CONSENT"  # izin tertulis Mendagri
    MUTATION_DECREE = "MUTATION_DECREE"  # the decree of the office that decrees, where that is another one
    I_MUT = "I_MUT"  # BKN's own system for each appointment and move


class DecreeOffice(StrEnum):
    """Who decrees a mutation."""

    APPOINTING_AUTHORITY = "APPOINTING_AUTHORITY"
    GOVERNOR = "GOVERNOR"
    HOME_MINISTER = "HOME_MINISTER"
    HEAD_OF_BKN = "HEAD_OF_BKN"


@dataclass(frozen=True)
class RuleTerms:
    """How a rule bites, by which source; who may override it with a reason, if anybody."""

    effect: Effect
    source: str
    overridden_by: tuple[Capacity, ...] = ()


@dataclass(frozen=True)
class RouteRules:
    """What a kind of mutation takes: who decrees it, and which clearances by which source."""

    decree: DecreeOffice
    decree_source: str
    clearances: tuple[ClearanceKind, ...]
    clearances_source: str


@dataclass(frozen=True)
class FileRules:
    """The documents of a complete file, by kind; and what an own request adds."""

    within_agency: tuple[Document, ...]
    between_agencies: tuple[Document, ...]
    within_agency_own_request: tuple[Document, ...]
    between_agencies_own_request: tuple[Document, ...]


@dataclass(frozen=True)
class Limits:
    """The numbers of the rules; years and months are those of the calendar."""

    least_years_in_post: int
    most_years_in_post: int
    rated_years: int
    rating: Rating
    inspectorate_months: int
    own_request_years: int
    class_difference: int
    ladder_steps: int
    receiving_load_percent: int
    retirement_months: int


@dataclass(frozen=True)
class FreezeRules:
    """When a region's head may move officials by leave of the Home Minister only, and whom that holds."""

    election_months: int
    new_head_months: int
    positions: tuple[PositionKind, ...]
    positions_heading: tuple[PositionKind, ...]


@dataclass(frozen=True)
class StepTerms:
    """How long each step of a case may take."""

    screening: Term
    completion: Term
    consultation: Term
    assessment: Term
    counsel: Term
    decision: Term
    preparation: Term
    service: Term
    absence: Term
    appointment: Term
    report: Term
    objection: Term
    objection_answer: Term


@dataclass(frozen=True)
class UrgingRules:
    """How a late step is urged: reminded within its term, then each office above has `escalation`, the last one again and again."""

    reminder_percent: int
    escalation: Term
    repeat: timedelta


@dataclass(frozen=True)
class CounselRules:
    """For which positions the authorized officer (PyB) counsels before the decision; `lapses`: waited for until its term only."""

    positions: tuple[PositionKind, ...]
    lapses: bool


class SwapRest(StrEnum):
    """What becomes of the others of a swap that one has fallen out of before the signature."""

    GO_BACK = "GO_BACK"
    END = "END"


@dataclass(frozen=True)
class SiasnRules:
    """How SIASN calls a kind of position and a kind of mutation in somebody's history of positions (riwayat jabatan).

    `unit_alone` is a mutation by which the unit changes and not the position, `definitive` an appointment by decree.
    """

    positions: dict[PositionKind, str]
    kinds: dict[Kind, str]
    unit_alone: str
    definitive: str


@dataclass(frozen=True)
class DecreeRules:
    """The register that decrees are numbered in, who initials a draft in which order, and by which writ a delegate signs.

    `authority` is the office that decrees, as the paper calls it; `{place}` is filled in.
    """

    register: str
    number_class: str
    unit_code: str
    authority: str
    delegation: str
    initials: tuple[Capacity, ...]


@dataclass(frozen=True)
class MutationRules:
    """All of it; `releasing` is the workload analysis with what is kept on top of the releasing unit's need.

    `second_signature` is how long a service elsewhere may take to sign a second decree: elapsed time, since it is dated back so far.
    """

    pack: str
    rules: dict[Rule, RuleTerms]
    limits: Limits
    releasing: WorkloadRules
    freeze: FreezeRules
    routes: dict[Kind, RouteRules]
    files: FileRules
    i_mut_positions: tuple[PositionKind, ...]
    i_mut_source: str
    inauguration_positions: tuple[PositionKind, ...]
    panel_positions: tuple[PositionKind, ...]
    counsel: CounselRules
    siasn: SiasnRules
    clearance_terms: dict[ClearanceKind, Term]
    terms: StepTerms
    urging: UrgingRules
    second_signature: timedelta
    decree: DecreeRules
    swap_rest: SwapRest
