"""What a strict replay of one run found, in figures and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent

from audit.replay_compare import Difference
from audit.replay_runner import Take
from audit.replay_values import failure_value

_TASK_ENDS = (EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
_HARMLESS_FAILURES = frozenset(
    {
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FAILOVER_CLOSE_COMMAND,
    }
)
"""Why a server throws a workflow task away and schedules it again without any fault of the workflow's code."""


@dataclass(frozen=True)
class ReplayReport:
    """What a strict replay of one run found.

    ``commands`` counts the recorded commands that were compared; ``completed`` says whether the run ended by a
    command of its own (result, failure, cancellation, continue-as-new). ``nondeterminism`` is why the replay broke
    off, in the words of the SDK or of the error in today's code. ``parked`` says that the last workflow task failed,
    recorded or with today's code, so that what comes next cannot be vouched for.
    """

    workflow_type: str
    workflow_id: str
    run_id: str
    events: int
    commands: int
    differences: tuple[Difference, ...]
    completed: bool
    nondeterminism: str | None = None
    parked: str | None = None

    @property
    def ok(self) -> bool:
        """Say whether today's code vouches for all that is recorded."""
        return not self.differences and self.nondeterminism is None and self.parked is None

    def lines(self) -> tuple[str, ...]:
        """Return the report in words: a head line, then one line for each finding."""
        state = "as recorded" if self.ok else "NOT as recorded"
        head = (
            f"{self.workflow_type} {self.workflow_id} (run {self.run_id}): {state}: {self.commands} commands"
        )
        broken = (f"replay broke off: {self.nondeterminism}",) if self.nondeterminism else ()
        parked = (f"parked: {self.parked}",) if self.parked else ()
        end = "" if self.completed else ", not completed"
        return (f"{head} in {self.events} events{end}", *map(str, self.differences), *broken, *parked)


def parked_at(events: Sequence[HistoryEvent], takes: Sequence[Take]) -> str | None:
    """Say whether the run stands before a workflow task that fails, in the record or with today's code."""
    now = next((take.failure for take in takes if not take.replaying and take.failure), None)
    last = next((event for event in reversed(events) if event.event_type in _TASK_ENDS), None)
    if last is None or not _failed_in_code(last):
        return f"today's code fails at its next workflow task: {now}" if now else None
    failed = last.workflow_task_failed_event_attributes
    cause = WorkflowTaskFailedCause.Name(failed.cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_").lower()
    message = failure_value(failed.failure).get("message", "")
    then = f"today's code fails too: {now}" if now else "today's code gets past it"
    return f"event {last.event_id}: the last workflow task failed ({cause}): {message}; {then}"


def _failed_in_code(event: HistoryEvent) -> bool:
    return (
        event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        and event.workflow_task_failed_event_attributes.cause not in _HARMLESS_FAILURES
    )
