"""Making a decree: number first, then the paper, then issued with the move that it carries, or void with the reason."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from temporalio import workflow

from activities.decrees import DecreeActivities, PaperActivities
from domain.commands import Command
from domain.mutation.life import Decree
from domain.mutation.machine import Moved, Refused
from domain.mutation.moving import Issued
from domain.mutation.said import Ask
from schemas.mutation import DecreeRef, MakePapers, ReserveDecree, VoidDecree
from workflows.policies import LEDGER, PAPER

Judge = Callable[[Ask], Moved | Refused]
Keep = Callable[[Moved, Issued], Awaitable[Moved | Refused]]

_ANY = "to be drawn"


async def sign(
    mutation_id: str, decree: Decree | None, command: Command, ask: Ask, *, judge: Judge, keep: Keep
) -> Moved | Refused:
    """Draw a number, make the decree, and write the signature with it; whatever forbids that gives the number up."""
    # What cannot be signed draws no number.
    verdict = judge(replace(ask, number=_ANY, sha256=_ANY))
    if isinstance(verdict, Refused) or decree is None:
        return verdict
    reserve = ReserveDecree(
        mutation_id=mutation_id,
        command_id=command.command_id,
        decree_id=str(workflow.uuid4()),
        effective_at=decree.effective_at,
        at=workflow.now(),
    )
    reserved = await workflow.execute_activity_method(DecreeActivities.reserve, reserve, **LEDGER)
    made = await workflow.execute_activity_method(
        DecreeActivities.make, DecreeRef(decree_id=reserved.decree_id), **PAPER
    )
    if made.issued is None:
        await _void(reserved.decree_id, "incomplete: " + ", ".join(made.missing))
        return Refused("decree_incomplete")
    verdict = judge(replace(ask, number=reserved.number, sha256=made.issued.file_sha256))
    if isinstance(verdict, Moved):
        verdict = await keep(verdict, made.issued)
    if isinstance(verdict, Refused):
        await _void(reserved.decree_id, verdict.code)
    return verdict


async def extract(decree_id: str) -> Refused | None:
    """Make the extract that the person is served; or say that it cannot be made."""
    ask = DecreeRef(decree_id=decree_id, at=workflow.now())
    made = await workflow.execute_activity_method(DecreeActivities.extract, ask, **PAPER)
    return Refused("extract_incomplete") if made.missing else None


async def papers(mutation_id: str) -> None:
    """Make the papers that the last move owes; what is missing of one keeps nothing from going on."""
    ask = MakePapers(mutation_id=mutation_id, at=workflow.now())
    await workflow.execute_activity_method(PaperActivities.make, ask, **PAPER)


async def _void(decree_id: str, reason: str) -> None:
    ask = VoidDecree(decree_id=decree_id, reason=reason, at=workflow.now())
    await workflow.execute_activity_method(DecreeActivities.void, ask, **LEDGER)
