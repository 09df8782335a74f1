"""A subscriber on loopback, as somebody else would write one: it checks the signature, the envelope and the order.

It knows nothing of our code but what docs/events.md says, so that a fault of ours is not repeated here.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

REQUIRED = ("specversion", "id", "source", "type")
TOLERANCE = 300  # seconds between its clock and the timestamp, as Standard Webhooks has it

Refuse = Callable[[dict[str, Any]], Awaitable[int | None]]
"""A status to answer an event with in place of 204, or None; it may take its time."""


async def _never(_event: dict[str, Any]) -> int | None:
    return None


@dataclass
class Ear:
    """What was heard: `events` once each, in order of arrival; `faults` is whatever a subscriber would complain of."""

    secret: str = ""
    refuse: Refuse = _never
    now: Callable[[], float] | None = None
    """Seconds of its clock; without one, timestamps are not judged."""
    events: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    again: int = 0
    """Events that had been heard before: at least once is what is promised."""
    url: str = ""
    id: str = ""
    _known: set[str] = field(default_factory=set)
    _newest: dict[str, str] = field(default_factory=dict)

    async def hear(self, headers: dict[str, str], body: bytes) -> int:
        """Judge one POST and return the status to answer with."""
        if fault := signature_fault(self.secret, headers, body, self.now):
            self.faults.append(fault)
            return 401
        event = json.loads(body)
        if fault := shape_fault(headers, event):
            self.faults.append(fault)
            return 400
        if status := await self.refuse(event):
            return status
        if event["id"] in self._known:
            self.again += 1
            return 204
        lane, sequence = event["partitionkey"], event["sequence"]
        if sequence <= self._newest.get(lane, ""):
            self.faults.append(f"{event['id']} came after {self._newest[lane]} of {lane}")
        self._known.add(event["id"])
        self._newest[lane] = sequence
        self.events.append(event)
        self.bodies.append(body)
        return 204


def signature_fault(
    secret: str, headers: dict[str, str], body: bytes, now: Callable[[], float] | None = None
) -> str | None:
    """Say what is wrong with a signature, or None: docs/events.md shows this function."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    stamp, name = headers.get("webhook-timestamp", ""), headers.get("webhook-id", "")
    if not stamp.isdecimal() or (now is not None and abs(now() - int(stamp)) > TOLERANCE):
        return "the timestamp is not of now"
    expected = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    for signature in headers.get("webhook-signature", "").split():
        version, _, given = signature.partition(",")
        if version == "v1" and hmac.compare_digest(given, base64.b64encode(expected).decode()):
            return None
    return "no signature is right"


def shape_fault(headers: dict[str, str], event: dict[str, Any]) -> str | None:
    """Say what CloudEvents 1.0 has against an event in structured JSON, or None."""
    if not headers.get("content-type", "").startswith("application/cloudevents+json"):
        return f"content type {headers.get('content-type')!r}"
    for name in REQUIRED:
        if not (isinstance(event.get(name), str) and event[name]):
            return f"{name}: expected a text that is not empty"
    if event["specversion"] != "1.0":
        return f"specversion {event['specversion']!r}"
    if headers.get("webhook-id") != event["id"]:
        return "webhook-id is not the event's id"
    strange = [name for name in event if not (name.isascii() and name.isalnum() and name.islower())]
    return f"not names of attributes: {strange}" if strange else None


@asynccontextmanager
async def listening(ear: Ear) -> AsyncIterator[Ear]:
    """Serve an ear at its `url` on loopback."""
    taken: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        taken.add(task)
        try:
            while (asked := await _request(reader)) is not None:
                status = await ear.hear(*asked)
                writer.write(f"HTTP/1.1 {status} -\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            taken.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ear.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/events"
    try:
        yield ear
    finally:
        server.close()
        for task in tuple(taken):
            task.cancel()
        await asyncio.gather(*taken, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> tuple[dict[str, str], bytes] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")[1:]
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines if line)
    }
    return headers, await reader.readexactly(int(headers.get("content-length", "0")))
