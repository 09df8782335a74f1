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


class RosterImported(BaseModel):
    """What was written."""

    government_id: str
    units: int
    people: int
    skills: int
    appointments: int
    unread_columns: list[str]
