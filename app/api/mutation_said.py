"""What may be said about a mutation. Free text is a `note`, kept apart from the case."""

from __future__ import annotations

from pydantic import Field, model_validator

from app.api.forms import Day, Form, Id, Instant, Line
from app.api.said import Said
from domain.mutation.beside import Retracted
from domain.mutation.documents import Document
from domain.mutation.findings import Rule
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal
from domain.mutation.reasons import (
    Excuse,
    FileFault,
    HeadObjection,
    OverrideGround,
    PersonObjection,
    PositionLoss,
    Rejection,
)
from domain.mutation.records import HandoverItem, HandoverKind
from domain.mutation.rules import ClearanceKind
from domain.mutation.states import Spoken
from domain.reported import BY_PANEL


class ProposeMutation(Form):
    """Propose that somebody moves to another position."""

    person_id: Id
    position_id: Line = Field(examples=["4fb0a1c7d2e84f7f9b6f0c9f1a2b3c4d"])
    initiative: Initiative = Initiative.ORGANISATION
    documents: tuple[Document, ...] = Field((), max_length=len(Document), description="What is handed in.")
    reverses: str | None = Field(
        None, pattern=r"^MU-[0-9A-F]{10}$", description="The mutation whose decree this one undoes."
    )

    def to_domain(self) -> Proposal:
        """Return the same as a domain value."""
        return Proposal(
            self.person_id,
            self.position_id,
            self.initiative,
            frozenset(self.documents),
            self.reverses,
        )


class Resubmit(Said):
    """Send a file again: with more documents, perhaps for another position."""

    position_id: Line | None = None
    documents: tuple[Document, ...] = Field((), max_length=len(Document))


class ReturnFile(Said):
    """Send a file, or a draft, back."""

    code: FileFault


class OverrideRule(Said):
    """Let a rule's block not count in this case."""

    rule: Rule
    code: OverrideGround


class Hearing(Said):
    """Answer a hearing: an objection needs its ground, and is weighed; it is no veto."""

    code: Spoken
    counter_date: Instant | None = Field(None, description="When it would suit.")

    @model_validator(mode="after")
    def _for_a_reason(self) -> Hearing:
        if (self.code == Spoken.OBJECTS) != (getattr(self, "ground", None) is not None):
            raise ValueError("ground: expected with OBJECTS, and with nothing else")
        return self


class PersonHearing(Hearing):
    """What the person says."""

    ground: PersonObjection | None = None


class HeadHearing(Hearing):
    """What the head of a side says."""

    ground: HeadObjection | None = None


class Reject(Said):
    """Advise against a mutation, or reject it."""

    code: Rejection


class ByPaper(Said):
    """What may stand on a paper of its own."""

    reference: Line | None = Field(None, description="The number of the paper.")
    dated: Day | None = Field(None, description="Its day.")

    @model_validator(mode="after")
    def _number_and_day(self) -> ByPaper:
        if (self.reference is None) != (self.dated is None):
            raise ValueError("dated: expected with reference, and with nothing else")
        return self


class Assess(ByPaper):
    """Recommend a mutation: for some positions by the minutes (berita acara) of the selection panel."""

    @property
    def details(self) -> dict[str, str | int | float] | None:
        return (super().details or {}) | {BY_PANEL: 1} if self.reference else super().details


class AdviseAgainst(Assess):
    """Advise against a mutation: for some positions by the minutes (berita acara) of the selection panel."""

    code: Rejection


class CounselFor(ByPaper):
    """Counsel to approve, perhaps by a paper of its own."""


class CounselAgainst(ByPaper):
    """Counsel to reject, for a coded reason."""

    code: Rejection


class Entered(Said):
    """The move is entered in somebody's history of positions (SIASN riwayat jabatan)."""

    reference: Line = Field(description="The id of the entry.", examples=["RWJ-2026-000123"])
    dated: Day = Field(description="The day on which it was entered.")


class RetractEntry(ByPaper):
    """What became of the entry of the decree that is undone; one that is retracted says by which reference and when."""

    code: Retracted


class ExcuseAbsence(Said):
    """Excuse somebody who did not begin; a code is enough, and never says what ails them."""

    code: Excuse


class NoteLawsuit(Said):
    """The decree is contested at the administrative court (PTUN)."""

    reference: Line = Field(description="The number of the lawsuit.", examples=["12/G/2026/PTUN.KPG"])
    dated: Day = Field(description="The day on which it was filed.")


class OfClearance(Said):
    """Another authority holds the file as incomplete, or it is complete again; by a paper where there is one."""

    clearance: ClearanceKind
    reference: Line | None = Field(None, description="The number of its paper.")
    dated: Day | None = None


class Answered(OfClearance):
    """Another authority agrees, or does not, which ends the case: by its own paper either way."""

    reference: Line = Field(description="The number of its paper.")
    dated: Day


class HandedOver(Form):
    """One thing that is handed over; never a password."""

    kind: HandoverKind
    what: Line
    state: Line = Field(examples=["140 selesai, 74 berjalan"])


class ListHandover(Form):
    """What is handed over, and to whom."""

    taking_over: Id
    items: tuple[HandedOver, ...] = Field(min_length=1, max_length=100)

    def to_domain(self) -> tuple[HandoverItem, ...]:
        """Return the same as domain values."""
        return tuple(HandoverItem(one.kind, one.what, one.state) for one in self.items)


class LosePosition(Said):
    """The position is not there any more."""

    code: PositionLoss


class Freeze(Said):
    """An election freeze has begun."""

    clearance: ClearanceKind = ClearanceKind.HOME_MINISTER_CONSENT
