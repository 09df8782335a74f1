"""Offering a plan, shard by shard: one batch write, then one case a person."""

import asyncio
from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.surges import SurgeActivities
from domain import cases
from domain.surge import Life
from schemas.secondment import SecondmentStart
from schemas.surge import HoldShard, SurgeRef
from workflows.policies import BULK, SECONDMENT_CHILD, SHARD
from workflows.secondment import SecondmentWorkflow


async def offer_shard(ref: SurgeRef, pack: str, life: Life) -> Life:
    """Hold and offer the next picks of the plan, start their cases, and return how far the offering is."""
    offset = life.offering or 0
    assert life.plan_id is not None
    shard = HoldShard(
        surge_id=ref.surge_id, plan_id=life.plan_id, pack=pack, offset=offset, limit=SHARD, at=workflow.now()
    )
    held = await workflow.execute_activity_method(SurgeActivities.hold, shard, **BULK)
    await asyncio.gather(*(_start(start) for start in held.starts))
    return replace(life, offering=offset + SHARD if held.more else None)


async def _start(start: SecondmentStart) -> None:
    try:
        await workflow.start_child_workflow(
            SecondmentWorkflow.run, start, id=cases.secondment(start.seat.placement_id), **SECONDMENT_CHILD
        )
    except WorkflowAlreadyStartedError:
        # The reconciler was quicker: the case runs, which is all we want.
        return
