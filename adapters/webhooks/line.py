"""One connection to a subscriber: HTTP/1.1 by h11, one POST at a time."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult

import h11

from domain.subscribers import Address

READ_AT_ONCE = 16 * 1024
LARGEST_ANSWER = 16 * 1024
"""Bytes of an answer's body that are read, so that its connection can serve again; the rest is cut off."""
KEPT = 30.0  # seconds that an idle connection is kept


@dataclass(frozen=True)
class Answer:
    """Status and headers (names in lower case)."""

    status: int
    headers: dict[bytes, bytes]


class Line:
    """A connection; `reusable` while a further POST may go over it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT)
        self._idle_since: float | None = None
        self.reusable = True

    @classmethod
    async def open(cls, address: Address, port: int, *, name: str, tls: ssl.SSLContext | None) -> Line:
        """Connect to an address; with TLS, to whoever proves to be `name`. Raises OSError (an SSLError is one)."""
        reader, writer = await asyncio.open_connection(
            str(address), port, ssl=tls, server_hostname=name if tls else None
        )
        return cls(reader, writer)

    @property
    def used(self) -> bool:
        """Whether it has served before."""
        return self._idle_since is not None

    def alive(self) -> bool:
        """Say whether an idle connection can still serve."""
        fresh = self._idle_since is not None and time.monotonic() - self._idle_since < KEPT
        return fresh and not self._reader.at_eof() and not self._writer.is_closing()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def post(self, url: SplitResult, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST, and return the answer; raises OSError and h11.RemoteProtocolError, and is then no more of use."""
        self.reusable = False
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        head = h11.Request(
            method="POST",
            target=target,
            headers=[("host", url.netloc), ("content-length", str(len(body))), *headers.items()],
        )
        parts = (self._http.send(event) for event in (head, h11.Data(data=body), h11.EndOfMessage()))
        self._writer.write(b"".join(part for part in parts if part))
        await self._writer.drain()
        answer = await self._answer()
        if await self._rest_is_small() and self._http.our_state is self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._idle_since = time.monotonic()
            self.reusable = True
        return answer

    async def _answer(self) -> Answer:
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                return Answer(event.status_code, {bytes(name): bytes(value) for name, value in event.headers})
            if isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("hung up before an answer")

    async def _rest_is_small(self) -> bool:
        read = 0
        while read <= LARGEST_ANSWER:
            event = await self._next()
            if isinstance(event, h11.EndOfMessage):
                return True
            if isinstance(event, h11.Data):
                read += len(event.data)
            else:
                return False
        return False

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(READ_AT_ONCE))
        return event
