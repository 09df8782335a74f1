"""Makes certificates and revocation lists: what the local authority hands out. Its own keys are EC P-256."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_YEAR = timedelta(days=365.25)
_SLACK = timedelta(days=1)  # a drill's clock, or another machine's, may stand a little earlier
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
ORGANISATION = "Siaga, NOT FOR PRODUCTION"


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def key_pem(self) -> bytes:
        """The key in PEM, not encrypted: it belongs in a file of mode 0600."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def new_root(at: datetime) -> Holder:
    """Make a root of thirty years, which signs itself; no two have one name, so that readers keep them apart."""
    return _issue(_name(f"Root {secrets.token_hex(4)}"), at, 30, None, authority=True, path_length=1)


def new_intermediate(root: Holder, at: datetime) -> Holder:
    """Make an authority of twenty-nine years below the root."""
    return _issue(_name(f"Intermediate {secrets.token_hex(4)}"), at, 29, root, authority=True, path_length=0)


def new_signer(authority: Holder, holder: str, at: datetime, years: float = 3) -> Holder:
    """Make whoever signs papers; `holder` is the office, never a person's name."""
    return _issue(_name(holder), at, years, authority)


def certify(
    authority: Holder, holder: str, key: PublicKey, at: datetime, years: float = 3
) -> x509.Certificate:
    """Certify a key that was made elsewhere, as in a hardware module, to sign for an office."""
    return _built(_name(holder), key, at, years, authority).sign(authority.key, hashes.SHA256())


def new_stamper(authority: Holder, at: datetime) -> Holder:
    """Make a time-stamp authority of fifteen years: its stamps carry a signature past the signer's own end."""
    return _issue(_name("Time stamps"), at, 15, authority, stamps=True)


def new_crl(
    authority: Holder, at: datetime, revoked: Iterable[tuple[int, datetime]] = ()
) -> x509.CertificateRevocationList:
    """Make the authority's revocation list, of serial numbers and since when; it stays the newest until another one is made."""
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(at - _SLACK)
        .next_update(authority.certificate.not_valid_after_utc)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(_key_id(authority), critical=False)
    )
    for serial, since in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        made = made.add_revoked_certificate(entry.build())
    return made.sign(authority.key, hashes.SHA256())


def _issue(
    subject: x509.Name,
    at: datetime,
    years: float,
    issuer: Holder | None,
    *,
    authority: bool = False,
    path_length: int | None = None,
    stamps: bool = False,
) -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _built(
        subject,
        key.public_key(),
        at,
        years,
        issuer,
        authority=authority,
        path_length=path_length,
        stamps=stamps,
    )
    return Holder(made.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _built(
    subject: x509.Name,
    key: PublicKey,
    at: datetime,
    years: float,
    issuer: Holder | None,
    *,
    authority: bool = False,
    path_length: int | None = None,
    stamps: bool = False,
) -> x509.CertificateBuilder:
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _SLACK)
        .not_valid_after(at + years * _YEAR)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(_usage(authority=authority, stamps=stamps), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
    if issuer:
        built = built.add_extension(_key_id(issuer), critical=False)
    if stamps:  # RFC 3161: this use alone, and critical
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return built


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _key_id(issuer: Holder) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _usage(*, authority: bool, stamps: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority and not stamps,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
