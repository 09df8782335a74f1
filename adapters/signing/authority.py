"""The local certificate authority: made once in a directory, for the embedded stack, and not for production.

Its keys lie beside its certificates in files that only their owner may read; whoever can read them can sign as anybody.
A government takes certificates of its national authority (BSrE) instead, and gives their roots to whoever checks.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from adapters.signing import certificates
from adapters.signing.certificates import Holder, PublicKey
from adapters.signing.keys import key_name
from adapters.signing.trust import Trust, read_certificates, read_crls

_NOTE = """These keys were made by Siaga for its embedded stack. NOT FOR PRODUCTION.

Whoever can read them can sign as anybody whom they certify. root.crt is what a reader must believe
for signatures and time stamps below it to be valid.
"""


class LocalAuthority:
    """A directory with a root, an intermediate below it, a time-stamp authority, and a signer an office."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @classmethod
    def open(cls, home: Path, at: datetime) -> LocalAuthority:
        """Return the authority of this directory; it is made, whole or not at all, where there is none yet."""
        authority = cls(home)
        home.parent.mkdir(parents=True, exist_ok=True)
        with _alone(home.parent):
            if not home.exists():
                authority._make(at)
        return authority

    @property
    def root(self) -> Path:
        """Where the root lies that readers must believe."""
        return self._home / "root.crt"

    def trust(self) -> Trust:
        """Return the root that is believed, and what leads to it; raises OSError where nothing was made yet."""
        roots = read_certificates(self.root)
        others = read_certificates(self._home / "intermediate.crt")
        crls = [read_crls(self._home / f"{name}.crl") for name in ("root", "intermediate")]
        return Trust(roots, others, (*crls[0], *crls[1]))

    def stamper(self) -> Holder:
        """Return the time-stamp authority."""
        return _read(self._home, "stamps")

    def signer(self, office: str, at: datetime) -> Holder:
        """Return who signs for an office at an instant: certified at the first call, and anew once that has run out."""
        name = f"signer-{key_name(office)}"
        with _alone(self._home):
            known = _read(self._home, name) if (self._home / f"{name}.crt").exists() else None
            if known and at < known.certificate.not_valid_after_utc:
                return known
            made = certificates.new_signer(_read(self._home, "intermediate"), office, at)
            _write(self._home, name, made)
        return made

    def chain(self, office: str, at: datetime) -> bytes:
        """Return, as PEM, the certificate of whoever signs for an office, what leads to the root, and revocation lists."""
        own = self.signer(office, at).certificate.public_bytes(Encoding.PEM)
        rest = ("intermediate.crt", "root.crl", "intermediate.crl")
        return own + b"".join((self._home / name).read_bytes() for name in rest)

    def certify(self, office: str, key: PublicKey, at: datetime) -> x509.Certificate:
        """Certify a key that was made elsewhere to sign for an office; nothing of it is kept here."""
        return certificates.certify(_read(self._home, "intermediate"), office, key, at)

    def revoke(self, certificate: x509.Certificate, since: datetime, at: datetime) -> None:
        """Say from now on that this signer or stamper is not to be believed since an instant."""
        intermediate = _read(self._home, "intermediate")
        known = x509.load_pem_x509_crl((self._home / "intermediate.crl").read_bytes())
        revoked = [(one.serial_number, one.revocation_date_utc) for one in known]
        crl = certificates.new_crl(intermediate, at, [*revoked, (certificate.serial_number, since)])
        _replace(self._home / "intermediate.crl", crl.public_bytes(Encoding.PEM), 0o644)

    def _make(self, at: datetime) -> None:
        half = self._home.with_name(f"{self._home.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        root = certificates.new_root(at)
        intermediate = certificates.new_intermediate(root, at)
        stamper = certificates.new_stamper(intermediate, at)
        for name, holder in (("root", root), ("intermediate", intermediate), ("stamps", stamper)):
            _write(half, name, holder)
        for name, holder in (("root", root), ("intermediate", intermediate)):
            crl = certificates.new_crl(holder, at)
            _replace(half / f"{name}.crl", crl.public_bytes(Encoding.PEM), 0o644)
        _replace(half / "NOT-FOR-PRODUCTION.txt", _NOTE.encode(), 0o644)
        half.rename(self._home)


def _read(home: Path, name: str) -> Holder:
    key = load_pem_private_key((home / f"{name}.key").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Holder(x509.load_pem_x509_certificate((home / f"{name}.crt").read_bytes()), key)


def _write(home: Path, name: str, holder: Holder) -> None:
    # The key first: a certificate that is there says that the key is.
    _replace(home / f"{name}.key", holder.key_pem(), 0o600)
    _replace(home / f"{name}.crt", holder.certificate.public_bytes(Encoding.PEM), 0o644)


def _replace(file: Path, content: bytes, mode: int) -> None:
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as writer:
        writer.write(content)
    half.replace(file)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder itself as the lock: worker, time-stamp server and command line may come at once."""
    door = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)
