"""What is done to a signed decree, and which words answer it. Each row says what shows without the record, and with it."""

import dataclasses
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.pdf_utils.generic import NameObject, NullObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from adapters.signing.certificates import Holder
from adapters.signing.desk import SigningDesk
from domain.mutation.decree import decree_facts
from lab.sample_decrees import AUTHORITY, SIGNED_AT, decreed, sample_decree_draft, with_name
from lab.signing import sample_desk
from tests.adapters.signing.conftest import sign
from tests.adapters.signing.kit import LATER, Signature, check, wrong

Change = Callable[[bytes], bytes]


def flipped(mark: bytes, beyond: int = 0) -> Change:
    def change(pdf: bytes) -> bytes:
        at = pdf.index(mark) + len(mark) + beyond
        return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]

    return change


def appended(more: bytes) -> Change:
    return lambda pdf: pdf + more


def updated(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root[NameObject("/OpenAction")] = NullObject()
    writer.update_root()
    return written(writer)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


async def plainly_signed(pdf: bytes, holder: Holder) -> bytes:
    """Sign without any stamp, as a simple tool would."""
    key = load_private_key_from_pemder_data(holder.key_pem(), passphrase=None)
    certificate = x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))
    signer = SimpleSigner(certificate, key, SimpleCertificateStore())
    asked = PdfSignatureMetadata(field_name="TTE1", subfilter=SigSeedSubFilter.PADES)
    signed = await PdfSigner(asked, signer).async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(signed.getvalue())


def retitled(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    info = writer.prev.trailer_view["/Info"]
    info[NameObject("/Keywords")] = pdf_string("facts-sha256:" + "0" * 64)
    writer.mark_update(writer.prev.trailer_view.raw_get("/Info"))
    return written(writer)


def halved(pdf: bytes) -> bytes:
    return pdf[: pdf.index(b"%%EOF") // 2]


def cut(pdf: bytes) -> bytes:
    """Take the last stamp off: what is left is a file that was once whole."""
    return pdf[: pdf.rindex(b"%%EOF", 0, pdf.rindex(b"%%EOF")) + 6]


def unsigned(pdf: bytes) -> bytes:
    return pdf[: pdf.index(b"%%EOF") + 6]


CHANGES: dict[str, tuple[Change, dict[str, str]]] = {
    "one bit in a page": (
        flipped(b"/Length", 200),
        {
            "signature": "has been altered since",
            "archive stamp": "does not fit",
            "rendered": "does not begin",
        },
    ),
    "one bit in the date of creation": (
        flipped(b"/CreationDate(D:202"),
        {
            "signature": "has been altered since",
            "archive stamp": "does not fit",
            "rendered": "does not begin",
        },
    ),
    "one bit in the signature's reason": (
        flipped(b"/Reason (Pene"),
        {"signature": "has been altered since", "archive stamp": "does not fit"},
    ),
    "a line of rubbish at the end": (appended(b"\n% nothing\n"), {"coverage": "^11 bytes were appended"}),
    "one byte at the end": (appended(b" "), {"coverage": "^1 byte was appended"}),
    "a catalogue of its own, as an update": (updated, {"coverage": "bytes were appended"}),
    "other facts, as an update": (retitled, {"coverage": "bytes were appended"}),
    "the last stamp cut off": (cut, {"archive stamp": "no time stamp over the file"}),
    "the signature cut off": (unsigned, {"signature": "nobody signed it"}),
    "cut in the middle": (halved, {"readable": "damaged, or no PDF", "rendered": "does not begin"}),
    "emptied": (lambda _: b"", {"readable": "damaged, or no PDF", "rendered": "does not begin"}),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_whatever_is_changed_is_said(signature: Signature, desk: SigningDesk, name: str) -> None:
    change, words = CHANGES[name]
    pdf, trust = change(signature.signed.pdf), desk.authority.trust()
    assert pdf != signature.signed.pdf
    found = wrong(await check(pdf, trust, signature.record))
    assert set(found) == {*words, "file"}
    assert [said for name, said in words.items() if not re.search(said, found[name])] == []
    assert "not the file of the registry" in found["file"]
    alone = wrong(await check(pdf, trust))
    assert set(alone) == set(words) - {"rendered"}


async def test_another_name_on_the_paper_shows_in_the_record_alone(
    signature: Signature, desk: SigningDesk
) -> None:
    """Facts hold ids, not names: a paper that names somebody else for the same id is not the one that was typeset."""
    other = await sign(desk, decreed(with_name(sample_decree_draft(), "Orang Lain")))
    trust = desk.authority.trust()
    assert other.record.facts_sha256 == signature.record.facts_sha256
    assert wrong(await check(other.signed.pdf, trust)) == {}
    assert set(wrong(await check(other.signed.pdf, trust, signature.record))) == {"file", "rendered"}


async def test_another_decree_is_not_this_one(signature: Signature, desk: SigningDesk) -> None:
    draft = dataclasses.replace(sample_decree_draft(), number="821.2/148/BKPPD/XI/2026")
    other = await sign(desk, decreed(draft))
    found = wrong(await check(other.signed.pdf, desk.authority.trust(), signature.record))
    assert set(found) == {"facts", "file", "rendered", "number"}
    assert "other facts were approved" in found["facts"]
    assert found["number"].startswith("another decree: the record is of number 821.2/147/")


async def test_what_was_approved_of_a_person_is_part_of_the_facts() -> None:
    draft = sample_decree_draft()
    approved = dataclasses.replace(
        draft, moves=tuple(dataclasses.replace(one, dossier_sha256="a" * 64) for one in draft.moves)
    )
    assert decree_facts(decreed(approved))["moves"][0]["dossier_sha256"] == "a" * 64
    assert decreed(approved).facts_sha256 != decreed(draft).facts_sha256


@pytest.mark.parametrize(
    ("part", "value", "check_name"),
    [("facts", {"number": "821.2/147/BKPPD/XI/2026"}, "facts"), ("number", "821.2/9", "number")],
)
async def test_a_record_that_was_altered_contradicts_itself(
    signature: Signature, desk: SigningDesk, part: str, value: object, check_name: str
) -> None:
    record = dataclasses.replace(signature.record, **{part: value})
    found = wrong(await check(signature.signed.pdf, desk.authority.trust(), record))
    assert found[check_name].startswith("the record contradicts itself")


@pytest.mark.parametrize("named_alike", [False, True])
async def test_a_signature_under_another_root_is_not_believed(
    signature: Signature,
    desk: SigningDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named_alike: bool,
) -> None:
    if named_alike:
        (root,) = desk.authority.trust().roots
        name = root.subject.native["common_name"].split()[-1]
        monkeypatch.setattr("adapters.signing.certificates.secrets.token_hex", lambda _: name)
    async with sample_desk(tmp_path / "forger") as forger:
        forged = await sign(forger, signature.decree)
    found = wrong(await check(forged.signed.pdf, desk.authority.trust()))
    assert set(found) == {"trust", "time stamp", "archive stamp"}
    assert "leads to no root that is believed" in found["trust"]


@pytest.mark.parametrize(
    ("hours", "words"), [(-1, "was revoked"), (1, None)], ids=["before the signature", "after the signature"]
)
async def test_a_revocation_counts_from_its_own_time(
    signature: Signature, tmp_path: Path, hours: int, words: str | None
) -> None:
    async with sample_desk(tmp_path / "desk") as desk:
        signed = await sign(desk, signature.decree)
        certificate = desk.authority.signer(AUTHORITY, SIGNED_AT).certificate
        desk.authority.revoke(certificate, SIGNED_AT + timedelta(hours=hours), LATER)
        found = wrong(await check(signed.signed.pdf, desk.authority.trust()))
    assert found.get("trust", "").endswith(words) if words else found == {}


@pytest.mark.parametrize("more", [b"", b"\n% nothing\n"], ids=["whole", "with rubbish"])
async def test_a_signature_without_stamps_is_only_as_good_as_today(
    signature: Signature, desk: SigningDesk, more: bytes
) -> None:
    key = desk.authority.signer(AUTHORITY, SIGNED_AT)
    pdf = await plainly_signed(signature.rendered, key)
    found = wrong(await check(pdf + more, desk.authority.trust()))
    assert set(found) == {"time stamp", "archive stamp", *(["coverage"] if more else [])}
