"""Strict replay: would today's code do again, in every input, option and result, what a case's history records?

The stock Replayer answers a weaker question: whether the kinds, types and ids of the commands still come in the same
order. It passes other activity inputs, timeouts, retry policies, queues, and another final result. Here every command
is also held against its event, and each difference names its place.

    report = await replay_strictly(history, workflows=[...], runner=strict_runner(), data_converter=converter)
    for line in report.lines(): print(line)
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter, WorkflowSerializationContext
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, WorkflowRunner

from audit.replay_commands import Run, run_of
from audit.replay_compare import Difference, compare
from audit.replay_recorded import Recorded, read_history, reader_of_payloads
from audit.replay_report import ReplayReport, parked_at
from audit.replay_rules import ENDINGS
from audit.replay_runner import Take, Watch, WatchingRunner
from audit.replay_today import read_takes
from audit.replay_values import decode_payloads

__all__ = ["CaseNotFoundError", "Difference", "ReplayReport", "replay_case", "replay_strictly"]


class CaseNotFoundError(LookupError):
    """No run of this id is known to the server (it may have passed its retention)."""


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
    broke_off = await _replay(
        history,
        watch,
        # Each one that is given is imported anew, under the sandbox's eyes.
        workflows=[one for one in workflows if one.__name__ == run.workflow_type] or workflows,
        runner=runner,
        data_converter=data_converter,
        namespace=namespace,
    )
    try:
        events = await _decoded(history, data_converter, namespace)
    except Exception as err:  # noqa: BLE001 - a codec may raise anything; what it cannot read nobody vouches for
        reason = f"its payloads cannot be decoded: {type(err).__name__}: {err}"
        return _nothing_compared(run.workflow_type, history.workflow_id, history.run_id, reason)
    return _report(history, run, events, watch.takes, broke_off)


def _report(
    history: WorkflowHistory,
    run: Run,
    events: Sequence[HistoryEvent],
    takes: Sequence[Take],
    broke_off: str | None,
) -> ReplayReport:
    recorded = read_history(events)
    completed = bool(recorded.commands) and recorded.commands[-1].kind in ENDINGS
    replayed = [take for take in takes if take.replaying]
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
        parked=parked_at(events, takes),
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
            kept_no_more = "the server no longer keeps this run's history"
            reports.append(_nothing_compared("unknown", workflow_id, run_id or "", kept_no_more))
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


def _nothing_compared(workflow_type: str, workflow_id: str, run_id: str, reason: str) -> ReplayReport:
    return ReplayReport(
        workflow_type=workflow_type,
        workflow_id=workflow_id,
        run_id=run_id,
        events=0,
        commands=0,
        differences=(),
        completed=False,
        nondeterminism=reason,
    )


async def _replay(
    history: WorkflowHistory,
    watch: Watch,
    *,
    workflows: Sequence[type],
    runner: WorkflowRunner,
    data_converter: DataConverter,
    namespace: str,
) -> str | None:
    """Run the stock Replayer under the watching runner; return why it broke off, None if it did not."""
    watching = WatchingRunner(runner, watch)
    with ThreadPoolExecutor(max_workers=2) as executor:
        replayer = Replayer(
            workflows=workflows,
            workflow_task_executor=executor,
            workflow_runner=watching,
            unsandboxed_workflow_runner=watching,
            namespace=namespace,
            data_converter=data_converter,
            build_id="strict-replay",
            runtime=_quiet_runtime(),
        )
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return _in_short(str(result.replay_failure)) if result.replay_failure else None


def _in_short(failure: str) -> str:
    # Core wraps the sentence that matters in the debug print of a whole failure.
    message = re.search(r'message: "((?:[^"\\]|\\.)*)"', failure)
    return message[1] if message else failure


@functools.cache
def _quiet_runtime() -> Runtime:
    # Core prints its warnings to stdout, where a report (perhaps as JSON) is about to stand. We say them ourselves.
    quiet = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=quiet)))


async def _decoded(
    history: WorkflowHistory, data_converter: DataConverter, namespace: str
) -> Sequence[HistoryEvent]:
    """Return a copy of the events in which the payloads that we compare are decoded."""
    copy = History()
    copy.events.extend(history.events)
    for event in copy.events if data_converter.payload_codec else ():
        # A codec may encode by whom a payload is meant for: a child's or a signal's is the other workflow's.
        if (meant_for := reader_of_payloads(event, history.workflow_id)) is not None:
            context = WorkflowSerializationContext(namespace=namespace, workflow_id=meant_for)
            codec = data_converter.with_context(context).payload_codec
            assert codec is not None
            await decode_payloads(event, codec)
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
