"""LISTEN on a channel: wakes whoever waits, at the commit that concerns them.

A bell is a convenience and never the only way: notifications are lost with a connection, so every
waiter looks again by itself after a while.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import asyncpg

from adapters.postgres.away import told_plainly

COMMANDS = "siaga_commands"
ANSWERS = "siaga_answers"


class Bell:
    """One connection that listens on one channel."""

    def __init__(self, dsn: str, channel: str) -> None:
        self._dsn = dsn
        self._channel = channel
        self._connection: asyncpg.Connection[Any] | None = None
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._any = asyncio.Event()
        self._opening = asyncio.Lock()

    async def ring_for(self, key: str | None, within: float) -> None:
        """Wait until the channel names `key` (or anything, for None), at most `within` seconds."""
        await self._hear()
        event = self._any if key is None else asyncio.Event()
        if key is not None:
            self._waiting[key].add(event)
        try:
            async with asyncio.timeout(within):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            if key is None:
                self._any.clear()
            else:
                self._waiting[key].discard(event)
                if not self._waiting[key]:
                    del self._waiting[key]

    async def close(self) -> None:
        """Stop listening."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close()

    async def _hear(self) -> None:
        async with self._opening:  # many may wait at once; one connection listens for all
            with told_plainly():
                await self._listen()

    async def _listen(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._dsn)
            await self._connection.add_listener(self._channel, self._rung)

    def _rung(self, _connection: Any, _pid: int, _channel: str, key: Any) -> None:
        self._any.set()
        for event in self._waiting.get(str(key), ()):
            event.set()
