"""Offering a plan, shard by shard: one batch write, then one case a person."""

from dataclasses import replace

from temporalio import workflow

from activities.surges import SurgeActivities
from domain.surge import Life
from schemas.surge import OfferShard, SurgeRef
from workflows.policies import BULK, SHARD


async def offer_shard(ref: SurgeRef, pack: str, life: Life) -> Life:
    """Hold and offer the next picks of the plan, begin their cases, and return how far the offering is.

    People's cases are begun by the activity and are nobody's children: a surge that ends, fails or
    continues as new has nothing to take with it, and hears of them by signals whatever run it is in.
    """
    offset = life.offering or 0
    assert life.plan_id is not None
    ask = OfferShard(
        surge_id=ref.surge_id, plan_id=life.plan_id, pack=pack, offset=offset, limit=SHARD, at=workflow.now()
    )
    offered = await workflow.execute_activity_method(SurgeActivities.offer, ask, **BULK)
    return replace(life, offering=offset + SHARD if offered.more else None)
