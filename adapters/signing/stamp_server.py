"""The time-stamp authority on loopback: RFC 3161 over HTTP, as its section 3.4 has it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from adapters.signing.serving import serving
from adapters.signing.stamping import Stamper

QUERY, REPLY = b"application/timestamp-query", b"application/timestamp-reply"
_LARGEST = 64 * 1024

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


def stamp_server(stamper: Stamper, port: int = 0) -> AbstractAsyncContextManager[str]:
    """Serve time stamps on this port of loopback (0: any that is free) and yield the address; raises OSError."""
    return serving(_answering(stamper), port)


def _answering(stamper: Stamper) -> Callable[..., Awaitable[None]]:
    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        kind = dict(scope["headers"]).get(b"content-type", b"")
        if scope["method"] != "POST" or kind != QUERY:
            await _reply(send, 415, b"text/plain", b"POST application/timestamp-query (RFC 3161)\n")
            return
        body, more = b"", True
        while more and len(body) <= _LARGEST:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        if len(body) > _LARGEST:
            await _reply(send, 413, b"text/plain", b"too large\n")
            return
        await _reply(send, 200, REPLY, stamper.answer(body))

    return app


async def _reply(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
