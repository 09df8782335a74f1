"""Lines that go on in turns: the next one is planned ahead of the due date, and by whom nobody need ask for it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from temporalio import workflow

from activities.surges import SurgeActivities
from domain import next_turn
from domain.lines import LineChange, LineFacts
from domain.rules import SurgeRules
from schemas.surge import SurgeRef, SurgeTally, TallyAsk
from workflows import changing
from workflows.policies import LEDGER

Keep = Callable[[LineChange], Awaitable[None]]
"""Writes a next turn into the books."""


async def look(ref: SurgeRef, rules: SurgeRules, keep: Keep) -> SurgeTally:
    """Count the surge, and let each line go on that is needed longer than it lasts: once, for then another one continues it."""
    seen = await _count(ref, rules)
    grown = False
    for line in seen.ending:
        # Looked up anew: the turn before this one has taken the next number.
        if _turn_of(line, rules) and (change := _turn_of(await changing.find(ref, line.line_id), rules)):
            await keep(change)
            grown = True
    return await _count(ref, rules) if grown else seen


def look_at(seen: SurgeTally) -> datetime | None:
    """Return when the surge must look again though nothing has moved: a place falls empty, a line begins or ends."""
    return min(filter(None, (seen.look_at, seen.tally.changes_at)), default=None)


def settle_by(seen: SurgeTally, rules: SurgeRules) -> datetime | None:
    """Return when the first place falls empty of which the coordinator must say what becomes of it."""
    return next_turn.settle_by(seen.ending, rules.limits, rules.relief, now=workflow.now())


def _turn_of(line: LineFacts | None, rules: SurgeRules) -> LineChange | None:
    found = line and next_turn.by_itself(line, rules.limits, rules.relief, now=workflow.now())
    return found if isinstance(found, LineChange) else None


async def _count(ref: SurgeRef, rules: SurgeRules) -> SurgeTally:
    ask = TallyAsk(surge_id=ref.surge_id, at=workflow.now(), relief=rules.relief)
    return await workflow.execute_activity_method(SurgeActivities.tally, ask, **LEDGER)
