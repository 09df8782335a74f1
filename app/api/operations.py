"""Operations: opened, declared, extended, handed up and back, ended, reported on, archived."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from app import actions
from app.actions import Decision, NoSuchCase
from app.api import views
from app.api.answers import answer, decided
from app.api.door import At, CaseKey, Door, Key, Who, need
from app.api.forms import (
    DeclareStatus,
    EscalateOperation,
    ExtendStatus,
    FileAfterAction,
    HandBackStatus,
    Instant,
    OpenOperation,
    WithdrawStatus,
)
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.surges import with_why
from app.wiring import PeopleWanted
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.sight import OVERSEERS

router = APIRouter(prefix="/v1/operations", tags=["operations"])

KnownAt = Annotated[
    Instant | None, Query(description="Show the statuses as they were known at this instant.")
]


@router.get("", response_model=views.Board[views.Operation], responses=errors(HTTPStatus.FORBIDDEN))
async def list_operations(door: At, who: Who, read_at: ReadAt, id_prefix: str = "") -> dict[str, object]:
    """The operations of the government, the newest first."""
    need(who, OVERSEERS)
    items = await door.books.boards.operations(who.government_id, _plain(id_prefix))
    return {"as_of": read_at, "items": items}


@router.post("", summary="Open an operation", **decided(creates=True))
async def open_operation(door: At, who: Who, form: OpenOperation, key: Key = None) -> JSONResponse:
    """Open an operation in MONITORING. By: coordinator."""
    return answer(await actions.open_operation(door.house, who, form.to_domain(), key=key), created=True)


@router.get(
    "/{operation_id}",
    response_model=views.OperationDetail,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def show_operation(
    door: At, who: Who, read_at: ReadAt, operation_id: CaseKey, known_at: KnownAt = None
) -> dict[str, object]:
    """An operation with its statuses of every level, its surges, and whoever has a duty that no status covers.

    With `known_at`, the statuses as they were known then: an end is shown as far as it had been moved by that time.
    """
    need(who, OVERSEERS)
    boards, now = door.books.boards, door.house.clock.now()
    found = await boards.operations(who.government_id, operation_id)
    operation = next((row for row in found if row["operation_id"] == operation_id), None)
    if operation is None:
        raise NoSuchCase
    uncovered = PeopleWanted(operation_id=operation_id, only_uncovered=True)
    return {
        "as_of": read_at,
        "operation": operation,
        "known_at": known_at or now,
        "standings": await boards.standings(operation_id, known_at or now),
        "surges": await with_why(door, await boards.surges(who.government_id, operation_id=operation_id)),
        "uncovered": [
            row | {"case_id": cases.secondment(row["placement_id"])}
            for row in await boards.secondments(who, uncovered, now)
        ],
    }


@router.post("/{operation_id}/status", summary="Declare a status", **decided())
async def declare_status(
    door: At, who: Who, operation_id: CaseKey, form: DeclareStatus, key: Key = None
) -> JSONResponse:
    """Put an emergency status in force until an end, now or from a later start. By: regional secretary or regional head."""
    return await _decide(door, who, CommandKind.DECLARE_STATUS, operation_id, key=key, details=form.details())


@router.post("/{operation_id}/extension", summary="Extend a status", **decided())
async def extend_status(
    door: At, who: Who, operation_id: CaseKey, form: ExtendStatus, key: Key = None
) -> JSONResponse:
    """Prolong a status by a new decree, before it ends. By: regional secretary or regional head."""
    return await _decide(door, who, CommandKind.EXTEND_STATUS, operation_id, key=key, details=form.details())


@router.post("/{operation_id}/escalation", summary="Escalate to a higher level", **decided())
async def escalate_operation(
    door: At, who: Who, operation_id: CaseKey, form: EscalateOperation, key: Key = None
) -> JSONResponse:
    """Hand the lead up to a level above every one in force. By: regional secretary or regional head."""
    return await _decide(
        door, who, CommandKind.ESCALATE_OPERATION, operation_id, key=key, details=form.details()
    )


@router.post("/{operation_id}/hand-back", summary="De-escalate", **decided())
async def hand_back_status(
    door: At, who: Who, operation_id: CaseKey, form: HandBackStatus, key: Key = None
) -> JSONResponse:
    """End a higher level's status where a lower one's goes on. By: regional secretary or regional head."""
    return await _decide(
        door, who, CommandKind.HAND_BACK_STATUS, operation_id, key=key, details=form.details()
    )


@router.post("/{operation_id}/withdrawal", summary="Withdraw a status that is to come", **decided())
async def withdraw_status(
    door: At, who: Who, operation_id: CaseKey, form: WithdrawStatus, key: Key = None
) -> JSONResponse:
    """Take back what is decreed and has not begun. By: regional secretary or regional head."""
    return await _decide(
        door, who, CommandKind.WITHDRAW_STATUS, operation_id, key=key, details=form.details()
    )


@router.post("/{operation_id}/end", summary="End the operation", **decided())
async def end_operation(door: At, who: Who, operation_id: CaseKey, key: Key = None) -> JSONResponse:
    """End the operation; the report on it is due. By: regional secretary or regional head."""
    return await _decide(door, who, CommandKind.END_OPERATION, operation_id, key=key)


@router.post("/{operation_id}/after-action", summary="File the after-action report", **decided())
async def file_after_action(
    door: At, who: Who, operation_id: CaseKey, form: FileAfterAction, key: Key = None
) -> JSONResponse:
    """Say that the report on the operation is made. By: coordinator or regional secretary."""
    details = form.model_dump(mode="json")
    return await _decide(door, who, CommandKind.FILE_AFTER_ACTION, operation_id, key=key, details=details)


@router.post("/{operation_id}/archive", summary="Archive the operation", **decided())
async def archive_operation(door: At, who: Who, operation_id: CaseKey, key: Key = None) -> JSONResponse:
    """Put the operation in the archive: from then on it is only read. By: regional secretary or regional head."""
    return await _decide(door, who, CommandKind.ARCHIVE_OPERATION, operation_id, key=key)


async def _decide(
    door: Door,
    who: Actor,
    kind: CommandKind,
    operation_id: str,
    *,
    key: str | None,
    details: dict[str, str | int | float] | None = None,
) -> JSONResponse:
    decision = Decision(kind, cases.operation(operation_id), details=details)
    return answer(await actions.decide(door.house, who, decision, key=key))


def _plain(prefix: str) -> str:
    """A prefix of an id; what no id holds matches nothing."""
    return prefix if prefix.replace("-", "").isalnum() or not prefix else "\\"
