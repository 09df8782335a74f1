"""Making a decree: number first, then the paper, then issued with the move that it carries, or void with the reason."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from activities.decrees import UNSIGNABLE, DecreeActivities, PaperActivities
from domain import cases
from domain.commands import Command
from domain.mutation.decrees import SignatureAsked
from domain.mutation.life import Life
from domain.mutation.machine import Moved, Refused
from domain.mutation.moving import Issued
from domain.mutation.said import Ask
from domain.mutation.states import Trigger
from schemas.mutation import DecreeRef, ExtractAsk, MakePapers, ReserveDecree, SignatureCame, VoidDecree
from workflows.policies import ELSEWHERE, LEDGER, PAPER

Judge = Callable[[Trigger, Ask], Moved | Refused]
Keep = Callable[[Trigger, Moved, Issued | None], Awaitable[Moved | Refused]]


@dataclass(frozen=True)
class Made:
    """A decree that has its number and is typeset; `issued` once it is signed, and without while a service is asked to."""

    decree_id: str
    number: str
    issued: Issued | None

    def told(self, ask: Ask) -> Ask:
        """Return what the decision says with what the decree says."""
        sha256 = self.issued.file_sha256 if self.issued else None
        return replace(ask, decree_id=self.decree_id, number=self.number, sha256=sha256)


def to_be_drawn(ask: Ask) -> Ask:
    """Return what the decision will say once there is a decree: what cannot be signed draws no number."""
    return replace(ask, number="to be drawn", sha256="to be drawn")


async def sign(
    mutation_id: str, life: Life, command: Command, ask: Ask, *, judge: Judge, keep: Keep
) -> Moved | Refused:
    """Draw a number, make the decree (or the second one), and write the signature with it; what forbids that gives it up.

    Where the key is a service's, it is written that the signature is asked for.
    """
    verdict = judge(Trigger.SIGN_DECREE, to_be_drawn(ask))
    if isinstance(verdict, Refused) or life.decree is None:
        return verdict
    # A second decree is in force from its own day on, and says what it changes.
    amends, effective_at = (
        (life.amended.decree_id, workflow.now()) if life.amended else (None, life.decree.effective_at)
    )
    made = await make(cases.mutation(mutation_id), (mutation_id,), command, effective_at, amends=amends)
    if isinstance(made, Refused):
        return made
    trigger = Trigger.SIGN_DECREE if made.issued else Trigger.ASK_SIGNATURE
    verdict = judge(trigger, made.told(ask))
    if isinstance(verdict, Moved):
        verdict = await keep(trigger, verdict, made.issued)
    if isinstance(verdict, Refused):
        await give_up(made.decree_id, verdict.code)
    return verdict


async def make(
    case_id: str,
    mutation_ids: tuple[str, ...],
    command: Command,
    effective_at: datetime,
    *,
    amends: str | None = None,
) -> Made | Refused:
    """Draw a number for the decree of these mutations, or for the second one about the one that it `amends`; and make it."""
    reserve = ReserveDecree(
        case_id=case_id,
        mutation_ids=mutation_ids,
        command_id=command.command_id,
        decree_id=str(workflow.uuid4()),
        effective_at=effective_at,
        at=workflow.now(),
        amends=amends,
    )
    reserved = await workflow.execute_activity_method(DecreeActivities.reserve, reserve, **LEDGER)
    made = await workflow.execute_activity_method(
        DecreeActivities.make, DecreeRef(decree_id=reserved.decree_id), **PAPER
    )
    if made.issued is None and not made.asked:
        await give_up(reserved.decree_id, "incomplete: " + ", ".join(made.missing))
        return Refused("decree_unsigned" if made.missing == (UNSIGNABLE,) else "decree_incomplete")
    return Made(reserved.decree_id, reserved.number, made.issued)


class Awaiting:
    """Waits for the signature that a service was asked for, beside whatever else the case does meanwhile.

    While an answer has come and the case is at what follows from it (`heeding`), no run may end.
    """

    def __init__(
        self,
        turn: asyncio.Lock,
        asked: Callable[[], SignatureAsked | None],
        signed: Callable[[Ask, Issued], Awaitable[str | None]],
        unsigned: Callable[[str], Awaitable[None]],
    ) -> None:
        """`signed` issues the decree, or says by a code why it cannot be any more; `unsigned` tells that none came."""
        self._turn = turn
        self._asked_now = asked
        self._signed = signed
        self._unsigned = unsigned
        self._asked: SignatureAsked | None = None
        self._waiting: asyncio.Task[None] | None = None
        self._heeding = 0

    @property
    def heeding(self) -> bool:
        """Whether the case is at what follows from an answer."""
        return self._heeding > 0

    def look(self) -> None:
        """Wait for the answer that the case waits for now, and for no other; for none where nobody is asked."""
        asked = self._asked_now()
        if asked == self._asked:
            return
        if self._waiting and not self.heeding:
            self._waiting.cancel()
        self._asked = asked
        self._waiting = asyncio.create_task(self._wait(asked)) if asked else None

    async def _wait(self, asked: SignatureAsked) -> None:
        ref = DecreeRef(decree_id=asked.decree_id)
        try:
            came = await workflow.execute_activity_method(DecreeActivities.signature, ref, **ELSEWHERE)
        except ActivityError as error:
            if is_cancelled_exception(error):  # nobody waits for it any more
                return
            raise
        self._heeding += 1
        try:
            async with self._turn:
                await self._heed(asked, came)
        finally:
            self._heeding -= 1

    async def _heed(self, asked: SignatureAsked, came: SignatureCame) -> None:
        if self._asked_now() != asked:
            return
        code = came.refused
        if came.issued:
            sha256 = came.issued.file_sha256
            signed = Ask(decree_id=asked.decree_id, number=asked.number, sha256=sha256)
            code = await self._signed(signed, came.issued)
        if code and self._asked_now() == asked:
            await self._unsigned(code)


async def papers(mutation_id: str) -> None:
    """Make the papers that the last move owes; what is missing of one keeps nothing from going on."""
    ask = MakePapers(mutation_id=mutation_id, at=workflow.now())
    await workflow.execute_activity_method(PaperActivities.make, ask, **PAPER)


async def give_up(decree_id: str, reason: str) -> None:
    """Void the number, with the reason."""
    ask = VoidDecree(decree_id=decree_id, reason=reason, at=workflow.now())
    await workflow.execute_activity_method(DecreeActivities.void, ask, **LEDGER)


async def extract(life: Life, mutation_id: str) -> Refused | None:
    """Make the extract that the person is served, of the decree or of the second one; or say that it cannot be made."""
    decree = life.newest.decree
    assert decree is not None
    ask = ExtractAsk(decree_id=decree.decree_id, mutation_id=mutation_id, at=workflow.now())
    made = await workflow.execute_activity_method(DecreeActivities.extract, ask, **PAPER)
    if made.away:  # whoever serves does so again later: the case waits for no seal
        return Refused("seal_away")
    return Refused("extract_incomplete") if made.missing else None
