"""Moving somebody to another post: looked up in the books, judged by the case, opened with the move itself."""

from dataclasses import replace

from temporalio import workflow

from activities.secondments import SecondmentActivities
from domain.commands import Command, CommandKind
from domain.moves import Seat, SecondmentMove, Successor
from domain.secondment import OTHER_SITE, Ask, Clock, Life, Trigger, moved_on
from schemas.secondment import OpeningAsk
from workflows.policies import LEDGER


async def looked_up(seat: Seat, life: Life, command: Command, ask: Ask) -> Ask:
    """Return what the decision says with the post that it is about, where it is about one."""
    line_id = command.details.get("line_id")
    if command.kind == CommandKind.GRANT_CONDITION:
        if life.condition is None or life.condition.code != OTHER_SITE:
            return ask
    elif command.kind != CommandKind.PROPOSE_REASSIGNMENT or line_id is None:
        return ask
    wanted = OpeningAsk(placement_id=seat.placement_id, line_id=str(line_id) if line_id else None)
    found = await workflow.execute_activity_method(SecondmentActivities.opening, wanted, **LEDGER)
    return replace(ask, opening=found.opening)


def seat_at(seat: Seat, trigger: Trigger, ask: Ask) -> Seat:
    """Return the seat after the decision: the granted condition of another site gives another one."""
    if trigger != Trigger.GRANT_CONDITION or ask.opening is None:
        return seat
    return replace(seat, line_id=ask.opening.line_id, site=ask.opening.site)


def with_successor(move: SecondmentMove, before: Life, clock: Clock) -> SecondmentMove:
    """Add to the move that ends a secondment for another post the person's life there."""
    assert before.moving_to is not None
    life = moved_on(before, clock, workflow.now())
    return replace(move, successor=Successor(str(workflow.uuid4()), before.moving_to, life))
