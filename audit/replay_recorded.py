"""What a case did, read from its recorded history: one command for each event that its code caused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.history.v1 import HistoryEvent

from audit import replay_commands as rows
from audit.replay_commands import Command, Facts, Run, facts_of_event
from audit.replay_values import failure_value, payload_list, payload_value

PATCH_ATTRIBUTE = "TemporalChangeVersion"
"""The search attribute that the SDK itself writes beside each patch marker."""


@dataclass
class Recorded:
    """The commands that a history holds, local activities apart (their markers come when they end)."""

    commands: list[Command] = field(default_factory=list)
    local_activities: list[Command] = field(default_factory=list)


@dataclass
class _Names:
    """What earlier events said; later events refer to activities by the number of the event only, to updates by id."""

    activities: dict[int, tuple[str, str]] = field(default_factory=dict)
    updates: dict[str, str] = field(default_factory=dict)


def read_history(events: Sequence[HistoryEvent]) -> Recorded:
    """Return the commands that a (decoded) history holds, in their order."""
    recorded, names = Recorded(), _Names()
    for event in events:
        which = event.WhichOneof("attributes")
        attributes = getattr(event, which) if which else None
        if attributes is None:
            continue
        if which == "marker_recorded_event_attributes":
            _read_marker(event, attributes, recorded)
        elif reader := _READERS.get(str(which)):
            command = reader(event, attributes, names)
            if command:
                recorded.commands.append(command)
    recorded.local_activities.sort(key=lambda one: int(str(one.facts["number"])))
    return recorded


def reader_of_payloads(event: HistoryEvent, workflow_id: str) -> str | None:
    """Return the id of the workflow that an event's payloads were encoded for; None if we compare none of them.

    Markers are left alone: what we read in them is Core's own and was never encoded.
    """
    which = str(event.WhichOneof("attributes"))
    if which not in {*_READERS, *_ALSO_READ}:
        return None
    attributes: Any = getattr(event, which)
    if which.startswith("start_child_workflow_execution_initiated"):
        return str(attributes.workflow_id)
    if which.startswith("signal_external_workflow_execution_initiated"):
        return str(attributes.workflow_execution.workflow_id)
    return workflow_id


def summary_of(holder: Any) -> Facts:
    """Return the summary and details that a command or its event shows to people, if any."""
    said = holder.user_metadata
    return {
        name: payload_value(getattr(said, name)) for name in ("summary", "details") if said.HasField(name)
    }


def _plain(kind: str, table: tuple[rows._Row, ...]) -> Callable[[HistoryEvent, Any, _Names], Command]:
    def read(event: HistoryEvent, attributes: Any, _: _Names) -> Command:
        facts = facts_of_event(table, attributes)
        return Command(kind, "", event.event_id, facts)

    return read


def _activity(event: HistoryEvent, said: Any, names: _Names) -> Command:
    name = said.activity_type.name
    names.activities[event.event_id] = (name, said.activity_id)
    return Command("activity", name, event.event_id, facts_of_event(rows.ACTIVITY, said) | summary_of(event))


def _activity_cancel(event: HistoryEvent, said: Any, names: _Names) -> Command:
    name, activity_id = names.activities[said.scheduled_event_id]
    return Command("activity cancel", name, event.event_id, {"id": activity_id})


def _timer(event: HistoryEvent, said: Any, _: _Names) -> Command:
    facts = facts_of_event(rows.TIMER, said) | summary_of(event)
    return Command("timer", "", event.event_id, facts | {"number": said.timer_id})


def _timer_cancel(event: HistoryEvent, said: Any, _: _Names) -> Command:
    return Command("timer cancel", "", event.event_id, {"number": said.timer_id})


def _child(event: HistoryEvent, said: Any, _: _Names) -> Command:
    facts = facts_of_event(rows.CHILD, said) | summary_of(event)
    return Command("child workflow", said.workflow_type.name, event.event_id, facts)


def _cancel(event: HistoryEvent, said: Any, _: _Names) -> Command:
    target = said.workflow_execution
    facts = facts_of_event(rows.CANCEL, said)
    if said.child_workflow_only:
        return Command("child cancel", target.workflow_id, event.event_id, facts)
    return Command("external cancel", target.workflow_id, event.event_id, facts | {"run id": target.run_id})


def _signal(event: HistoryEvent, said: Any, _: _Names) -> Command:
    facts = facts_of_event(rows.SIGNAL, said)
    facts["to"] = said.workflow_execution.workflow_id
    facts["child only"] = said.child_workflow_only
    return Command("signal", said.signal_name, event.event_id, facts)


def _continue(event: HistoryEvent, said: Any, _: _Names) -> Command:
    facts = facts_of_event(rows.CONTINUE, said)
    return Command("continue-as-new", said.workflow_type.name, event.event_id, facts)


def _attributes(event: HistoryEvent, said: Any, _: _Names) -> Command | None:
    if set(said.search_attributes.indexed_fields) == {PATCH_ATTRIBUTE}:
        return None
    return Command("search attributes", "", event.event_id, facts_of_event(rows.ATTRIBUTES, said))


def _update_accepted(event: HistoryEvent, said: Any, names: _Names) -> Command:
    name = said.accepted_request.input.name
    names.updates[said.protocol_instance_id] = name
    return Command("update", name, event.event_id, {"outcome": "accepted", "id": said.protocol_instance_id})


def _update_completed(event: HistoryEvent, said: Any, names: _Names) -> Command:
    outcome = said.outcome
    facts: Facts = {"id": said.meta.update_id}
    if outcome.HasField("failure"):
        facts["failure"] = failure_value(outcome.failure)
    else:
        facts["result"] = payload_list(outcome.success.payloads)
    name = names.updates[said.meta.update_id]
    return Command("update result", name, event.event_id, facts)


def _nexus(event: HistoryEvent, said: Any, _: _Names) -> Command:
    return Command("nexus operation", said.operation, event.event_id, {})


def _read_marker(event: HistoryEvent, said: Any, recorded: Recorded) -> None:
    details = said.details
    if said.marker_name == "core_patch":
        patch = payload_value(details["patch-data"].payloads[0])
        assert isinstance(patch, dict)
        facts = {"deprecated": patch["deprecated"]}
        recorded.commands.append(Command("patch", patch["id"], event.event_id, facts))
    elif said.marker_name == "core_local_activity":
        data = payload_value(details["data"].payloads[0])
        assert isinstance(data, dict)
        facts = {"id": data["activity_id"], "number": data["seq"]}
        recorded.local_activities.append(
            Command("local activity", data["activity_type"], event.event_id, facts)
        )


_READERS: dict[str, Callable[[HistoryEvent, Any, _Names], Command | None]] = {
    "activity_task_scheduled_event_attributes": _activity,
    "activity_task_cancel_requested_event_attributes": _activity_cancel,
    "timer_started_event_attributes": _timer,
    "timer_canceled_event_attributes": _timer_cancel,
    "start_child_workflow_execution_initiated_event_attributes": _child,
    "request_cancel_external_workflow_execution_initiated_event_attributes": _cancel,
    "signal_external_workflow_execution_initiated_event_attributes": _signal,
    "upsert_workflow_search_attributes_event_attributes": _attributes,
    "workflow_properties_modified_event_attributes": _plain("memo", rows.MEMO),
    "workflow_execution_update_accepted_event_attributes": _update_accepted,
    "workflow_execution_update_completed_event_attributes": _update_completed,
    "nexus_operation_scheduled_event_attributes": _nexus,
    "workflow_execution_continued_as_new_event_attributes": _continue,
    "workflow_execution_completed_event_attributes": _plain("completion", rows.COMPLETE),
    "workflow_execution_failed_event_attributes": _plain("failure", rows.FAIL),
    "workflow_execution_canceled_event_attributes": _plain("cancellation", rows.CANCELLED),
}


_ALSO_READ = ("workflow_execution_started_event_attributes", "workflow_task_failed_event_attributes")


def carried_attributes(run: Run, recorded: Recorded) -> Facts:
    """Return the search attributes that a continue-as-new carries over when it names none itself."""
    carried = dict(run.search_attributes)
    for command in recorded.commands:
        if command.kind == "search attributes":
            attributes = command.facts.get("attributes", {})
            assert isinstance(attributes, dict)
            carried |= attributes
    return {name: value for name, value in carried.items() if value is not None and name != PATCH_ATTRIBUTE}
