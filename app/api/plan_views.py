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


class PlanLine(BaseModel):
    """What the plan does for one line, and why places stay empty."""

    line_id: str
    role: str
    role_label: str
    site: str
    wave: int
    priority: int
    report_at: datetime
    due_back: datetime
    asked: int = Field(description="Places that were open when the plan was made.")
    picked: int
    missing: int
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
    statistics: dict[str, int]
    lines: list[PlanLine]
