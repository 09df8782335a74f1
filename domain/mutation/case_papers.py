"""The papers that a case makes of its own moves: minutes, the handover record, the duty-start statement, errata.

A move that stands owes its paper. What the paper says is read when it is made; where a part of it is missing the move
stands all the same, and the paper is made once the part is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.authority import Actor, Capacity
from domain.mutation.decree_parts import Refused
from domain.mutation.life import Heard
from domain.mutation.moving import MutationMove
from domain.mutation.records import Record
from domain.mutation.states import DECIDED, Outcome, Paper, Party, State, Trigger
from domain.sealing import SealAsk
from domain.sight import MUTATION_OFFICES, holds, units_headed


class CasePaper(StrEnum):
    """Which paper."""

    MINUTES_PERSON = "MINUTES_PERSON"
    MINUTES_RELEASING = "MINUTES_RELEASING"
    MINUTES_RECEIVING = "MINUTES_RECEIVING"
    HANDOVER = "HANDOVER"
    DUTY_START = "DUTY_START"
    ERRATUM = "ERRATUM"


_OF_PARTY = {
    Party.PERSON: CasePaper.MINUTES_PERSON,
    Party.RELEASING: CasePaper.MINUTES_RELEASING,
    Party.RECEIVING: CasePaper.MINUTES_RECEIVING,
}
PARTY_OF = {paper: party for party, paper in _OF_PARTY.items()}
"""The minutes -> whose hearing they are of."""

_OF_FILED = {Paper.HANDOVER_RECORD: CasePaper.HANDOVER, Paper.DUTY_START_STATEMENT: CasePaper.DUTY_START}
_MARKS = {
    CasePaper.MINUTES_PERSON: "BA-PEG",
    CasePaper.MINUTES_RELEASING: "BA-ASAL",
    CasePaper.MINUTES_RECEIVING: "BA-TUJ",
    CasePaper.HANDOVER: "BAST",
    CasePaper.DUTY_START: "SPMT",
    CasePaper.ERRATUM: "RALAT",
}
LEADS_TO_PAPERS = frozenset(
    {Trigger.HEAR, Trigger.LAPSE_HEARINGS, Trigger.FILE_PAPER, Trigger.TAKE_EFFECT, Trigger.ISSUE_ERRATUM}
)
"""After these a paper may be made: it is owed by the move, or what it waited for has come."""


WORDED = "worded"
"""Says of an erratum that its words are kept: without them it is a paper made elsewhere."""

DRAFT_OFFICES = (Capacity.APPOINTING_AUTHORITY, Capacity.LEGAL_BUREAU, Capacity.SIGNATORY)
DRAFTED = frozenset({State.AWAITING_DECISION}) | DECIDED
"""Where somebody may look at the decree as it would be: from when it is decided on until it is signed."""


@dataclass(frozen=True)
class Owed:
    """A paper that a move owes; `heard` is what was said, of minutes alone."""

    paper: CasePaper
    heard: Heard | None = None


def owed_by(move: MutationMove) -> tuple[Owed, ...]:
    """Return the papers that a move owes."""
    life = move.life
    match move.trigger:
        case Trigger.HEAR:
            return (Owed(_OF_PARTY[life.heard[-1].party], life.heard[-1]),)
        case Trigger.LAPSE_HEARINGS:
            silent = (one for one in life.heard if one.outcome == Outcome.NO_RESPONSE)
            return tuple(Owed(_OF_PARTY[one.party], one) for one in silent)
        case Trigger.FILE_PAPER if life.filed[-1] in _OF_FILED:
            return (Owed(_OF_FILED[life.filed[-1]]),)
        case Trigger.ISSUE_ERRATUM if move.fact.data.get(WORDED):
            return (Owed(CasePaper.ERRATUM),)
        case _:
            return ()


@dataclass(frozen=True)
class ToMake:
    """A paper that is not made yet: of which move of which case, what it would say, or all that keeps it from being made."""

    mutation_id: str
    paper: CasePaper
    revision: int
    record: Record | Refused


SEAL, UNSEALABLE = "seal", "unsealable"
"""Say of a paper that it lacks nothing but its seal: which was away, or whose key will not seal until somebody has mended it."""


def seal_for(record: Record) -> SealAsk:
    """Return the seal that a paper of the case asks for: its government's, whose registry has it."""
    head = record.head
    return SealAsk(
        government_id=head.government_id,
        reason="Pengesahan Dokumen Mutasi",
        place=head.signed_place,
        at=head.signed_at,
    )


def paper_number(paper: CasePaper, mutation_id: str, revision: int, *, month: str, year: int) -> str:
    """Return the number of a paper: its kind, the case and the move that it is of; no register has a say."""
    return f"800/{_MARKS[paper]}-{revision}/{mutation_id}/{month}/{year}"


def stated_at(paper: CasePaper, filed_at: datetime, effective_at: datetime | None, at: datetime) -> datetime:
    """Return as of when a paper speaks: of its filing; a statement of duty that was filed ahead, of the decree's effect."""
    if paper == CasePaper.DUTY_START and effective_at and filed_at < effective_at <= at:
        return effective_at
    return filed_at


def sees_draft(who: Actor, initials: tuple[Capacity, ...]) -> bool:
    """Say whether the draft of a decree concerns the actor: who approves, prepares, initials or signs."""
    return holds(who, frozenset({*initials, *DRAFT_OFFICES}))


def sees_case_paper(
    who: Actor, paper: CasePaper, *, subject_id: str, from_unit: str, to_unit: str, taking_over: str | None
) -> bool:
    """Say whether a paper concerns the actor: the person, the offices that see the whole case, and the side that it is of.

    What the person said at the hearing is no head's to read.
    """
    if who.person_id == subject_id or holds(who, MUTATION_OFFICES):
        return True
    headed = units_headed(who)
    match paper:
        case CasePaper.MINUTES_RELEASING:
            return from_unit in headed
        case CasePaper.HANDOVER:
            return from_unit in headed or who.person_id == taking_over
        case CasePaper.MINUTES_RECEIVING | CasePaper.DUTY_START:
            return to_unit in headed
        case _:
            return False
