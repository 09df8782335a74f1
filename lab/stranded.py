"""Runs that the test server strands (see `lab/stepping.py`) are ended, and taken up anew as after any loss."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from temporalio.service import RPCError

from lab.stage import Stage

UNANSWERED = "SELECT DISTINCT case_id FROM commands WHERE state = 'RECORDED'"


async def at_work(stage: Stage, case_id: str) -> bool:
    """Say whether a case waits for an answer of the world; also where the engine has no time to tell, or knows none."""
    try:
        described = await stage.client.get_workflow_handle(case_id).describe()
    except RPCError:
        return True
    return bool(described.raw_description.pending_activities)


async def free_stranded(stage: Stage, late: Iterable[str]) -> tuple[str, ...]:
    """End the runs of the cases that leave a decision unanswered or a deadline unmet; return which were taken up anew.

    Who waits for an answer of the world is at work and no stranded one: a plan of thousands takes its time.
    """
    async with stage.books.database.reading() as connection:
        waiting = {row["case_id"] for row in await connection.fetch(UNANSWERED)}
    for case_id in sorted(waiting.union(late)):
        if not await at_work(stage, case_id):
            with suppress(RPCError):  # it has ended meanwhile
                await stage.client.get_workflow_handle(case_id).terminate("stranded by the test server")
    try:
        return await stage.books.starter(stage.client, stage.task_queue).reconcile()
    except RPCError:
        return ()  # the engine had no time to answer: whoever waits asks again
