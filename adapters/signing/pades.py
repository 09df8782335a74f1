"""Signatures in a PDF that outlive their certificates (PAdES B-LTA), in two halves.

`prepare` makes room in the paper and says which bytes are to be signed; whoever has the key signs them, at once or in a
week; `finish` puts the signature in its place and adds what a reader will need in ten years: a time stamp on the
signature, the certificates and revocation lists of today, and a time stamp over all of it.

The paper itself is not kept between the halves: it is given again, and must be the same.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import zlib
from datetime import datetime

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    PdfTBSDocument,
    PostSignInstructions,
    PreSignValidationStatus,
    TimestampDSSContentSettings,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleCertificateStore

from adapters.signing.keys import Key
from adapters.signing.stamps import Stamps
from adapters.signing.trust import Trust
from adapters.signing.verifier import Verifier
from domain.signing import Prepared, SignatureAsk, Signed, Unsignable

_DIGEST = "sha256"
_ROOM = 32 * 1024
"""Hex digits for the signature, its certificates and its time stamp. What stays empty compresses away."""
_BEFORE_THE_STAMP = DSSContentSettings(
    include_vri=False,
    next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
)
"""Nothing follows the last stamp: so it covers the file to its end, and whatever is appended shows."""


class Pades:
    """Signs papers for one certificate, with the time stamps of one server."""

    def __init__(self, certificate: x509.Certificate, trust: Trust, stamps_at: str) -> None:
        self._certificate = certificate
        self._trust = trust
        self._stamps_at = stamps_at

    async def prepare(self, pdf: bytes, ask: SignatureAsk) -> Prepared:
        """Make room for a signature; raises Unsignable."""
        # In a thread with a loop of its own: pyHanko works for a tenth of a second between its awaits.
        return await asyncio.to_thread(asyncio.run, self._prepare(pdf, ask))

    async def finish(self, pdf: bytes, prepared: Prepared, signature: bytes) -> Signed:
        """Put the raw signature in its place, and stamp it; raises Unsignable, and SigningAway without a stamp."""
        return await asyncio.to_thread(asyncio.run, self._finish(pdf, prepared, signature))

    async def _prepare(self, pdf: bytes, ask: SignatureAsk) -> Prepared:
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            name = f"TTE{1 + len(list(enumerate_sig_fields(writer.prev)))}"
        except (PdfError, ValueError) as error:
            raise Unsignable(f"{ask.paper_id}: no PDF that can be signed: {_line(error)}") from None
        signer = self._external(b"")
        asked = PdfSignatureMetadata(
            field_name=name,
            md_algorithm=_DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            reason=ask.reason,
            location=ask.place,
        )
        session = PdfSigner(asked, signer, new_field_spec=SigFieldSpec(name, on_page=0)).init_signing_session(
            writer
        )
        session.system_time = ask.at
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_ROOM)
        digest, output = document.digest_tbs_document()
        attributes = await signer.signed_attrs(digest.document_digest, _DIGEST, use_pades=True)
        output.seek(len(pdf))
        return Prepared(
            paper_id=ask.paper_id,
            paper_sha256=hashlib.sha256(pdf).hexdigest(),
            attributes=_packed(attributes.dump()),
            tail=_packed(zlib.compress(output.read(), 9)),
            hole=(digest.reserved_region_start, digest.reserved_region_end),
        )

    async def _finish(self, pdf: bytes, prepared: Prepared, signature: bytes) -> Signed:
        attributes = cms.CMSAttributes.load(prepared.to_sign)
        output, digest = _room(pdf, prepared, attributes)
        if not _fits(self._certificate, signature, prepared.to_sign):
            raise Unsignable(f"{prepared.paper_id}: the signature does not fit the paper and the certificate")
        stamps = Stamps(self._stamps_at, prepared.paper_id)
        signed = await self._external(signature).async_sign_prescribed_attributes(
            _DIGEST, attributes, timestamper=stamps
        )
        if len(signed.dump()) * 2 > digest.reserved_region_end - digest.reserved_region_start - 2:
            raise Unsignable(
                f"{prepared.paper_id}: signature, certificates and stamp need more room than was made"
            )
        # The stamp's time is when the signature came to be, whatever this machine's clock says.
        context = self._trust.context(stamps.said)
        try:
            instructions = await self._instructions(stamps, context)
            await PdfTBSDocument.async_finish_signing(output, digest, signed, instructions, context)
        except (PathError, ValidationError) as error:
            raise Unsignable(f"{prepared.paper_id}: a certificate is not trusted: {_line(error)}") from None
        return await self._sound(Signed(output.getvalue()), prepared.paper_id, stamps.said)

    async def _sound(self, signed: Signed, paper_id: str, at: datetime) -> Signed:
        """Hand nothing out that a reader would not believe: a server may have stamped something else."""
        read = await Verifier(self._trust).check(signed.pdf, at)
        if wrong := [one.said for one in read.checks if one.holds is False]:
            raise Unsignable(f"{paper_id}: the signed file would not hold: {wrong[0]}")
        return signed

    async def _instructions(self, stamps: Stamps, context: ValidationContext) -> PostSignInstructions:
        """Gather what a reader will need of certificates and revocation lists, and ask for the last stamp."""
        leading = CertificateValidator(self._certificate, validation_context=context)
        own: ValidationPath = await leading.async_validate_usage({"non_repudiation"})  # type: ignore[no-untyped-call]
        theirs = stamps.validation_paths(context)  # type: ignore[no-untyped-call]
        paths = [own, *[path async for path in theirs]]
        gathered = PreSignValidationStatus(signer_path=own, validation_paths=paths)
        return PostSignInstructions(
            gathered, timestamper=stamps, timestamp_md_algorithm=_DIGEST, dss_settings=_BEFORE_THE_STAMP
        )

    def _external(self, signature: bytes) -> ExternalSigner:
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        known.register_multiple([self._certificate, *self._trust.others])
        return ExternalSigner(self._certificate, known, signature_value=signature, embed_roots=False)


class KeySigner:
    """Signs at once, with a key that is at hand."""

    def __init__(self, key: Key, trust: Trust, stamps_at: str) -> None:
        self._key = key
        self._pades = Pades(key.certificate, trust, stamps_at)

    async def sign(self, pdf: bytes, ask: SignatureAsk) -> Signed:
        """Sign the paper; raises Unsignable and SigningAway."""
        prepared = await self._pades.prepare(pdf, ask)
        signature = await asyncio.to_thread(self._key.sign, prepared.to_sign)
        return await self._pades.finish(pdf, prepared, signature)


def _room(
    pdf: bytes, prepared: Prepared, attributes: cms.CMSAttributes
) -> tuple[io.BytesIO, PreparedByteRangeDigest]:
    """Make the paper with its room again, and see that it is what the attributes speak of."""
    if hashlib.sha256(pdf).hexdigest() != prepared.paper_sha256:
        raise Unsignable(f"{prepared.paper_id}: this is not the paper that was prepared")
    whole = pdf + zlib.decompress(base64.b64decode(prepared.tail))
    start, end = prepared.hole
    digest = hashlib.sha256(whole[:start] + whole[end:]).digest()
    named = next(one["values"][0].native for one in attributes if one["type"].native == "message_digest")
    if digest != named:
        raise Unsignable(f"{prepared.paper_id}: what was kept since it was prepared has changed")
    return io.BytesIO(whole), PreparedByteRangeDigest(digest, start, end)


def _fits(certificate: x509.Certificate, signature: bytes, signed: bytes) -> bool:
    """Ask the certificate's own key: a service far away may answer with anything."""
    key = serialization.load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
