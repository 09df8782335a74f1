"""The wiring of signatures, apart from the other one: whoever checks a file need not load planner and engine."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from adapters.signing.authority import LocalAuthority
from adapters.signing.desk import SigningDesk, open_desk
from adapters.signing.hardware import HardwareDesk, Token
from adapters.signing.remote import RemoteDesk, open_service
from adapters.signing.trust import Trust, read_certificates, read_crls, read_trust
from adapters.signing.verifier import Verifier
from domain.mutation.decree_record import DecreeRecord, hold_against, of_extract, without_record
from domain.ports import Signers
from domain.signing import Check, Unsignable
from runtime.clock import Clock, SystemClock
from runtime.settings import Settings, SettingsError

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
async def desk_of(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Signers | None]:
    """Open a worker's desk, as the settings say where keys are; where there can be none, decrees wait, and all else goes on."""
    async with AsyncExitStack() as stack:
        desk: Signers | None = None
        try:
            desk = await _desk(settings, clock or SystemClock(), stack)
        except (OSError, Unsignable, SettingsError) as error:
            logger.warning("nobody signs decrees here", extra={"reason": str(error)})
        yield desk


async def _desk(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Signers:
    """Keys of a service, or of a hardware module, or the embedded ones; stamps of a server that is named, or our own."""
    own = await stack.enter_async_context(open_signing(settings.data, clock, settings.stamps_url))
    if not settings.signing_url and not settings.token_library:
        return own

    def trust() -> Trust:
        # Our own stamps are believed by whoever believes us; others' lead to a root of the file.
        ours = Trust(()) if settings.stamps_url else own.authority.trust()
        return read_trust(settings.need_signing_trust()) | ours

    trust()  # what is wrong with the file is said at the start
    if settings.signing_url:
        way = open_service(settings.signing_url, settings.need_signing_token())
        return RemoteDesk(await stack.enter_async_context(way), trust, own.stamps_at)
    assert settings.token_library is not None
    label, pin = settings.need_token()
    token = Token(library=str(settings.token_library), token=label, pin=pin)
    return HardwareDesk(token, settings.need_token_certificates(), trust, own.stamps_at)


def authority_of(data: Path) -> Path:
    """Return where the embedded stack keeps its own certificates and keys."""
    return data / "signing"


def trusted(settings: Settings, roots: Sequence[Path], crls: Sequence[Path] = ()) -> Trust:
    """Return whom to believe: these roots, or else those that this house signs under.

    Raises NoRoots, OSError and Unsignable.
    """
    revoked = Trust((), crls=tuple(one for file in crls for one in read_crls(file)))
    if roots:
        return Trust(tuple(one for file in roots for one in read_certificates(file))) | revoked
    named = read_trust(settings.signing_trust) if settings.signing_trust else Trust(())
    home = authority_of(settings.data)
    own = LocalAuthority(home).trust() if home.is_dir() else Trust(())
    if not (named | own).roots:
        raise NoRoots(f"no roots to believe: {home} is not there; name some with --roots FILE.pem")
    return named | own | revoked


async def check_decree(
    pdf: bytes, at: datetime, trust: Trust, record: DecreeRecord | None
) -> tuple[Check, ...]:
    """Check a signed paper, and hold it against its record; of an extract, say what it is and of which decree."""
    read = await Verifier(trust).check(pdf, at)
    if read.described and read.described.is_extract:
        told = read.checks if read.signed else read.checks[:1]
        return (*told, *of_extract(record, pdf, read.described, signed=read.signed))
    if not read.signed:
        return (*read.checks, *(hold_against(record, pdf, None) if record else without_record(None)))
    compared = hold_against(record, pdf, read.described) if record else without_record(read.described)
    return (*read.checks, *compared)
