"""When the paper of a secondment is owed: working days, counted once, as the return is confirmed or a decree recorded."""

import asyncio
from dataclasses import replace

from temporalio import workflow

from domain.moves import Seat
from domain.secondment import HOME, OWES_PAPERS, Ask, Clock, Life, owed_of
from workflows import terms


async def dated(seat: Seat, life: Life, clock: Clock, basis: str, ask: Ask) -> Ask:
    """Return what a return or a conversion says with until when report and claim are owed; nothing of who owes none."""
    return await _dated(seat, clock, basis, ask) if owed_of(life) else ask


async def dated_anew(seat: Seat, life: Life, clock: Clock, basis: str, ask: Ask) -> Ask:
    """Return what a late proof of an arrival says with until when somebody who is home, or taken over, owes what follows from it."""
    return await _dated(seat, clock, basis, ask) if life.state in HOME | OWES_PAPERS else ask


async def _dated(seat: Seat, clock: Clock, basis: str, ask: Ask) -> Ask:
    now, pack = workflow.now(), basis.partition("#")[0]
    report, claim = await asyncio.gather(
        terms.due(seat.government_id, pack, now, clock.reporting),
        terms.due(seat.government_id, pack, now, clock.reimbursement),
    )
    return replace(ask, report_by=report.at, claim_by=claim.at)
