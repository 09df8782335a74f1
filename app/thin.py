"""Looks at the units, minute by minute: which have become thin, who is to be urged, which are so no more."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Protocol

from runtime.clock import Clock

logger = logging.getLogger(__name__)

EVERY = 60.0  # seconds


class Book(Protocol):
    """Where thin units are cases."""

    async def look(self, at: datetime) -> int: ...


async def watch(book: Book, clock: Clock) -> None:
    """Look now and every minute; while the database is away nothing is lost, the next look finds it."""
    while True:
        try:
            await book.look(clock.now())
        except (OSError, TimeoutError) as error:
            logger.warning("could not look at the units", extra={"reason": type(error).__name__})
        await asyncio.sleep(EVERY)
