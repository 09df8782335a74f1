"""Telling a signing service that nobody waits any more for what it was asked to sign."""

import asyncio

from temporalio import activity

from domain.mutation.ports import DecreeBook
from domain.ports import RemoteSigner, Signers
from domain.signing import Prepared, SigningAway
from schemas.mutation import VoidDecree

_WITHIN = 5.0
"""Seconds: the case that gives it up waits for this, and must not for long."""


async def tell_service(book: DecreeBook, signers: Signers | None, ask: VoidDecree) -> None:
    """Tell it once, as well as it goes, and keep whether it took it: a late signature signs nothing either way."""
    prepared = await book.given_up(ask.decree_id)
    if prepared is None:
        return
    office = (await book.draft(ask.decree_id)).authority
    await book.note_given_up(ask.decree_id, ask.at, told=await _taken(signers, office, prepared))


async def _taken(signers: Signers | None, office: str, prepared: Prepared) -> bool:
    signer = signers.signer(office) if signers else None
    if not isinstance(signer, RemoteSigner):
        return False
    try:
        async with asyncio.timeout(_WITHIN):
            await signer.cancel(prepared)
    except (SigningAway, TimeoutError) as error:
        activity.logger.warning("signing service was not told", extra={"reason": str(error)})
        return False
    return True
