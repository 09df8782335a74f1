"""The least that a durable case can be: one activity with one insert. What `bench engine` measures ours against."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import activity, workflow

Insert = Callable[[str], Awaitable[None]]


class BareActivities:
    """Over one insert."""

    def __init__(self, insert: Insert) -> None:
        self._insert = insert

    @activity.defn(name="bare.insert")
    async def insert(self, key: str) -> None:
        """Insert one row."""
        await self._insert(key)


@workflow.defn
class BareWorkflow:
    """One activity, and done."""

    @workflow.run
    async def run(self, key: str) -> None:
        """Insert the row of this key."""
        await workflow.execute_activity_method(
            BareActivities.insert, key, start_to_close_timeout=timedelta(seconds=20)
        )
