"""POSTs events to subscribers, and to nowhere else.

A name is resolved once for each connection, every address that it has is judged, and the connection goes to one of
those: there is no second question to the name server whose answer could be another. Redirects are not followed, no
proxy of the environment is asked, and of an answer little is read.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

import h11
import httpx

from adapters.webhooks.line import Answer, Line
from adapters.webhooks.names import Names
from domain.deliveries import Posted
from domain.subscribers import Address, Network, address_fault, url_fault

CONNECT_WITHIN = 5.0  # seconds
ANSWER_WITHIN = 10.0  # seconds, for the whole of a POST: what trickles is late, too
PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str], Awaitable[tuple[Address, ...]]]


class Forbidden(Exception):
    """The address is one that nothing is sent to."""


class Poster:
    """Connections to subscribers. `near` are the networks that an operator lets us reach though they are not public."""

    def __init__(
        self,
        near: tuple[Network, ...] = (),
        *,
        resolve: Resolve | None = None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """`trusted` holds the authorities whose word on a subscriber's name is taken; else the usual ones."""
        self._near = near
        self._names = Names()
        self._resolve = resolve or self._names
        self._trusted = trusted or httpx.create_ssl_context(trust_env=False)
        self._idle: dict[str, list[Line]] = defaultdict(list)

    async def close(self) -> None:
        """Close every connection, and ask no name server more."""
        self._names.close()
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """POST once, and say what came of it; never raises for what the other side does."""
        if url_fault(url, self._near):
            return Posted("address_refused")
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                answer = await self._answer(urlsplit(url), headers, body)
        except Forbidden:
            return Posted("address_refused")
        except TimeoutError:
            return Posted("timeout")
        except ssl.SSLError:
            return Posted("tls_refused")
        except (ConnectionRefusedError, socket.gaierror, UnicodeError):
            return Posted("unreachable")
        except (h11.RemoteProtocolError, ConnectionError):
            return Posted("broken_off")
        except OSError:
            return Posted("unreachable")
        taken = 200 <= answer.status < 300
        return Posted(f"http_{answer.status}", taken=taken, asked=_asked(answer.headers.get(b"retry-after")))

    async def _answer(self, url: SplitResult, headers: Mapping[str, str], body: bytes) -> Answer:
        origin = f"{url.scheme}://{url.netloc}"
        line = self._kept(origin) or await self._connect(url)
        try:
            try:
                answer = await line.post(url, headers, body)
            except (ConnectionError, h11.RemoteProtocolError):
                if not line.used:
                    raise
                # An idle connection that the other side has just closed; it may have read the event all the same.
                line.close()
                line = await self._connect(url)
                answer = await line.post(url, headers, body)
        finally:
            if line.reusable:
                self._idle[origin].append(line)
            else:
                line.close()
        return answer

    def _kept(self, origin: str) -> Line | None:
        lines = self._idle[origin]
        while lines:
            line = lines.pop()
            if line.alive():
                return line
            line.close()
        return None

    async def _connect(self, url: SplitResult) -> Line:
        host, port = url.hostname or "", url.port or PORTS[url.scheme]
        plain = url.scheme == "http"
        async with asyncio.timeout(CONNECT_WITHIN):
            addresses = await self._resolve(host)
            for address in addresses:
                # HTTP without TLS is for loopback alone.
                if address_fault(address, self._near) or (plain and not address.is_loopback):
                    raise Forbidden(str(address))
            last: OSError = socket.gaierror("no address")
            for address in addresses:
                try:
                    return await Line.open(address, port, name=host, tls=None if plain else self._trusted)
                except OSError as error:
                    last = error
        raise last


def _asked(value: bytes | None) -> timedelta | None:
    """The rest that `Retry-After` asks for, in whole seconds; a date is not read."""
    return timedelta(seconds=int(value)) if value and value.isdigit() and len(value) < 10 else None
