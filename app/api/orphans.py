"""What the reconciler found: workflows with no open case behind, and cases that it took up again. By: operator."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app import orphans
from app.api import views
from app.api.door import At, Uuid, Who, need
from app.api.problems import errors
from app.api.reading import ReadAt
from domain.orphans import MAY_END, EndReason, Why

router = APIRouter(prefix="/v1/orphans", tags=["orphans"])


class OrphanView(BaseModel):
    """A run that no open case stands behind."""

    run_id: str
    workflow_id: str
    why: Why
    found_at: datetime
    seen_at: datetime
    gone_at: datetime | None
    ordered_at: datetime | None = Field(description="When an operator ordered that it be ended.")
    reason: EndReason | None


class TakenUp(BaseModel):
    """A case that nothing carried, and that was begun again where the books had it."""

    case_id: str
    taken_at: datetime


class Orphans(BaseModel):
    """What the reconciler found, the newest first; what runs comes before what is gone."""

    as_of: views.AsOf
    looked_at: datetime | None = Field(description="When the reconciler looked last.")
    items: list[OrphanView]
    taken_up: list[TakenUp]


class EndOrphan(BaseModel, extra="forbid"):
    """Why it is ended."""

    reason: EndReason


class Ended(BaseModel):
    """What was ended."""

    run_id: str
    workflow_id: str


@router.get("", response_model=Orphans, responses=errors(HTTPStatus.FORBIDDEN))
async def list_orphans(door: At, who: Who, read_at: ReadAt) -> dict[str, object]:
    """Workflows with no open case behind, and cases that were taken up again. By: operator."""
    need(who, MAY_END)
    items, taken_up = await door.books.reconciler.board(who.government_id)
    looked_at, _ = await door.books.reconciler.last_look()
    return {"as_of": read_at, "looked_at": looked_at, "items": items, "taken_up": taken_up}


@router.post(
    "/{run_id}/end",
    summary="End an orphan",
    response_model=Ended,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def end_orphan(door: At, who: Who, run_id: Uuid, form: EndOrphan) -> Ended:
    """End a workflow that no open case stands behind, with a reason. By: operator."""
    need(who, MAY_END)
    client = await door.engine.client()
    run_id = run_id.lower()
    workflow_id = await orphans.end(
        door.house, door.books.reconciler, client, who, run_id=run_id, reason=form.reason
    )
    return Ended(run_id=run_id, workflow_id=workflow_id)
