"""Mutations: proposed, heard, screened, decided, decreed, in force; every decision about one, and who sees it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from app import paperwork, proposing
from app.actions import NoSuchCase, NoSuchPaper
from app.api import mutation_aftermath, mutation_told, mutation_views, views
from app.api import mutation_said as said
from app.api.answers import answer, decided
from app.api.door import At, CaseKey, Door, Key, Who
from app.api.mutation_ways import WAYS
from app.api.papers import PDF, pdf
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.ways import open_ways
from domain import cases
from domain.authority import Actor
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.states import Party, State
from domain.sight import MUTATION_OFFICES, abroad, holds, sees_mutation
from schemas.decree_record import DecreeRecordFile

router = APIRouter(prefix="/v1/mutations", tags=["mutations"])

Number = Annotated[
    str | None,
    Query(
        max_length=200,
        description="Of several errata or second decrees (and their extracts), which one; else the newest. "
        "No other paper has one.",
    ),
]
Prefix = Annotated[str, Query(pattern="^[A-Z0-9-]{0,13}$", description="The beginning of a mutation's id.")]

open_ways(router, WAYS, "mutation_id", CaseKey, cases.mutation)


@router.get("", response_model=views.Board[mutation_views.Mutation], responses=errors())
async def list_mutations(
    door: At, who: Who, read_at: ReadAt, state: State | None = None, id_prefix: Prefix = ""
) -> dict[str, object]:
    """The mutations that the actor may see: the own one, those of the own unit, or the government's."""
    rows = await door.books.mutations.board(who.government_id, state and state.value, id_prefix)
    return {"as_of": read_at, "items": [row for row in rows if _sees(_as_known(who, row), row)]}


@router.post("", summary="Propose a mutation", **decided(creates=True))
async def propose_mutation(door: At, who: Who, form: said.ProposeMutation, key: Key = None) -> JSONResponse:
    """Propose that somebody moves. By: head of the person's unit, personnel agency, or the person.

    Somebody of another government is proposed by the head of the unit that is joined, instead.
    """
    told = await proposing.propose(door.house, who, form.to_domain(), key=key)
    return answer(told, created=True)


@router.get(
    "/{mutation_id}",
    response_model=mutation_views.MutationDetail,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def show_mutation(door: At, who: Who, read_at: ReadAt, mutation_id: CaseKey) -> dict[str, object]:
    """All that a decision is made of, on one page: both units before and after, each rule with its source, who was heard.

    Before the screening the rules are asked as of now; from then on what was asked stands as it was kept.
    """
    row, who = await _seen(door, who, mutation_id)
    book = door.books.mutations
    judged = await book.rules_of(mutation_id, door.house.clock.now())
    said = await book.words_of(mutation_id) if _sees_whole(who, row) else None
    entry = await book.entry_of(mutation_id, judged.dossier, row["rule_pack"])
    undone = await book.lawsuits_of_undone(mutation_id)
    return {
        "as_of": read_at,
        "mutation": row,
        **mutation_told.told(row["life"], judged, said),
        **mutation_aftermath.told(row["life"], said, entry, undone, await book.circle_of(mutation_id)),
        "second_decrees": await book.second_decrees(mutation_id),
        "papers": await paperwork.listed(door.books.paperwork, row, who),
    }


@router.get(
    "/{mutation_id}/{paper}.pdf",
    response_class=Response,
    responses={
        **PDF,
        **errors(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    },
)
async def fetch_paper(
    door: At, who: Who, mutation_id: CaseKey, paper: mutation_views.Paper, number: Number = None
) -> Response:
    """The decree as it was issued, the extract that was served, or a paper of the case, each to those whom it concerns.

    A decree of several is shown whole to the offices that handle mutations alone; nobody on it is served more than the own
    extract. A paper of the case that was not made yet is made now; 409 where it still lacks something. `draft` is the decree as it
    would be, from when it waits for the decision until it is signed: for who approves, prepares, initials or signs it.
    """
    work, now = door.books.paperwork, door.house.clock.now()
    if paper == mutation_views.Paper.DRAFT:
        row, who = await _row(door, who, mutation_id)
        initials = door.books.rules[row["rule_pack"]].mutation.decree.initials
        file = await paperwork.draft(work, row, who, initials, now)
    elif paper.of_case:
        row, who = await _row(door, who, mutation_id)
        file = await paperwork.fetch(work, row, who, paper.of_case, now, number=number)
    else:
        file = (await _of_decree(door, who, mutation_id, paper, number))[0]
    return pdf(file)


@router.get(
    "/{mutation_id}/{paper}.json",
    response_model=DecreeRecordFile,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def fetch_record_of(
    door: At, who: Who, mutation_id: CaseKey, paper: mutation_views.Paper, number: Number = None
) -> DecreeRecordFile:
    """The record of a paper that is signed or sealed, to those whom the paper concerns: whoever holds the file checks it against this.

    `./siaga decree verify` does. The record of an extract has its own line alone, as the extract does.
    """
    if paper.of_case:
        row, who = await _row(door, who, mutation_id)
        found = await paperwork.fetch_record(door.books.paperwork, row, who, paper.of_case, number)
        return DecreeRecordFile.of(found)
    kept = None
    if paper != mutation_views.Paper.DRAFT:
        kept = await _of_decree(door, who, mutation_id, paper, number)
    if kept is None or kept[1] is None:
        raise NoSuchPaper
    return DecreeRecordFile.of(DecreeRecord(**kept[1]))


@router.post(
    "/{mutation_id}/handover-list",
    summary="List what is handed over",
    status_code=HTTPStatus.NO_CONTENT,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def list_handover(door: At, who: Who, mutation_id: CaseKey, form: said.ListHandover) -> Response:
    """What is handed over, and to whom: the record of the handover says it. By: head of the releasing unit.

    Until that record is made, the newest list counts; kept apart from the case.
    """
    await paperwork.list_handover(
        door.house,
        door.books.paperwork,
        who,
        mutation_id,
        taking_over=form.taking_over,
        items=form.to_domain(),
    )
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/{mutation_id}/record",
    response_model=DecreeRecordFile,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def fetch_record(door: At, who: Who, mutation_id: CaseKey) -> DecreeRecordFile:
    """The record of the signed decree: whoever holds the file checks it against this (`./siaga decree verify`)."""
    return await fetch_record_of(door, who, mutation_id, mutation_views.Paper.DECREE)


@router.get(
    "/{mutation_id}/second-record",
    response_model=DecreeRecordFile,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def fetch_second_record(
    door: At, who: Who, mutation_id: CaseKey, number: Number = None
) -> DecreeRecordFile:
    """The record of a second decree, which undoes or corrects the first one or another second one."""
    return await fetch_record_of(door, who, mutation_id, mutation_views.Paper.SECOND, number)


async def _of_decree(
    door: Door, who: Actor, mutation_id: str, paper: mutation_views.Paper, number: str | None
) -> tuple[bytes, dict[str, Any] | None]:
    """Return a paper of the decree or of a second one, and its record; raises NoSuchCase, NoSuchPaper."""
    _, who = await _seen(door, who, mutation_id)
    if paper.of_second:
        return await _second(door, mutation_id, paper.of_second, number)
    whole = holds(who, MUTATION_OFFICES)
    kept = await door.books.mutations.paper(mutation_id, paper.name, whole=whole)
    if kept is None:
        raise NoSuchPaper
    return kept


async def _second(
    door: Door, mutation_id: str, paper: str, number: str | None
) -> tuple[bytes, dict[str, Any] | None]:
    """Return a paper of a second decree, which is one person's, and its record."""
    kept = await door.books.mutations.second_paper(mutation_id, paper, number)
    if kept is None:
        raise NoSuchPaper
    return kept


async def _seen(door: Door, who: Actor, mutation_id: str) -> tuple[dict[str, Any], Actor]:
    row, who = await _row(door, who, mutation_id)
    if not _sees(who, row):
        raise NoSuchCase
    return row, who


async def _row(door: Door, who: Actor, mutation_id: str) -> tuple[dict[str, Any], Actor]:
    """Return a mutation as told, and the actor as the case knows them."""
    for row in await door.books.mutations.board(who.government_id, None, mutation_id):
        if row["mutation_id"] == mutation_id:
            return row, _as_known(who, row)
    raise NoSuchCase


def _as_known(who: Actor, row: dict[str, Any]) -> Actor:
    if row["government_id"] == who.government_id:
        return who
    releases = Party.RELEASING in row["by_secretary"]
    return abroad(who, releasing_unit=row["from_unit"], secretary_releases=releases)


def _sees_whole(who: Actor, row: dict[str, Any]) -> bool:
    return who.person_id == row["person_id"] or holds(who, MUTATION_OFFICES)


def _sees(who: Actor, row: dict[str, Any]) -> bool:
    return sees_mutation(
        who,
        subject_id=str(row["person_id"]),
        proposer_id=str(row["proposer_id"]),
        units=frozenset({str(row["from_unit"]), str(row["to_unit"])}),
    )
