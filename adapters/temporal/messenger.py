"""Beginning people's cases and signalling between cases, from activities: the sender's history stays short.

An acknowledged signal survives the loss of the server; a case that is gone is not an error here,
since the reconciler takes it up again from the registry.
"""

from __future__ import annotations

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain import cases
from domain.moves import Seat
from domain.secondment import Clock, Life, State
from schemas.base import Message
from schemas.mutation import Undone
from schemas.secondment import OrderServed, SecondmentNews, SecondmentStart, StandDown
from schemas.surge import CoverNews


class Messenger:
    """Begins cases and sends signals between them."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._queue = task_queue

    async def begin_secondment(self, seat: Seat, life: Life, clock: Clock, basis: str) -> None:
        """Begin one person's case, or take it up at this moment of its life, unless it runs already."""
        await self._client.start_workflow(
            "SecondmentWorkflow",
            SecondmentStart(seat=seat, life=life, clock=clock, basis=basis),
            id=cases.secondment(seat.placement_id),
            task_queue=self._queue,
            # A person whom the registry holds open must have a case, also when an earlier run was ended by force.
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )

    async def secondment_moved(self, surge_id: str, placement_id: str, state: State) -> None:
        """Tell a surge that one of its people moved in a way it must look at."""
        news = SecondmentNews(placement_id=placement_id, state=state)
        await self._signal(cases.surge(surge_id), "secondment_moved", news)

    async def order_served(self, placement_id: str, order_id: str) -> None:
        """Tell a secondment that its order is issued."""
        await self._signal(cases.secondment(placement_id), "order_served", OrderServed(order_id=order_id))

    async def stand_down(self, placement_id: str, command_id: str) -> None:
        """Tell a secondment that its surge is over."""
        await self._signal(cases.secondment(placement_id), "stand_down", StandDown(command_id=command_id))

    async def surge_cover_changed(self, surge_id: str, operation_id: str) -> None:
        """Tell a surge that the cover of its operation has changed."""
        await self._signal(cases.surge(surge_id), "cover_changed", CoverNews(operation_id=operation_id))

    async def mutation_moved(self, mutation_id: str) -> None:
        """Tell a mutation that its group has moved it in the books."""
        await self._signal(cases.mutation(mutation_id), "moved_elsewhere")

    async def member_moved(self, case_id: str) -> None:
        """Tell a batch or a swap that one of its members is not where it was."""
        await self._signal(case_id, "member_moved")

    async def mutation_undone(self, mutation_id: str, case_id: str) -> None:
        """Tell a mutation that the decree of another one has undone it."""
        await self._signal(cases.mutation(mutation_id), "undone", Undone(case_id=case_id))

    async def _signal(self, case_id: str, name: str, *message: Message) -> None:
        handle = self._client.get_workflow_handle(case_id)
        try:
            await handle.signal(name, args=message)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
