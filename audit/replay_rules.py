"""What stands between a command of our code and the event that records it: Core and the server.

Core drops what is called off in the workflow task that asked for it, and moves the ending to the end. The server
puts in what code leaves unsaid (its ``commandAttrValidator``, in temporalio/temporal): an activity's timeouts are
deduced from each other and bounded by the run's, a child's task timeout is the server's own. Done here the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from temporalio.bridge.proto.workflow_commands import WorkflowCommand

from audit.replay_commands import Command, Facts
from audit.replay_runner import Take
from audit.replay_values import duration_text, nanoseconds

ENDINGS = frozenset({"completion", "failure", "cancellation", "continue-as-new"})
CHILD_TASK_TIMEOUT = "10s"
"""What the server gives a child that names no task timeout, whatever its parent's is (its default setting)."""


def by_task(takes: Iterable[Take]) -> Iterable[tuple[int, list[WorkflowCommand]]]:
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
    asked = {(variant(one), body(one).seq) for one in commands if hasattr(body(one), "seq")}
    off: set[tuple[str, int]] = set()
    for one in commands:
        if variant(one) in _CALLS_OFF:
            target, number = _CALLS_OFF[variant(one)]
            pair = (target, getattr(body(one), number))
            if pair in asked:
                off |= {pair, (variant(one), pair[1])}
    return [one for one in commands if _key(one) not in off]


def _key(command: WorkflowCommand) -> tuple[str, int]:
    number = _CALLS_OFF.get(variant(command), ("", "seq"))[1]
    return variant(command), getattr(body(command), number, -1)


def ending_last(commands: list[Command]) -> list[Command]:
    """Return the commands of one workflow task with its ending last, and no second one."""
    endings = [one for one in commands if one.kind in ENDINGS]
    return [one for one in commands if one.kind not in ENDINGS] + endings[:1]


def variant(command: WorkflowCommand) -> str:
    """Return which kind of command this is, by its name in the protocol."""
    return str(command.WhichOneof("variant"))


def body(command: WorkflowCommand) -> Any:
    """Return what a command says, apart from its metadata."""
    return getattr(command, variant(command))


def activity_times(said: Any, run_timeout: int) -> Facts:
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
        "schedule to close timeout": text_or_none(to_close),
        "schedule to start timeout": text_or_none(to_start),
        "start to close timeout": text_or_none(running),
        "heartbeat timeout": text_or_none(beat),
    }


def text_or_none(nanos: int) -> str | None:
    """Return a duration as text, None for none at all."""
    return duration_text(nanos) if nanos else None


def bounded(timeout: int, longest: int) -> int:
    """Return a run's timeout as an execution's bounds it (nanoseconds, 0 for none)."""
    return min(timeout or longest, longest) if longest else timeout
