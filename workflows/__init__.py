"""The waiting: one workflow a file; deadlines and policies. No I/O, no clock but the workflow's."""

from workflows.operation import OperationWorkflow
from workflows.secondment import SecondmentWorkflow
from workflows.surge import SurgeWorkflow

ALL = (OperationWorkflow, SurgeWorkflow, SecondmentWorkflow)
"""Every workflow of the program."""
