"""A time-stamp authority (RFC 3161): says that a hash existed at an instant, and signs that.

pyHanko's own stamper is for tests and RSA alone; this one has a clock, an EC key and refusals as the RFC has them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.signing.certificates import Holder

POLICY = "2.25.305821105408246119474742976030998643995"
"""Ours: an identifier made from a UUID, which nobody assigns."""

_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}

Now = Callable[[], datetime]


class Stamper:
    """Answers requests for time stamps."""

    def __init__(self, holder: Holder, now: Now) -> None:
        self._key = holder.key
        self._certificate = x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))
        self._now = now

    def answer(self, request: bytes) -> bytes:
        """Answer one request, in DER; what cannot be stamped is answered with the reason, as the RFC has it."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            asked.native  # noqa: B018 - decodes every part of it, or raises
        except (ValueError, TypeError, KeyError):
            return _refused("bad_data_format", "the request is no TimeStampReq")
        imprint = asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        if algorithm not in _DIGESTS:
            return _refused("bad_alg", f"the hash algorithm {algorithm} is not stamped")
        if len(imprint["hashed_message"].native) != _DIGESTS[algorithm]:
            return _refused("bad_data_format", f"the hash has not the length of {algorithm}")
        if asked["req_policy"].native not in (None, POLICY):
            return _refused("unaccepted_policy", "that policy is not ours")
        return self._granted(asked)

    def _granted(self, asked: tsp.TimeStampReq) -> bytes:
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(127),
            "gen_time": self._now().astimezone(UTC).replace(microsecond=0),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "ordering": False,
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"]
        said = tsp.TSTInfo(info).dump()
        token = cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": self._signed(said, with_certificate=bool(asked["cert_req"].native)),
            }
        )
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed(self, said: bytes, *, with_certificate: bool) -> cms.SignedData:
        digest = algos.DigestAlgorithm({"algorithm": "sha256"})
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", _sha256(said)),
                _attribute("signing_certificate_v2", self._own_certificate()),
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": {
                            "issuer": self._certificate.issuer,
                            "serial_number": self._certificate.serial_number,
                        }
                    }
                ),
                "digest_algorithm": digest,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        data = {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(said)},
            "signer_infos": [signer],
        }
        if with_certificate:
            data["certificates"] = [self._certificate]
        return cms.SignedData(data)

    def _own_certificate(self) -> tsp.SigningCertificateV2:
        return tsp.SigningCertificateV2({"certs": [{"cert_hash": _sha256(self._certificate.dump())}]})


class _Refusal(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """An answer without a token, which asn1crypto's own class takes for incomplete."""

    _fields = [("status", tsp.PKIStatusInfo)]  # noqa: RUF012 - asn1crypto completes this list


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _refused(reason: str, words: str) -> bytes:
    status = {"status": "rejection", "fail_info": {reason}, "status_string": [words]}
    return bytes(_Refusal({"status": status}).dump())


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()
