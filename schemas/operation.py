"""Messages of an emergency operation."""

from datetime import datetime, timedelta

from domain.moves import OperationMove
from domain.operation import Clock, Life
from schemas.base import Message


class OperationStart(Message):
    """Open an operation, or go on with it: `life` is None only at the very start."""

    operation_id: str
    government_id: str
    command_id: str
    status_warning: timedelta
    after_action: timedelta = timedelta(days=14)
    basis: str
    life: Life | None = None

    @property
    def clock(self) -> Clock:
        """Return the operation's own terms."""
        return Clock(self.status_warning, self.after_action)


class WriteOperation(Message):
    """Write one move of an operation."""

    move: OperationMove


class OperationRef(Message):
    """One operation."""

    operation_id: str


class PeopleHeld(Message):
    """How many are held or out under an operation, and how many of its surges have not ended."""

    people: int
    surges: int = 0


class TellCover(Message):
    """Tell everyone under an operation until when there is, or was, cover."""

    operation_id: str
    covered_until: datetime
    at: datetime
    basis: str


class CoverTold(Message):
    """How many lost cover and were told so, and how many have it again."""

    lost: int
    regained: int


class OperationView(Message):
    """Query: where the operation stands."""

    operation_id: str
    life: Life | None
