"""A toy workflow that looks at the machine's clock: what the strict runner is there to catch."""

import time

from temporalio import workflow


@workflow.defn
class LookingWorkflow:
    """Asks the wrong clock."""

    @workflow.run
    async def run(self) -> float:
        return time.time()


@workflow.defn
class BrokenPromiseWorkflow:
    """Fails with words that nobody but its reader may see."""

    @workflow.run
    async def run(self, words: str) -> str:
        from temporalio.exceptions import ApplicationError

        raise ApplicationError(words, type="toy")
