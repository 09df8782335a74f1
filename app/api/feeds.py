"""What comes in from outside: public warnings and rosters; and whether the house stands."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from app.actions import NotAllowed
from app.alerts import ingest_alert
from app.api import feed_views, views
from app.api.door import At, Who
from app.api.limits import ALERT_BYTES, ROSTER_BYTES, body_of
from app.api.problems import Refused, errors
from app.drafting import FirstReport
from app.relay import ALARM_AFTER
from app.rosters import import_roster
from app.wiring import AWAY
from domain.authority import Capacity
from domain.commands import CommandState
from domain.sight import holds

router = APIRouter()

Number = Annotated[int | None, Query(ge=0, le=10_000_000)]


def raw(media: str, example: str | None = None) -> dict[str, Any]:
    """Document a body that is not JSON."""
    schema = {"schema": {"type": "string", "format": "binary"}} | ({"example": example} if example else {})
    return {"requestBody": {"required": True, "content": {media: schema}}}


@router.post(
    "/v1/alerts",
    tags=["alerts"],
    summary="Take a public warning in",
    response_model=feed_views.AlertTaken,
    openapi_extra=raw("application/xml", '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">…</alert>'),
    responses=errors(
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
async def take_alert(
    door: At,
    who: Who,
    request: Request,
    *,
    displaced: Number = None,
    shelters: Number = None,
    days: Annotated[int | None, Query(ge=1, le=365)] = None,
) -> JSONResponse:
    """A CAP 1.2 message as XML. By: coordinator.

    A real warning over our area opens an operation in MONITORING and drafts a request; first reports
    (`displaced`, `shelters`, `days`) size the draft. It deploys nobody. The same message twice is one.
    """
    xml = await body_of(request, ALERT_BYTES)
    taken = await ingest_alert(
        door.books.alerts(door.house), who, xml, FirstReport(displaced, shelters, days)
    )
    if taken.opened and taken.opened.state == CommandState.REFUSED:
        raise Refused(taken.opened)
    told = feed_views.AlertTaken(
        sender=taken.alert.sender,
        identifier=taken.alert.identifier,
        effect=taken.effect,
        reason=taken.reason,
        reach=taken.reach,
        operation_id=taken.operation_id,
        recorded=taken.opened is not None and taken.opened.state == CommandState.RECORDED,
        draft=feed_views.Draft(toml=taken.draft.toml, people=taken.draft.people, lines=taken.draft.lines)
        if taken.draft
        else None,
    )
    status = HTTPStatus.ACCEPTED if told.recorded else HTTPStatus.OK
    return JSONResponse(told.model_dump(mode="json"), status_code=status)


@router.post(
    "/v1/roster",
    tags=["roster"],
    summary="Import a roster",
    response_model=feed_views.RosterImported,
    openapi_extra=raw("application/zip"),
    responses=errors(
        HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)
async def import_a_roster(door: At, who: Who, request: Request) -> dict[str, object]:
    """A ZIP archive of a roster directory, imported whole or not at all. By: operator.

    Every cell at fault is listed: file, row, column, what was found and what was expected.
    """
    if not holds(who, frozenset({Capacity.OPERATOR})):
        raise NotAllowed("no_authority")  # before a large body is read
    archive = await body_of(request, ROSTER_BYTES)
    roster, astray = await import_roster(door.house, door.books.rosters(), who, archive)
    return {
        "government_id": roster.government.id,
        "units": len(roster.units),
        "people": len(roster.people),
        "skills": len(roster.skills),
        "appointments": len(roster.appointments),
        "unread_columns": [f"{file}: {header}" for file, header in roster.unread_columns],
        "astray": [asdict(one) for one in astray],
    }


@router.get("/healthz", tags=["health"], response_model=views.Health)
async def health(door: At) -> JSONResponse:
    """Whether database and engine answer, and how long the oldest decision has waited. 503 without a database."""
    engine = await door.engine.answers()
    try:
        waiting, oldest = await door.books.commands.waiting()
        looked_at, orphans = await door.books.reconciler.last_look()
    except AWAY:
        told = views.Health(
            status="down",
            database=False,
            engine=engine,
            waiting=0,
            oldest_waiting_seconds=None,
            orphans=0,
            reconciled_at=None,
        )
        return JSONResponse(told.model_dump(mode="json"), status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    waited = (door.house.clock.now() - oldest) if oldest else None
    late = waited is not None and waited > ALARM_AFTER
    told = views.Health(
        status="ok" if engine and not late and not orphans else "degraded",
        database=True,
        engine=engine,
        waiting=waiting,
        oldest_waiting_seconds=round(waited.total_seconds(), 1) if waited else None,
        orphans=orphans,
        reconciled_at=looked_at,
    )
    return JSONResponse(told.model_dump(mode="json"))
