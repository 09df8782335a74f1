"""Who is believed: roots, the certificates below them, and what is known to be revoked. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import crl, pem, x509
from pyhanko_certvalidator import ValidationContext

from domain.signing import Unsignable

_KINDS = {"CERTIFICATE": x509.Certificate, "X509 CRL": crl.CertificateList}


@dataclass(frozen=True)
class Trust:
    """Roots that are believed, and what helps to lead others to them."""

    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()

    def __or__(self, other: Trust) -> Trust:
        """Believe whom either believes."""
        return Trust(self.roots + other.roots, self.others + other.others, self.crls + other.crls)

    def context(
        self,
        at: datetime,
        *,
        others: Iterable[x509.Certificate] = (),
        crls: Iterable[crl.CertificateList] = (),
    ) -> ValidationContext:
        """Return the question "was it valid at that instant?", to be asked of certificates below these roots."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=[*self.others, *others],
            crls=[*self.crls, *crls],
            moment=at,
            allow_fetching=False,
            # A certificate of which nobody says that it is not revoked is not believed.
            revocation_mode="require",
        )


def read_trust(file: Path) -> Trust:
    """Return whom a PEM file says to believe: roots, which sign themselves, what leads to them, and revocation lists.

    Raises OSError, and Unsignable where there is no root in it.
    """
    data = file.read_bytes()
    found = certificates_in(data)
    roots = tuple(one for one in found if one.self_issued)
    if not roots:
        raise Unsignable(f"{file}: no root certificate in it; expected PEM")
    return Trust(roots, tuple(one for one in found if not one.self_issued), crls_in(data))


def certificates_in(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM, in its order; none where it is no PEM."""
    return tuple(one for one in _blocks(data) if isinstance(one, x509.Certificate))


def crls_in(data: bytes) -> tuple[crl.CertificateList, ...]:
    """Return the revocation lists of a PEM; none where it is no PEM."""
    return tuple(one for one in _blocks(data) if isinstance(one, crl.CertificateList))


def read_certificates(file: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM file; raises OSError, and Unsignable where it holds none."""
    found = certificates_in(file.read_bytes())
    if not found:
        raise Unsignable(f"{file}: no certificate in it; expected PEM")
    return found


def read_crls(file: Path) -> tuple[crl.CertificateList, ...]:
    """Return the revocation lists of a PEM file; raises OSError, and Unsignable where it holds none."""
    found = crls_in(file.read_bytes())
    if not found:
        raise Unsignable(f"{file}: no revocation list in it; expected PEM")
    return found


def _blocks(data: bytes) -> list[x509.Certificate | crl.CertificateList]:
    try:
        blocks = list(pem.unarmor(data, multiple=True))
        return [_KINDS[kind].load(der, strict=True) for kind, _, der in blocks if kind in _KINDS]
    except ValueError:
        return []
