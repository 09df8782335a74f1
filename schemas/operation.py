"""Messages of an emergency operation."""

from datetime import datetime, timedelta
from typing import Self

from domain import cases
from domain.cases import OpenCase
from domain.moves import OperationMove
from domain.operation import Clock, Life
from domain.rules import RulePack
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

    @classmethod
    def of(cls, case: OpenCase, pack: RulePack) -> Self:
        """Return how an open case begins or goes on, as the registry has it."""
        return cls(
            operation_id=cases.parse(case.case_id).key,
            government_id=case.government_id,
            command_id=case.command_id,
            status_warning=pack.status_warning,
            after_action=pack.after_action,
            basis=pack.basis("surge"),
            life=case.life if isinstance(case.life, Life) else None,
        )

    @property
    def clock(self) -> Clock:
        """Return the operation's own terms."""
        return Clock(self.status_warning, self.after_action)


class WriteOperation(Message):
    """Write one move of an operation."""

    move: OperationMove


class OperationWritten(Message):
    """Told only where the books did not take the move; `refused` says why."""

    refused: str


class OperationStanding(Message):
    """Where the operation that asks stands by the books; None where they hold no such case open."""

    start: OperationStart | None = None


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
