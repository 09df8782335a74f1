"""How a recorded decision travels: by its id alone."""

from datetime import datetime

from domain.commands import Command, CommandState, Outcome
from domain.moves import Refusal
from schemas.base import Message


class CommandRef(Message):
    """The id of a row in the book of commands; all else is read from there."""

    command_id: str


class TakenCommand(Message):
    """A command as read, and what forbids its author to decide it now (a code), if anything.

    None where the books know no such command of the case that asks.
    """

    command: Command | None
    conflict: str | None = None


class PendingAsk(Message):
    """Which decisions of a case were made in time and are still undelivered?"""

    case_id: str
    decided_by: datetime


class PendingCommands(Message):
    """In the order in which they were recorded."""

    refs: tuple[CommandRef, ...]


class RefuseCommand(Message):
    """Write down that a decision does not stand."""

    refusal: Refusal


class CommandOutcome(Message):
    """The answer to the person: applied, or refused with a code."""

    command_id: str
    state: CommandState
    refusal: str | None = None
    case_state: str | None = None

    def to_domain(self) -> Outcome:
        """Return the same as a domain value."""
        return Outcome(self.command_id, self.state, self.refusal, self.case_state)
