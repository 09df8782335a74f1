"""Counts the workflows of a process that began and returned, from outside the sandbox: for benches."""

from __future__ import annotations

from temporalio.client import Interceptor as ClientInterceptor
from temporalio.worker import Interceptor as WorkerInterceptor
from temporalio.worker import WorkflowInboundInterceptor, WorkflowInterceptorClassInput

from lab.first_tasks import COUNT, CountingInbound


class Counter(ClientInterceptor, WorkerInterceptor):
    """Counts the workflows that ran their first task, and those that returned, by type; the same for both kinds."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], int] = {}

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        """Hand the counter into the sandbox."""
        input.unsafe_extern_functions[COUNT] = self._count
        return CountingInbound

    def _count(self, what: str, workflow_type: str) -> None:
        self.seen[what, workflow_type] = self.seen.get((what, workflow_type), 0) + 1

    def of(self, what: str, workflow_type: str) -> int:
        """How many so far."""
        return self.seen.get((what, workflow_type), 0)
