"""One shape for what a case did, read from either side: a recorded event, or a command of today's code.

Each kind of command has one table of facts. A row names the fact, where a command of ours carries it, and where the
event that the server wrote carries it, so the two readers cannot drift apart. Not compared, since no history holds
them: a local activity's input and timeouts, and cancellation types (their effects show as other commands). Headers
belong to interceptors, not to workflows, and are left out too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from temporalio.api.common.v1 import RetryPolicy
from temporalio.api.enums.v1 import (
    ContinueAsNewVersioningBehavior,
    ParentClosePolicy,
    WorkflowIdReusePolicy,
)
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes

from audit.replay_values import duration_text, message_value, nanoseconds

Facts = dict[str, object]


@dataclass(frozen=True)
class Command:
    """One thing that a case did or would do.

    ``at`` is the event that recorded it; for a command of today's code, the event that started its workflow task.
    """

    kind: str
    name: str
    at: int
    facts: Mapping[str, object]

    @property
    def label(self) -> str:
        """Return the words that a report uses, e.g. ``activity secondments.write``."""
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True)
class Run:
    """What the server knows about a run and puts in where our code says nothing."""

    workflow_type: str
    task_queue: str
    run_timeout: int
    task_timeout: int
    memo: Mapping[str, object]
    search_attributes: Mapping[str, object]


def run_of(started: WorkflowExecutionStartedEventAttributes) -> Run:
    """Read the run's own settings (timeouts in nanoseconds) from its first event."""
    return Run(
        workflow_type=started.workflow_type.name,
        task_queue=started.task_queue.name,
        run_timeout=nanoseconds(started.workflow_run_timeout),
        task_timeout=nanoseconds(started.workflow_task_timeout),
        memo=_as_facts(started.memo.fields),
        search_attributes=_as_facts(started.search_attributes.indexed_fields),
    )


def _as_facts(fields: Mapping[str, Message]) -> Facts:
    return {name: message_value(value) for name, value in fields.items()}


def _enum(wrapper: object) -> Callable[[object], object]:
    # Commands and events hold the same numbers under two enum types.
    return wrapper.Name  # type: ignore[attr-defined, no-any-return]


_CLOSE, _REUSE = _enum(ParentClosePolicy), _enum(WorkflowIdReusePolicy)
_Row = tuple[str, str, str, Callable[[object], object] | None]


def _same(label: str, path: str, reader: Callable[[object], object] | None = None) -> _Row:
    return (label, path, path, reader)


_TIMES = tuple(
    _same(name.replace("_", " "), name)
    for name in ("schedule_to_close_timeout", "schedule_to_start_timeout", "start_to_close_timeout")
)
_RUN_TIMES = (
    ("run timeout", "workflow_run_timeout", "workflow_run_timeout", None),
    ("task timeout", "workflow_task_timeout", "workflow_task_timeout", None),
)

ACTIVITY: tuple[_Row, ...] = (
    _same("id", "activity_id"),
    ("task queue", "task_queue", "task_queue.name", None),
    ("input", "arguments", "input", None),
    *_TIMES,
    _same("heartbeat timeout", "heartbeat_timeout"),
    _same("retry policy", "retry_policy"),
    _same("priority", "priority"),
)
TIMER: tuple[_Row, ...] = (_same("duration", "start_to_fire_timeout"),)
CHILD: tuple[_Row, ...] = (
    _same("id", "workflow_id"),
    _same("namespace", "namespace"),
    ("task queue", "task_queue", "task_queue.name", None),
    _same("input", "input"),
    ("execution timeout", "workflow_execution_timeout", "workflow_execution_timeout", None),
    *_RUN_TIMES,
    _same("parent close policy", "parent_close_policy", _CLOSE),
    _same("id reuse policy", "workflow_id_reuse_policy", _REUSE),
    _same("retry policy", "retry_policy"),
    _same("cron schedule", "cron_schedule"),
    ("memo", "memo", "memo.fields", None),
    ("search attributes", "search_attributes.indexed_fields", "search_attributes.indexed_fields", None),
    _same("priority", "priority"),
    _same("versioning override", "versioning_override"),
)
SIGNAL: tuple[_Row, ...] = (
    ("namespace", "workflow_execution.namespace", "namespace", None),
    ("run id", "workflow_execution.run_id", "workflow_execution.run_id", None),
    ("input", "args", "input", None),
)
CANCEL: tuple[_Row, ...] = (_same("reason", "reason"),)
CONTINUE: tuple[_Row, ...] = (
    ("task queue", "task_queue", "task_queue.name", None),
    ("input", "arguments", "input", None),
    *_RUN_TIMES,
    ("memo", "memo", "memo.fields", None),
    ("search attributes", "search_attributes.indexed_fields", "search_attributes.indexed_fields", None),
    _same("backoff", "backoff_start_interval"),
    _same("versioning behavior", "initial_versioning_behavior", _enum(ContinueAsNewVersioningBehavior)),
)
COMPLETE: tuple[_Row, ...] = (_same("result", "result"),)
FAIL: tuple[_Row, ...] = (_same("failure", "failure"),)
CANCELLED: tuple[_Row, ...] = (_same("details", "details"),)
ATTRIBUTES: tuple[_Row, ...] = (_same("attributes", "search_attributes.indexed_fields"),)
MEMO: tuple[_Row, ...] = (_same("memo", "upserted_memo.fields"),)


def facts_of_command(rows: tuple[_Row, ...], command: Message) -> Facts:
    """Read the facts of a table from a command of ours; unset ones are absent."""
    return _facts([(label, path, reader) for label, path, _, reader in rows], command)


def facts_of_event(rows: tuple[_Row, ...], attributes: Message) -> Facts:
    """Read the facts of a table from a recorded event's attributes; unset ones are absent."""
    return _facts([(label, path, reader) for label, _, path, reader in rows], attributes)


def _facts(rows: list[tuple[str, str, Callable[[object], object] | None]], message: Message) -> Facts:
    facts: Facts = {}
    for label, path, reader in rows:
        value = _at(message, path)
        if value is not None:
            facts[label] = reader(value) if reader else value
    return facts


def _at(message: Message, path: str) -> object:
    """Return the plain value at a dotted path, None where unset, empty, zero or all default."""
    *parents, last = path.split(".")
    for name in parents:
        message = getattr(message, name)
    field = message.DESCRIPTOR.fields_by_name[last]
    value = getattr(message, last)
    if field.message_type is None:
        return value or None
    if field.message_type.GetOptions().map_entry:
        return {key: message_value(value[key]) for key in sorted(value)} or None
    if isinstance(value, Duration):
        # 0s and unset mean the same to the server, which writes the one or the other.
        return value.ToJsonString() if nanoseconds(value) else None
    if not isinstance(value, Message):
        return [message_value(each) for each in value] or None
    return _retry(value) if isinstance(value, RetryPolicy) else _said(message, last, value)


def _said(parent: Message, name: str, value: Message) -> object:
    # An empty message (no priority, no arguments) says nothing; a null result does say something.
    return message_value(value) if parent.HasField(name) and value.ByteSize() else None


def _retry(policy: RetryPolicy) -> object:
    """Return a retry policy with the server's defaults filled in; None if none was given."""
    if not policy.ByteSize():
        return None
    first = nanoseconds(policy.initial_interval) or 1_000_000_000
    return {
        "initial interval": duration_text(first),
        "backoff coefficient": policy.backoff_coefficient or 2.0,
        "maximum interval": duration_text(nanoseconds(policy.maximum_interval) or first * 100),
        "maximum attempts": policy.maximum_attempts,
        "non-retryable error types": list(policy.non_retryable_error_types),
    }


DEFAULT_RETRY = _retry(RetryPolicy(backoff_coefficient=2.0))
