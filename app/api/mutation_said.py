"""What may be said about a mutation. Free text is a `note`, kept apart from the case."""

from __future__ import annotations

from pydantic import Field, model_validator

from app.api.forms import Day, Form, Instant, Line, Note
from app.api.mandates import PersonId
from app.api.said import Said
from domain.mutation.beside import Retracted
from domain.mutation.case_papers import WORDED
from domain.mutation.decree_parts import CorrectedDictum
from domain.mutation.documents import Document
from domain.mutation.findings import Rule
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal
from domain.mutation.reasons import (
    Cancellation,
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
from domain.mutation.states import Outcome
from domain.reported import BY_PANEL


class ProposeMutation(Form):
    """Propose that somebody moves to another position."""

    person_id: Line
    position_id: Line = Field(examples=["kota-kupang.PKM-OESAPA.pengelola-layanan-kesehatan"])
    initiative: Initiative = Initiative.ORGANISATION
    documents: tuple[Document, ...] = Field((), max_length=len(Document), description="What is handed in.")
    reverses: str | None = Field(
        None, pattern=r"^MU-[0-9A-F]{10}$", description="The mutation whose decree this one undoes."
    )

    def to_domain(self) -> Proposal:
        """Return the same as a domain value."""
        return Proposal(
            self.person_id.lower(),
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

    code: Outcome
    counter_date: Instant | None = Field(None, description="When it would suit.")

    @model_validator(mode="after")
    def _said_by_themselves(self) -> Hearing:
        if self.code == Outcome.NO_RESPONSE:
            raise ValueError("code: expected CONSENT or OBJECTS; nobody says that they say nothing")
        if (self.code == Outcome.OBJECTS) != (getattr(self, "ground", None) is not None):
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
    """Another authority has answered, or holds the file as incomplete; by its own paper where there is one."""

    clearance: ClearanceKind
    reference: Line | None = Field(None, description="The number of its paper.")
    dated: Day | None = None


class Cleared(OfClearance):
    """Another authority agrees, by its own paper."""

    reference: Line = Field(description="The number of its paper.")
    dated: Day


class Prepare(Said):
    """Draft the decree."""

    effective_at: Instant = Field(description="From when on (TMT): midnight of that day at the government.")


class PrepareAlone(Said):
    """Draft the decree of one mutation, or the second one about it."""

    effective_at: Instant | None = Field(
        None,
        description="From when on (TMT): midnight of that day at the government. A second decree is in force from the day of "
        "its signature on, and needs none.",
    )


class Serve(Said):
    """Whoever is moved has the extract."""

    served_at: Instant | None = Field(
        None,
        description="Else now: the person may object for so long from that day on. A day is told by its midnight.",
    )


_NUMBERED = ["821.2/12/BKPSDM/XI/2026"]


class Forced(Said):
    """Have the decree undone or corrected by a second one, perhaps because another authority's paper forces it."""

    number: Line | None = Field(
        None,
        description="Of the decree or ruling of another authority that forces it.",
        examples=["17/G/2026/PTUN.KPG"],
    )
    dated: Day | None = Field(None, description="Its day; not before that of the case's own decree.")


class Cancel(Forced):
    """Take the decision back; once the decree is signed, by a second one."""

    code: Cancellation


class IssueErratum(Said):
    """Mend a slip: with what is written and what is meant, its paper is made here; both are kept apart from the case."""

    number: Line = Field(description="Of the erratum.", examples=_NUMBERED)
    dated: Day | None = Field(None, description="Its day; not before that of the case's own decree.")
    written: Line | None = Field(None, examples=["Penelaah Teknis Kebijkan"])
    meant: Line | None = Field(None, examples=["Penelaah Teknis Kebijakan"])

    @model_validator(mode="after")
    def _both_or_neither(self) -> IssueErratum:
        if (self.written is None) != (self.meant is None):
            raise ValueError("meant: expected with written, and with nothing else")
        return self

    @property
    def mends(self) -> tuple[str, str] | None:
        return (self.written, self.meant) if self.written and self.meant else None

    @property
    def details(self) -> dict[str, str | int | float] | None:
        told = {
            key: value for key, value in (super().details or {}).items() if key not in ("written", "meant")
        }
        return told | ({WORDED: 1} if self.mends else {})


class Correct(Forced):
    """Correct a decree on an objection, by a second one: from when on it has effect, or how one dictum reads."""

    effective_at: Instant | None = Field(
        None, description="From when on instead (TMT); before the effect only."
    )
    dictum: CorrectedDictum | None = Field(None, description="Which dictum reads otherwise.")
    reads: Note | None = Field(None, description="How it reads, in full; kept apart from the case.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Correct:
        if (self.dictum is None) != (self.reads is None):
            raise ValueError("reads: expected with dictum, and with nothing else")
        if self.effective_at and self.dictum:
            raise ValueError("dictum: expected without effective_at; one decree corrects one of them")
        return self

    @property
    def mends(self) -> tuple[str, str] | None:
        return (self.dictum.value, self.reads) if self.dictum and self.reads else None

    @property
    def details(self) -> dict[str, str | int | float] | None:
        told = {key: value for key, value in (super().details or {}).items() if key != "reads"}
        return told | ({WORDED: 1} if self.mends else {})


class HandedOver(Form):
    """One thing that is handed over; never a password."""

    kind: HandoverKind
    what: Line
    state: Line = Field(examples=["140 selesai, 74 berjalan"])


class ListHandover(Form):
    """What is handed over, and to whom."""

    taking_over: PersonId
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
