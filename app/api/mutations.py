"""Mutations: proposed, heard, screened, decided, decreed, in force; every decision about one, and who sees it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from app import paperwork, proposing
from app.actions import NoSuchCase
from app.api import mutation_aftermath, mutation_told, mutation_views, views
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
from domain.mutation.states import Party, State
from domain.sight import MUTATION_OFFICES, abroad, holds, sees_mutation
from schemas.decree_record import DecreeRecordFile

router = APIRouter(prefix="/v1/mutations", tags=["mutations"])

Prefix = Annotated[str, Query(pattern="^[A-Z0-9-]{0,13}$", description="The beginning of a mutation's id.")]

_K = CommandKind
WAYS = (
    Way("receipt", _K.RECEIVE_MUTATION, "Receive the proposal", "By: personnel agency."),
    Way("return", _K.RETURN_MUTATION, "Return the file",
        "To whoever proposed, to be mended. By: personnel agency.", said.ReturnFile),
    Way("resubmission", _K.RESUBMIT_MUTATION, "Send the file again",
        "With more documents, perhaps for another position. By: whoever proposed.", said.Resubmit, optional=True),
    Way("override", _K.OVERRIDE_MUTATION_RULE, "Override a rule",
        "Where the rule pack lets it be, by name and for a coded ground. By: appointing authority; regional secretary.",
        said.OverrideRule),
    Way("ineligibility", _K.FIND_INELIGIBLE, "Find the person ineligible",
        "Stands only where a rule blocks that nobody may override. By: personnel agency.", Remark, optional=True),
    Way("screening", _K.PASS_SCREENING, "Pass the screening",
        "Stands only where the file is complete and the rules allow it; then all three are heard. By: personnel agency.",
        Remark, optional=True),
    Way("withdrawal", _K.WITHDRAW_MUTATION, "Withdraw the proposal",
        "Before it is decided. By: whoever proposed; what a person asked for, that person alone.", Remark, optional=True),
    Way("hearing", _K.HEAR_PERSON, "Be heard", "Weighed, and no veto. By: the person.", said.PersonHearing),
    Way("releasing-hearing", _K.HEAR_RELEASING_HEAD, "Be heard for the releasing unit",
        "By: its head, or the regional secretary for one.", said.HeadHearing),
    Way("receiving-hearing", _K.HEAR_RECEIVING_HEAD, "Be heard for the receiving unit",
        "By: its head, or the regional secretary for one.", said.HeadHearing),
    Way("recommendation", _K.RECOMMEND_MUTATION, "Recommend the move",
        "For some positions by the minutes of the selection panel. By: performance review team.", said.Assess, optional=True),
    Way("advice-against", _K.ADVISE_AGAINST_MUTATION, "Advise against the move",
        "For some positions by the minutes of the selection panel. By: performance review team.", said.AdviseAgainst),
    Way("clearance-grant", _K.GRANT_CLEARANCE, "Note that another authority agrees", "By: personnel agency.",
        said.Cleared),
    Way("clearance-refusal", _K.REFUSE_CLEARANCE, "Note that another authority does not agree",
        "It ends the case. By: personnel agency.", said.OfClearance),
    Way("clearance-hold", _K.HOLD_CLEARANCE, "Note that another authority holds the file as incomplete",
        "Its clock stands still. By: personnel agency.", said.OfClearance),
    Way("clearance-file", _K.COMPLETE_CLEARANCE_FILE, "Complete the file of another authority",
        "Its clock begins anew. By: personnel agency.", said.OfClearance),
    Way("counsel-for", _K.COUNSEL_FOR_MUTATION, "Counsel to approve",
        "Heard before it is decided, and decides nothing. By: regional secretary (PyB).", said.CounselFor, optional=True),
    Way("counsel-against", _K.COUNSEL_AGAINST_MUTATION, "Counsel to reject",
        "Heard before it is decided, and decides nothing. By: regional secretary (PyB).", said.CounselAgainst),
    Way("approval", _K.APPROVE_MUTATION, "Approve",
        "Reserves the position. By: appointing authority, never by an acting one, never by silence.", Remark, optional=True),
    Way("rejection", _K.REJECT_MUTATION, "Reject", "By: appointing authority.", said.Reject),
    Way("sending-back", _K.SEND_BACK_MUTATION, "Send back",
        "To whoever proposed; everybody is heard anew. By: appointing authority.", said.ReturnFile),
    Way("decree", _K.PREPARE_DECREE, "Prepare the decree",
        "Or the second one, where the decree is to be undone or corrected. By: legal bureau.", said.PrepareAlone,
        optional=True),
    Way("initial", _K.INITIAL_DECREE, "Initial the decree", "In the order of the rule pack. By: each office in its turn."),
    Way("decree-return", _K.RETURN_DECREE, "Return the draft of the decree", "By: an office that initials.",
        said.ReturnFile),
    Way("signature", _K.SIGN_DECREE, "Sign the decree",
        "Draws its number. By: signatory or appointing authority, never who approved, never an acting one."),
    Way("service", _K.SERVE_DECREE, "Serve the extract",
        "The person may object from that day on. By: personnel agency.", said.Serve, optional=True),
    Way("handover", _K.BEGIN_HANDOVER, "Begin the handover", "By: head of the releasing unit."),
    Way("inauguration", _K.FILE_INAUGURATION, "File the inauguration", "By: personnel agency."),
    Way("handover-record", _K.FILE_HANDOVER_RECORD, "File the record of the handover",
        "By: head of the releasing unit."),
    Way("duty-start", _K.FILE_DUTY_START, "File the duty-start statement",
        "With the record of the handover it lets the decree take effect on its date. By: head of the receiving unit."),
    Way("no-show", _K.REPORT_DUTY_NOT_STARTED, "Report that nobody began", "By: head of the receiving unit.",
        Remark, optional=True),
    Way("discipline-case", _K.OPEN_DISCIPLINE_CASE, "Open a discipline case for an absence",
        "Of whoever did not begin. By: home head; personnel agency.", said.ByPaper, optional=True),
    Way("excuse", _K.EXCUSE_ABSENCE, "Excuse an absence", "Of whoever did not begin. By: home head; personnel agency.",
        said.ExcuseAbsence),
    Way("report", _K.REPORT_MUTATION, "Report the move to BKN", "By the entry in SIASN. By: personnel agency.", said.Entered),
    Way("retraction", _K.RETRACT_ENTRY, "Retract the entry of the decree that is undone",
        "In SIASN; or say that there never was one. By: personnel agency.", said.RetractEntry),
    Way("cancellation", _K.CANCEL_MUTATION, "Cancel before it has effect",
        "Once the decree is signed, by a second one. By: appointing authority.", said.Cancel),
    Way("let-stand", _K.LET_DECREE_STAND, "Let the decree stand",
        "Whatever came up after the signature; a second decree that is not signed yet is given up. "
        "By: appointing authority.", Remark, optional=True),
    Way("erratum", _K.ISSUE_ERRATUM, "Issue an erratum",
        "Its paper is made where it says what is written and what is meant. By: signatory or appointing authority.",
        said.IssueErratum),
    Way("objection", _K.FILE_OBJECTION, "Object to the decree",
        "It suspends nothing unless that is ordered. By: the person.", Remark, optional=True),
    Way("objection-withdrawal", _K.WITHDRAW_OBJECTION, "Withdraw the objection", "By: the person."),
    Way("objection-review", _K.REVIEW_OBJECTION, "Look into the objection", "By: legal bureau."),
    Way("decree-upholding", _K.UPHOLD_DECREE, "Uphold the decree", "By: appointing authority.", Remark, optional=True),
    Way("decree-correction", _K.CORRECT_DECREE, "Correct the decree",
        "By a second one, once it is signed. By: appointing authority.", said.Correct),
    Way("decree-revocation", _K.REVOKE_DECREE, "Revoke the decree",
        "By a second one, once it is signed; after its effect another case must undo it. By: appointing authority.",
        said.Forced, optional=True),
    Way("suspension", _K.SUSPEND_DECREE, "Suspend the decree", "While the objection is open. By: appointing authority."),
    Way("suspension-lift", _K.LIFT_SUSPENSION, "Lift the suspension", "By: appointing authority."),
    Way("lawsuit", _K.NOTE_LAWSUIT, "Note a lawsuit at the administrative court",
        "It suspends nothing. By: legal bureau; personnel agency.", said.NoteLawsuit),
    Way("death", _K.REPORT_SUBJECT_DEATH, "Report a death", "By: personnel agency or a head."),
    Way("retirement", _K.REPORT_RETIREMENT, "Report a retirement", "By: personnel agency."),
    Way("finding", _K.REPORT_FINDING, "Report a finding", "Never what it is. By: personnel agency."),
    Way("position-loss", _K.REPORT_POSITION_LOST, "Report that the position is gone", "By: personnel agency.",
        said.LosePosition),
    Way("freeze", _K.REPORT_FREEZE, "Report an election freeze", "By: personnel agency.", said.Freeze),
    Way("freeze-end", _K.REPORT_FREEZE_OVER, "Report that the freeze is over", "By: personnel agency."),
    Way("block", _K.REPORT_BLOCK, "Report that BKN blocks the case", "By: personnel agency."),
    Way("block-end", _K.REPORT_BLOCK_LIFTED, "Report that BKN blocks it no more", "By: personnel agency."),
    Way("batch-exit", _K.LEAVE_BATCH, "Leave the batch", "By: personnel agency."),
)  # fmt: skip
"""Every decision about one mutation, in the order of its road."""

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
async def fetch_paper(door: At, who: Who, mutation_id: CaseKey, paper: mutation_views.Paper) -> Response:
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
    elif paper.of_second:
        _, who = await _seen(door, who, mutation_id)
        file = (await _second(door, mutation_id, paper.of_second))[0]
    elif paper.of_case:
        row, who = await _row(door, who, mutation_id)
        file = await paperwork.fetch(work, row, who, paper.of_case, now)
    else:
        _, who = await _seen(door, who, mutation_id)
        whole = holds(who, MUTATION_OFFICES)
        kept = await door.books.mutations.paper(mutation_id, paper.name, whole=whole)
        if kept is None:
            raise NoSuchCase
        file = kept[0]
    return pdf(file)


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
    _, who = await _seen(door, who, mutation_id)
    kept = await door.books.mutations.paper(mutation_id, "DECREE", whole=holds(who, MUTATION_OFFICES))
    if kept is None or kept[1] is None:
        raise NoSuchCase
    return DecreeRecordFile.of(DecreeRecord(**kept[1]))


@router.get(
    "/{mutation_id}/second-record",
    response_model=DecreeRecordFile,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def fetch_second_record(door: At, who: Who, mutation_id: CaseKey) -> DecreeRecordFile:
    """The record of the second decree, which undoes or corrects the first one."""
    await _seen(door, who, mutation_id)
    record = (await _second(door, mutation_id, "DECREE"))[1]
    assert record is not None  # it is kept with its decree
    return DecreeRecordFile.of(DecreeRecord(**record))


async def _second(door: Door, mutation_id: str, paper: str) -> tuple[bytes, dict[str, Any] | None]:
    """Return a paper of the second decree, which is one person's, and its record."""
    kept = await door.books.mutations.second_paper(mutation_id, paper)
    if kept is None:
        raise NoSuchCase
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
