"""Secondments: accepted or declined, released, checked in, sent home, returned; and who is out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from app import actions
from app.actions import Decision, NoSuchCase
from app.api import views
from app.api.answers import answer, decided
from app.api.door import At, Door, Key, Uuid, Who
from app.api.forms import Decline, RefuseRelease
from app.api.operations import as_of
from app.api.problems import errors
from app.wiring import PeopleWanted
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.secondment import State

router = APIRouter(prefix="/v1/secondments", tags=["secondments"])

Prefix = Annotated[
    str, Query(pattern="^[0-9a-fA-F-]{0,36}$", description="The beginning of a placement's id.")
]


@router.get("", response_model=views.Board[views.Secondment], responses=errors())
async def list_secondments(
    door: At,
    who: Who,
    *,
    out: bool = False,
    overdue: bool = False,
    surge_id: str | None = None,
    state: State | None = None,
    id_prefix: Prefix = "",
) -> dict[str, object]:
    """The secondments that the actor may see: one's own, one's unit's, or the government's.

    `out=true`: who has left home and is not back, until when; `overdue=true`: who of them should be.
    """
    wanted = PeopleWanted(surge_id, state, out, overdue, id_prefix)
    return {"as_of": await as_of(door, who), "items": await _seen(door, who, wanted)}


@router.get("/{placement_id}", response_model=views.Secondment, responses=errors(HTTPStatus.NOT_FOUND))
async def show_secondment(door: At, who: Who, placement_id: Uuid) -> dict[str, object]:
    """One secondment; somebody else's is answered like one that does not exist."""
    for row in await _seen(door, who, PeopleWanted(id_prefix=placement_id)):
        return row
    raise NoSuchCase


@router.post("/{placement_id}/acceptance", summary="Accept the offer", **decided())
async def accept_offer(door: At, who: Who, placement_id: Uuid, key: Key = None) -> JSONResponse:
    """Accept the offer. By: the person who is asked. Lateness is judged by the moment of recording."""
    return await _decide(door, who, CommandKind.ACCEPT_OFFER, placement_id, key)


@router.post("/{placement_id}/decline", summary="Decline the offer", **decided())
async def decline_offer(
    door: At, who: Who, placement_id: Uuid, form: Decline, key: Key = None
) -> JSONResponse:
    """Decline the offer; the next best person is asked. By: the person who is asked."""
    return await _decide(door, who, CommandKind.DECLINE_OFFER, placement_id, key, form=form)


@router.post("/{placement_id}/release", summary="Release somebody", **decided())
async def release(door: At, who: Who, placement_id: Uuid, key: Key = None) -> JSONResponse:
    """Let somebody go. By: head of the home unit; the regional secretary once it has escalated."""
    return await _decide(door, who, CommandKind.RELEASE, placement_id, key)


@router.post("/{placement_id}/release-refusal", summary="Refuse to release", **decided())
async def refuse_release(
    door: At, who: Who, placement_id: Uuid, form: RefuseRelease, key: Key = None
) -> JSONResponse:
    """Do not let somebody go; the next best person is asked. By: head of the home unit."""
    return await _decide(door, who, CommandKind.REFUSE_RELEASE, placement_id, key, form=form)


@router.post("/{placement_id}/check-in", summary="Check somebody in", **decided())
async def check_in(door: At, who: Who, placement_id: Uuid, key: Key = None) -> JSONResponse:
    """Say that somebody has arrived. By: command post."""
    return await _decide(door, who, CommandKind.CHECK_IN, placement_id, key)


@router.post("/{placement_id}/demobilisation", summary="Sign somebody off", **decided())
async def sign_demob(door: At, who: Who, placement_id: Uuid, key: Key = None) -> JSONResponse:
    """Sign somebody off to travel home. By: command post, coordinator or regional secretary."""
    return await _decide(door, who, CommandKind.SIGN_DEMOB, placement_id, key)


@router.post("/{placement_id}/return", summary="Confirm the return", **decided())
async def confirm_return(door: At, who: Who, placement_id: Uuid, key: Key = None) -> JSONResponse:
    """Say that somebody is back at the home unit. By: its head, or the regional secretary."""
    return await _decide(door, who, CommandKind.CONFIRM_RETURN, placement_id, key)


async def _decide(
    door: Door,
    who: Actor,
    kind: CommandKind,
    placement_id: str,
    key: str | None,
    *,
    form: Decline | RefuseRelease | None = None,
) -> JSONResponse:
    decision = Decision(
        kind,
        cases.secondment(placement_id.lower()),
        choice=form.code if form else None,
        note=form.note if form else None,
    )
    return answer(await actions.decide(door.house, who, decision, key=key))


async def _seen(door: Door, who: Actor, wanted: PeopleWanted) -> list[dict[str, object]]:
    rows = await door.books.boards.secondments(who, wanted, door.house.clock.now())
    return [row | {"case_id": cases.secondment(row["placement_id"])} for row in rows]
