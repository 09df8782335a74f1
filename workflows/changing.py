"""Lines that change while their surge runs: looked up in the books, judged here."""

from datetime import datetime

from temporalio import workflow

from activities.surges import SurgeActivities
from domain import lines
from domain.commands import Command, CommandKind
from domain.lines import LineChange
from domain.rules import SurgeRules
from domain.surge import Refused
from schemas.surge import LineAsk, SurgeRef
from workflows.policies import LEDGER


async def judge(ref: SurgeRef, command: Command, rules: SurgeRules) -> LineChange | Refused:
    """Say what the decision makes of its line, or why it does not stand."""
    line_id, quantity = (command.details.get(key) for key in ("line_id", "quantity"))
    ask = LineAsk(
        surge_id=ref.surge_id, command_id=command.command_id, line_id=str(line_id) if line_id else None
    )
    found = await workflow.execute_activity_method(SurgeActivities.line, ask, **LEDGER)
    if command.kind == CommandKind.ASK_RELIEF:
        until = command.details.get("until")
        ends = datetime.fromisoformat(str(until)) if until else None
        return lines.next_turn(found.line, ends, rules.limits, rules.relief.overlap, now=workflow.now())
    asked = int(quantity) if quantity is not None else None
    return lines.change(command.kind, found.line, asked, rules.limits.longest_duty, now=workflow.now())
