"""What every route stands on: the books, the house, the engine; and who is at the door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from temporalio.client import Client
from temporalio.service import RPCError

from app.actions import House, NotAllowed
from app.api.problems import Unauthenticated
from app.wiring import Books, open_books
from domain.authority import Actor, Capacity
from domain.sight import holds
from domain.subscribers import Network
from runtime.settings import Settings
from runtime.temporal import EngineUnavailable, connect

logger = logging.getLogger(__name__)


class Engine:
    """The way to Temporal, taken when it is needed: the API answers without it, too."""

    def __init__(self, settings: Settings, client: Client | None = None) -> None:
        self._settings = settings
        self._client = client
        self._turn = asyncio.Lock()

    async def client(self) -> Client:
        """Return the client; raises EngineUnavailable."""
        async with self._turn:
            if self._client is None:
                self._client = await connect(self._settings)
            return self._client

    async def answers(self) -> bool:
        """Say whether the engine answers now."""
        try:
            async with asyncio.timeout(2):
                return await (await self.client()).service_client.check_health()
        except (EngineUnavailable, RPCError, TimeoutError):
            return False


@dataclass(frozen=True)
class Door:
    """What the routes work with."""

    books: Books
    house: House
    engine: Engine
    near: tuple[Network, ...] = ()
    """Networks that are not public and may be told of events."""


@asynccontextmanager
async def open_door(settings: Settings) -> AsyncIterator[Door]:
    """Open the books that the settings name, and close them again."""
    async with open_books(settings.need_database_url()) as books:
        yield Door(books, books.house(), Engine(settings), settings.near_networks)


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


At = Annotated[Door, Depends(_door)]

_bearer = HTTPBearer(
    auto_error=False, description="A person's token. The actor comes from it and from nothing else."
)


async def _actor(
    door: At, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor:
    """Return who is at the door. No token, a malformed one and an unknown one are answered alike; of the dead, nobody comes."""
    found = await door.books.desk.person_of(credentials.credentials if credentials else "")
    if found is None:
        logger.warning("token refused", extra={"given": credentials is not None})
        raise Unauthenticated
    person_id, government_id = found
    who = await door.books.desk.actor(person_id, government_id, door.house.clock.now())
    if who.died:
        raise NotAllowed("has_died")
    return who


Who = Annotated[Actor, Depends(_actor)]

UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Sent again with the same key, the same decision is answered and never made twice.",
    ),
]

CaseKey = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", examples=["SU-3F9A1C22D0"])]
Uuid = Annotated[
    str,
    Path(
        pattern=UUID,
        examples=["7c1f6f0e-2b7a-5d0e-9a53-0c7f2b8f2f11"],
    ),
]


def need(actor: Actor, among: frozenset[Capacity]) -> None:
    """Let only these offices read on; raises NotAllowed."""
    if not holds(actor, among):
        raise NotAllowed("no_authority")
