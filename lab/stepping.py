"""Stepping the test server's one clock.

The Java test server counts locks on its clock and skips time only at zero; each piece of work holds
one. Two things keep that count right, both learned the hard way: no case may start another one as
its child (the lock of a start is sometimes never given back), and a step must never be broken off
and asked again, however long its work takes (its lock would be given back twice, and time would run
while cases are at work).

One more is the server's own: an activity that times out, on a machine with too much to do, leaves its lock behind
(temporalio/sdk-java#2246), and from then on the clock runs no faster than ours. So a step that does not end asks
whether anybody is still at work; if nobody is, a lock is held for nobody, and is given back. `freed` counts them.

And a run is stranded for ever whose workflow task cancels a timer that goes off while the task is with the worker
(temporalio/sdk-java#3088). Between two steps the clock runs at our pace, and what a case began a moment after a step
that landed on the hour falls due a moment after the next one that does: just when somebody decides. So who steps by
whole hours lands a little later each time: `CLEAR`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.empty_pb2 import Empty
from temporalio.api.testservice.v1 import LockTimeSkippingRequest, SleepRequest, UnlockTimeSkippingRequest
from temporalio.client import Client
from temporalio.service import RPCError, TestService
from temporalio.testing import WorkflowEnvironment

ASK_AGAIN = 0.5  # seconds of real time
STEP_WITHIN = timedelta(minutes=20)
ATTEMPTS = 10
CLEAR = timedelta(seconds=20)  # longer than what is asked of a case between two steps takes it
LEAP = timedelta(seconds=1)
"""By more than that the engine's clock is ahead of ours once it skips time."""
HELD_AFTER = 5.0  # seconds of real time after which a step asks what holds it


class SteppedEngine:
    """An engine whose clock is moved from outside."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        self._environment = environment
        self._apart: Client | None = None
        self.freed = 0

    async def now(self) -> datetime:
        """Return the engine's instant."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                told = await (await self._service()).get_current_time(Empty())
                return told.time.ToDatetime(UTC)
            except RPCError:
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(ASK_AGAIN)
        raise AssertionError("not reached")

    async def step_to(
        self, instant: datetime, at_rest: Callable[[], Awaitable[bool]] | None = None
    ) -> datetime:
        """Let the clock pass to an instant, with all that happens on the way; return where it stands.

        `at_rest` says whether nothing is at work anywhere; without it a step waits as long as it takes.
        """
        for attempt in range(1, ATTEMPTS + 1):
            ahead = instant - await self.now()
            if ahead <= timedelta(0):
                break
            try:
                await self._pass(ahead, at_rest)
            except RPCError:
                if attempt == ATTEMPTS:
                    raise
                # One lock too many was given back, and the server refuses to go below none: take it again.
                await (await self._service()).lock_time_skipping(LockTimeSkippingRequest())
        return await self.now()

    async def _service(self) -> TestService:
        """The clock, over a connection of its own.

        What the server says of locks that do not match fills more than a header may hold: it breaks the connection off,
        and whoever asks something else over it at that moment has to ask again. A worker would hear of nothing meanwhile.
        """
        if self._apart is None:
            config = self._environment.client.service_client.config
            self._apart = await Client.connect(config.target_host, runtime=config.runtime)
        return self._apart.test_service

    async def _pass(self, ahead: timedelta, at_rest: Callable[[], Awaitable[bool]] | None) -> None:
        """Let so much time pass; a clock that is held for nobody is freed."""
        duration = Duration()
        duration.FromTimedelta(ahead)
        step = asyncio.ensure_future(
            (await self._service()).unlock_time_skipping_with_sleep(
                SleepRequest(duration=duration), timeout=STEP_WITHIN
            )
        )
        while not (await asyncio.wait({step}, timeout=HELD_AFTER))[0]:
            if at_rest is not None and await at_rest():
                await self._free(step)
        await step

    async def _free(self, step: asyncio.Future[Any]) -> None:
        """Give back the locks that nobody holds, until the clock runs: a machine with too much to do leaves a hundred.

        The server refuses where there is none, and nothing has changed.
        """
        stood_at, since = await self.now(), time.monotonic()
        while not step.done():
            try:
                await (await self._service()).unlock_time_skipping(UnlockTimeSkippingRequest())
            except RPCError:
                return
            self.freed += 1
            if await self.now() - stood_at > timedelta(seconds=time.monotonic() - since) + LEAP:
                return
