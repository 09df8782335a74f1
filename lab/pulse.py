"""Whether a worker is at anything: when its cases last asked something of the world, also where they only read."""

from __future__ import annotations

import time
from typing import Any

from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor


class Pulse(Interceptor):
    """Feels every activity of a worker as it begins and ends.

    A thousand cases that look for a sign of life write nothing while they do: the log stands still, and still they are
    at work.
    """

    def __init__(self) -> None:
        self._felt = time.monotonic()

    def still_for(self) -> float:
        """Return for how many seconds of real time nothing has been felt."""
        return time.monotonic() - self._felt

    def feel(self) -> None:
        """Note that somebody is at work now."""
        self._felt = time.monotonic()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Feel what goes by on its way to the activity."""
        return _Felt(next, self)


class _Felt(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, pulse: Pulse) -> None:
        super().__init__(following)
        self._pulse = pulse

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        self._pulse.feel()
        try:
            return await super().execute_activity(input)
        finally:
            self._pulse.feel()
