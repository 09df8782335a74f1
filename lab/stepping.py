"""Stepping the test server's one clock, and curing its known fault.

The Java test server counts locks on its clock: time passes by itself only at zero. When cases end
while others are busy it sometimes forgets to give a lock back (reported for children, signals and
closed workflows), and then no step ever ends. A step that does not end although everything is at
rest gives one lock back by hand; the server refuses to go below zero, so this cannot overshoot.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.testservice.v1 import SleepRequest, UnlockTimeSkippingRequest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

PATIENCE = timedelta(seconds=1.5)
"""Real time that a step may take before a lock is taken to be forgotten."""
MOST_CURES = 40


class ClockStuck(RuntimeError):
    """The engine's clock does not move."""


class SteppedEngine:
    """An engine whose clock is moved from outside."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        self._environment = environment
        self._service = environment.client.test_service
        self.forgotten_locks = 0

    async def now(self) -> datetime:
        """Return the engine's instant."""
        return (await self._environment.get_current_time()).astimezone(UTC)

    async def step_to(self, instant: datetime) -> datetime:
        """Let the clock pass to an instant and return where it stands; raises ClockStuck."""
        for _ in range(MOST_CURES):
            ahead = instant - await self.now()
            if ahead <= timedelta(0):
                return await self.now()
            if not await self._sleep(ahead):
                await self._cure()
        raise ClockStuck(f"the engine's clock stands at {await self.now()} and does not reach {instant}")

    async def _sleep(self, ahead: timedelta) -> bool:
        duration = Duration()
        duration.FromTimedelta(ahead)
        try:
            await self._service.unlock_time_skipping_with_sleep(SleepRequest(duration=duration), timeout=PATIENCE)
        except RPCError as error:
            if error.status not in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
                raise
            return False
        return True

    async def _cure(self) -> None:
        before = await self.now()
        await asyncio.sleep(0.2)
        if await self.now() - before > timedelta(seconds=1):
            return  # it moves after all: many timers, not a forgotten lock
        self.forgotten_locks += 1
