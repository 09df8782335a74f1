"""POSTs events to subscribers, and to nowhere else.

A name is resolved once for each connection, every address that it has is judged, and the connection goes to one of
those: there is no second question to the name server whose answer could be another. Redirects are not followed, no
proxy of the environment is asked, and of an answer no more is read than `LARGEST_ANSWER`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import httpcore

from domain.deliveries import Posted
from domain.subscribers import Address, Network, address_fault, url_fault

CONNECT_WITHIN = 5.0  # seconds
ANSWER_WITHIN = 10.0  # seconds, for the whole of a POST: what trickles is late, too
LARGEST_ANSWER = 16 * 1024
"""Bytes of an answer that are read, so that its connection can serve again; the rest is cut off."""
KEPT = 30.0  # seconds that an idle connection is kept
CONNECTIONS = 256

Resolve = Callable[[str, int], Awaitable[tuple[Address, ...]]]


class Forbidden(httpcore.ConnectError):
    """The address is one that nothing is sent to."""


async def by_dns(host: str, port: int) -> tuple[Address, ...]:
    """Return every address of a host; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)  # SOCK_STREAM
    return tuple(dict.fromkeys(ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_, where in found))


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were judged; `plain` is for HTTP without TLS, and so for loopback alone."""

    def __init__(self, resolve: Resolve, near: tuple[Network, ...], *, plain: bool) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._resolve = resolve
        self._near = near
        self._plain = plain

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge every address, and connect to the first that answers."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:  # a TimeoutError is one
            raise httpcore.ConnectError("unresolved") from error
        for address in addresses:
            if address_fault(address, self._near) or (self._plain and not address.is_loopback):
                raise Forbidden(str(address))
        last: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError("unresolved")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


class Poster:
    """Connections to subscribers. `near` are the networks that an operator lets us reach though they are not public."""

    def __init__(
        self,
        near: tuple[Network, ...] = (),
        *,
        resolve: Resolve = by_dns,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._near = near
        trusted = trusted or httpcore.default_ssl_context()
        self._pools = {
            scheme: httpcore.AsyncConnectionPool(
                ssl_context=trusted,
                max_connections=CONNECTIONS,
                max_keepalive_connections=CONNECTIONS // 4,
                keepalive_expiry=KEPT,
                network_backend=_Pinned(resolve, near, plain=scheme == "http"),
            )
            for scheme in ("https", "http")
        }

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """POST once, and say what came of it; never raises for what the other side does."""
        if url_fault(url, self._near):
            return Posted("address_refused")
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._post(url, headers, body)
        except Forbidden:
            return Posted("address_refused")
        except (TimeoutError, httpcore.TimeoutException):
            return Posted("timeout")
        except httpcore.ConnectError as error:
            return Posted("tls_refused" if _by_tls(error) else "unreachable")
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            return Posted("broken_off")

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        pool = self._pools[url.partition(":")[0]]
        limits = {
            "connect": CONNECT_WITHIN,
            "pool": CONNECT_WITHIN,
            "read": ANSWER_WITHIN,
            "write": ANSWER_WITHIN,
        }
        async with pool.stream(
            "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": limits}
        ) as answer:
            read = 0
            async for piece in answer.aiter_stream():
                read += len(piece)
                if read > LARGEST_ANSWER:
                    break  # whoever leaves here closes the connection
            taken = 200 <= answer.status < 300
            return Posted(f"http_{answer.status}", taken=taken, asked=_asked(answer.headers))


def _by_tls(error: BaseException | None) -> bool:
    """Say whether TLS is what it comes from, through the words of the libraries between."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> timedelta | None:
    """The rest that `Retry-After` asks for, in whole seconds; a date is not read."""
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) < 10:
            return timedelta(seconds=int(value))
    return None
