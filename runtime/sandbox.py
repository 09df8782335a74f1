"""How workflow code is kept from the clock, chance and the world: the one decision, made once.

The fast runner (production) passes our pure rooms through, so that an instance does not import them again. Inside
a passed-through module the sandbox no longer sees `datetime.now()`, `random` or `os.environ`: hence the strict
runner (tests, and the auditor's replay), which passes none of our rooms. Each golden history is replayed under both.
All or none: with one room passed and another not, two copies of an enum compare unequal.
"""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PASS_THROUGH = ("domain", "schemas", "activities", "workflows")
_NOWHERE = StorageDriverStoreContext(target=None)


def fast_runner() -> SandboxedWorkflowRunner:
    """The runner of production: speed, with purity proven beforehand under the strict one."""
    return _Runner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASS_THROUGH))


def strict_runner() -> SandboxedWorkflowRunner:
    """The runner of the tests and the auditor: every module of ours is imported under the sandbox's eyes."""
    return _Runner(restrictions=SandboxRestrictions.default)


class _Runner(SandboxedWorkflowRunner):
    """Runs workflows in the sandbox, and their payloads outside it."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return an instance in a sandbox of its own."""
        return _Instance(super().create_instance(det))


class _Instance(WorkflowInstance):
    """An instance that is entered for its activations alone.

    For each payload that comes or goes the worker asks the instance thrice which case and activity it belongs to, for
    codecs that encrypt by case and for stores apart; each time a sandbox is entered and left. Ours ask for neither, and
    it took a sixth of a worker's time. A codec with `with_context` needs these two answers from the inside again.
    """

    def __init__(self, inside: WorkflowInstance) -> None:
        self._inside = inside

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Let it act, inside."""
        return self._inside.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        """No codec of ours asks for one."""

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:  # noqa: ARG002
        """Nothing of ours is stored apart."""
        return _NOWHERE

    def get_info(self) -> Info:
        """Return what the engine knows of it."""
        return self._inside.get_info()

    def get_thread_id(self) -> int | None:
        """Return where it is running, for whoever finds it stuck."""
        return self._inside.get_thread_id()
