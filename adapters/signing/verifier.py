"""Checks a signed file, offline, as of an instant: one answer a question, in words.

Readers disagree about what a signature covers. So each thing is judged at the instant that the next one outside it
proves: the last time stamp now, what it covers at its own time, a signature at the time of its own stamp.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from adapters.signing.stamps import told_by
from adapters.signing.trust import Trust
from domain.mutation.decree_record import Described
from domain.signing import Check, CheckName

_DAMAGED = "the file is damaged, or no PDF: {}"


@dataclass(frozen=True)
class Read:
    """What was found of a file: answers about its signatures, and how it describes itself."""

    checks: tuple[Check, ...]
    described: Described | None
    signed: bool = True


class Verifier:
    """Checks files against roots that are believed."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust

    async def check(self, pdf: bytes, at: datetime) -> Read:
        """Check a file as of an instant; whatever is wrong with it is an answer, never an error."""
        try:
            return await _Opened(pdf, self._trust).read(at)
        except Exception as error:  # noqa: BLE001 - a damaged file breaks its reader in any way there is
            why = " ".join(str(error).split()) or type(error).__name__
            return Read((Check.wrong(CheckName.READABLE, _DAMAGED.format(why)),), None)


class _Opened:
    """One file, opened."""

    def __init__(self, pdf: bytes, trust: Trust) -> None:
        self._pdf = pdf
        self._trust = trust
        self._reader = PdfFileReader(io.BytesIO(pdf))
        # `embedded_signatures` would mix both, and each asks for a judgement of its own.
        self._signatures = sorted(self._reader.embedded_regular_signatures, key=_revision)
        self._stamps = sorted(self._reader.embedded_timestamp_signatures, key=_revision)
        try:
            kept = DocumentSecurityStore.read_dss(self._reader)
            self._certificates = tuple(kept.load_certs())
            self._crls = tuple(crl.CertificateList.load(one.get_object().data) for one in kept.crls)
        except NoDSSFoundError:
            self._certificates, self._crls = (), ()

    async def read(self, at: datetime) -> Read:
        readable = Check.right(CheckName.READABLE, f"a PDF of {len(self._pdf):,} bytes")
        if not self._signatures:
            nobody = Check.wrong(CheckName.SIGNATURE, "nobody signed it")
            return Read((readable, nobody), self._described(), signed=False)
        archive, proven = await self._archive(at)
        each = [await self._signature(one, proven) for one in self._signatures]
        gathered = [check for group in zip(*each, strict=True) for check in group]
        return Read((readable, *gathered, archive, self._coverage()), self._described())

    async def _archive(self, at: datetime) -> tuple[Check, datetime]:
        """Judge the time stamps over the file, the last one first; the first one's time is what it all rests on."""
        if not self._stamps:
            return Check.wrong(
                CheckName.ARCHIVE,
                "no time stamp over the file: it is only as good as today's certificates",
            ), at
        for stamp in reversed(self._stamps):
            status = await async_validate_pdf_timestamp(stamp, self._context(at))
            if why := _stamp_fault(status):
                return Check.wrong(
                    CheckName.ARCHIVE,
                    f"the time stamp over the file of {_time(status.timestamp)} {why}",
                ), at
            at = status.timestamp
        return Check.right(
            CheckName.ARCHIVE,
            f"certificates and revocation lists are kept in it, and stamped at {_time(at)}",
        ), at

    async def _signature(
        self, signature: EmbeddedPdfSignature, proven: datetime
    ) -> tuple[Check, Check, Check]:
        claimed = _stamped_at(signature)
        status = await async_validate_pdf_signature(
            signature,
            signer_validation_context=self._context(claimed or proven),
            ts_validation_context=self._context(proven),
        )
        who = f"{_name(signature)} ({signature.field_name})"
        return _signed(who, status), _trusted(who, status, claimed or proven), _stamped(who, status)

    def _coverage(self) -> Check:
        """Ask whether the last to sign or stamp covers the file to its end, and nothing but that came in between."""
        outermost = max([*self._signatures, *self._stamps], key=_revision)
        start, length = (int(part) for part in list(outermost.byte_range)[2:])
        if beyond := len(self._pdf) - start - length:
            return Check.wrong(
                CheckName.COVERAGE, f"{_bytes(beyond)} appended after the last stamp or signature"
            )
        if outermost.coverage != SignatureCoverageLevel.ENTIRE_FILE:
            return Check.wrong(
                CheckName.COVERAGE, "the last stamp or signature leaves a part of the file out"
            )
        for at, signature in enumerate(self._signatures, start=1):
            allowed = (
                ModificationLevel.FORM_FILLING
                if at < len(self._signatures)
                else ModificationLevel.LTA_UPDATES
            )
            if signature.diff_result is None or not _only(signature, allowed):
                return Check.wrong(
                    CheckName.COVERAGE, f"something was changed after {_name(signature)} signed"
                )
        return Check.right(
            CheckName.COVERAGE, "signed and stamped to its last byte; nothing was changed in between"
        )

    def _described(self) -> Described:
        """Read how the file describes itself, as of the first signature: what came later might say otherwise."""
        last = self._reader.xrefs.total_revisions - 1
        revision = self._signatures[0].signed_revision if self._signatures else last
        then = self._reader.get_historical_resolver(revision)
        if "/Info" not in then.trailer_view:
            return Described("", "")
        info = then.get_object(then.trailer_view.raw_get("/Info").reference)
        assert isinstance(info, DictionaryObject)
        return Described(str(info.get("/Title", "")), str(info.get("/Keywords", "")))

    def _context(self, at: datetime) -> ValidationContext:
        return self._trust.context(at, others=self._certificates, crls=self._crls)


def _signed(who: str, status: PdfSignatureStatus) -> Check:
    if not status.intact:
        return Check.wrong(CheckName.SIGNATURE, f"what {who} signed has been altered since")
    if not status.valid:
        return Check.wrong(CheckName.SIGNATURE, f"the signature of {who} is not its certificate's")
    return Check.right(CheckName.SIGNATURE, f"what {who} signed is unaltered")


def _trusted(who: str, status: PdfSignatureStatus, at: datetime) -> Check:
    if not (status.intact and status.valid):
        return Check.unasked(
            CheckName.TRUST, f"whom {who} is certified by says nothing about an altered paper"
        )
    if status.trusted and status.validation_path:
        root = status.validation_path.first.subject.native.get("common_name", "?")
        return Check.right(
            CheckName.TRUST,
            f"at {_time(at)} the certificate of {who} led to the root {root!r}, and was not revoked",
        )
    why = str(status.trust_problem_indic.standard_name) if status.trust_problem_indic else "no path to a root"
    words = {
        "REVOKED": "was revoked",
        "REVOKED_NO_POE": "was revoked",
        "NO_CERTIFICATE_CHAIN_FOUND": "leads to no root that is believed",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE": "leads to no root that is believed",  # one of the same name
        "OUT_OF_BOUNDS_NO_POE": "was not in force",
    }
    return Check.wrong(
        CheckName.TRUST,
        f"at {_time(at)} the certificate of {who} {words.get(why, f'is not to be believed ({why})')}",
    )


def _stamped(who: str, status: PdfSignatureStatus) -> Check:
    stamp = status.timestamp_validity
    if stamp is None:
        return Check.wrong(
            CheckName.TIME_STAMP,
            f"no time stamp on the signature of {who}: nothing proves when it was made",
        )
    if why := _stamp_fault(stamp):
        return Check.wrong(CheckName.TIME_STAMP, f"the time stamp on the signature of {who} {why}")
    return Check.right(CheckName.TIME_STAMP, f"{who} signed before {_time(stamp.timestamp)}")


def _stamp_fault(status: TimestampSignatureStatus) -> str:
    if not status.intact or not status.valid:
        return "does not fit"
    return "" if status.trusted else "comes from nobody who is believed"


def _bytes(count: int) -> str:
    return "1 byte was" if count == 1 else f"{count:,} bytes were"


def _revision(signature: EmbeddedPdfSignature) -> int:
    return int(signature.signed_revision)


def _only(signature: EmbeddedPdfSignature, allowed: ModificationLevel) -> bool:
    level = getattr(signature.diff_result, "modification_level", ModificationLevel.OTHER)
    return bool(level <= allowed)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    stamp = next(extract_tst_data_iter(signature.signer_info, signed=False), None)
    return None if stamp is None else told_by(stamp)


def _name(signature: EmbeddedPdfSignature) -> str:
    return str(signature.signer_cert.subject.native.get("common_name", "somebody without a name"))


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
