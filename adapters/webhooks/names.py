"""Asks the name server where a subscriber is, so that a name nobody answers for holds up nobody else."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor

from domain.subscribers import Address

ASKED_AT_ONCE = 64
"""Hosts. A question cannot be broken off, so each that is not answered keeps its thread until the system gives up."""


class Names:
    """Resolves names on threads of its own, one question at a time for each host."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="names")
        self._asked: dict[str, asyncio.Future[tuple[Address, ...]]] = {}

    def close(self) -> None:
        """Ask nothing more; what is being asked is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, host: str) -> tuple[Address, ...]:
        """Return every address of a host; raises OSError."""
        try:
            return (ipaddress.ip_address(host),)
        except ValueError:
            pass
        asked = self._asked.get(host)
        if asked is None:
            asked = asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host)
            self._asked[host] = asked
            asked.add_done_callback(lambda answered: self._answered(host, answered))
        # Whoever is out of patience leaves; the others, and whoever comes later, still hear the answer.
        return await asyncio.shield(asked)

    def _answered(self, host: str, answered: asyncio.Future[tuple[Address, ...]]) -> None:
        del self._asked[host]
        if not answered.cancelled():
            answered.exception()  # seen, also when nobody waits for it any more


def _addresses(host: str) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = (ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_, where in found)
    return tuple(dict.fromkeys(addresses))
