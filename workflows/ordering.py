"""Making an assignment order: number first, then the paper, then issued or void."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from temporalio import workflow

from activities.orders import OrderActivities
from domain.commands import Command
from domain.moves import NOT_BY_THE_BOOKS, SurgeMove
from domain.oral import Oral
from domain.surge import Refused, Tally
from schemas.surge import IssueOrder, OrderRef, OrderRendered, ReserveOrder, ServeByWord, SurgeRef, VoidOrder
from workflows import standing
from workflows.policies import BULK, LEDGER


@dataclass(frozen=True)
class Made:
    """An order that is numbered and typeset, and not yet issued."""

    order_id: str
    rendered: OrderRendered
    data: dict[str, Any]


async def order(
    ref: SurgeRef, command: Command, told: Callable[[dict[str, Any]], Awaitable[SurgeMove]]
) -> Refused | None:
    """Make an order and issue it with the surge's move; where people fall away meanwhile, anew for the others."""
    voided: list[str] = []
    while True:
        made = await _make(ref, command)
        if isinstance(made, Refused):
            return made
        data = made.data | ({"voided": voided} if voided else {})
        if await _issue(made, await told(data)):
            return None
        voided = [*voided, made.data["number"]]


async def _make(ref: SurgeRef, command: Command) -> Made | Refused:
    """Reserve a number and typeset the order; an order that cannot be made gives its number up with the reason."""
    ask = ReserveOrder(
        surge_id=ref.surge_id,
        command_id=command.command_id,
        order_id=str(workflow.uuid4()),
        at=workflow.now(),
    )
    reserved = await workflow.execute_activity_method(OrderActivities.reserve, ask, **LEDGER)
    if reserved.number is None:
        return Refused("nobody_to_order")
    rendered = await workflow.execute_activity_method(
        OrderActivities.render, OrderRef(order_id=reserved.order_id), **BULK
    )
    if rendered.missing:
        reason = "incomplete: " + ", ".join(rendered.missing)
        void = VoidOrder(order_id=reserved.order_id, reason=reason, at=workflow.now())
        await workflow.execute_activity_method(OrderActivities.void, void, **LEDGER)
        return Refused("order_incomplete")
    data = {
        "order_id": reserved.order_id,
        "number": reserved.number,
        "people": reserved.people,
        "facts_sha256": rendered.facts_sha256,
        "file_sha256": rendered.file_sha256,
    }
    return Made(reserved.order_id, rendered, data)


async def _issue(made: Made, move: SurgeMove) -> bool:
    """Issue the order and write the surge's move, in one transaction; False where it had to be given up.

    Raises Disbelieved where the books do not have what the move follows from.
    """
    ask = IssueOrder(order_id=made.order_id, rendered=made.rendered, move=move)
    issued = await workflow.execute_activity_method(OrderActivities.issue, ask, **LEDGER)
    if issued.refused == NOT_BY_THE_BOOKS:
        raise standing.Disbelieved
    return issued.refused is None


async def let_go(ref: SurgeRef, tally: Tally, oral: Oral | None, command_id: str) -> None:
    """Tell everyone who may go: on an order that is issued, or on the oral order that this command recorded."""
    if tally.unserved:
        await serve(ref)
    if tally.held_up and oral and oral.carries(workflow.now()):
        await serve_by_word(ref, command_id)


async def serve(ref: SurgeRef) -> None:
    """Tell each person's case whose order is issued; telling twice changes nothing."""
    await workflow.execute_activity_method(OrderActivities.serve, ref, **BULK)


async def serve_by_word(ref: SurgeRef, command_id: str) -> None:
    """Let everyone go who is released, on the oral order that this command recorded; their paper follows."""
    ask = ServeByWord(surge_id=ref.surge_id, command_id=command_id)
    await workflow.execute_activity_method(OrderActivities.serve_by_word, ask, **BULK)
