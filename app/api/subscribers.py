"""Who is told of events, and what became of telling them. By: operator, here and everywhere below."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from app import subscribers
from app.api import views
from app.api.door import UUID, At, Door, Key, Uuid, Who
from app.api.forms import Form, Line
from app.api.problems import errors
from app.api.reading import ReadAt
from app.subscribers import Desk, Wish
from domain.deliveries import DeliveryState
from domain.subscribers import LONGEST_URL

router = APIRouter(prefix="/v1", tags=["subscribers"])

SubscriberId = Annotated[str, Query(pattern=UUID)]
Seq = Annotated[int, Path(ge=1, le=2**62, examples=[42])]
Most = Annotated[int, Query(ge=1, le=1000)]


class AddSubscriber(Form):
    """Tell somebody of events from now on."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URL)] = Field(
        description="Where events are POSTed; https, or http on loopback.",
        examples=["https://subscriber.example/siaga"],
    )
    types: tuple[Line, ...] | None = Field(
        None,
        description="Only these types; else all.",
        min_length=1,
        max_length=200,
        examples=[["CheckedIn"]],
    )
    from_start: bool = Field(default=False, description="Tell all that is in the log already, first.")


class Rotate(Form):
    """Give a subscriber a new secret."""

    overlap_hours: int = Field(
        int(subscribers.OVERLAP / timedelta(hours=1)),
        ge=0,
        le=int(subscribers.LONGEST_OVERLAP / timedelta(hours=1)),
        description="How long the secret before it signs too.",
    )


class Resend(Form):
    """Send dead letters again."""

    seq: int | None = Field(None, ge=1, le=2**62, description="Only this entry's; else all.")


class SubscriberView(BaseModel):
    """A subscriber, and how its deliveries stand. `behind` are entries that it has not been handed yet."""

    subscriber_id: str
    url: str | None
    types: list[str] | None
    state: str
    since: int
    behind: int
    waiting: int
    delivered: int
    dead: int
    skipped: int
    old_until: datetime | None = Field(description="Until when the secret before the newest signs too.")
    added_by: str
    added_at: datetime


class Act(BaseModel):
    """What was done to a subscriber, as the log has it."""

    seq: int
    type: str
    at: datetime
    actor: str
    authority: str
    data: dict[str, Any]


class SubscriberDetail(BaseModel):
    """A subscriber with what was done to it."""

    as_of: views.AsOf
    subscriber: SubscriberView
    history: list[Act]


class Secret(BaseModel):
    """A secret, shown this once."""

    subscriber_id: str
    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    old_until: datetime | None = None


class DeliveryView(BaseModel):
    """One event on its way to one subscriber. `held_back` counts what waits behind a dead letter."""

    subscriber_id: str
    seq: int
    type: str
    case_id: str
    lane: str
    state: str
    attempts: int
    tried_at: datetime | None
    outcome: str | None
    next_at: datetime | None
    held_back: int | None


class Revived(BaseModel):
    """The entries whose dead letters are sent again, or given up."""

    subscriber_id: str
    seqs: list[int]


_ANY = errors(HTTPStatus.FORBIDDEN)
_ONE = errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@router.get("/subscribers", response_model=views.Board[SubscriberView], responses=_ANY)
async def list_subscribers(door: At, who: Who, read_at: ReadAt) -> dict[str, object]:
    """Everybody who is, or was, told of the government's events."""
    subscribers.authority(who)
    items = await door.books.subscribers.board(who.government_id)
    return {"as_of": read_at, "items": items}


@router.post("/subscribers", status_code=HTTPStatus.CREATED, response_model=Secret, responses=_ANY)
async def add_subscriber(door: At, who: Who, form: AddSubscriber, key: Key = None) -> Secret:
    """Add a subscriber. The secret is shown this once."""
    wish = Wish(form.url, form.types, form.from_start)
    subscriber_id, secret = await subscribers.add(_desk(door), who, wish, key=key)
    return Secret(subscriber_id=subscriber_id, secret=secret)


@router.get("/subscribers/{subscriber_id}", response_model=SubscriberDetail, responses=_ONE)
async def show_subscriber(door: At, who: Who, read_at: ReadAt, subscriber_id: Uuid) -> dict[str, object]:
    """A subscriber, how its deliveries stand, and what was done to it."""
    found = await subscribers.find(_desk(door), who, subscriber_id.lower())
    history = await door.books.subscribers.history(subscriber_id.lower(), who.government_id)
    return {"as_of": read_at, "subscriber": found, "history": history}


@router.delete("/subscribers/{subscriber_id}", status_code=HTTPStatus.NO_CONTENT, responses=_ONE)
async def remove_subscriber(door: At, who: Who, subscriber_id: Uuid) -> Response:
    """Tell it nothing any more; address and secrets are erased."""
    await subscribers.remove(_desk(door), who, subscriber_id.lower())
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/subscribers/{subscriber_id}/pause", status_code=HTTPStatus.NO_CONTENT, responses=_ONE)
async def pause_subscriber(door: At, who: Who, subscriber_id: Uuid) -> Response:
    """Tell it nothing for a time; what happens meanwhile is told later."""
    await subscribers.pause(_desk(door), who, subscriber_id.lower())
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/subscribers/{subscriber_id}/resumption", status_code=HTTPStatus.NO_CONTENT, responses=_ONE)
async def resume_subscriber(door: At, who: Who, subscriber_id: Uuid) -> Response:
    """Tell it again, from where it was paused."""
    await subscribers.resume(_desk(door), who, subscriber_id.lower())
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/subscribers/{subscriber_id}/rotation", response_model=Secret, responses=_ONE)
async def rotate_secret(door: At, who: Who, subscriber_id: Uuid, form: Rotate) -> Secret:
    """Give it a new secret, shown this once; the one before it signs too for a time."""
    secret, until = await subscribers.rotate(
        _desk(door), who, subscriber_id.lower(), timedelta(hours=form.overlap_hours)
    )
    return Secret(subscriber_id=subscriber_id.lower(), secret=secret, old_until=until)


@router.post("/subscribers/{subscriber_id}/resending", response_model=Revived, responses=_ONE)
async def resend_dead_letters(door: At, who: Who, subscriber_id: Uuid, form: Resend) -> Revived:
    """Send dead letters again: each before what waits behind it."""
    seqs = await subscribers.resend(_desk(door), who, subscriber_id.lower(), form.seq)
    return Revived(subscriber_id=subscriber_id.lower(), seqs=list(seqs))


@router.post("/subscribers/{subscriber_id}/deliveries/{seq}/skip", response_model=Revived, responses=_ONE)
async def skip_dead_letter(door: At, who: Who, subscriber_id: Uuid, seq: Seq) -> Revived:
    """Give a dead letter up for good; what waits behind it goes on without."""
    seqs = await subscribers.give_up(_desk(door), who, subscriber_id.lower(), seq)
    return Revived(subscriber_id=subscriber_id.lower(), seqs=list(seqs))


@router.get("/deliveries", response_model=views.Board[DeliveryView], responses=_ANY)
async def list_deliveries(  # noqa: PLR0917 - FastAPI takes a route's parts as parameters
    door: At,
    who: Who,
    read_at: ReadAt,
    subscriber_id: SubscriberId | None = None,
    state: DeliveryState | None = None,
    most: Most = 100,
) -> dict[str, object]:
    """Deliveries, those of the newest entries first."""
    subscribers.authority(who)
    items = await door.books.subscribers.deliveries(
        who.government_id, subscriber_id=subscriber_id and subscriber_id.lower(), state=state, most=most
    )
    return {"as_of": read_at, "items": items}


def _desk(door: Door) -> Desk:
    return Desk(door.house, door.books.subscribers, door.near)
