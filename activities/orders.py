"""From a reserved number to an issued order in everybody's hands."""

import asyncio

from temporalio import activity

from activities.asking import asked_by, has_come
from domain import cases
from domain.cases import CaseKind
from domain.documents import AssignmentOrder, Missing, Unprintable, facts_sha256, make_order, order_code
from domain.moves import NOT_BY_THE_BOOKS
from domain.ports import Messenger, OrderBook, Typesetter
from schemas.surge import (
    IssueOrder,
    OrderIssued,
    OrderRef,
    OrderRendered,
    OrderReserved,
    PeopleSignalled,
    ReserveOrder,
    ServeByWord,
    SurgeRef,
    VoidOrder,
)

ORAL = "oral-order"
"""Stands before the id of the command that recorded an oral order, where else an order's id stands."""

SET_AT_ONCE = 4
"""Extracts set side by side: the typesetter works without the interpreter's lock."""


class OrderActivities:
    """Over the book of orders, the typesetter and the messenger."""

    def __init__(self, book: OrderBook, typesetter: Typesetter, messenger: Messenger) -> None:
        self._book = book
        self._typesetter = typesetter
        self._messenger = messenger

    @activity.defn(name="orders.reserve")
    async def reserve(self, ask: ReserveOrder) -> OrderReserved:
        """Reserve a number for everyone who is released and not yet ordered."""
        if not asked_by(cases.surge(ask.surge_id)):
            return OrderReserved(order_id=ask.order_id, number=None, people=0)
        order_id, number, people = await self._book.reserve(
            ask.surge_id, ask.command_id, ask.order_id, ask.at
        )
        return OrderReserved(order_id=order_id, number=number, people=people)

    @activity.defn(name="orders.render")
    async def render(self, ask: OrderRef) -> OrderRendered:
        """Typeset the order and one extract a person; or say which parts are missing."""
        order = make_order(await self._book.draft(ask.order_id))
        if not isinstance(order, AssignmentOrder):
            return OrderRendered(missing=order.parts if isinstance(order, Missing) else order.faults)
        try:
            whole = await asyncio.to_thread(self._typesetter.assignment_order, order, order.signed_at)
            file_sha256 = await self._book.keep_file(ask.order_id, None, whole)
            await self._extracts(order)
        except Unprintable as error:
            activity.logger.error("order cannot be set", extra={"reason": str(error)})
            return OrderRendered(missing=("unprintable",))
        return OrderRendered(
            facts_sha256=facts_sha256(order), file_sha256=file_sha256, code=order_code(order)
        )

    async def _extracts(self, order: AssignmentOrder) -> None:
        """Set and keep each person's extract; an attempt that was broken off is taken up where it stood."""
        approved = facts_sha256(order)
        for first in range(_kept(approved), len(order.people), SET_AT_ONCE):
            some = order.people[first : first + SET_AT_ONCE]
            await asyncio.gather(*(self._extract(order, person.placement_id) for person in some))
            activity.heartbeat(approved, first + len(some))

    async def _extract(self, order: AssignmentOrder, placement_id: str) -> None:
        one = await asyncio.to_thread(self._typesetter.extract, order, placement_id, order.signed_at)
        await self._book.keep_file(order.order_id, placement_id, one)

    @activity.defn(name="orders.issue")
    async def issue(self, ask: IssueOrder) -> OrderIssued:
        """Issue the order: from here on its number is used; or give it up, where somebody on it fell away meanwhile."""
        if not (asked_by(ask.move.fact.case_id) and has_come(ask.move.fact.at)):
            return OrderIssued(refused=NOT_BY_THE_BOOKS)
        made = ask.rendered
        written = await self._book.issue(
            ask.order_id, made.facts_sha256, made.file_sha256, made.code, ask.move
        )
        return OrderIssued(refused=written.refused)

    @activity.defn(name="orders.void")
    async def void(self, ask: VoidOrder) -> None:
        """Give the number up, with the reason; it is the surge's own, or nothing is given up."""
        kind, _, surge_id = str(activity.info().workflow_id).partition(":")
        if kind == CaseKind.SURGE:
            await self._book.void(ask.order_id, ask.reason, ask.at, surge_id=surge_id)

    @activity.defn(name="orders.serve")
    async def serve(self, ask: SurgeRef) -> PeopleSignalled:
        """Tell everyone whose order is issued and who has not heard of it."""
        waiting = await self._book.unserved(ask.surge_id)
        for order_id, placement_id in waiting:
            await self._messenger.order_served(placement_id, order_id)
            activity.heartbeat(placement_id)
        return PeopleSignalled(people=len(waiting))

    @activity.defn(name="orders.serve_by_word")
    async def serve_by_word(self, ask: ServeByWord) -> PeopleSignalled:
        """Tell everyone who is released and on no order that the oral order stands in for the paper."""
        waiting = await self._book.held_up(ask.surge_id)
        for placement_id in waiting:
            await self._messenger.order_served(placement_id, f"{ORAL}:{ask.command_id}")
            activity.heartbeat(placement_id)
        return PeopleSignalled(people=len(waiting))


def _kept(approved: str) -> int:
    """How many extracts an earlier attempt has kept, if it set the very same facts."""
    match activity.info().heartbeat_details:
        case [before, int(kept)] if before == approved:
            return kept
    return 0
