"""Keys that can sign at once. Where a key lies is its own business: these bytes go in, a raw signature comes out."""

from __future__ import annotations

import re
from typing import Protocol

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.signing.certificates import Holder
from domain.signing import Unsignable


def key_name(office: str) -> str:
    """Return what the key of an office is called where keys lie: "Wali Kota Kupang" is wali-kota-kupang."""
    name = re.sub(r"[^a-z0-9]+", "-", office.lower()).strip("-")
    if not name:
        raise Unsignable(f"an office that signs needs a name, got {office!r}")
    return name


class Key(Protocol):
    """Holds a private key and shows its certificate."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of this key."""

    def sign(self, attributes: bytes) -> bytes:
        """Return the raw signature (of SHA-256) of these bytes; blocks. Raises SigningAway."""


class FileKey:
    """A key that was read from a file."""

    def __init__(self, holder: Holder) -> None:
        self._key = holder.key
        self._certificate = x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of this key."""
        return self._certificate

    def sign(self, attributes: bytes) -> bytes:
        """Return the signature of these bytes."""
        return self._key.sign(attributes, ec.ECDSA(hashes.SHA256()))
