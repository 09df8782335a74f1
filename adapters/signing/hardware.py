"""A key in a hardware module (PKCS#11): it never leaves the module, which is asked to sign.

A session is opened for each signature and closed again: modules forget logins when they are restarted or pulled out, and
a signature a minute is many.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pkcs11
from asn1crypto import x509
from pkcs11 import PKCS11Error, Session
from pkcs11.exceptions import PinIncorrect, PinLocked
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from adapters.signing.keys import key_name
from adapters.signing.pades import KeySigner
from adapters.signing.trust import Trust, read_certificates
from domain.signing import SigningAway, Unsignable


@dataclass(frozen=True, kw_only=True)
class Token:
    """Where a key is: the module's library, the token in it, the key on that, and the PIN that opens it."""

    library: str
    token: str
    key: str = ""
    pin: str = field(repr=False)


# A process is logged in to a token or not, whatever the number of its sessions: the first to close would end them all.
_ONE_AT_A_TIME = threading.Lock()


class HardwareKey:
    """A key of a token, with the certificate that was given for it."""

    def __init__(self, token: Token, certificate: x509.Certificate) -> None:
        self._token = token
        self._certificate = certificate

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of this key."""
        return self._certificate

    def sign(self, attributes: bytes) -> bytes:
        """Have these bytes signed; raises SigningAway, and Unsignable where the token will never do it."""
        token = self._token
        where = f"key {token.key!r} of token {token.token!r}"
        with _ONE_AT_A_TIME:
            try:
                return self._signed(attributes)
            except (PinIncorrect, PinLocked):
                # Never tried again by itself: a token locks itself after a few wrong ones.
                raise Unsignable(f"{where}: the PIN is wrong, or locked") from None
            except (PKCS11Error, OSError, RuntimeError) as error:
                _begin_anew(token.library)
                said = " ".join(str(error).split()) or type(error).__name__
                raise SigningAway(f"{where}: {said}") from None

    def _signed(self, attributes: bytes) -> bytes:
        with _session(self._token) as session:
            # Raw: few modules hash for ECDSA themselves, so pyHanko does it first.
            raw = self._certificate.public_key.algorithm == "ec"
            signer = PKCS11Signer(
                session,
                signing_cert=self._certificate,
                key_label=self._token.key,
                use_raw_mechanism=raw,
                other_certs_to_pull=(),
            )
            return asyncio.run(signer.async_sign_raw(attributes, "sha256"))


@dataclass(frozen=True)
class HardwareDesk:
    """Signs for every office with the keys of one token; `key_name` says how the key of an office is called there.

    Its certificate lies under the same name in `certificates`. `token` names no key; whom to believe is read each time,
    for revocation lists are brought anew.
    """

    token: Token
    certificates: Path
    trust: Callable[[], Trust]
    stamps_at: str

    def signer(self, office: str) -> KeySigner:
        """Return who signs at once for an office; raises Unsignable where there is no certificate for it."""
        name = key_name(office)
        file = self.certificates / f"{name}.pem"
        try:
            own, *others = read_certificates(file)
        except OSError as error:
            raise Unsignable(f"no certificate of {office!r}: {file}: {error.strerror}") from None
        key = HardwareKey(replace(self.token, key=name), own)
        return KeySigner(key, self.trust() | Trust((), tuple(others)), self.stamps_at)


def _session(token: Token) -> Session:
    criteria = TokenCriteria(label=token.token)
    return open_pkcs11_session(token.library, token_criteria=criteria, user_pin=token.pin)


def _begin_anew(library: str) -> None:
    """Let the library go, so that it is asked from the beginning next time: a token that was pulled out it never sees again else."""
    with suppress(PKCS11Error, OSError, RuntimeError):
        pkcs11.lib(library).finalize()
