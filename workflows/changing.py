"""Lines that change while their surge runs: looked up in the books, judged here."""

from temporalio import workflow

from activities.surges import SurgeActivities
from domain import lines, next_turn
from domain.commands import Command, CommandKind
from domain.instants import instant
from domain.lines import LineChange, LineFacts
from domain.rules import SurgeRules
from domain.surge import Refused
from schemas.surge import LineAsk, SurgeRef
from workflows.policies import LEDGER


async def judge(ref: SurgeRef, command: Command, rules: SurgeRules) -> LineChange | Refused:
    """Say what the decision makes of its line, or why it does not stand."""
    if command.kind == CommandKind.NEED_UNTIL and command.details.get(lines.ALL):
        return lines.end_all(await _going_on(ref), now=workflow.now())
    line_id, quantity = (command.details.get(key) for key in ("line_id", "quantity"))
    line = await find(ref, str(line_id) if line_id else None, command.command_id)
    until = command.details.get("until")
    ends = instant(until) if until else None
    if command.kind == CommandKind.ASK_RELIEF:
        return next_turn.next_turn(line, ends, rules.limits, rules.relief, now=workflow.now())
    if command.kind == CommandKind.NEED_UNTIL:
        return lines.need_until(line, ends, now=workflow.now())
    asked = int(quantity) if quantity is not None else None
    return lines.change(command.kind, line, asked, rules.limits.longest_duty, now=workflow.now())


async def _going_on(ref: SurgeRef) -> tuple[LineFacts, ...]:
    """Look all lines up that are not over, as of now."""
    ask = LineAsk(surge_id=ref.surge_id, command_id=None, at=workflow.now(), every=True)
    return (await workflow.execute_activity_method(SurgeActivities.line, ask, **LEDGER)).lines


async def find(ref: SurgeRef, line_id: str | None, command_id: str | None = None) -> LineFacts | None:
    """Look a line up, or the one that a command asks to add, as of now."""
    ask = LineAsk(surge_id=ref.surge_id, command_id=command_id, line_id=line_id, at=workflow.now())
    return (await workflow.execute_activity_method(SurgeActivities.line, ask, **LEDGER)).line
