"""Units that are thin, as cases: since when, by how many, and what was said; help asked for, or declined by name."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import actions
from app.actions import Decision, NoSuchCase
from app.api import views
from app.api.answers import answer, decided
from app.api.door import At, Door, Key, Uuid, Who
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.said import DeclineBackfill
from domain import cases
from domain.authority import Actor, Granted
from domain.commands import CommandKind
from domain.thin import State
from domain.who_may import authority

router = APIRouter(prefix="/v1/thin-units", tags=["boards"])


class ThinUnit(BaseModel):
    """One role of one unit that was below its redline while its people were promised or away."""

    episode_id: str
    case_id: str = Field(examples=["thin:0c7f2b8f-2f11-4d0e-9a53-1c0f6e9b7a10"])
    unit_id: str
    unit: str
    code: str
    role: str = Field(description="The role at home of which too few are there.")
    state: State = Field(description="What was said: THIN nothing yet; RECOVERED when it is over.")
    since: datetime
    below: int = Field(description="By how many it was below its redline when that was last told.")
    surges: list[str] = Field(description="For which its people were promised or away when it began.")
    escalation: int
    due_at: datetime | None = Field(description="Until when its head, or the office asked since, is to say.")
    reason: str | None = Field(description="The code of why no help is asked for.")
    recovered_at: datetime | None
    yours: bool = Field(description="Whether you may say now that help is asked for.")


class ThinUnits(BaseModel):
    """The thin units that the actor may see; the open ones first, then the newest."""

    as_of: views.AsOf
    items: list[ThinUnit]


class OneThinUnit(BaseModel):
    """One of them."""

    as_of: views.AsOf
    thin_unit: ThinUnit


@router.get("", responses=errors())
async def list_thin_units(door: At, who: Who, read_at: ReadAt, *, over: bool = False) -> ThinUnits:
    """Thin units: all for overseers, the own one for its head; with `over` also those that have recovered."""
    rows = await door.books.thin.seen_by(who, over=over)
    return ThinUnits(as_of=read_at, items=[await _told(door, who, row) for row in rows])


@router.get("/{episode_id}", responses=errors(HTTPStatus.NOT_FOUND))
async def show_thin_unit(door: At, who: Who, read_at: ReadAt, episode_id: Uuid) -> OneThinUnit:
    """One of them, open or over; what one may not see is answered like none."""
    rows = await door.books.thin.seen_by(who, over=True, episode_id=episode_id.lower())
    if not rows:
        raise NoSuchCase(episode_id)
    return OneThinUnit(as_of=read_at, thin_unit=await _told(door, who, rows[0]))


@router.post("/{episode_id}/backfill", summary="Ask for help for a thin unit", **decided())
async def ask_for_help(door: At, who: Who, episode_id: Uuid, key: Key = None) -> JSONResponse:
    """Say that a request for help is drafted (`/v1/burden/{unit}/backfill`). By: its head; once escalated, those above."""
    decision = Decision(CommandKind.DRAFT_BACKFILL, cases.thin(episode_id.lower()))
    return answer(await actions.decide(door.house, who, decision, key=key))


@router.post("/{episode_id}/decline", summary="Ask for no help for a thin unit", **decided())
async def decline_help(
    door: At, who: Who, episode_id: Uuid, form: DeclineBackfill, key: Key = None
) -> JSONResponse:
    """Say that the unit needs no help. By: its head; once escalated, those above, never who let it lend so far."""
    case_id = cases.thin(episode_id.lower())
    decision = Decision(CommandKind.DECLINE_BACKFILL, case_id, choice=form.choice, note=form.note)
    return answer(await actions.decide(door.house, who, decision, key=key))


async def _told(door: Door, who: Actor, row: dict[str, Any]) -> ThinUnit:
    case_id = cases.thin(row["episode_id"])
    open_ = row["state"] in (State.THIN, State.DECLINED)
    may = open_ and authority(CommandKind.DRAFT_BACKFILL, who, await door.house.desk.facts(case_id))
    told = {name: row[name] for name in ThinUnit.model_fields if name in row}
    return ThinUnit(**told, case_id=case_id, reason=row["reason_code"], yours=isinstance(may, Granted))
