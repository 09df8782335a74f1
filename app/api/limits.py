"""How much a route reads before it says no."""

from __future__ import annotations

import re
from http import HTTPStatus

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import TooLarge, problem

JSON_BYTES = 1_000_000
ALERT_BYTES = 1_100_000
ROSTER_BYTES = 200_000_000
RAW = re.compile(r"/v1/(alerts|roster|tasks/[^/]+/evidence)")
"""Routes that read their body themselves, by `body_of`."""


async def body_of(request: Request, most: int) -> bytes:
    """Return the body; raises TooLarge as soon as it is longer than `most`."""
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > most:
            raise TooLarge
    return bytes(held)


class SmallBodies:
    """Turns a JSON body away that grows beyond what any form needs, before anything parses it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or RAW.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        held = await _small(receive)
        if held is None:
            answer = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "the body is too large")
            await answer(scope, receive, send)
            return
        waiting = iter(held)

        async def again() -> Message:
            return next(waiting, None) or await receive()

        await self._app(scope, again, send)


async def _small(receive: Receive) -> list[Message] | None:
    """Return the messages of a whole body, or None when it is too large."""
    held: list[Message] = []
    read = 0
    while True:
        message = await receive()
        held.append(message)
        read += len(message.get("body", b""))
        if read > JSON_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return held
