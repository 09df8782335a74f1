"""Places: who holds one in turn, and what is handed over."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app import relief
from app.api.door import At, Uuid, Who, need
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.views import AsOf, Board
from app.sentences import SENTENCES
from domain.relief import Relief
from domain.sight import OVERSEERS

router = APIRouter(prefix="/v1", tags=["reliefs"])


class Note(BaseModel):
    """A handover note; `text` is null once it was erased."""

    written_at: datetime
    capacity: str
    author: str | None
    text: str | None


class HandoverView(BaseModel):
    """What somebody left to the next one, and what was left to them."""

    placement_id: str
    written: list[Note]
    received_from: str | None = Field(
        description="The placement of whoever was last at the place before; null where nobody was."
    )
    received: list[Note]


class TurnView(BaseModel):
    """One person's turn on a place, and how it follows the one before."""

    placement_id: str
    relieves: str | None
    person_id: str | None
    name: str | None
    unit: str
    line_id: str
    role: str
    site: str
    state: str
    leaving: str | None
    report_at: datetime
    due_back: datetime
    arrived_at: datetime | None
    left_site_at: datetime | None
    leaves_at: datetime = Field(description="When the site was left, or is to be.")
    handed_over: bool = Field(description="Whether this one has left a handover note.")
    overlap_hours: float | None = Field(
        description="How long both are on site; null for the first one, and while one is only asked."
    )
    gap_hours: float | None = Field(description="How long nobody is.")
    enough: bool | None = Field(description="Whether the overlap is what the rules ask for.")


class ChainView(BaseModel):
    """A place: everybody who was, is or is to be on it, one after the other."""

    as_of: AsOf
    overlap_asked_hours: float
    turns: list[TurnView]


class Place(BaseModel):
    """A place that will fall empty, and who was asked to take over, if anybody."""

    placement_id: str
    person_id: str
    name: str | None
    surge_id: str
    line_id: str
    role: str
    site: str
    due_back: datetime
    relieved_by: str | None
    relief_state: str | None


class LineToSettle(BaseModel):
    """A line whose places fall empty, and why somebody must say what becomes of them."""

    line_id: str
    role: str
    falls_empty_at: datetime
    needed_until: datetime | None
    why: str
    sentence: str


class Places(Board[Place]):
    """Places that will fall empty, and the lines of which the coordinator must say what becomes of them."""

    to_settle: list[LineToSettle]


@router.get("/reliefs", responses=errors(HTTPStatus.FORBIDDEN))
async def list_places(door: At, who: Who, read_at: ReadAt) -> Places:
    """Places that will fall empty: within `surge.relief.lead` of their surge's rules, and nobody has said yes. For the overseers."""
    need(who, OVERSEERS)
    now = door.house.clock.now()
    rows = await door.books.reliefs.falling_empty(who.government_id, now)
    lines = await door.books.reliefs.unsettled(who.government_id, now)
    return Places(
        as_of=read_at,
        items=[Place(**row) for row in rows],
        to_settle=[
            LineToSettle(
                line_id=one.line_id,
                role=line.role,
                falls_empty_at=one.falls_empty_at,
                needed_until=line.needed_until,
                why=one.why,
                sentence=SENTENCES[one.why],
            )
            for line, one in lines
        ],
    )


@router.get("/secondments/{placement_id}/handover", responses=errors(HTTPStatus.NOT_FOUND))
async def show_handover(door: At, who: Who, placement_id: Uuid) -> HandoverView:
    """Handover notes. Seen by the person, by whoever relieves them, and by the overseers."""
    found = await relief.handover(door.books.reliefs, who, placement_id.lower())
    return HandoverView(
        placement_id=found.placement_id,
        written=[Note(**one) for one in found.written],
        received_from=found.received_from,
        received=[Note(**one) for one in found.received],
    )


@router.get("/secondments/{placement_id}/chain", responses=errors(HTTPStatus.NOT_FOUND))
async def show_chain(door: At, who: Who, read_at: ReadAt, placement_id: Uuid) -> ChainView:
    """The place of somebody: who holds it in turn, with overlaps and gaps. Seen by whoever sees the person."""
    found = await relief.chain(door.books.reliefs, who, placement_id.lower())
    return ChainView(
        as_of=read_at,
        overlap_asked_hours=_hours(found.rules.overlap),
        turns=[_turn(row, found.reliefs.get(row["placement_id"])) for row in found.people],
    )


def _turn(row: dict[str, Any], follows: Relief | None) -> TurnView:
    return TurnView(
        **row,
        overlap_hours=_hours(follows.overlap) if follows else None,
        gap_hours=_hours(follows.gap) if follows else None,
        enough=follows.enough if follows else None,
    )


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 2)
