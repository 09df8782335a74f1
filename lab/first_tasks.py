"""Says, from within the sandbox, that a workflow ran its first task and that it returned: for benches."""

from typing import Any

from temporalio import workflow
from temporalio.worker import ExecuteWorkflowInput, WorkflowInboundInterceptor

COUNT = "lab_count"


class CountingInbound(WorkflowInboundInterceptor):
    """Calls the bench's counter; a replayed task is no first one."""

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's names
        """Count, run, count."""
        count, kind = workflow.extern_functions()[COUNT], workflow.info().workflow_type
        if not workflow.unsafe.is_replaying():
            count("begun", kind)
        result = await super().execute_workflow(input)
        if not workflow.unsafe.is_replaying():
            count("returned", kind)
        return result
