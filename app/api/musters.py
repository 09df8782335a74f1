"""Roll calls at the site, and one's own sign of life."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app import musters
from app.api.door import At, Uuid, Who
from app.api.forms import Form, Id, Instant, Line
from app.api.problems import errors
from app.musters import Roll
from domain.muster import Among

router = APIRouter(prefix="/v1", tags=["musters"])


class TakeMuster(Form):
    """Who was seen or heard at the site."""

    present: tuple[Id, ...] | None = Field(
        None, description="Who answered; else everybody but the absent ones."
    )
    absent: tuple[Id, ...] = ()
    site: Line | None = Field(None, description="Only of those at this site.", examples=["Posko Oesapa"])
    unit_id: Line | None = Field(None, description="Only of those of this home unit.")
    seen_at: Instant | None = Field(None, description="Else now; never in the future.")


class MusterView(BaseModel):
    """A roll call that was taken."""

    surge_id: str
    seen_at: datetime
    present: list[str]
    missing: list[str]
    found: list[str] = Field(description="Of those who answered, who had been out of contact.")


class SignOfLife(BaseModel):
    """When somebody reported from the site."""

    placement_id: str
    seen_at: datetime


@router.post(
    "/surges/{surge_id}/muster",
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def take_muster(door: At, who: Who, surge_id: str, form: TakeMuster) -> MusterView:
    """Take a roll call of a surge's people at their sites, or of those at one site or of one home unit. By: command post or coordinator."""
    roll = Roll(form.present, form.absent, form.seen_at, Among(form.site, form.unit_id))
    muster = await musters.take_muster(door.house, door.books.musters, who, surge_id, roll)
    return MusterView(
        surge_id=muster.surge_id,
        seen_at=muster.seen_at,
        present=list(muster.present),
        missing=list(muster.missing),
        found=list(muster.found),
    )


@router.post(
    "/secondments/{placement_id}/sign-of-life",
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def report_in(door: At, who: Who, placement_id: Uuid) -> SignOfLife:
    """Report from the site: I am here. By: the person."""
    seen_at = await musters.report_in(door.house, door.books.musters, who, placement_id.lower())
    return SignOfLife(placement_id=placement_id.lower(), seen_at=seen_at)
