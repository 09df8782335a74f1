"""Strict replay: would today's code do again, in every input, option and result, what a case's history records?

The stock Replayer answers a weaker question: whether the kinds, types and ids of the commands still come in the same
order. It passes other activity inputs, timeouts, retry policies, queues, and another final result. Here every command
is also held against its event, and each difference names its place.

    report = await replay_strictly(history, workflows=[...], runner=strict_runner(), data_converter=converter)
    for line in report.lines(): print(line)
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter, WorkflowSerializationContext
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner

from audit.replay_commands import run_of
from audit.replay_compare import Difference, compare
from audit.replay_recorded import Recorded, read_history
from audit.replay_runner import Take, Watch, WatchingRunner
from audit.replay_today import ENDINGS, read_takes
from audit.replay_values import decode_payloads

__all__ = ["CaseNotFoundError", "Difference", "ReplayReport", "replay_case", "replay_strictly"]

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


class CaseNotFoundError(LookupError):
    """No run of this id is known to the server (it may have passed its retention)."""


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


async def replay_strictly(
    history: WorkflowHistory,
    *,
    workflows: Sequence[type],
    runner: WorkflowRunner,
    data_converter: DataConverter,
    namespace: str = "default",
) -> ReplayReport:
    """Replay one run on today's workflows and compare every command with its event.

    ``runner`` is any workflow runner; ``data_converter`` must be able to decode the history's payloads. A run that
    is still open is compared as far as it is recorded. Raises ValueError if the history has no beginning.
    """
    if not history.events or not history.events[0].HasField("workflow_execution_started_event_attributes"):
        raise ValueError(f"history of {history.workflow_id}: its first event does not start a workflow")
    run = run_of(history.events[0].workflow_execution_started_event_attributes)
    watch = Watch(run.task_queue)
    broke_off = await _replay(history, watch, workflows, runner, data_converter, namespace)
    events = await _decoded(history, data_converter, namespace)
    recorded = read_history(events)
    completed = bool(recorded.commands) and recorded.commands[-1].kind in ENDINGS
    replayed = [take for take in watch.takes if take.replaying]
    broke_off = next((take.failure for take in replayed if take.failure), None) or broke_off
    compared = _until_broken(recorded, events, replayed) if broke_off else recorded
    last_task = replayed[-1].at if replayed and not completed else None
    return ReplayReport(
        workflow_type=run.workflow_type,
        workflow_id=history.workflow_id,
        run_id=history.run_id,
        events=len(events),
        commands=len(compared.commands) + len(compared.local_activities),
        differences=compare(compared, read_takes(replayed, run, recorded), open_task=last_task),
        completed=completed,
        nondeterminism=broke_off,
        parked=_parked(events, watch.takes),
    )


async def replay_case(
    client: Client,
    workflow_id: str,
    *,
    workflows: Sequence[type],
    runner: WorkflowRunner,
    data_converter: DataConverter,
) -> tuple[ReplayReport, ...]:
    """Replay every run of a case strictly, oldest first, back along continue-as-new from the latest run.

    Raises CaseNotFoundError if the server knows no run of it; an earlier run that the server has dropped ends the
    chain with a report that says so.
    """
    reports: list[ReplayReport] = []
    run_id: str | None = None
    while run_id is None or run_id:
        history = await _fetch(client, workflow_id, run_id)
        if history is None:
            reports.append(_dropped(workflow_id, run_id or ""))
            break
        report = await replay_strictly(
            history,
            workflows=workflows,
            runner=runner,
            data_converter=data_converter,
            namespace=client.namespace,
        )
        reports.append(report)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return tuple(reversed(reports))


async def _fetch(client: Client, workflow_id: str, run_id: str | None) -> WorkflowHistory | None:
    try:
        return await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    except RPCError as err:
        if err.status != RPCStatusCode.NOT_FOUND:
            raise
        if run_id is None:
            raise CaseNotFoundError(f"case {workflow_id}: the server knows no run of it") from err
        return None


def _dropped(workflow_id: str, run_id: str) -> ReplayReport:
    missing = "the server no longer keeps this run's history"
    return ReplayReport("unknown", workflow_id, run_id, 0, 0, (), False, nondeterminism=missing)


async def _replay(
    history: WorkflowHistory,
    watch: Watch,
    workflows: Sequence[type],
    runner: WorkflowRunner,
    data_converter: DataConverter,
    namespace: str,
) -> str | None:
    """Run the stock Replayer under the watching runner; return why it broke off, None if it did not."""
    with ThreadPoolExecutor(max_workers=2) as executor:
        replayer = Replayer(
            workflows=workflows,
            workflow_task_executor=executor,
            workflow_runner=WatchingRunner(runner, watch),
            unsandboxed_workflow_runner=WatchingRunner(UnsandboxedWorkflowRunner(), watch),
            namespace=namespace,
            data_converter=data_converter,
            build_id="strict-replay",
            runtime=_quiet_runtime(),
        )
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return str(result.replay_failure) if result.replay_failure else None


@functools.cache
def _quiet_runtime() -> Runtime:
    # Core prints its warnings to stdout, where a report (perhaps as JSON) is about to stand. We say them ourselves.
    quiet = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=quiet)))


async def _decoded(
    history: WorkflowHistory, data_converter: DataConverter, namespace: str
) -> Sequence[HistoryEvent]:
    """Return a copy of the events with every payload decoded."""
    copy = History()
    copy.events.extend(history.events)
    context = WorkflowSerializationContext(namespace=namespace, workflow_id=history.workflow_id)
    codec = data_converter.with_context(context).payload_codec
    if codec:
        await decode_payloads(copy, codec)
    return copy.events


def _until_broken(recorded: Recorded, events: Sequence[HistoryEvent], replayed: Sequence[Take]) -> Recorded:
    """Return what was recorded up to the workflow task in which the replay broke off, its commands included."""
    reached = replayed[-1].at if replayed else 0
    started = (e.event_id for e in events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
    beyond = next((number for number in started if number > reached), len(events) + 1)
    return Recorded(
        [one for one in recorded.commands if one.at < beyond],
        [one for one in recorded.local_activities if one.at < beyond],
    )


def _parked(events: Sequence[HistoryEvent], takes: Sequence[Take]) -> str | None:
    """Say whether the run stands before a workflow task that fails, in the record or with today's code."""
    now = next((take.failure for take in takes if not take.replaying and take.failure), None)
    ended = [
        event
        for event in events
        if event.event_type
        in (EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
    ]
    last = ended[-1] if ended else None
    if last is None or last.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
        return f"today's code fails at its next workflow task: {now}" if now else None
    failed = last.workflow_task_failed_event_attributes
    if failed.cause in _HARMLESS_FAILURES:
        return f"today's code fails at its next workflow task: {now}" if now else None
    cause = WorkflowTaskFailedCause.Name(failed.cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_").lower()
    then = f"today's code fails too: {now}" if now else "today's code gets past it"
    return f"event {last.event_id}: the last workflow task failed ({cause}): {failed.failure.message}; {then}"
