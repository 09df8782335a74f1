"""A workflow runner that watches another: it keeps every command that today's code makes while a history is replayed.

The stock Replayer compares only the kind, type and id of a command. Each activation's completion, however, holds the
commands exactly as they would go to the server, with inputs, options and results. So we sit between the Replayer and
whatever runner the worker uses (fast, strict or unsandboxed), and copy them before the payload codec hides them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner


@dataclass(frozen=True)
class Take:
    """What today's code answered to one activation.

    ``at`` is the id of the event that started the workflow task. ``replaying`` is False beyond the last completed
    task: there, nothing is recorded yet and the commands are only what would come next.
    """

    at: int
    replaying: bool
    commands: tuple[WorkflowCommand, ...]
    failure: str | None
    update_names: dict[str, str]


@dataclass
class Watch:
    """All takes of one replay, in order, and the world of the recorded run that the Replayer does not know."""

    task_queue: str
    takes: list[Take] = field(default_factory=list)


class WatchingRunner(WorkflowRunner):
    """Delegates to the worker's own runner and keeps what its instances answer."""

    def __init__(self, runner: WorkflowRunner, watch: Watch) -> None:
        """Wrap ``runner``; takes are added to ``watch``."""
        self._runner = runner
        self._watch = watch

    def prepare_workflow(self, defn: Any) -> None:
        """Let the wrapped runner validate the workflow."""
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Create the wrapped runner's instance, on the task queue that the run had."""
        # The Replayer has a queue of its own; a workflow that names none would seem to have moved there.
        info = dataclasses.replace(det.info, task_queue=self._watch.task_queue)
        return _WatchedInstance(
            self._runner.create_instance(dataclasses.replace(det, info=info)), self._watch
        )

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        """Pass the worker's failure types on."""
        self._runner.set_worker_level_failure_exception_types(types)


class _WatchedInstance(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance, watch: Watch) -> None:
        self._instance = instance
        self._watch = watch

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        evicting = any(job.HasField("remove_from_cache") for job in act.jobs)
        updates = {}
        for job in act.jobs:
            if job.HasField("do_update"):
                updates[job.do_update.protocol_instance_id] = job.do_update.name
                # A replay takes the acceptance on trust. We ask the validator again: an update that
                # today's code would turn away is a change of meaning. Validators change no state.
                job.do_update.run_validator = True
        completion = self._instance.activate(act)
        if not evicting:
            self._watch.takes.append(_take(act, completion, updates))
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Any:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


def _take(act: WorkflowActivation, completion: WorkflowActivationCompletion, updates: dict[str, str]) -> Take:
    commands = []
    for made in completion.successful.commands:
        command = WorkflowCommand()
        command.CopyFrom(made)
        commands.append(command)
    return Take(
        at=act.history_length,
        replaying=act.is_replaying,
        commands=tuple(commands),
        failure=_in_words(completion.failed.failure) if completion.HasField("failed") else None,
        update_names=updates,
    )


def _in_words(failure: Failure) -> str:
    said = f"{failure.application_failure_info.type or 'error'}: {failure.message}"
    return f"{said}, caused by {_in_words(failure.cause)}" if failure.HasField("cause") else said
