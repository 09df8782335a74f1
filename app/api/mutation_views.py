"""What is shown of a mutation."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from app.api.mutation_aftermath import Aftermath, ByHand
from app.api.views import AsOf
from domain.mutation.case_papers import CasePaper
from domain.mutation.findings import Finding, Measure, Rule
from domain.mutation.screening import Judged
from domain.mutation.workloads import Change

OF_THE_POST = frozenset({Rule.M09, Rule.M10})
"""What the rules say of the post and of both units' workload: all that a head must know of them."""


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


class AwaitedSignature(BaseModel):
    """A signature that the service which holds the key was asked for, and has not given yet."""

    number: str = Field(description="That the decree will have.")
    since: datetime


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
    signature_asked: AwaitedSignature | None
    impediments: list[str]
    held_up: str | None = Field(description="Why the registry refuses the effect of the decree, as a code.")
    objection: str | None
    objection_until: datetime | None = Field(
        description="Until when the person may object, once the extract is served."
    )
    words: list[Words] = Field(
        description="What people said in their own words, for whoever sees the whole case."
    )
    papers_owed: list[str] = Field(description="What is not filed yet, and must be before the effect.")
    papers: list[Made] = Field(
        description="What the case has made of its moves, as far as it concerns the actor."
    )


_VERDICTS = {"RECOMMEND_MUTATION": "RECOMMENDED", "ADVISE_AGAINST_MUTATION": "ADVISED_AGAINST"}
_UNSAID: dict[str, Any] = {"overrides": [], "assessment": None, "words": []}


def told(life: dict[str, Any] | None, judged: Judged, said: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the page says besides the case's own row; a head sees of the person what the post is about.

    `said` is what people said of the case, and None for whoever does not see the whole of it.
    """
    known, found, whole = life or {}, judged.weighed, said is not None
    filed = known.get("filed", [])
    stands = known.get("blocked_in") or known.get("state")
    return {
        **(_said(said, known) if said is not None else _UNSAID),
        "outcome": found.outcome.value,
        "screened_at": judged.screened_at,
        "in_post_since": judged.dossier.person.post_since if whole else None,
        "rules": [
            _rule(one, whole=whole) for one in found.screening.findings if whole or one.rule in OF_THE_POST
        ],
        "missing": [one.value for one in found.screening.missing],
        "loads": [
            _load(one) for one in (found.screening.changes.releasing, found.screening.changes.receiving)
        ],
        "heard": [
            {**one, "reason": one.get("reason") if whole else None, "counter_date": one.get("counter_date")}
            for one in known.get("heard", [])
        ],
        "clearances": known.get("clearances", []),
        "because": known.get("because") if whole else None,
        "signature_asked": (known.get("decree") or {}).get("asked") if stands == "DECREE_PREPARED" else None,
        "impediments": known.get("impediments", []),
        "held_up": known.get("held_up"),
        "objection": (known.get("objection") or {}).get("state"),
        "objection_until": known.get("objection_until"),
        "papers_owed": [one for one in known.get("papers", []) if one not in filed],
    }


def _said(said: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What came back is heard and assessed anew: the former assessment counts no more."""
    assessed = said["assessment"] if known.get("heard") else None
    verdict = assessed and {**assessed, "verdict": _VERDICTS[assessed["kind"]]}
    return {**said, "assessment": verdict}


def _rule(one: Finding, *, whole: bool) -> dict[str, Any]:
    """What a rule measured of the post, it measured of the person too: a head is told the codes alone."""
    return {
        "measures": [_measured(measure) for measure in one.measures] if whole else [],
        "rule": one.rule.value,
        "effect": one.effect.value,
        "codes": sorted({measure.code for measure in one.faults}),
        "source": one.source,
    }


def _measured(one: Measure) -> dict[str, Any]:
    return {
        "code": one.code,
        "met": one.met,
        "found": one.have,
        "needed": one.needed,
        "unit": one.unit,
        "about": one.about,
    }


def _load(change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "unit_id": before.unit,
        "role": before.role,
        "need": None if before.need is None else float(before.need),
        "headcount_before": before.headcount,
        "headcount_after": after.headcount,
    }
