"""The electronic seal (segel elektronik) of a government: its own word, and no person's, that a paper is what its registry made.

Papers that follow from what somebody has decided bear it. Nobody is asked before it is set, so it costs no wait for a person;
where its key is out of reach the paper is not there yet, and everything else goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.signing import Prepared, Signed

_SEAL = "Segel Elektronik "


def seal_holder(government_id: str) -> str:
    """Return what the key of a government's seal is called, where keys are called after offices.

    After its id, which stays when it is called otherwise: `Segel Elektronik Kota Kupang` of `kota-kupang`.
    """
    return f"{_SEAL}{government_id.replace('-', ' ').title()}"


def is_seal(office: str) -> bool:
    """Say whether a key is a government's seal, by what it is called."""
    return office.startswith(_SEAL)


@dataclass(frozen=True, kw_only=True)
class SealAsk:
    """A seal that is asked for: whose, for what, where, and as of when; no name is in it."""

    government_id: str
    reason: str
    place: str
    at: datetime


class SealAway(Exception):
    """The seal could not be set now; the text says why, in one line. Trying again later may do: nothing was written."""


class Unsealable(Exception):
    """The key will not seal; the text says why, in one line. It is not tried by itself: a token locks itself after a few times."""


class Seals(Protocol):
    """Whoever seals papers."""

    async def seal(self, pdf: bytes, ask: SealAsk) -> Signed:
        """Seal a paper, within seconds; raises SealAway, and Unsealable."""


class SealBook(Protocol):
    """What a service is asked to seal, while it has not answered."""

    async def prepared(self, paper_sha256: str) -> Prepared | None:
        """Return what it is asked for a paper, if it is."""

    async def keep(self, government_id: str, prepared: Prepared) -> Prepared:
        """Keep what it is asked for a government, once a paper; return what is kept."""

    async def forget(self, paper_sha256: str) -> None:
        """Forget what it was asked: the paper is sealed, or what was asked will not be answered."""
