"""How a plan is shown: each line with its picks, each pick with its cost, each gap with its reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.views import AsOf


class Pick(BaseModel):
    """One person for one line: from where, how far, at what cost, and what it would cost to do without."""

    person_id: str
    name: str | None = Field(description="Only for those who plan and approve.")
    unit_id: str
    unit: str
    role: str
    km: int
    accepted_as: str
    cost: dict[str, int] = Field(description="By cause, in km-equivalents.")
    total: int
    without: dict[str, int]
    raised: int = Field(
        description="Goes only because the yearly cap was raised by so many days (S05); else 0."
    )
    kept: bool = Field(description="The plan was told to keep this person here.")


class PlanTeam(BaseModel):
    """Lines that are filled together or not at all."""

    team: str
    line_ids: list[str]
    asked: int
    goes: bool
    lacking: list[str] = Field(description="Lines that could not be filled for it, were it alone.")
    sentence: str


class PlanDonor(BaseModel):
    """People of a role in a unit that lends by the plan: there before and after it, and how many must stay."""

    unit_id: str
    unit: str
    role: str
    before: int
    after: int
    redline: int = Field(description="By the workload.")
    lifted: int = Field(description="By how many it was lifted for this surge, by name; 0 where it was not.")
    lifted_by: list[str] = Field(description="Who lifted it; names only for those who plan and approve.")


class PlanLine(BaseModel):
    """What the plan does for one line, and why places stay empty."""

    line_id: str
    role: str
    role_label: str
    site: str
    wave: int
    team: str
    priority: int
    report_at: datetime
    due_back: datetime
    needed_until: datetime | None = Field(description="Until when the post is needed, where that was said.")
    standing: int = Field(
        description="People who were offered a place of the line or have one: none is moved."
    )
    asked: int = Field(description="Places that were open when the plan was made.")
    picked: int
    missing: int
    empty: int = Field(
        description="Places that nobody has or is offered now, and that this plan will not fill: a new plan would."
    )
    reason: str | None
    sentence: str | None
    funnel: list[dict[str, Any]]
    blocking_donors: list[dict[str, Any]]
    competing_lines: list[str]
    picks: list[Pick]


class Plan(BaseModel):
    """The newest plan of a surge. `proven`: no plan can be better, and the certificate shows it."""

    as_of: AsOf
    plan_id: str
    surge_id: str
    made_at: datetime
    problem_sha256: str
    proven: bool
    primal: int
    dual: int
    statistics: dict[str, int] = Field(
        description="Of the question that was solved: the open places of all surges but those of the kept."
    )
    asked: int = Field(description="Places of this surge that were open when the plan was made.")
    picked: int = Field(description="How many of them it fills, the kept among them.")
    waits_until: datetime | None = Field(
        description="Until when a new plan of a running surge may be confirmed; its empty places wait as long."
    )
    kept: int = Field(description="People of this surge whom it was told to send where they are, by name.")
    donors: list[PlanDonor] = Field(
        description="Units that lend by it, those left nearest to their redline first."
    )
    teams: list[PlanTeam]
    lines: list[PlanLine]
