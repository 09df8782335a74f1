"""Stepping the test server's one clock, and curing its known fault.

The Java test server counts locks on its clock, and time is skipped only at zero. When several
signals reach a case while it is being worked on, it sometimes forgets to give a lock back (faults of
this kind are reported for children, signals and closed cases), and then no step ever ends. So while
a step waits, we watch: if the clock stands although nothing at all is being worked on, one lock is
given back by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.testservice.v1 import SleepRequest, UnlockTimeSkippingRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

GLANCE = 0.1  # seconds between looks at a step that has not ended
STILL = 6  # looks in a row at which nothing moved, before a lock is taken to be forgotten
STEP_WITHIN = timedelta(seconds=60)


class ClockStuck(RuntimeError):
    """The engine's clock does not move."""


class Workload(Interceptor):
    """Counts the activities that run right now: to be given to the worker of a drill."""

    def __init__(self) -> None:
        self.running = 0
        self.done = 0

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Count around each activity."""
        return _Counting(next, self)


class _Counting(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, load: Workload) -> None:
        super().__init__(following)
        self._load = load

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's names
        self._load.running += 1
        try:
            return await super().execute_activity(input)
        finally:
            self._load.running -= 1
            self._load.done += 1


class SteppedEngine:
    """An engine whose clock is moved from outside. `unanswered` counts decisions on their way."""

    def __init__(
        self, environment: WorkflowEnvironment, load: Workload, unanswered: Callable[[], Awaitable[int]]
    ) -> None:
        self._environment = environment
        self._service = environment.client.test_service
        self._load = load
        self._unanswered = unanswered
        self.forgotten_locks = 0

    async def now(self) -> datetime:
        """Return the engine's instant."""
        return (await self._environment.get_current_time()).astimezone(UTC)

    async def step_to(self, instant: datetime) -> datetime:
        """Let the clock pass to an instant and return where it stands; raises ClockStuck."""
        ahead = instant - await self.now()
        if ahead > timedelta(0):
            step = asyncio.create_task(self._sleep(ahead))
            try:
                await self._watch(step)
            finally:
                step.cancel()
                with suppress(asyncio.CancelledError, RPCError):
                    await step
        return await self.now()

    async def _sleep(self, ahead: timedelta) -> None:
        duration = Duration()
        duration.FromTimedelta(ahead)
        await self._service.unlock_time_skipping_with_sleep(
            SleepRequest(duration=duration), timeout=STEP_WITHIN
        )

    async def _watch(self, step: asyncio.Task[None]) -> None:
        still, seen = 0, (-1, datetime.min.replace(tzinfo=UTC))
        while not step.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(step), GLANCE)
                return
            glance = (self._load.done, await self.now())
            # While the clock is locked it passes as real time does; a skip is far more than that.
            moved = glance[0] != seen[0] or glance[1] - seen[1] > timedelta(seconds=5)
            busy = self._load.running > 0 or await self._unanswered() > 0
            still, seen = (0 if moved or busy else still + 1), glance
            if still >= STILL and not step.done():
                await self._service.unlock_time_skipping(UnlockTimeSkippingRequest())
                self.forgotten_locks += 1
                still = 0
        await step
