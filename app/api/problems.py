"""Every error as one shape: RFC 9457 problem JSON, with one line that says what and where."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app import refusals
from app.actions import Faulty, NoSuchCase, NoSuchPaper, NoSuchUnit, NotAllowed
from app.closing import NotNow
from app.sentences import sentence
from app.tasks import Conflict
from app.wiring import AWAY, ClaimedByAnother, DutiesApart, KeyReused
from audit.replay import CaseNotFoundError
from domain.commands import Command
from runtime.temporal import EngineUnavailable

logger = logging.getLogger(__name__)

MEDIA = "application/problem+json"


class Unauthenticated(Exception):
    """Nobody we know is at the door."""


class TooLarge(Exception):
    """The body is larger than this route takes."""


class Refused(Exception):
    """A decision was recorded, and its case refused it."""

    def __init__(self, command: Command) -> None:
        super().__init__(command.refusal)
        self.command = command


class Problem(BaseModel):
    """RFC 9457. `code` is what programs read, `detail` what people do."""

    type: str = Field(examples=["urn:siaga:problem:secondments_open"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["somebody is not home yet"])
    code: str = Field(examples=["secondments_open"])
    faults: list[str] | None = Field(None, examples=[["lines[1].quantity: 0, expected 1 or more"]])
    command_id: str | None = Field(None, description="The decision that was recorded and refused.")


def problem(status: HTTPStatus, code: str, detail: str, **more: Any) -> JSONResponse:
    """Return an error answer."""
    told = Problem(
        type=f"urn:siaga:problem:{code}", title=status.phrase, status=status, detail=detail, code=code, **more
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(
        told.model_dump(exclude_none=True), status_code=status, media_type=MEDIA, headers=headers
    )


def _not_allowed(request: Request, error: NotAllowed | DutiesApart) -> JSONResponse:
    # Before a decision is recorded there is no entry in the case's log; the route is, the person is not told here.
    logger.warning("denied", extra={"code": error.code, "method": request.method, "path": request.url.path})
    return problem(HTTPStatus.FORBIDDEN, error.code, sentence(error.code))


def _no_such_case(request: Request, _: NoSuchCase) -> JSONResponse:
    logger.info("no such case", extra={"method": request.method, "path": request.url.path})
    return problem(HTTPStatus.NOT_FOUND, "no_such_case", sentence("no_such_case"))


def _no_such_unit(_: Request, error: NoSuchUnit) -> JSONResponse:
    return problem(HTTPStatus.NOT_FOUND, "no_such_unit", f"{error}: {sentence('no_such_unit')}")


def _faulty(_: Request, error: Faulty) -> JSONResponse:
    more = f" (and {len(error.faults) - 1} more)" if len(error.faults) > 1 else ""
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "faulty", f"{error.faults[0]}{more}", faults=list(error.faults)
    )


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    return _faulty(request, Faulty(tuple(where(fault) for fault in error.errors())))


def where(fault: Mapping[str, Any]) -> str:
    """Return a fault of a form as `where: what`."""
    if fault["type"] == "json_invalid":
        return f"body: not JSON, from character {fault['loc'][-1]} on ({fault['ctx']['error']})"
    place = ""
    for part in fault["loc"][0 if len(fault["loc"]) == 1 else 1 :]:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if place else str(part)
    said = fault["msg"].removeprefix("Value error, ")
    # An abbreviation stays one: UUID, not uUID.
    return f"{place}: {said if said[:2].isupper() else said[:1].lower() + said[1:]}"


async def _refused(request: Request, error: Refused) -> JSONResponse:
    detail = await refusals.told(request.app.state.door.books, error.command)
    code = error.command.refusal or "refused"
    return problem(HTTPStatus.CONFLICT, code, detail, command_id=error.command.command_id)


def _conflict(request: Request, error: Conflict | ClaimedByAnother) -> JSONResponse:
    code, more = (error.code, error.more) if isinstance(error, Conflict) else ("claimed_by_another", "")
    logger.info("conflict", extra={"code": code, "method": request.method, "path": request.url.path})
    return problem(HTTPStatus.CONFLICT, code, f"{sentence(code)}: {more}" if more else sentence(code))


def _not_now(_: Request, error: NotNow) -> JSONResponse:
    return problem(HTTPStatus.CONFLICT, error.code, sentence(error.code))


def _http(request: Request, error: HTTPException) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    if status == HTTPStatus.BAD_REQUEST:  # what FastAPI says of a body that is not even text
        return _faulty(request, Faulty(("body: not JSON in UTF-8",)))
    return problem(status, status.name.lower(), str(error.detail).splitlines()[0])


def _away(_: Request, error: Exception) -> JSONResponse:
    logger.error("database out of reach", extra={"reason": type(error).__name__})
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "database_away", "the database does not answer; nothing was recorded"
    )


def _engine_away(_: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "engine_away", str(error))


def _bug(request: Request, error: Exception) -> JSONResponse:
    logger.error("unexpected", exc_info=error, extra={"method": request.method, "path": request.url.path})
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", "something went wrong here; it is in the log"
    )


def _saying(status: HTTPStatus, code: str, detail: str) -> Callable[[Request, Exception], JSONResponse]:
    return lambda _request, _error: problem(status, code, detail)


def add_problems(app: FastAPI) -> None:
    """Answer every exception that a route may raise."""
    unknown = _saying(
        HTTPStatus.UNAUTHORIZED, "unauthenticated", "a valid token is needed: Authorization: Bearer …"
    )
    reused = _saying(
        HTTPStatus.CONFLICT, "key_reused", "this Idempotency-Key was used before, for another request"
    )
    no_paper = _saying(HTTPStatus.NOT_FOUND, "no_such_paper", sentence("no_such_paper"))
    handlers: list[tuple[type[Exception], Any]] = [
        (NotAllowed, _not_allowed),
        (DutiesApart, _not_allowed),
        (Conflict, _conflict),
        (ClaimedByAnother, _conflict),
        (NoSuchCase, _no_such_case),
        (NoSuchUnit, _no_such_unit),
        (NoSuchPaper, no_paper),
        (Faulty, _faulty),
        (Refused, _refused),
        (NotNow, _not_now),
        (RequestValidationError, _invalid),
        (HTTPException, _http),
        (Unauthenticated, unknown),
        (TooLarge, _saying(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "the body is too large")),
        (KeyReused, reused),
        (CaseNotFoundError, _no_such_case),
        (EngineUnavailable, _engine_away),
        *((kind, _away) for kind in AWAY),
        (Exception, _bug),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, _async(handler))


def _async(
    handler: Callable[[Request, Any], JSONResponse | Awaitable[JSONResponse]],
) -> Callable[[Request, Any], Awaitable[JSONResponse]]:
    async def answer(request: Request, error: Any) -> JSONResponse:
        answered = handler(request, error)
        return await answered if inspect.isawaitable(answered) else answered

    return answer


def errors(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of a route's error answers."""
    always = (HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
    every = {*always, *statuses}
    return {int(status): {"model": Problem, "description": _MEANS[status]} for status in sorted(every)}


_MEANS = {
    HTTPStatus.UNAUTHORIZED: "No valid token",
    HTTPStatus.FORBIDDEN: "The actor's offices do not allow it, or the case is their own",
    HTTPStatus.NOT_FOUND: "There is no such case, or it is another government's",
    HTTPStatus.CONFLICT: "The case refused the decision, or the task does not stand so (`code` says why); or the "
    "Idempotency-Key was used otherwise",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request is wrong; `faults` lists each fault as `where: what`",
    HTTPStatus.SERVICE_UNAVAILABLE: "A part is out of reach and nothing was recorded",
}
