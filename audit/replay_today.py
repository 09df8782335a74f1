"""What today's code would do: the commands it made while a history was replayed, as the events they would become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from temporalio.bridge.proto.child_workflow import ChildWorkflowCancellationType
from temporalio.bridge.proto.workflow_commands import ActivityCancellationType, WorkflowCommand

from audit import replay_commands as rows
from audit.replay_commands import Command, Facts, Run, facts_of_command
from audit.replay_recorded import Recorded, carried_attributes, summary_of
from audit.replay_rules import (
    CHILD_TASK_TIMEOUT,
    activity_times,
    bounded,
    by_task,
    ending_last,
    text_or_none,
    variant,
)
from audit.replay_runner import Take
from audit.replay_values import failure_value, nanoseconds, payload_value

_NEVER_RECORDED = frozenset(
    {
        "cancel_signal_workflow",
        "request_cancel_local_activity",
        "request_cancel_nexus_operation",
        "respond_to_query",
    }
)
"""Commands that Core keeps to itself. Any other must have a reader below: an unknown one stops the comparison."""


@dataclass
class Today:
    """The commands that today's code makes, local activities apart."""

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
    for at, commands in by_task(takes):
        sent = [one for one in commands if variant(one) not in _NEVER_RECORDED]
        made = [_READERS[variant(one)](reader, at, one) for one in sent]
        kept = ending_last([one for one in made if one is not None])
        today.commands += [one for one in kept if one.kind != "local activity"]
        today.local_activities += [one for one in kept if one.kind == "local activity"]
    return today


def _activity(reader: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.schedule_activity
    reader.activities[said.seq] = command
    facts = facts_of_command(rows.ACTIVITY, said) | summary_of(command)
    facts.setdefault("retry policy", rows.DEFAULT_RETRY)
    facts |= activity_times(said, reader.run.run_timeout)
    return Command("activity", said.activity_type, at, _said(facts))


def _said(facts: Facts) -> Facts:
    return {fact: value for fact, value in facts.items() if value is not None}


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
    return Command("local activity", said.activity_type, at, {"id": said.activity_id, "number": said.seq})


def _timer(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    facts = facts_of_command(rows.TIMER, command.start_timer) | summary_of(command)
    return Command("timer", "", at, facts | {"number": str(command.start_timer.seq)})


def _timer_cancel(_: _Reader, at: int, command: WorkflowCommand) -> Command:
    return Command("timer cancel", "", at, {"number": str(command.cancel_timer.seq)})


def _child(reader: _Reader, at: int, command: WorkflowCommand) -> Command:
    said = command.start_child_workflow_execution
    reader.children[said.seq] = command
    facts = facts_of_command(rows.CHILD, said) | summary_of(command)
    facts.setdefault("task timeout", CHILD_TASK_TIMEOUT)
    longest = nanoseconds(said.workflow_execution_timeout)
    facts["run timeout"] = text_or_none(bounded(nanoseconds(said.workflow_run_timeout), longest))
    return Command("child workflow", said.workflow_type, at, _said(facts))


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
    facts.setdefault("run timeout", text_or_none(reader.run.run_timeout))
    facts.setdefault("task timeout", text_or_none(reader.run.task_timeout))
    facts.setdefault("memo", dict(reader.run.memo) or None)
    facts.setdefault("search attributes", reader.carried or None)
    name = said.workflow_type or reader.run.workflow_type
    return Command("continue-as-new", name, at, _said(facts))


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
