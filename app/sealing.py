"""Sealing: with the key of a government's seal, wherever it lies; and making, later, what could not be sealed at once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ports import RemoteSigner, Signers
from domain.sealing import SealAsk, SealAway, SealBook, Unsealable, seal_holder
from domain.signing import Prepared, SignatureAsk, SignatureRefused, Signed, SigningAway, Unsignable
from runtime.clock import Clock, SystemClock

logger = logging.getLogger(__name__)

WITHIN = 10.0
"""Seconds for one seal: whoever decides waits for it, and so does the case."""

LOOK_EVERY = 2.0  # seconds
REST = 30.0
"""Seconds between two looks while the seal is away."""


@dataclass(frozen=True)
class SealDesk:
    """Seals papers with the keys of a signing desk; what a service is asked is kept until the paper is."""

    signers: Signers | None
    book: SealBook

    async def seal(self, pdf: bytes, ask: SealAsk) -> Signed:
        """Seal a paper; raises SealAway, and Unsealable."""
        try:
            async with asyncio.timeout(WITHIN):
                return await self._seal(pdf, ask)
        except SigningAway as error:
            raise SealAway(str(error)) from None
        except (SignatureRefused, Unsignable) as error:
            raise Unsealable(str(error)) from None
        except TimeoutError:
            raise SealAway(f"no seal came within {WITHIN:.0f} s") from None

    async def _seal(self, pdf: bytes, ask: SealAsk) -> Signed:
        if self.signers is None:
            raise SigningAway("nobody seals here: no signing desk is open")
        signer = self.signers.signer(seal_holder(ask.government_id))
        if isinstance(signer, RemoteSigner):
            return await self._sealed_elsewhere(signer, pdf, ask)
        return await signer.sign(pdf, signature_for(ask))

    async def _sealed_elsewhere(self, signer: RemoteSigner, pdf: bytes, ask: SealAsk) -> Signed:
        """Ask for what was asked before, if it was: an answer that came late is taken then."""
        sha256 = hashlib.sha256(pdf).hexdigest()
        prepared = await self.book.prepared(sha256)
        if prepared is None:
            made = await signer.prepare(pdf, signature_for(ask))
            prepared = await self.book.keep(ask.government_id, made)
        try:
            await signer.ask(prepared, ask.reason)
            return await signer.finish(pdf, prepared, await _answer(signer, prepared))
        except (SignatureRefused, Unsignable):
            await self.book.forget(sha256)  # what follows is asked as something new
            raise


async def _answer(signer: RemoteSigner, prepared: Prepared) -> bytes:
    """Wait for the answer: no person has to give it."""
    pause = 0.1
    while (signature := await signer.answer(prepared)) is None:
        await asyncio.sleep(pause)
        pause = min(2 * pause, 2.0)
    return signature


def signature_for(ask: SealAsk) -> SignatureAsk:
    """Return the seal as a signature that a key is asked for."""
    # A new id each time: what was refused, or given up, is not asked for by the same.
    return SignatureAsk(paper_id=f"seal-{uuid.uuid4()}", reason=ask.reason, place=ask.place, at=ask.at)


class Owing(Protocol):
    """Whoever makes papers that are owed."""

    async def make_waiting(self, at: datetime) -> bool: ...


async def watch(papers: Owing, clock: Clock | None = None) -> None:
    """Make what somebody asks for at a door that holds no key, and what waits for a seal that was away."""
    clock = clock or SystemClock()
    while True:
        rest = LOOK_EVERY
        try:
            if not await papers.make_waiting(clock.now()):
                rest = REST
        except (OSError, TimeoutError) as error:
            logger.warning("could not look for papers", extra={"reason": type(error).__name__})
        await asyncio.sleep(rest)
