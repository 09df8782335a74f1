"""Stepping the test server's one clock.

The Java test server counts locks on its clock and skips time only at zero; each piece of work holds
one. Two things keep that count right, both learned the hard way: no case may start another one as
its child (the lock of a start is sometimes never given back), and a step must never be broken off
and asked again, however long its work takes (its lock would be given back twice, and time would run
while cases are at work).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.testing import WorkflowEnvironment

STEP_WITHIN = timedelta(minutes=5)


class SteppedEngine:
    """An engine whose clock is moved from outside."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        self._environment = environment
        self._service = environment.client.test_service

    async def now(self) -> datetime:
        """Return the engine's instant."""
        return (await self._environment.get_current_time()).astimezone(UTC)

    async def step_to(self, instant: datetime) -> datetime:
        """Let the clock pass to an instant, with all that happens on the way; return where it stands."""
        ahead = instant - await self.now()
        if ahead > timedelta(0):
            duration = Duration()
            duration.FromTimedelta(ahead)
            await self._service.unlock_time_skipping_with_sleep(
                SleepRequest(duration=duration), timeout=STEP_WITHIN
            )
        return await self.now()
