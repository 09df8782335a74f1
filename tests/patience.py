"""Waiting for what must come about: as long as a busy machine may take, and no longer than it takes."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

PATIENCE = 120.0
"""Seconds. Nothing that is well takes so long, so how busy the machine is decides no test; who fails waits it out."""
LOOK_EVERY = 0.05  # seconds

Seen = TypeVar("Seen")


async def until(
    look: Callable[[], Seen | Awaitable[Seen]],
    what: str | Callable[[], object] = "what was waited for",
    *,
    within: float = PATIENCE,
    every: float = LOOK_EVERY,
) -> Seen:
    """Look until there is something to see, and return it; `what` tells whoever reads the failure what was lacking."""
    clock = asyncio.get_running_loop()
    ends = clock.time() + within
    while True:
        found = look()
        seen = await found if inspect.isawaitable(found) else found
        if seen:
            return seen
        if clock.time() > ends:
            told = what if isinstance(what, str) else what()
            raise AssertionError(f"{told}: not within {within:.0f} s")
        await asyncio.sleep(every)
