"""Looks for workflows that run with no open case behind, and lets an operator end one by hand, with a reason.

The engine's list of what runs lags behind a little, and a case writes its end before its workflow completes: a run is
an orphan only when it still runs, and its case is still not open, some seconds later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from app.actions import House, NoSuchCase, NotAllowed
from app.tasks import Conflict
from domain.authority import Actor, Capacity
from domain.log import Attribution, Fact
from domain.orphans import MAY_END, BookedCase, EndReason, Orphan, Running, judge
from domain.sight import holds
from workflows import ALL

logger = logging.getLogger(__name__)

PAGE = 500
"""Runs that are asked for, and compared with the books, at once."""
SETTLED_AFTER = 10.0  # seconds


class Book(Protocol):
    """What the look needs of the books."""

    async def booked(self, case_ids: Sequence[str]) -> dict[str, BookedCase]: ...
    async def note_look(self, orphans: Sequence[Orphan], at: datetime) -> None: ...
    async def orphan(self, run_id: str, government_id: str) -> str | None: ...
    async def order_ended(self, run_id: str, government_id: str, reason: str, fact: Fact) -> None: ...
    async def gone(self, run_id: str, at: datetime) -> None: ...


async def look(
    client: Client, book: Book, task_queue: str, at: datetime, *, settled_after: float = SETTLED_AFTER
) -> tuple[Orphan, ...]:
    """Report every orphan of a task queue, to the books and to the log of the program; end none of them."""
    suspects: list[Running] = []
    async for page in _pages(client, task_queue):
        suspects += [one.running for one in await _orphans(book, page)]
    if suspects:
        await asyncio.sleep(settled_after)
    found: list[Orphan] = []
    for start in range(0, len(suspects), PAGE):
        still = [one for one in suspects[start : start + PAGE] if await _runs(client, one)]
        found += await _orphans(book, still)
    await book.note_look(found, at)
    for orphan in found:
        told = {
            "case_id": orphan.running.workflow_id,
            "run_id": orphan.running.run_id,
            "reason": orphan.why.value,
        }
        logger.error("workflow without an open case", extra=told)
    return tuple(found)


async def end(house: House, book: Book, client: Client, who: Actor, *, run_id: str, reason: EndReason) -> str:
    """Order an orphan to be ended, and end it; return the workflow's id.

    The order is a fact of the log before the engine is asked: where that fails, it is asked for again.
    """
    if not holds(who, MAY_END):
        raise NotAllowed("no_authority")
    workflow_id = await book.orphan(run_id, who.government_id)
    if workflow_id is None:
        raise NoSuchCase
    if not await _orphans(book, [Running(workflow_id, run_id)]):
        raise Conflict("case_is_open")
    now = house.clock.now()
    by = Attribution(who.person_id, Capacity.OPERATOR.value, house.rules.basis("authority"))
    fact = Fact("OrphanEndOrdered", f"orphan:{run_id}", now, by, None, {"reason": reason.value})
    await book.order_ended(run_id, who.government_id, reason.value, fact)
    try:
        await client.get_workflow_handle(workflow_id, run_id=run_id).terminate(reason=reason.value)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
    await book.gone(run_id, house.clock.now())
    return workflow_id


async def _pages(client: Client, task_queue: str) -> AsyncIterator[list[Running]]:
    types = ", ".join(f"'{workflow.__name__}'" for workflow in ALL)
    query = f"ExecutionStatus = 'Running' AND TaskQueue = '{task_queue}' AND WorkflowType IN ({types})"
    page: list[Running] = []
    async for one in client.list_workflows(query, page_size=PAGE):
        page.append(Running(one.id, one.run_id))
        if len(page) == PAGE:
            yield page
            page = []
    yield page


async def _orphans(book: Book, page: Sequence[Running]) -> list[Orphan]:
    booked = await book.booked([one.workflow_id for one in page])
    judged = (judge(one, booked.get(one.workflow_id)) for one in page)
    return [orphan for orphan in judged if orphan is not None]


async def _runs(client: Client, one: Running) -> bool:
    try:
        found = await client.get_workflow_handle(one.workflow_id, run_id=one.run_id).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return False
        raise
    return found.status == WorkflowExecutionStatus.RUNNING
