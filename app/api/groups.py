"""Batches and swaps: mutations that go together, and the one decree that goes round for them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from app import grouping
from app.actions import NoSuchCase, NoSuchPaper, NotAllowed
from app.api import decree_said, group_views, views
from app.api import mutation_said as said
from app.api.answers import answer, decided
from app.api.door import At, CaseKey, Door, Key, Who
from app.api.papers import PDF, pdf
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.said import Remark
from app.api.ways import Way, open_ways
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.mutation.decree_record import DecreeRecord
from domain.sight import MUTATION_OFFICES, holds
from schemas.decree_record import DecreeRecordFile

router = APIRouter(prefix="/v1/mutation-groups", tags=["mutations"])

Prefix = Annotated[str, Query(pattern="^[A-Z0-9-]{0,13}$", description="The beginning of a group's id.")]
DecreeId = Annotated[str, Path(pattern="^[0-9a-f-]{36}$", description="The decree's id.")]

_K = CommandKind
WAYS = (
    Way("decree", _K.PREPARE_DECREE, "Prepare the decree",
        "Of a batch for whoever is approved; of a swap once all are. By: legal bureau.", decree_said.Prepare),
    Way("initial", _K.INITIAL_DECREE, "Initial the decree", "In the order of the rule pack. By: each office in its turn."),
    Way("decree-return", _K.RETURN_DECREE, "Return the draft of the decree", "By: an office that initials.",
        said.ReturnFile),
    Way("signature", _K.SIGN_DECREE, "Sign the decree",
        "One number for all on it. By: signatory or appointing authority, never who approved one of them."),
    Way("dissolution", _K.DISSOLVE_GROUP, "Dissolve the group",
        "Who has no decree yet goes on alone; of a swap all go back. By: personnel agency.", Remark, optional=True),
)  # fmt: skip
"""Every decision about one group."""


def _case_of(group_id: str) -> str:
    """Return the case id of a group; its own id says which kind it is."""
    return cases.group(cases.group_by_id(group_id))


open_ways(router, WAYS, "group_id", CaseKey, _case_of)


@router.get("", response_model=views.Board[group_views.MutationGroup], responses=errors())
async def list_groups(door: At, who: Who, read_at: ReadAt, id_prefix: Prefix = "") -> dict[str, object]:
    """The batches and swaps of the government."""
    _may_see(who)
    rows = await door.books.groups.board(who.government_id, id_prefix)
    return {"as_of": read_at, "items": [group_views.told(row) for row in rows]}


@router.post("", summary="Let mutations go together", **decided(creates=True))
async def form_group(door: At, who: Who, form: group_views.FormGroup, key: Key = None) -> JSONResponse:
    """One decree for all who are ready (BATCH), or all or none (SWAP). By: personnel agency."""
    told = await grouping.form(door.house, who, form.kind, form.mutations, key=key)
    return answer(told, created=True)


@router.get("/{group_id}", response_model=group_views.GroupDetail, responses=errors(HTTPStatus.NOT_FOUND))
async def show_group(door: At, who: Who, read_at: ReadAt, group_id: CaseKey) -> dict[str, object]:
    """Where the group and each of its members stand, whose decree goes round, and which were signed."""
    row = await _seen(door, who, group_id)
    book = door.books.groups
    return {
        "as_of": read_at,
        "group": group_views.told(row),
        "members": await book.members(row["case_id"]),
        "decrees": await book.decrees(row["case_id"]),
    }


@router.get(
    "/{group_id}/decrees/{decree_id}.pdf",
    response_class=Response,
    responses={**PDF, **errors(HTTPStatus.NOT_FOUND)},
)
async def fetch_decree(door: At, who: Who, group_id: CaseKey, decree_id: DecreeId) -> Response:
    """The whole decree as it was signed, with its annex. Nobody on it is served more than the own extract."""
    file, _ = await _paper(door, who, group_id, decree_id)
    return pdf(file)


@router.get(
    "/{group_id}/decrees/{decree_id}/record",
    response_model=DecreeRecordFile,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def fetch_decree_record(door: At, who: Who, group_id: CaseKey, decree_id: DecreeId) -> DecreeRecordFile:
    """The record of a signed decree: whoever holds the file checks it against this (`./siaga decree verify`)."""
    _, record = await _paper(door, who, group_id, decree_id)
    return DecreeRecordFile.of(DecreeRecord(**record))


async def _paper(door: Door, who: Actor, group_id: str, decree_id: str) -> tuple[bytes, dict[str, Any]]:
    row = await _seen(door, who, group_id)
    kept = await door.books.groups.paper(row["case_id"], decree_id)
    if kept is None:
        raise NoSuchPaper
    return kept


async def _seen(door: Door, who: Actor, group_id: str) -> dict[str, Any]:
    _may_see(who)
    for row in await door.books.groups.board(who.government_id, group_id):
        if row["case_id"] == _case_of(group_id):
            return row
    raise NoSuchCase


def _may_see(who: Actor) -> None:
    """A group names many people: it is shown to the offices that handle mutations."""
    if not holds(who, MUTATION_OFFICES):
        raise NotAllowed("no_authority")
