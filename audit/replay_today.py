"""What today's code would do, read from the commands it made while a history was replayed.

Between a command and its event stand Core and the server. Core drops what is called off in the workflow task that
asked for it, keeps one cancel a target, and moves the ending to the end. The server puts in what code leaves unsaid
(queues, timeouts, retries; ``commandAttrValidator`` of temporalio/temporal). Both are done here the same way, so that
a command can be held against the event it would have become.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from google.protobuf.message import Message
from temporalio.bridge.proto.child_workflow import ChildWorkflowCancellationType
from temporalio.bridge.proto.workflow_commands import ActivityCancellationType, WorkflowCommand

from audit import replay_commands as rows
from audit.replay_commands import Command, Facts, Run, facts_of_command
from audit.replay_recorded import Recorded, carried_attributes, summary_of
from audit.replay_runner import Take
from audit.replay_values import duration_text, failure_value, nanoseconds, payload_value

ENDINGS = frozenset({"completion", "failure", "cancellation", "continue-as-new"})
_CHILD_TASK_TIMEOUT = "10s"
"""What the server gives a child that names no task timeout, whatever its parent's is (its default setting)."""


@dataclass
class Today:
    """The commands that today's code makes, local activities apart, and the takes in which it failed."""

    commands: list[Command] = field(default_factory=list)
    local_activities: list[Command] = field(default_factory=list)


@dataclass
class _Reader:
    run: Run
    carried: Facts
    updates: dict[str, str]
    activities: dict[int, WorkflowCommand] = field(default_factory=dict)
    children: dict[int, WorkflowCommand] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    cancelled: set[tuple[str, int]] = field(default_factory=set)


def read_takes(takes: Sequence[Take], run: Run, recorded: Recorded) -> Today:
    """Return the commands of the takes, in order, as the events that they would have become."""
    reader = _Reader(
        run,
        carried_attributes(run, recorded),
        {number: name for take in takes for number, name in take.update_names.items()},
    )
    today = Today()
    for at, commands in _by_task(takes):
        made = [reader_of(reader, at, one) for one in commands if (reader_of := _READERS.get(_variant(one)))]
        kept = _ending_last([one for one in made if one is not None])
        today.commands += [one for one in kept if one.kind != "local activity"]
        today.local_activities += [one for one in kept if one.kind == "local activity"]
    return today


def _by_task(takes: Iterable[Take]) -> Iterable[tuple[int, list[WorkflowCommand]]]:
    """Gather the takes of each workflow task, without what was called off before it was ever sent."""
    tasks: dict[int, list[WorkflowCommand]] = {}
    for take in takes:
        tasks.setdefault(take.at, []).extend(take.commands)
    for at, commands in tasks.items():
        yield at, _without_called_off(commands)


_CALLS_OFF = {
    "cancel_timer": ("start_timer", "seq"),
    "request_cancel_activity": ("schedule_activity", "seq"),
    "cancel_child_workflow_execution": ("start_child_workflow_execution", "child_workflow_seq"),
    "cancel_signal_workflow": ("signal_external_workflow_execution", "seq"),
}


def _without_called_off(commands: list[WorkflowCommand]) -> list[WorkflowCommand]:
    asked = {(_variant(one), _body(one).seq) for one in commands if hasattr(_body(one), "seq")}
    off: set[tuple[str, int]] = set()
    for one in commands:
        if _variant(one) in _CALLS_OFF:
            target, number = _CALLS_OFF[_variant(one)]
            pair = (target, getattr(_body(one), number))
            if pair in asked:
                off |= {pair, (_variant(one), pair[1])}
    return [one for one in commands if _key(one) not in off]


def _key(command: WorkflowCommand) -> tuple[str, int]:
    number = _CALLS_OFF.get(_variant(command), ("", "seq"))[1]
    return _variant(command), getattr(_body(command), number, -1)


def _ending_last(commands: list[Command]) -> list[Command]:
    endings = [one for one in commands if one.kind in ENDINGS]
    return [one for one in commands if one.kind not in ENDINGS] + endings[:1]


def _variant(command: WorkflowCommand) -> str:
    return str(command.WhichOneof("variant"))


def _body(command: WorkflowCommand) -> Message:
    return getattr(command, _variant(command))  # type: ignore[no-any-return]


def _activity(reader: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.schedule_activity
    reader.activities[said.seq] = command
    facts = facts_of_command(rows.ACTIVITY, said) | summary_of(command)
    facts.setdefault("retry policy", rows.DEFAULT_RETRY)
    facts |= _activity_times(said, reader.run.run_timeout)
    return Command("activity", said.activity_type, at, {k: v for k, v in facts.items() if v is not None})


def _activity_times(said: Message, run_timeout: int) -> Facts:
    """Deduce an activity's unsaid timeouts as the server does, and bound all of them by the run's."""
    to_close, to_start, running, beat = (
        nanoseconds(getattr(said, name))
        for name in (
            "schedule_to_close_timeout",
            "schedule_to_start_timeout",
            "start_to_close_timeout",
            "heartbeat_timeout",
        )
    )
    if to_close:
        to_start = min(to_start, to_close) if to_start else to_close
        running = min(running, to_close) if running else to_close
    else:
        to_close = run_timeout
        to_start = to_start or run_timeout
    if run_timeout:
        to_close, to_start, running = (min(one, run_timeout) for one in (to_close, to_start, running))
    beat = min(beat, running)
    return {
        "schedule to close timeout": _text(to_close),
        "schedule to start timeout": _text(to_start),
        "start to close timeout": _text(running),
        "heartbeat timeout": _text(beat),
    }


def _text(nanos: int) -> str | None:
    return duration_text(nanos) if nanos else None


def _activity_cancel(reader: _Reader, at: int, command: WorkflowCommand) -> Command | None:
    said = reader.activities[command.request_cancel_activity.seq].schedule_activity
    abandoned = said.cancellation_type == ActivityCancellationType.ABANDON
    if abandoned or _again(reader, "activity", said.seq):
        return None
    return Command("activity cancel", said.activity_type, at, {"id": said.activity_id})


def _again(reader: _Reader, kind: str, number: int) -> bool:
    first = (kind, number) not in reader.cancelled
    reader.cancelled.add((kind, number))
    return not first


def _local_activity(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.schedule_local_activity
    facts: Facts = {"id": said.activity_id, "number": said.seq}
    if said.include_arguments_in_marker:
        facts["input"] = [payload_value(one) for one in said.arguments]
    return Command("local activity", said.activity_type, at, facts)


def _timer(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    facts = facts_of_command(rows.TIMER, command.start_timer) | summary_of(command)
    return Command("timer", "", at, facts | {"number": str(command.start_timer.seq)})


def _timer_cancel(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    return Command("timer cancel", "", at, {"number": str(command.cancel_timer.seq)})


def _child(reader: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.start_child_workflow_execution
    reader.children[said.seq] = command
    facts = facts_of_command(rows.CHILD, said) | summary_of(command)
    facts.setdefault("task timeout", _CHILD_TASK_TIMEOUT)
    longest = nanoseconds(said.workflow_execution_timeout)
    facts["run timeout"] = _text(_bounded(nanoseconds(said.workflow_run_timeout), longest))
    return Command(
        "child workflow", said.workflow_type, at, {k: v for k, v in facts.items() if v is not None}
    )


def _bounded(timeout: int, longest: int) -> int:
    return min(timeout or longest, longest) if longest else timeout


def _child_cancel(reader: _Reader, at: int, command: WorkflowCommand) -> Command | None:
    said = command.cancel_child_workflow_execution
    child = reader.children[said.child_workflow_seq].start_child_workflow_execution
    abandoned = child.cancellation_type == ChildWorkflowCancellationType.ABANDON
    if abandoned or _again(reader, "child", child.seq):
        return None
    return Command("child cancel", child.workflow_id, at, facts_of_command(rows.CANCEL, said))


def _external_cancel(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.request_cancel_external_workflow_execution
    target = said.workflow_execution
    facts = facts_of_command(rows.CANCEL, said) | {"run id": target.run_id}
    return Command("external cancel", target.workflow_id, at, facts)


def _signal(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.signal_external_workflow_execution
    facts = facts_of_command(rows.SIGNAL, said)
    facts["to"] = said.child_workflow_id or said.workflow_execution.workflow_id
    facts["child only"] = bool(said.child_workflow_id)
    return Command("signal", said.signal_name, at, facts)


def _continue(reader: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.continue_as_new_workflow_execution
    facts = facts_of_command(rows.CONTINUE, said) | summary_of(command)
    facts.setdefault("task queue", reader.run.task_queue)
    facts.setdefault("run timeout", _text(reader.run.run_timeout))
    facts.setdefault("task timeout", _text(reader.run.task_timeout))
    facts.setdefault("memo", dict(reader.run.memo) or None)
    facts.setdefault("search attributes", reader.carried or None)
    name = said.workflow_type or reader.run.workflow_type
    return Command("continue-as-new", name, at, {k: v for k, v in facts.items() if v is not None})


def _complete(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.complete_workflow_execution
    facts = {"result": [payload_value(said.result)]} if said.HasField("result") else {}
    return Command("completion", "", at, facts)


def _fail(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    return Command("failure", "", at, facts_of_command(rows.FAIL, command.fail_workflow_execution))


def _cancelled(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    return Command(
        "cancellation", "", at, facts_of_command(rows.CANCELLED, command.cancel_workflow_execution)
    )


def _patch(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.set_patch_marker
    return Command("patch", said.patch_id, at, {"deprecated": said.deprecated})


def _attributes(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    facts = facts_of_command(rows.ATTRIBUTES, command.upsert_workflow_search_attributes)
    return Command("search attributes", "", at, facts)


def _memo(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    return Command("memo", "", at, facts_of_command(rows.MEMO, command.modify_workflow_properties))


def _update(reader: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.update_response
    number = said.protocol_instance_id
    name, facts = reader.updates.get(number, ""), {"id": number}
    outcome = said.WhichOneof("response")
    if outcome == "accepted":
        reader.accepted.add(number)
        return Command("update", name, at, facts | {"outcome": "accepted"})
    if outcome == "completed":
        return Command("update result", name, at, facts | {"result": [payload_value(said.completed)]})
    if number in reader.accepted:
        return Command("update result", name, at, facts | {"failure": failure_value(said.rejected)})
    return Command("update", name, at, facts | {"outcome": f"rejected: {said.rejected.message}"})


def _nexus(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    return Command("nexus operation", command.schedule_nexus_operation.operation, at, {})


_READERS: dict[str, Callable[[_Reader, int, WorkflowCommand], Command | None]] = {
    "schedule_activity": _activity,
    "request_cancel_activity": _activity_cancel,
    "schedule_local_activity": _local_activity,
    "start_timer": _timer,
    "cancel_timer": _timer_cancel,
    "start_child_workflow_execution": _child,
    "cancel_child_workflow_execution": _child_cancel,
    "request_cancel_external_workflow_execution": _external_cancel,
    "signal_external_workflow_execution": _signal,
    "continue_as_new_workflow_execution": _continue,
    "complete_workflow_execution": _complete,
    "fail_workflow_execution": _fail,
    "cancel_workflow_execution": _cancelled,
    "set_patch_marker": _patch,
    "upsert_workflow_search_attributes": _attributes,
    "modify_workflow_properties": _memo,
    "update_response": _update,
    "schedule_nexus_operation": _nexus,
}
