"""How a decision reaches a case: read by its id, judged by the case, answered either way."""

from datetime import datetime
from typing import NamedTuple

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.commands import CommandActivities
from domain.commands import Command, CommandState
from domain.log import Attribution
from domain.moves import OF_THE_CLOCK, Refusal
from schemas.commands import CommandOutcome, CommandRef, PendingAsk, RefuseCommand
from workflows.policies import LEDGER

UNKNOWN = "UNKNOWN"
"""How a case ends that the books hold open nowhere."""


class Taken(NamedTuple):
    """A decision of this case as read, and what forbids its author to decide it now (a code), if anything."""

    command: Command
    conflict: str | None


async def take(ref: CommandRef) -> Taken:
    """Read a decision; its content enters the history here and nowhere else.

    Raises ApplicationError, which fails the update alone, where the books know no such decision of this case: whoever
    sent it past the door gets no answer that could be taken for one.
    """
    found = await workflow.execute_activity_method(CommandActivities.take, ref, **LEDGER)
    if found.command is None:
        raise ApplicationError("not a recorded decision of this case", type="NoSuchDecision")
    return Taken(found.command, found.conflict)


def no_such_case() -> ApplicationError:
    """Return what fails a decision that is sent to a case which the books hold open nowhere."""
    return ApplicationError("the books hold no such case open", type="NoSuchCase")


async def in_time(case_id: str, deadline: datetime) -> tuple[CommandRef, ...]:
    """Find decisions of the case that were made by the deadline and have not arrived."""
    ask = PendingAsk(case_id=case_id, decided_by=deadline)
    found = await workflow.execute_activity_method(CommandActivities.pending, ask, **LEDGER)
    return found.refs


async def refuse(command: Command, code: str, case_state: str | None) -> CommandOutcome:
    """Answer that the decision does not stand; the person and the log are told why."""
    refusal = Refusal(
        command.command_id,
        command.government_id,
        command.case_id,
        code,
        workflow.now(),
        by_author(command, "refusal"),
    )
    await workflow.execute_activity_method(CommandActivities.refuse, RefuseCommand(refusal=refusal), **LEDGER)
    return CommandOutcome(
        command_id=command.command_id, state=CommandState.REFUSED, refusal=code, case_state=case_state
    )


def applied(command: Command, case_state: str) -> CommandOutcome:
    """Answer that the decision stands and is written."""
    return CommandOutcome(command_id=command.command_id, state=CommandState.APPLIED, case_state=case_state)


def answered(command: Command, case_state: str | None) -> CommandOutcome | None:
    """Return the answer that the decision already has, when it was delivered before (perhaps to an older run)."""
    if command.state == CommandState.RECORDED:
        return None
    return CommandOutcome(
        command_id=command.command_id, state=command.state, refusal=command.refusal, case_state=case_state
    )


def by_author(command: Command, basis: str) -> Attribution:
    """Attribute a move to the person who decided it."""
    return Attribution(command.actor_id, command.authority, basis, command.command_id, command.on_behalf_of)


def by_clock(basis: str) -> Attribution:
    """Attribute a move to a deadline of the rule pack."""
    return Attribution(OF_THE_CLOCK, "SYSTEM", basis)
