"""Waking a case at an instant, by timers that are never taken back."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow


class AlarmClock:
    """Wakes a case at the instants that it was armed for.

    A timer that is overtaken by a decision runs out and wakes the case for nothing, and the case looks
    what is due by then. Taking back a long timer has wedged the test server's one clock (docs/adr/0010),
    and costs the same one event.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._armed: dict[datetime, asyncio.Task[None]] = {}

    def arm(self, at: datetime) -> None:
        """Wake at this instant, unless an earlier timer runs: when that rings, the case arms it anew."""
        if all(armed > at for armed in self._armed):
            self._armed[at] = asyncio.create_task(self._sleep(at))

    async def _sleep(self, at: datetime) -> None:
        await workflow.sleep(max(at - workflow.now(), timedelta(0)))
        del self._armed[at]
        self._wake()
