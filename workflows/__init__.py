"""The waiting: one workflow a file; deadlines and policies. No I/O, no clock but the workflow's."""

ALL: tuple[type, ...]
"""Every workflow of the program."""


def __getattr__(name: str) -> tuple[type, ...]:
    """Gather `ALL` when it is asked for.

    Each instance of a case imports its file anew inside the sandbox, and this one with it: had this one imported
    every workflow, each person's case would cost three times what its own file costs.
    """
    if name != "ALL":
        raise AttributeError(name)
    from workflows.group import GroupWorkflow  # noqa: PLC0415
    from workflows.mutation import MutationWorkflow  # noqa: PLC0415
    from workflows.operation import OperationWorkflow  # noqa: PLC0415
    from workflows.secondment import SecondmentWorkflow  # noqa: PLC0415
    from workflows.surge import SurgeWorkflow  # noqa: PLC0415

    return OperationWorkflow, SurgeWorkflow, SecondmentWorkflow, MutationWorkflow, GroupWorkflow
