"""A signed decree, as others see it: poppler, qpdf, and our own reader ten years on."""

import io
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from asn1crypto import tsp

from adapters.signing import pades
from adapters.signing.authority import LocalAuthority
from adapters.signing.desk import SigningDesk
from adapters.signing.pades import KeySigner
from adapters.signing.serving import LOOPBACK
from adapters.signing.stamp_server import stamp_server
from adapters.signing.stamping import Stamper
from domain.mutation.decree_record import ask_for
from domain.signing import SignatureAsk, SigningAway, Unsignable, sound
from lab.sample_decrees import AUTHORITY, SIGNED_AT, sample_decree
from runtime.ports import Ports
from tests.adapters.signing.kit import LATER, Signature, check, pdfsig, run, wrong


@pytest.mark.needs("pdfsig", "certutil")
def test_poppler_calls_the_signature_valid_and_trusted(
    signature: Signature, desk: SigningDesk, tmp_path: Path
) -> None:
    said = pdfsig(signature.signed.pdf, desk.authority.root, tmp_path)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    # The second is the time stamp over the file, which poppler does not judge: it covers everything.
    assert said.index("Total document signed") > said.index("Signature #2")


@pytest.mark.needs("pdfsig", "certutil")
def test_poppler_sees_one_altered_byte(signature: Signature, desk: SigningDesk, tmp_path: Path) -> None:
    pdf = bytearray(signature.signed.pdf)
    pdf[pdf.index(b"/CreationDate") + 20] ^= 1
    said = pdfsig(bytes(pdf), desk.authority.root, tmp_path)
    assert "Digest Mismatch" in said
    assert "Signature is Valid." not in said


@pytest.mark.needs("qpdf")
def test_the_file_is_sound_as_a_pdf(signature: Signature, long_signature: Signature, tmp_path: Path) -> None:
    for one in (signature, long_signature):
        file = tmp_path / "signed.pdf"
        file.write_bytes(one.signed.pdf)
        assert "No syntax or stream encoding errors" in run("qpdf", "--check", str(file))


@pytest.mark.parametrize("years", [0, 10])
async def test_it_is_sound_without_a_network_years_after_its_certificate_has_ended(
    signature: Signature, desk: SigningDesk, years: int
) -> None:
    at = LATER + timedelta(days=365.25 * years)
    checks = await check(signature.signed.pdf, desk.authority.trust(), signature.record, at)
    assert wrong(checks) == {}
    assert all(one.holds for one in checks)
    assert desk.authority.signer(
        "Wali Kota Kupang", SIGNED_AT
    ).certificate.not_valid_after_utc < LATER + timedelta(days=365.25 * 10)


async def test_a_long_decree_is_sound(long_signature: Signature, desk: SigningDesk) -> None:
    checks = await check(long_signature.signed.pdf, desk.authority.trust(), long_signature.record)
    assert all(one.holds for one in checks)


async def test_a_signed_file_begins_with_the_paper_as_it_was_typeset(signature: Signature) -> None:
    assert signature.signed.pdf.startswith(signature.rendered)
    assert signature.record.file_sha256 == signature.signed.sha256


@pytest.mark.needs("pdfsig", "certutil")
async def test_two_sign_in_a_row(signature: Signature, desk: SigningDesk, tmp_path: Path) -> None:
    ask = SignatureAsk(paper_id="rec-1", reason="Mengetahui", place="Kupang", at=SIGNED_AT)
    twice = await desk.signer("Kepala Bagian Hukum").sign(signature.signed.pdf, ask)
    checks = await check(twice.pdf, desk.authority.trust())
    assert sound(checks)
    assert [one.said for one in checks if one.name == "signature"] == [
        "what Wali Kota Kupang (TTE1) signed is unaltered",
        "what Kepala Bagian Hukum (TTE3) signed is unaltered",
    ]
    said = pdfsig(twice.pdf, desk.authority.root, tmp_path)
    assert said.count("Signature is Valid.") == said.count("Certificate is Trusted.") == 2


async def test_without_a_time_stamp_server_the_signature_waits(
    signature: Signature, desk: SigningDesk, tmp_path: Path
) -> None:
    nobody = f"http://{LOOPBACK}:{Ports(tmp_path / 'ports.json').claim('nobody')}/"
    signer = KeySigner(desk.key(AUTHORITY), desk.authority.trust(), nobody)
    with pytest.raises(SigningAway, match=f"^dec-sample-1-7: no time stamp from {nobody}"):
        await signer.sign(signature.rendered, ask_for(signature.decree))
    signed = await desk.signer(AUTHORITY).sign(signature.rendered, ask_for(signature.decree))  # it is back
    assert sound(await check(signed.pdf, desk.authority.trust()))


class Stubborn(Stamper):
    """Answers every request with one answer, whatever was asked."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def answer(self, request: bytes) -> bytes:
        return self._answer


@pytest.mark.parametrize("kind", ["a refusal", "rubbish"])
async def test_a_server_that_does_not_stamp_is_away(
    signature: Signature, desk: SigningDesk, kind: str
) -> None:
    answer = (
        Stamper(desk.authority.stamper(), lambda: SIGNED_AT).answer(b"") if kind == "a refusal" else b"no"
    )
    async with stamp_server(Stubborn(answer)) as address:
        signer = KeySigner(desk.key(AUTHORITY), desk.authority.trust(), address)
        with pytest.raises(SigningAway, match="it refused, or its answer is no stamp"):
            await signer.sign(signature.rendered, ask_for(signature.decree))


async def test_a_stamp_on_something_else_is_never_handed_out(signature: Signature, desk: SigningDesk) -> None:
    class Mistaken(Stamper):
        def answer(self, request: bytes) -> bytes:
            asked = tsp.TimeStampReq.load(request)
            asked["message_imprint"]["hashed_message"] = b"x" * 32
            return super().answer(asked.dump())

    async with stamp_server(Mistaken(desk.authority.stamper(), lambda: SIGNED_AT)) as address:
        signer = KeySigner(desk.key(AUTHORITY), desk.authority.trust(), address)
        with pytest.raises(Unsignable, match=r"would not hold: the time stamp .* does not fit"):
            await signer.sign(signature.rendered, ask_for(signature.decree))


async def test_what_needs_more_room_than_was_made_is_refused(
    signature: Signature, desk: SigningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pades, "_ROOM", 1024)
    with pytest.raises(Unsignable, match="need more room than was made"):
        await desk.signer(AUTHORITY).sign(signature.rendered, ask_for(signature.decree))


async def test_a_file_without_a_description_of_itself_is_not_damaged(
    signature: Signature, desk: SigningDesk
) -> None:
    bare = pypdf.PdfWriter()
    bare.add_blank_page(100, 100)
    bare.metadata = None
    output = io.BytesIO()
    bare.write(output)
    signed = await desk.signer(AUTHORITY).sign(output.getvalue(), ask_for(signature.decree))
    checks = await check(signed.pdf, desk.authority.trust(), signature.record)
    assert set(wrong(checks)) == {"facts", "file", "rendered", "number"}


async def test_what_is_no_pdf_cannot_be_signed(desk: SigningDesk) -> None:
    with pytest.raises(Unsignable, match=r"^dec-sample-1-7: no PDF that can be signed: \S"):
        await desk.signer(AUTHORITY).sign(b"MEMUTUSKAN", ask_for(sample_decree()))


async def test_a_certificate_of_another_authority_cannot_sign(
    signature: Signature, desk: SigningDesk, tmp_path: Path
) -> None:
    other = LocalAuthority.open(tmp_path / "other", SIGNED_AT)
    signer = KeySigner(desk.key(AUTHORITY), other.trust(), desk.stamps_at)
    with pytest.raises(Unsignable, match="a certificate is not trusted"):
        await signer.sign(signature.rendered, ask_for(signature.decree))
