"""What signing a paper takes and gives, whoever holds the key, and what is said of a signed file when it is checked.

The key may be a file's, a hardware module's, or a service's far away that answers in days. So signing has two halves:
`Prepared` is everything that must be kept between them, and it is small, printable and holds no personal data.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class SignatureAsk:
    """A signature that is asked for: on which paper (by its opaque id), why, where, and when it was decided.

    `at` is what the signature claims; when it was made, its time stamp says.
    """

    paper_id: str
    reason: str
    place: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A paper that waits for its signature.

    `attributes` (base64 of DER) are the very bytes to be signed: they name the paper's digest and the certificate.
    `tail` (base64, compressed) is what was added to the paper to hold the signature; its place is `hole`.
    """

    paper_id: str
    paper_sha256: str
    attributes: str
    tail: str
    hole: tuple[int, int]

    @property
    def to_sign(self) -> bytes:
        """The bytes that the key is asked to sign (their SHA-256, where it takes a hash)."""
        return base64.b64decode(self.attributes)


@dataclass(frozen=True)
class SignatureWanted:
    """A signature that a service is asked for: until when it may come, and the code of why it will not, once it is known.

    `prepared` is None until the service has said whose certificate it is.
    """

    prepared: Prepared | None
    until: datetime
    refusal: str | None = None


@dataclass(frozen=True)
class Signed:
    """A signed file. A record keeps its hash: a signature alone does not notice every change of its own bytes."""

    pdf: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash of the whole file, in hex."""
        return hashlib.sha256(self.pdf).hexdigest()


class Unsignable(Exception):
    """The paper cannot be signed so; the text says which and why, in one line. Trying again gives the same."""


class SignatureRefused(Exception):
    """Whoever holds the key will not sign this paper; the text says so in one line."""


class SigningAway(Exception):
    """The time-stamp server or the key is out of reach; the text says which. Trying again later may do."""


class CheckName(StrEnum):
    """What is asked of a signed file, in this order."""

    READABLE = "readable"
    PAPER = "paper"
    SIGNATURE = "signature"
    TRUST = "trust"
    TIME_STAMP = "time stamp"
    ARCHIVE = "archive stamp"
    COVERAGE = "coverage"
    FACTS = "facts"
    FILE = "file"
    RENDERED = "rendered"
    NUMBER = "number"


@dataclass(frozen=True)
class Check:
    """One question and its answer, in words; None where it could not be asked, and the words say why."""

    name: CheckName
    holds: bool | None
    said: str

    @classmethod
    def right(cls, name: CheckName, said: str) -> Check:
        """Answer yes."""
        return cls(name, holds=True, said=said)

    @classmethod
    def wrong(cls, name: CheckName, said: str) -> Check:
        """Answer no."""
        return cls(name, holds=False, said=said)

    @classmethod
    def unasked(cls, name: CheckName, said: str) -> Check:
        """Say why it could not be asked."""
        return cls(name, holds=None, said=said)


def sound(checks: tuple[Check, ...]) -> bool:
    """Say whether nothing that could be asked was answered with no, and something could be."""
    return bool(checks) and all(one.holds is not False for one in checks)
