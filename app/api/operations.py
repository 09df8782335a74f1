"""Operations: opened, declared, extended, ended."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app import actions
from app.actions import Decision, NoSuchCase
from app.api import views
from app.api.answers import answer, decided
from app.api.door import At, CaseKey, Door, Key, Who, need
from app.api.forms import DeclareStatus, ExtendStatus, OpenOperation
from app.api.problems import errors
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.sight import OVERSEERS

router = APIRouter(prefix="/v1/operations", tags=["operations"])


@router.get("", response_model=views.Board[views.Operation], responses=errors(HTTPStatus.FORBIDDEN))
async def list_operations(door: At, who: Who, id_prefix: str = "") -> dict[str, object]:
    """The operations of the government, the newest first."""
    need(who, OVERSEERS)
    items = await door.books.boards.operations(who.government_id, _plain(id_prefix))
    return {"as_of": await as_of(door, who), "items": items}


@router.post("", summary="Open an operation", **decided(creates=True))
async def open_operation(door: At, who: Who, form: OpenOperation, key: Key = None) -> JSONResponse:
    """Open an operation in MONITORING. By: coordinator."""
    return answer(await actions.open_operation(door.house, who, form.to_domain(), key=key), created=True)


@router.get(
    "/{operation_id}",
    response_model=views.OperationDetail,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def show_operation(door: At, who: Who, operation_id: CaseKey) -> dict[str, object]:
    """An operation with every status declared in it, and its surges."""
    need(who, OVERSEERS)
    boards = door.books.boards
    found = await boards.operations(who.government_id, operation_id)
    operation = next((row for row in found if row["operation_id"] == operation_id), None)
    if operation is None:
        raise NoSuchCase
    return {
        "as_of": await as_of(door, who),
        "operation": operation,
        "statuses": await boards.statuses(operation_id),
        "surges": await boards.surges(who.government_id, operation_id=operation_id),
    }


@router.post("/{operation_id}/status", summary="Declare a status", **decided())
async def declare_status(
    door: At, who: Who, operation_id: CaseKey, form: DeclareStatus, key: Key = None
) -> JSONResponse:
    """Put an emergency status in force until an end. By: regional secretary or regional head."""
    details = form.model_dump(mode="json") | {"until": form.until.isoformat()}
    decision = Decision(CommandKind.DECLARE_STATUS, cases.operation(operation_id), details=details)
    return answer(await actions.decide(door.house, who, decision, key=key))


@router.post("/{operation_id}/extension", summary="Extend the status", **decided())
async def extend_status(
    door: At, who: Who, operation_id: CaseKey, form: ExtendStatus, key: Key = None
) -> JSONResponse:
    """Prolong the status in force by a new decree. By: regional secretary or regional head."""
    details = form.model_dump(mode="json", exclude_none=True) | {"until": form.until.isoformat()}
    decision = Decision(CommandKind.EXTEND_STATUS, cases.operation(operation_id), details=details)
    return answer(await actions.decide(door.house, who, decision, key=key))


@router.post("/{operation_id}/end", summary="End the operation", **decided())
async def end_operation(door: At, who: Who, operation_id: CaseKey, key: Key = None) -> JSONResponse:
    """End the operation. By: regional secretary or regional head."""
    decision = Decision(CommandKind.END_OPERATION, cases.operation(operation_id))
    return answer(await actions.decide(door.house, who, decision, key=key))


async def as_of(door: Door, who: Actor) -> views.AsOf:
    """Return the moment at which a board is read."""
    return views.AsOf(at=door.house.clock.now(), log=await door.books.boards.log_position(who.government_id))


def _plain(prefix: str) -> str:
    """A prefix of an id; what no id holds matches nothing."""
    return prefix if prefix.replace("-", "").isalnum() or not prefix else "\\"
