"""What is shown of a mutation."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from app.api.mutation_aftermath import Aftermath, ByHand
from app.api.views import AsOf
from domain.mutation.case_papers import CasePaper
from domain.mutation.states import Does, State


class Paper(StrEnum):
    """Which paper of a mutation: of its decree, or of a move of the case."""

    DECREE = "decree"
    EXTRACT = "extract"
    DRAFT = "draft"
    MINUTES_PERSON = "minutes-person"
    MINUTES_RELEASING = "minutes-releasing"
    MINUTES_RECEIVING = "minutes-receiving"
    HANDOVER = "handover"
    DUTY_START = "duty-start"
    ERRATUM = "erratum"
    SECOND = "second"
    SECOND_EXTRACT = "second-extract"

    @property
    def of_second(self) -> str | None:
        """Return which paper of the second decree it is; None for any other one."""
        return {Paper.SECOND: "DECREE", Paper.SECOND_EXTRACT: "EXTRACT"}.get(self)

    @property
    def of_case(self) -> CasePaper | None:
        """Return which of the case's own papers it is; None for one of the decree."""
        return CasePaper(self.name) if self.name in CasePaper.__members__ else None


class Mutation(BaseModel):
    """Who is to go where, and where the case stands."""

    mutation_id: str
    case_id: str
    person_id: str
    name: str
    initiative: str
    state: str
    from_unit: str
    from_unit_name: str
    from_position_name: str
    origin_id: str | None = Field(None, description="The government that lets go, where it is another one.")
    to_unit: str
    to_unit_name: str
    to_position_name: str
    position_id: str
    proposer_id: str
    proposed_at: datetime
    since: datetime
    due_at: datetime | None = Field(description="Until when whoever is asked now has time.")
    number: str | None = Field(description="Of the decree.")
    effective_at: datetime | None
    reverses: str | None
    undone_by: str | None = Field(None, description="The mutation whose decree, in effect, undoes this one.")
    group_case: str | None = Field(description="The batch or swap that the case goes with.")
    rule_pack: str


class Measured(BaseModel):
    """One thing that a rule measures: what there is, and what there must be."""

    code: str = Field(description="What is wrong where it is not met.")
    met: bool
    found: str | int | None = Field(description="None where nobody knows.")
    needed: str | int | None = Field(description="Of days, the first or the last one that will do.")
    unit: str | None = Field(
        description="None for a code, and for 1 (yes) and 0 (no).", examples=["day", "people"]
    )
    about: str | int | None = Field(description="Of what: a year, a unit, a competence.")


class RuleFound(BaseModel):
    """What one rule says, by what it measured, and by which source."""

    rule: str
    effect: str
    codes: list[str] = Field(description="Why, where it is not met.")
    measures: list[Measured] = Field(description="For whoever sees the whole case.")
    source: str


class Overridden(ByHand):
    """A rule's block that somebody let not count."""

    rule: str
    ground: str
    granted_at: datetime


class Assessment(ByHand):
    """What the performance review team says."""

    verdict: str = Field(examples=["RECOMMENDED", "ADVISED_AGAINST"])
    because: str | None = Field(description="Why it advises against the move, as a code.")
    reference: str | None = Field(None, description="The minutes of the selection panel, by number.")
    dated: date | None = None
    assessed_at: datetime


class Erratum(BaseModel):
    """An erratum of the decree: its paper is fetched by its number, where the case makes it."""

    number: str
    dated: date | None
    issued_at: datetime
    made_here: bool = Field(description="Else it was noted, and its paper is made elsewhere.")


class SecondDecree(BaseModel):
    """A second decree that is signed: its file, its record and its extract are fetched by its number."""

    number: str
    does: Does
    amends: str = Field(description="The number of the decree that it undoes or corrects.")
    signed_at: datetime
    served: bool = Field(description="Whether its extract is there.")


class Words(ByHand):
    """What somebody said in their own words with a decision in the case."""

    decision: str = Field(examples=["HEAR_PERSON"])
    said_at: datetime
    words: str


class Load(BaseModel):
    """The workload of one unit and role before the move and after it."""

    unit_id: str
    role: str
    need: float | None
    headcount_before: int
    headcount_after: int


class Heard(BaseModel):
    """How one party was heard."""

    party: str
    outcome: str
    reason: str | None
    counter_date: datetime | None


class Clearance(BaseModel):
    """What another authority says."""

    code: str
    verdict: str
    held: bool


class Draft(BaseModel):
    """The decree that goes round: of the case, or the second one about it."""

    effective_at: datetime | None = Field(description="From when on it is to have effect.")
    initials: list[str] = Field(description="The offices that initial it, in order.")
    initialled: int = Field(description="How many of them have.")


class AwaitedSignature(BaseModel):
    """A signature that the service which holds the key was asked for, and has not given yet."""

    number: str = Field(description="That the decree will have.")
    since: datetime


class Second(BaseModel):
    """A second decree that undoes or corrects the first one."""

    does: Does
    state: State = Field(description="Where it stands on the road of a decree, from APPROVED to SERVED.")
    since: datetime
    number: str | None = Field(description="Once it is signed.")
    effective_at: datetime | None = Field(
        description="From when on the first one has effect instead, once it is signed."
    )
    objection: str | None = Field(description="The person's objection to it, if there is one.")
    objection_until: datetime | None = Field(
        description="Until when the person may object to it, once it is served."
    )
    corrections: list[str] = Field(
        description="The numbers of the decrees that have corrected the first one before this one, the oldest first."
    )
    undone_by: Second | None = Field(
        description="The decree that is to undo it, or has: then the first one stands again."
    )


class Made(BaseModel):
    """A paper of the case: made, or what it lacks."""

    paper: str = Field(examples=["MINUTES_PERSON"])
    number: str | None
    sha256: str | None = Field(description="Of the file, once it is made.")
    missing: list[str] = Field(
        description="The parts that it lacks.", examples=[["MISSING at taking_over.name"]]
    )


class MutationDetail(Aftermath):
    """A mutation with all that a decision about it is made of."""

    as_of: AsOf
    mutation: Mutation
    outcome: str = Field(description="Whether the rules let it go on.", examples=["ELIGIBLE"])
    screened_at: datetime | None = Field(
        description="When the rules were asked; None where they are asked as of now."
    )
    in_post_since: date | None = Field(description="By the same file; for whoever sees the whole case.")
    rules: list[RuleFound]
    overrides: list[Overridden] = Field(description="For whoever sees the whole case.")
    missing: list[str] = Field(description="Documents that the file lacks.")
    loads: list[Load]
    heard: list[Heard]
    assessment: Assessment | None = Field(description="For whoever sees the whole case.")
    clearances: list[Clearance]
    because: str | None = Field(
        description="Why it came back or ended, as a code, for whoever sees the whole case."
    )
    draft: Draft | None = Field(description="The decree that goes round, until it is signed.")
    signature_asked: AwaitedSignature | None
    second: Second | None
    second_decrees: list[SecondDecree] = Field(description="All that are signed, the first one first.")
    impediments: list[str]
    held_up: str | None = Field(description="Why the registry refuses the effect of the decree, as a code.")
    objection: str | None = Field(
        description="The person's objection to the decree as it reads now; None also once what corrects it is served."
    )
    objection_until: datetime | None = Field(
        description="Until when the person may object, once the extract is served; of what corrects it, anew."
    )
    errata: list[Erratum] = Field(description="The first one first, for whoever sees the whole case.")
    words: list[Words] = Field(
        description="What people said in their own words, for whoever sees the whole case."
    )
    papers_owed: list[str] = Field(description="What is not filed yet, and must be before the effect.")
    papers: list[Made] = Field(
        description="What the case has made of its moves, as far as it concerns the actor."
    )
