"""What is shown of a batch or a swap, and what forms one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.api.forms import Form
from app.api.mutation_views import AwaitedSignature
from app.api.views import AsOf
from domain.mutation.states import GroupKind

MutationId = Annotated[str, Field(pattern=r"^MU-[0-9A-F]{10}$")]


class FormGroup(Form):
    """Let mutations go together."""

    kind: GroupKind
    mutations: tuple[MutationId, ...] = Field(min_length=2, max_length=500, description="Which, by id.")


class JointDecree(BaseModel):
    """The decree that goes round."""

    effective_at: datetime
    members: list[str] = Field(description="Whose it is, by mutation.")
    initials: list[str]
    initialled: int
    asked: AwaitedSignature | None = Field(
        default=None, description="Where the key is elsewhere, and its holder is asked."
    )


class MutationGroup(BaseModel):
    """A batch or a swap, and where it stands."""

    group_id: str
    case_id: str
    kind: GroupKind
    state: str
    formed_at: datetime
    ended_at: datetime | None
    due_at: datetime | None = Field(description="Until when whoever is asked now has time.")
    ready: bool = Field(description="Whether somebody's decree can be prepared now.")
    paper: JointDecree | None
    effect_at: datetime | None = Field(description="When a swap takes effect for all at once.")
    because: str | None = Field(description="Why the draft came back, or the group ended.")
    rule_pack: str


class Member(BaseModel):
    """Somebody who was put together with others."""

    mutation_id: str
    case_id: str
    person_id: str
    name: str
    state: str
    from_unit_name: str
    from_position_name: str
    to_unit_name: str
    to_position_name: str
    goes_along: bool = Field(description="Whether the case still goes with the group.")
    number: str | None = Field(description="Of the decree.")


class SignedDecree(BaseModel):
    """A decree that was signed for the group."""

    decree_id: str
    number: str
    signed_at: datetime
    effective_at: datetime


class GroupDetail(BaseModel):
    """A group with its members and its decrees."""

    as_of: AsOf
    group: MutationGroup
    members: list[Member]
    decrees: list[SignedDecree]


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of a group's row."""
    life = row["life"] or {}
    return {
        **row,
        "group_id": row["case_id"].partition(":")[2],
        "ready": life.get("ready", False),
        "paper": life.get("paper"),
        "effect_at": life.get("effect_at"),
        "because": life.get("because"),
    }
