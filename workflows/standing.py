"""Where a case stands by the books, whatever it was started with; and that the books took what it wrote."""

from dataclasses import replace

from temporalio import workflow

from activities.operations import OperationActivities
from activities.secondments import SecondmentActivities
from activities.surges import SurgeActivities
from domain.surge import Life, State
from schemas.operation import OperationStart
from schemas.secondment import SecondmentStart
from schemas.surge import SurgeStart, WriteSurge
from workflows.policies import LEDGER


class Disbelieved(Exception):
    """The books do not have what a move follows from: the case stands elsewhere than it thinks."""


async def of_surge() -> SurgeStart | None:
    """Read where the surge that asks stands; None where the books hold no such case open."""
    return (await workflow.execute_activity_method(SurgeActivities.standing, **LEDGER)).start


async def of_operation() -> OperationStart | None:
    """Read where the operation that asks stands; None where the books hold no such case open."""
    return (await workflow.execute_activity_method(OperationActivities.standing, **LEDGER)).start


async def of_secondment() -> SecondmentStart | None:
    """Read where the secondment that asks stands, also where it has ended; None where the books have no such case."""
    return (await workflow.execute_activity_method(SecondmentActivities.standing, **LEDGER)).start


def going_on(found: Life | None, before: Life) -> Life:
    """Return the life that the books have; how much of a plan has been offered a case alone knows, of itself."""
    if found is None:
        return Life(State.SUBMITTED, 0, workflow.now())
    same = (found.revision, found.plan_id) == (before.revision, before.plan_id)
    return replace(found, offering=before.offering) if same else found


async def written(move: WriteSurge) -> None:
    """Put the move of a surge into the books; raises Disbelieved where they do not take it."""
    if await workflow.execute_activity_method(SurgeActivities.write, move, **LEDGER):
        raise Disbelieved
