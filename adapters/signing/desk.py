"""The embedded default: an authority in the data directory, time stamps on loopback, and whoever signs for an office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.signing.authority import LocalAuthority
from adapters.signing.keys import FileKey
from adapters.signing.pades import KeySigner, Pades
from adapters.signing.stamp_server import stamp_server
from adapters.signing.stamping import Now, Stamper


class SigningDesk:
    """Signs for the offices of one authority, with the stamps of one server."""

    def __init__(self, authority: LocalAuthority, stamps_at: str, now: Now) -> None:
        self.authority = authority
        self.stamps_at = stamps_at
        self._now = now

    def signer(self, office: str) -> KeySigner:
        """Return who signs at once for an office."""
        return KeySigner(self.key(office), self.authority.trust(), self.stamps_at)

    def halves(self, office: str) -> Pades:
        """Return the two halves of a signature for an office, whose key is asked in between."""
        return Pades(self.key(office).certificate, self.authority.trust(), self.stamps_at)

    def key(self, office: str) -> FileKey:
        """Return the key of an office; it is made and certified at the first call."""
        return FileKey(self.authority.signer(office, self._now()))


@asynccontextmanager
async def open_desk(home: Path, now: Now, stamps_at: str | None = None) -> AsyncIterator[SigningDesk]:
    """Open the authority of this directory, made at the first call; serve its time stamps, unless others' are named."""
    authority = LocalAuthority.open(home, now())
    if stamps_at:
        yield SigningDesk(authority, stamps_at, now)
        return
    async with stamp_server(Stamper(authority.stamper(), now)) as address:
        yield SigningDesk(authority, address, now)
