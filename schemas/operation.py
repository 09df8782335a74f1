"""Messages of an emergency operation."""

from datetime import timedelta

from domain.moves import OperationMove
from domain.operation import Life
from schemas.base import Message


class OperationStart(Message):
    """Open an operation, or go on with it: `life` is None only at the very start."""

    operation_id: str
    government_id: str
    command_id: str
    status_warning: timedelta
    basis: str
    life: Life | None = None


class WriteOperation(Message):
    """Write one move of an operation."""

    move: OperationMove


class OperationRef(Message):
    """One operation."""

    operation_id: str


class PeopleHeld(Message):
    """How many are held or out under an operation."""

    people: int


class OperationView(Message):
    """Query: where the operation stands."""

    operation_id: str
    life: Life | None
