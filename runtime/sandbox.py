"""How workflow code is kept from the clock, chance and the world: the one decision, made once.

The fast runner (production) passes our pure rooms through, so that an instance does not import them again. Inside
a passed-through module the sandbox no longer sees `datetime.now()`, `random` or `os.environ`: hence the strict
runner (tests, and the auditor's replay), which passes none of our rooms. Each golden history is replayed under both.
All or none: with one room passed and another not, two copies of an enum compare unequal.
"""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import DataConverter, StorageDriverStoreContext, WorkflowSerializationContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PASS_THROUGH = ("domain", "schemas", "activities", "workflows")
_NOWHERE = StorageDriverStoreContext(target=None)


def fast_runner(converter: DataConverter) -> SandboxedWorkflowRunner:
    """The runner of production, for a worker with this converter: speed, with purity proven under the strict one."""
    kind = SandboxedWorkflowRunner if _asks_whose(converter) else _Runner
    return kind(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASS_THROUGH))


def strict_runner() -> SandboxedWorkflowRunner:
    """The runner of the tests and the auditor: every module of ours is imported under the sandbox's eyes."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default)


def _asks_whose(converter: DataConverter) -> bool:
    """Say whether a payload looks otherwise by the case it belongs to (a key for each case, a store apart)."""
    somewhere = WorkflowSerializationContext(namespace="any", workflow_id="any")
    return converter.external_storage is not None or converter.with_context(somewhere) is not converter


class _Runner(SandboxedWorkflowRunner):
    """Runs workflows in the sandbox, and lets their payloads come and go outside it."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return an instance in a sandbox of its own."""
        return _Instance(super().create_instance(det))


class _Instance(WorkflowInstance):
    """An instance that is entered for its activations alone.

    For each payload that comes or goes, the worker asks the instance three times which case and activity it belongs to,
    and each time a sandbox is entered and left: a sixth of a worker's time, where nobody wants to know.
    """

    def __init__(self, inside: WorkflowInstance) -> None:
        self._inside = inside

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Let it act, inside."""
        return self._inside.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        """Nobody asks whose a payload is."""

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:  # noqa: ARG002
        """Nothing is stored apart."""
        return _NOWHERE

    def get_info(self) -> Info:
        """Return what the engine knows of it."""
        return self._inside.get_info()

    def get_thread_id(self) -> int | None:
        """Return where it is running, for whoever finds it stuck."""
        return self._inside.get_thread_id()
