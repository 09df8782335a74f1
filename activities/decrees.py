"""From a reserved number to a decree that can be issued, the sealed extract that is served, and the case's own papers."""

import asyncio

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.giving_up import tell_service
from domain import cases
from domain.documents import Unprintable
from domain.mutation.decree import Decree, make_decree
from domain.mutation.decree_parts import Refused
from domain.mutation.decree_record import ask_for, record_decree, record_extract
from domain.mutation.extract import Extract, certified_on, make_extract, seal_for
from domain.mutation.moving import Issued
from domain.mutation.paperwork import Paperwork
from domain.mutation.ports import DecreeBook, DecreeTypesetter
from domain.ports import RemoteSigner, Signer, Signers
from domain.sealing import SealAway, Seals, Unsealable
from domain.signing import Prepared, SignatureRefused, Signed, SigningAway, Unsignable
from schemas.mutation import (
    DecreeMade,
    DecreeRef,
    DecreeReserved,
    ExtractAsk,
    ExtractMade,
    MakePapers,
    ReserveDecree,
    SignatureCame,
    VoidDecree,
)

UNSIGNABLE = "unsignable"
"""What a decree lacks that is whole, and that its key will not sign: no certificate, none that is believed, a wrong PIN."""


class PaperActivities:
    """Over whoever makes the papers of a case."""

    def __init__(self, paperwork: Paperwork) -> None:
        self._paperwork = paperwork

    @activity.defn(name="papers.make")
    async def make(self, ask: MakePapers) -> None:
        """Make what is owed and whole; whatever else is missing keeps nothing from going on."""
        await self._paperwork.make(ask.mutation_id, ask.at)


class DecreeActivities:
    """Over the book of decrees, the typesetter, whoever signs, and whoever seals."""

    def __init__(
        self, book: DecreeBook, typesetter: DecreeTypesetter, signers: Signers | None, seals: Seals
    ) -> None:
        self._book = book
        self._typesetter = typesetter
        self._signers = signers
        self._seals = seals

    @activity.defn(name="decrees.reserve")
    async def reserve(self, ask: ReserveDecree) -> DecreeReserved:
        """Reserve the next number of the register."""
        decree_id, number = await self._book.reserve(
            ask.case_id,
            ask.mutation_ids,
            command_id=ask.command_id,
            decree_id=ask.decree_id,
            effective_at=ask.effective_at,
            at=ask.at,
            amends=ask.amends,
        )
        return DecreeReserved(decree_id=decree_id, number=number)

    @activity.defn(name="decrees.make")
    async def make(self, ask: DecreeRef) -> DecreeMade:
        """Typeset the decree and have it signed, and keep it with its record; or say which parts are missing.

        Where the key is elsewhere nobody is asked here: `signature` asks, and waits, beside whatever the case does.
        """
        decree = make_decree(await self._book.draft(ask.decree_id))
        if isinstance(decree, Refused):
            return DecreeMade(missing=tuple(map(str, decree.found)))
        try:
            file = await self._typeset(decree)
            signer = self._signer(decree)
            if isinstance(signer, RemoteSigner):
                await self._book.ask_signature(ask.decree_id)
                return DecreeMade(asked=True)
            signed = await signer.sign(file, ask_for(decree))
        except (Unprintable, Unsignable) as error:
            activity.logger.error("decree cannot be made", extra={"reason": str(error)})
            return DecreeMade(missing=(UNSIGNABLE if isinstance(error, Unsignable) else "unprintable",))
        return DecreeMade(issued=await self._keep(decree, file, signed))

    @activity.defn(name="decrees.signature")
    async def signature(self, ask: DecreeRef) -> SignatureCame:
        """Ask for the signature, and look whether it has come; while it has not, this fails, and is tried again later.

        What came is put into the paper, which is typeset anew from the same facts, checked whole, and kept.
        """
        wanted = await self._book.asked(ask.decree_id)
        if wanted.refusal:
            return SignatureCame(refused=wanted.refusal)
        if activity.info().current_attempt_scheduled_time >= wanted.until:
            return await self._none_came(ask.decree_id, "EXPIRED")
        decree = make_decree(await self._book.draft(ask.decree_id))
        assert isinstance(decree, Decree)  # it was sent to be signed
        signer = self._signer(decree)
        if not isinstance(signer, RemoteSigner):
            raise SigningAway("this worker knows of no signing service")
        try:
            issued = await self._signed_elsewhere(signer, decree, wanted.prepared)
        except (SignatureRefused, Unsignable) as error:
            activity.logger.error("decree was not signed", extra={"reason": str(error)})
            code = "REFUSED" if isinstance(error, SignatureRefused) else "UNFIT"
            return await self._none_came(ask.decree_id, code)
        if issued is None:  # no fault of anybody's: it is not logged as one
            raise ApplicationError("the signature has not come yet", category=ApplicationErrorCategory.BENIGN)
        return SignatureCame(issued=issued)

    async def _signed_elsewhere(
        self, signer: RemoteSigner, decree: Decree, prepared: Prepared | None
    ) -> Issued | None:
        wanted = ask_for(decree)
        if prepared is None:
            made = await signer.prepare(await self._typeset(decree), wanted)
            prepared = await self._book.keep_prepared(decree.decree_id, made)
        # Asked each time: a service may have lost what it was asked.
        await signer.ask(prepared, wanted.reason)
        signature = await signer.answer(prepared)
        if signature is None:
            return None
        file = await self._typeset(decree)
        return await self._keep(decree, file, await signer.finish(file, prepared, signature))

    async def _typeset(self, decree: Decree) -> bytes:
        return await asyncio.to_thread(self._typesetter.decree, decree)

    async def _none_came(self, decree_id: str, code: str) -> SignatureCame:
        await self._book.refuse_signature(decree_id, code)
        return SignatureCame(refused=code)

    async def _keep(self, decree: Decree, file: bytes, signed: Signed) -> Issued:
        sha256 = await self._book.keep_decree(decree, signed, record_decree(decree, file, signed))
        return Issued(decree.decree_id, decree.facts_sha256, sha256, decree.code)

    def _signer(self, decree: Decree) -> Signer | RemoteSigner:
        """Return who signs in the office that decrees; while nobody can, the decree waits."""
        if self._signers is None:
            raise SigningAway("nobody signs here: no signing desk is open")
        return self._signers.signer(decree.authority)

    @activity.defn(name="decrees.extract")
    async def extract(self, ask: ExtractAsk) -> ExtractMade:
        """Typeset and seal the extract that the person is served, once; or say which parts are missing, or that the seal is away.

        It says what was signed: whatever the books have changed since, it is made of the words of the signed decree.
        """
        if await self._book.has_extract(ask.decree_id, ask.mutation_id):
            return ExtractMade()
        made = await self._extracted(ask)
        if isinstance(made, Refused):
            return ExtractMade(missing=tuple(map(str, made.found)))
        if made.decree.facts_sha256 != await self._book.facts_of(ask.decree_id):
            activity.logger.error("what a decree says is not what was signed", extra={"id": ask.decree_id})
            return ExtractMade(missing=("facts",))
        try:
            file = await asyncio.to_thread(self._typesetter.extract, made)
            sealed = await self._seals.seal(file, seal_for(made))
        except Unprintable as error:
            activity.logger.error("extract cannot be set", extra={"reason": str(error)})
            return ExtractMade(missing=("unprintable",))
        except (SealAway, Unsealable) as error:
            activity.logger.warning("extract is not sealed", extra={"reason": str(error)})
            return ExtractMade(away=True)
        await self._book.keep_extract(made, sealed, record_extract(made, file, sealed), ask.at)
        return ExtractMade()

    async def _extracted(self, ask: ExtractAsk) -> Extract | Refused:
        decree = make_decree(await self._book.draft(ask.decree_id))
        assert isinstance(decree, Decree)  # it is issued
        at = certified_on(decree, ask.at)
        certifier = await self._book.certifier(ask.decree_id, at)
        return make_extract(decree, cases.mutation(ask.mutation_id), certifier, at)

    @activity.defn(name="decrees.void")
    async def void(self, ask: VoidDecree) -> None:
        """Give the number up, with the reason; a service that was asked for its signature is told."""
        await self._book.void(ask.decree_id, activity.info().workflow_id or "", ask.reason, ask.at)
        await tell_service(self._book, self._signers, ask)
