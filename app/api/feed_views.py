"""What becomes of a warning and of a roster that are handed in."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Draft(BaseModel):
    """A drafted request, to be corrected and sent by a person."""

    toml: str
    people: int
    lines: int


class AlertTaken(BaseModel):
    """What became of a warning. It deploys nobody."""

    sender: str
    identifier: str
    effect: str = Field(examples=["OPENS"])
    reason: str = Field(examples=["alert"])
    reach: str = Field(examples=["INSIDE"])
    operation_id: str | None
    recorded: bool = Field(description="True when the opening is recorded and will be applied later.")
    draft: Draft | None


class Astray(BaseModel):
    """Somebody who is on a surge, or promised to one, and not where the roster says."""

    placement_id: str
    surge_id: str
    state: str = Field(examples=["ON_DUTY"])
    unit_id: str = Field(description="The unit that lends them, where they come home to.")
    now_unit_id: str | None = Field(description="Where the roster has them now; null: it names them no more.")


class RosterImported(BaseModel):
    """What was written, and who is on a surge and not where it says."""

    government_id: str
    units: int
    people: int
    skills: int
    appointments: int
    unread_columns: list[str]
    astray: list[Astray]
