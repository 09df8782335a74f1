"""Making a decree: number first, then the paper, then issued with the move that it carries, or void with the reason."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from temporalio import workflow

from activities.decrees import DecreeActivities, PaperActivities
from domain import cases
from domain.commands import Command
from domain.mutation.life import Decree
from domain.mutation.machine import Moved, Refused
from domain.mutation.moving import Issued
from domain.mutation.said import Ask
from schemas.mutation import DecreeRef, ExtractAsk, MakePapers, ReserveDecree, VoidDecree
from workflows.policies import LEDGER, PAPER

Judge = Callable[[Ask], Moved | Refused]
Keep = Callable[[Moved, Issued], Awaitable[Moved | Refused]]


@dataclass(frozen=True)
class Made:
    """A decree that has its number and is typeset and signed; it is issued with the move that it carries."""

    decree_id: str
    number: str
    issued: Issued

    def told(self, ask: Ask) -> Ask:
        """Return what the decision says with what the decree says."""
        return replace(ask, decree_id=self.decree_id, number=self.number, sha256=self.issued.file_sha256)


def to_be_drawn(ask: Ask) -> Ask:
    """Return what the decision will say once there is a decree: what cannot be signed draws no number."""
    return replace(ask, number="to be drawn", sha256="to be drawn")


async def sign(
    mutation_id: str, decree: Decree | None, command: Command, ask: Ask, *, judge: Judge, keep: Keep
) -> Moved | Refused:
    """Draw a number, make the decree, and write the signature with it; whatever forbids that gives the number up."""
    verdict = judge(to_be_drawn(ask))
    if isinstance(verdict, Refused) or decree is None:
        return verdict
    made = await make(cases.mutation(mutation_id), (mutation_id,), command, decree.effective_at)
    if isinstance(made, Refused):
        return made
    verdict = judge(made.told(ask))
    if isinstance(verdict, Moved):
        verdict = await keep(verdict, made.issued)
    if isinstance(verdict, Refused):
        await give_up(made.decree_id, verdict.code)
    return verdict


async def make(
    case_id: str, mutation_ids: tuple[str, ...], command: Command, effective_at: datetime
) -> Made | Refused:
    """Draw a number for the decree of these mutations, and make it."""
    reserve = ReserveDecree(
        case_id=case_id,
        mutation_ids=mutation_ids,
        command_id=command.command_id,
        decree_id=str(workflow.uuid4()),
        effective_at=effective_at,
        at=workflow.now(),
    )
    reserved = await workflow.execute_activity_method(DecreeActivities.reserve, reserve, **LEDGER)
    made = await workflow.execute_activity_method(
        DecreeActivities.make, DecreeRef(decree_id=reserved.decree_id), **PAPER
    )
    if made.issued is None:
        await give_up(reserved.decree_id, "incomplete: " + ", ".join(made.missing))
        return Refused("decree_incomplete")
    return Made(reserved.decree_id, reserved.number, made.issued)


async def papers(mutation_id: str) -> None:
    """Make the papers that the last move owes; what is missing of one keeps nothing from going on."""
    ask = MakePapers(mutation_id=mutation_id, at=workflow.now())
    await workflow.execute_activity_method(PaperActivities.make, ask, **PAPER)


async def give_up(decree_id: str, reason: str) -> None:
    """Void the number, with the reason."""
    ask = VoidDecree(decree_id=decree_id, reason=reason, at=workflow.now())
    await workflow.execute_activity_method(DecreeActivities.void, ask, **LEDGER)


async def extract(decree_id: str, mutation_id: str) -> Refused | None:
    """Make the extract that the person is served; or say that it cannot be made."""
    ask = ExtractAsk(decree_id=decree_id, mutation_id=mutation_id, at=workflow.now())
    made = await workflow.execute_activity_method(DecreeActivities.extract, ask, **PAPER)
    return Refused("extract_incomplete") if made.missing else None
