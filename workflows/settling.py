"""When the paper of a secondment is owed: working days, counted once, as the return is confirmed."""

import asyncio
from dataclasses import replace

from temporalio import workflow

from domain.moves import Seat
from domain.secondment import Ask, Clock, Life, owed_of
from workflows import terms


async def dated(seat: Seat, life: Life, clock: Clock, basis: str, ask: Ask) -> Ask:
    """Return what a return says with until when report and claim are owed; nothing of who owes none."""
    if not owed_of(life):
        return ask
    now, pack = workflow.now(), basis.partition("#")[0]
    report, claim = await asyncio.gather(
        terms.due(seat.government_id, pack, now, clock.reporting),
        terms.due(seat.government_id, pack, now, clock.reimbursement),
    )
    return replace(ask, report_by=report.at, claim_by=claim.at)
