"""What a proposal starts from: who serves in a unit, and which positions have a place."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.actions import NoSuchUnit
from app.api import views
from app.api.door import At, Door, Who
from app.api.problems import errors
from app.api.reading import ReadAt
from domain.authority import Actor
from domain.sight import sees_staff

router = APIRouter(prefix="/v1", tags=["roster"])


class StaffMember(BaseModel):
    """One who serves in a unit."""

    person_id: str
    name: str | None
    role: str
    position_id: str | None
    position: str | None
    kind: str | None = Field(
        description="Of the position, by the position map; nothing where it is not on it."
    )
    job_class: int | None
    employment: str
    grade: str
    in_post_since: date | None
    leaves_on: date | None = Field(description="When the service ends (BUP), where it is known.")
    on_surge: bool = Field(description="Promised to a surge, or away on one.")


class StaffView(BaseModel):
    """Who serves in a unit, its head first."""

    as_of: views.AsOf
    unit_id: str
    unit: str
    people: list[StaffMember]


class PositionView(BaseModel):
    """One position of the position map (peta jabatan)."""

    position_id: str
    name: str
    role: str
    unit: str = Field(description="Its code.")
    unit_name: str
    kind: str
    job_class: int
    heads_unit: bool
    need: int
    filled: int
    reserved: int = Field(
        description="Places kept for somebody whose mutation is approved and not in effect."
    )
    free: int
    education: str | None
    competences: list[str]
    lowest_grade: str | None
    highest_grade: str | None


class PositionsView(BaseModel):
    """The position map of a government, or of one unit."""

    as_of: views.AsOf
    positions: list[PositionView]


@router.get("/units/{unit}/people", responses=errors(HTTPStatus.NOT_FOUND))
async def list_staff(door: At, who: Who, as_of: ReadAt, unit: str) -> StaffView:
    """Who serves in a unit, by its code. For: its head, the overseers, and the offices that handle mutations."""
    unit_id, name = await _unit(door, who, unit)
    if not sees_staff(who, unit_id):
        raise NoSuchUnit(unit)
    people = await door.books.boards.staff(who.government_id, unit_id)
    return StaffView(as_of=as_of, unit_id=unit_id, unit=name, people=[StaffMember(**one) for one in people])


@router.get("/positions", responses=errors(HTTPStatus.NOT_FOUND))
async def list_positions(
    door: At, who: Who, as_of: ReadAt, unit: str | None = None, *, free: bool = False
) -> PositionsView:
    """The position map. For everybody of the government: where a place is free is no secret, and anybody may ask for it."""
    unit_id = (await _unit(door, who, unit))[0] if unit else None
    found = await door.books.boards.positions(who.government_id, unit_id, free=free)
    return PositionsView(as_of=as_of, positions=[PositionView(**one) for one in found])


async def _unit(door: Door, who: Actor, code: str) -> tuple[str, str]:
    found = await door.books.boards.unit(who.government_id, code)
    if found is None:
        raise NoSuchUnit(code)
    return found["unit_id"], found["name"]
