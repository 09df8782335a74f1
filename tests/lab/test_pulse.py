"""A worker's pulse is felt while an activity goes on, also where it writes nothing."""

import asyncio
import time
from typing import Any

import pytest
from temporalio.worker import ActivityInboundInterceptor

from lab.pulse import Pulse


class Slow(ActivityInboundInterceptor):
    """Stands for an activity that takes a moment, and may fail."""

    def __init__(self, *, fails: bool = False) -> None:
        self._fails = fails

    async def execute_activity(self, input: Any) -> str:  # noqa: A002
        await asyncio.sleep(0.05)
        if self._fails:
            raise ValueError("away")
        return "done"


async def test_it_is_felt_as_an_activity_begins_and_ends_also_where_it_fails() -> None:
    pulse = Pulse()
    await asyncio.sleep(0.1)
    assert pulse.still_for() >= 0.1
    began = time.monotonic()
    assert await pulse.intercept_activity(Slow()).execute_activity(None) == "done"  # type: ignore[arg-type]
    assert pulse.still_for() <= time.monotonic() - began
    await asyncio.sleep(0.1)
    with pytest.raises(ValueError, match="away"):
        await pulse.intercept_activity(Slow(fails=True)).execute_activity(None)  # type: ignore[arg-type]
    assert pulse.still_for() < 0.1
