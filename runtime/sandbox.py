"""How workflow code is kept from the clock, chance and the world: the one decision, made once.

The fast runner (production) passes our pure rooms through, so that an instance does not import them again. Inside
a passed-through module the sandbox no longer sees `datetime.now()`, `random` or `os.environ`: hence the strict
runner (tests), which passes none of our rooms. Each golden history is replayed under both. All or none: with one
room passed and another not, two copies of an enum compare unequal.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASS_THROUGH = ("domain", "schemas", "activities")


def fast_runner() -> SandboxedWorkflowRunner:
    """The runner of production: speed, with purity proven beforehand under the strict one."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASS_THROUGH)
    )


def strict_runner() -> SandboxedWorkflowRunner:
    """The runner of the tests: every module of ours is imported under the sandbox's eyes."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default)
