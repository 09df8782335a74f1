"""Signs sample decrees as their registry would: at the embedded desk, in a directory made for the occasion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from adapters.signing.desk import SigningDesk, open_desk
from domain.mutation.decree import Decree
from domain.mutation.decree_record import DecreeRecord, record_decree
from domain.signing import SignatureAsk, Signed
from lab.sample_decrees import SIGNED_AT


@asynccontextmanager
async def sample_desk(
    home: Path, now: Callable[[], datetime] = lambda: SIGNED_AT
) -> AsyncIterator[SigningDesk]:
    """Open a desk whose clock stands where the sample decrees are signed."""
    async with open_desk(home, now) as desk:
        yield desk


async def sign_decree(desk: SigningDesk, decree: Decree, rendered: bytes) -> tuple[Signed, DecreeRecord]:
    """Sign what was typeset of a decree, and make its record."""
    signed = await desk.signer(decree.authority).sign(rendered, ask_for(decree))
    return signed, record_decree(decree, rendered, signed)


def ask_for(decree: Decree) -> SignatureAsk:
    """Ask for the signature under a decree."""
    return SignatureAsk(
        paper_id=decree.decree_id,
        reason="Penetapan Keputusan",
        place=decree.signed_place,
        at=decree.signed_at,
    )
