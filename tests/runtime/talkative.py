"""A toy workflow that logs on both sides of an activity. Apart, since the strict runner imports all it stands beside."""

from datetime import timedelta

from temporalio import activity, workflow


@activity.defn(name="toy.log")
async def say_something(case: str) -> None:
    activity.logger.info("toy_activity_ran", extra={"seat": 3})


@workflow.defn
class TalkativeWorkflow:
    """Logs, waits for an activity, logs again; with no cache every task replays it from its start."""

    @workflow.run
    async def run(self, case: str) -> str:
        workflow.logger.info("toy_case_opened", extra={"surge_id": "s-1"})
        await workflow.execute_activity(say_something, case, start_to_close_timeout=timedelta(seconds=10))
        await workflow.sleep(0.01)
        workflow.logger.info("toy_case_closed")
        return case
