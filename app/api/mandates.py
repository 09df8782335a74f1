"""Substitution: who decides for whom, from when until when."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app import mandates
from app.actions import Faulty
from app.api import views
from app.api.door import At, Door, Uuid, Who
from app.api.forms import Form, Id, Instant, Line
from app.api.problems import errors
from app.api.reading import ReadAt
from app.mandates import Writ
from domain.authority import Actor, Capacity, Tenure
from domain.commands import CommandKind
from domain.mandates import ROLL_CALL

router = APIRouter(prefix="/v1/mandates", tags=["mandates"])

Office = Literal[
    "COORDINATOR",
    "SEKDA",
    "UNIT_HEAD",
    "COMMAND_POST",
    "SIGNATORY",
    "AUDITOR",
    "OPERATOR",
    "APPOINTING_AUTHORITY",
    "FINANCE_OFFICER",
    "PERSONNEL_AGENCY",
    "PERFORMANCE_REVIEW_TEAM",
    "LEGAL_BUREAU",
]


class WriteMandate(Form):
    """Let somebody decide for the holder of an office, or act in a vacant one."""

    substitute_id: Id = Field(description="Who is to decide.")
    capacity: Office
    unit: Line | None = Field(None, description="The unit's code or id, for UNIT_HEAD.", examples=["DINKES"])
    tenure: Literal["SUBSTITUTE", "PLH", "PLT"] = "SUBSTITUTE"
    principal_id: Id | None = Field(None, description="Whose office it is (else your own); none for PLT.")
    starts: Instant | None = Field(None, description="Else now.")
    ends: Instant
    letter: Line = Field(description="The number of the writ.", examples=["821/14/II/2027"])
    scope: tuple[CommandKind, ...] | None = Field(
        None, description="Only these decisions; else all of the office.", min_length=1
    )
    roll_call: bool = Field(
        default=False, description="Only the roll call at the site, beside the decisions named."
    )

    @property
    def handed_on(self) -> frozenset[str] | None:
        """What is handed on; None for the whole office."""
        if self.scope is None and not self.roll_call:
            return None
        return frozenset(kind.value for kind in self.scope or ()) | (ROLL_CALL if self.roll_call else set())


class MandateView(BaseModel):
    """A mandate, with the names of those it is about."""

    mandate_id: str
    tenure: str
    substitute_id: str
    substitute: str | None = None
    principal_id: str | None
    principal: str | None = None
    capacity: str
    unit_id: str | None
    starts: datetime
    ends: datetime
    written_by: str
    letter: str
    scope: list[str] | None
    revoked_at: datetime | None = None


@router.get("", response_model=views.Board[MandateView], responses=errors())
async def list_mandates(door: At, who: Who, read_at: ReadAt) -> dict[str, object]:
    """Mandates: all of the government for its overseers, else those that name you; the open ones first."""
    return {"as_of": read_at, "items": await door.books.mandates.seen_by(who)}


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=MandateView,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def write_mandate(door: At, who: Who, form: WriteMandate) -> MandateView:
    """Write a mandate. By: the holder of the office, or the office above it."""
    writ = await _writ(door, who, form)
    mandate = await mandates.write_mandate(door.house, door.books.mandates, who, writ)
    told = {name: getattr(mandate, name) for name in MandateView.model_fields if hasattr(mandate, name)}
    return MandateView(**told | {"scope": sorted(mandate.scope) if mandate.scope is not None else None})


@router.delete(
    "/{mandate_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def revoke_mandate(door: At, who: Who, mandate_id: Uuid) -> Response:
    """End a mandate before its time. By: who wrote it, whom it names, or the office above."""
    await mandates.revoke_mandate(door.house, door.books.mandates, who, mandate_id.lower())
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _writ(door: Door, who: Actor, form: WriteMandate) -> Writ:
    unit_id = None
    if (form.capacity == Capacity.UNIT_HEAD) != (form.unit is not None):
        raise Faulty(("unit: expected for UNIT_HEAD, and for no other office",))
    if form.unit is not None:
        unit = await door.books.boards.unit(who.government_id, form.unit)
        if unit is None:
            raise Faulty((f"unit: {form.unit!r}, expected the code of a unit",))
        unit_id = unit["unit_id"]
    principal = None if form.tenure == "PLT" else form.principal_id or who.person_id
    return Writ(
        tenure=Tenure(form.tenure),
        substitute_id=form.substitute_id,
        principal_id=principal,
        capacity=Capacity(form.capacity),
        unit_id=unit_id,
        starts=form.starts or door.house.clock.now(),
        ends=form.ends,
        letter=form.letter,
        scope=form.handed_on,
    )
