"""The wiring of signatures, apart from the other one: whoever checks a file need not load planner and engine."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from adapters.signing.authority import LocalAuthority
from adapters.signing.desk import SigningDesk, open_desk
from adapters.signing.trust import Trust, read_certificates, read_crls
from adapters.signing.verifier import Verifier
from domain.mutation.decree_record import DecreeRecord, hold_against, of_extract, without_record
from domain.signing import Check, Unsignable
from runtime.clock import Clock, SystemClock

__all__ = ["NoRoots", "SigningDesk", "Unsignable", "check_decree", "desk_of", "open_signing", "trusted"]


logger = logging.getLogger(__name__)


class NoRoots(Exception):
    """Nobody is believed: no roots are given, and the stack made none of its own."""


def open_signing(
    data: Path, clock: Clock, stamps_at: str | None = None
) -> AbstractAsyncContextManager[SigningDesk]:
    """Open who signs, of a data directory; with its own time stamps, unless another server's are named."""
    return open_desk(authority_of(data), clock.now, stamps_at)


@asynccontextmanager
async def desk_of(data: Path) -> AsyncIterator[SigningDesk | None]:
    """Open a worker's desk; where its keys cannot be kept there is none: decrees wait, and all else goes on."""
    async with AsyncExitStack() as stack:
        desk = None
        try:
            desk = await stack.enter_async_context(open_signing(data, SystemClock()))
        except OSError as error:
            logger.warning("nobody signs decrees here", extra={"reason": str(error)})
        yield desk


def authority_of(data: Path) -> Path:
    """Return where the embedded stack keeps its own certificates and keys."""
    return data / "signing"


def trusted(data: Path, roots: Sequence[Path], crls: Sequence[Path] = ()) -> Trust:
    """Return whom to believe: these roots, or else the embedded stack's; raises NoRoots, OSError and Unsignable."""
    revoked = tuple(one for file in crls for one in read_crls(file))
    if roots:
        return Trust(tuple(one for file in roots for one in read_certificates(file)), crls=revoked)
    home = authority_of(data)
    if not home.is_dir():
        raise NoRoots(f"no roots to believe: {home} is not there; name some with --roots FILE.pem")
    own = LocalAuthority(home).trust()
    return Trust(own.roots, own.others, (*own.crls, *revoked))


async def check_decree(
    pdf: bytes, at: datetime, trust: Trust, record: DecreeRecord | None
) -> tuple[Check, ...]:
    """Check a signed decree, and hold it against its record; of an extract, say what it is and of which decree."""
    read = await Verifier(trust).check(pdf, at)
    if read.described and read.described.is_extract:
        told = read.checks if read.signed else read.checks[:1]
        return (*told, *of_extract(record, read.described, signed=read.signed))
    if not read.signed:
        return (*read.checks, *(hold_against(record, pdf, None) if record else without_record(None)))
    compared = hold_against(record, pdf, read.described) if record else without_record(read.described)
    return (*read.checks, *compared)
