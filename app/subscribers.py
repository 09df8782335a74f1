"""Administrating who is told of events: one function an act of the administrator, each a fact in the log.

The log keeps the host of an address and never the rest: a path may be a secret. Secrets are shown once.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.actions import Faulty, House, NoSuchCase, NotAllowed
from domain.authority import Actor
from domain.deliveries import DeliveryState
from domain.events import short_type
from domain.log import Attribution, Fact
from domain.subscribers import (
    SECRET_BYTES,
    Network,
    Subscriber,
    SubscriberState,
    administrates,
    shown,
    types_fault,
    url_fault,
)

OVERLAP = timedelta(hours=24)
"""How long the secret before the newest signs too, unless asked otherwise."""
LONGEST_OVERLAP = timedelta(days=30)


class Book(Protocol):
    """Where subscribers are kept."""

    async def add(self, subscriber: Subscriber, added_by: str, fact: Fact, *, from_start: bool) -> bool: ...
    async def turn(self, subscriber_id: str, government_id: str, to: SubscriberState, fact: Fact) -> bool: ...
    async def remove(self, subscriber_id: str, government_id: str, fact: Fact) -> bool: ...
    async def rotate(
        self, subscriber_id: str, government_id: str, secret: bytes, old_until: datetime, fact: Fact
    ) -> bool: ...
    async def revive(
        self, subscriber_id: str, government_id: str, to: DeliveryState, fact: Fact, seq: int | None
    ) -> tuple[int, ...]: ...
    async def board(self, government_id: str, subscriber_id: str | None = None) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Wish:
    """Who asks to be told: where, of which types (None: all), and whether of all that lies in the log."""

    url: str
    types: tuple[str, ...] | None = None
    from_start: bool = False


@dataclass(frozen=True)
class Desk:
    """What administrating works with. `near` are networks that may be told though they are not public."""

    house: House
    book: Book
    near: tuple[Network, ...] = ()


async def add(desk: Desk, who: Actor, wish: Wish, *, key: str | None = None) -> tuple[str, str]:
    """Add a subscriber; return its id and its secret. Raises NotAllowed, and Faulty with every fault.

    The same key adds once: a second time there is no secret to be shown, for it was shown.
    """
    authority(who)
    url = url_fault(wish.url, desk.near)
    types = types_fault(wish.types) if wish.types is not None else None
    if faults := tuple(
        f"{where}: {fault}" for where, fault in (("url", url), ("types", types)) if fault is not None
    ):
        raise Faulty(faults)
    secret = secrets.token_bytes(SECRET_BYTES)
    asked = tuple(sorted({short_type(one) for one in wish.types})) if wish.types is not None else None
    made = Subscriber(_id(desk, who, key), who.government_id, wish.url, asked, secret, since=0)
    said = {
        "host": urlsplit(wish.url).hostname,
        "types": list(asked) if asked is not None else None,
        "from_start": wish.from_start,
    }
    fact = _fact(desk, who, made.subscriber_id, "SubscriberAdded", said)
    if not await desk.book.add(made, who.person_id, fact, from_start=wish.from_start):
        raise Faulty(("Idempotency-Key: this subscriber was added already; rotating gives it a secret anew",))
    return made.subscriber_id, shown(secret)


async def pause(desk: Desk, who: Actor, subscriber_id: str) -> None:
    """Tell nothing for a time; what happens meanwhile is told later. Raises NotAllowed, NoSuchCase, Faulty."""
    await _turn(desk, who, subscriber_id, SubscriberState.PAUSED, "SubscriberPaused")


async def resume(desk: Desk, who: Actor, subscriber_id: str) -> None:
    """Tell again, from where it was paused. Raises NotAllowed, NoSuchCase, Faulty."""
    await _turn(desk, who, subscriber_id, SubscriberState.ACTIVE, "SubscriberResumed")


async def remove(desk: Desk, who: Actor, subscriber_id: str) -> None:
    """Tell nothing any more, and erase address and secrets. Raises NotAllowed, NoSuchCase, Faulty."""
    await find(desk, who, subscriber_id)
    fact = _fact(desk, who, subscriber_id, "SubscriberRemoved")
    if not await desk.book.remove(subscriber_id, who.government_id, fact):
        raise Faulty(("subscriber_id: this subscriber has ended",))


async def rotate(
    desk: Desk, who: Actor, subscriber_id: str, overlap: timedelta = OVERLAP
) -> tuple[str, datetime | None]:
    """Give it a new secret, and let the one before it sign too for a time; return the new one, and until when.

    Raises NotAllowed, NoSuchCase, Faulty. Rotating again within that time ends the oldest: there are two at most.
    """
    await find(desk, who, subscriber_id)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Faulty((f"overlap_hours: expected 0 to {LONGEST_OVERLAP // timedelta(hours=1)}",))
    secret = secrets.token_bytes(SECRET_BYTES)
    until = desk.house.clock.now() + overlap
    fact = _fact(desk, who, subscriber_id, "SecretRotated", {"old_until": until.isoformat()})
    if not await desk.book.rotate(subscriber_id, who.government_id, secret, until, fact):
        raise Faulty(("subscriber_id: this subscriber has ended",))
    return shown(secret), until if overlap else None


async def resend(desk: Desk, who: Actor, subscriber_id: str, seq: int | None = None) -> tuple[int, ...]:
    """Send dead letters again, all or one: each first in its lane, then what waited behind it.

    Raises NotAllowed, NoSuchCase, and Faulty where there is no such dead letter.
    """
    return await _revive(desk, who, subscriber_id, DeliveryState.WAITING, seq)


async def give_up(desk: Desk, who: Actor, subscriber_id: str, seq: int) -> tuple[int, ...]:
    """Give a dead letter up for good: what waited behind it goes on without. Raises as `resend` does."""
    return await _revive(desk, who, subscriber_id, DeliveryState.SKIPPED, seq)


async def find(desk: Desk, who: Actor, subscriber_id: str) -> dict[str, Any]:
    """Return a subscriber of the actor's government; raises NotAllowed and NoSuchCase."""
    authority(who)
    found = await desk.book.board(who.government_id, subscriber_id)
    if not found:
        raise NoSuchCase(subscriber_id)
    return found[0]


def authority(who: Actor) -> tuple[str, str | None]:
    """Return (authority, on whose behalf) of an administrator; raises NotAllowed."""
    held = administrates(who)
    if held is None:
        raise NotAllowed("no_authority")
    return held


async def _turn(desk: Desk, who: Actor, subscriber_id: str, to: SubscriberState, event: str) -> None:
    stands = await find(desk, who, subscriber_id)
    fact = _fact(desk, who, subscriber_id, event)
    if not await desk.book.turn(subscriber_id, who.government_id, to, fact):
        raise Faulty((f"subscriber_id: this subscriber is {stands['state']}",))


async def _revive(
    desk: Desk, who: Actor, subscriber_id: str, to: DeliveryState, seq: int | None
) -> tuple[int, ...]:
    await find(desk, who, subscriber_id)
    event = "DeliveryResent" if to == DeliveryState.WAITING else "DeliverySkipped"
    seqs = await desk.book.revive(
        subscriber_id, who.government_id, to, _fact(desk, who, subscriber_id, event), seq
    )
    if not seqs:
        raise Faulty(("seq: this subscriber has no such dead letter",))
    return seqs


def _id(desk: Desk, who: Actor, key: str | None) -> str:
    if key is None:
        return desk.house.new_id()
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{who.government_id}/{who.person_id}/{key}"))


def _fact(desk: Desk, who: Actor, subscriber_id: str, event: str, data: dict[str, Any] | None = None) -> Fact:
    office, behalf = authority(who)
    by = Attribution(who.person_id, office, desk.house.rules.basis("authority"), on_behalf_of=behalf)
    return Fact(event, f"subscriber:{subscriber_id}", desk.house.clock.now(), by, None, data or {})
