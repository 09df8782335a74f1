"""The wiring of signatures: what the embedded stack signs with, in its data directory."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.documents.mutation_papers import MutationPapers
from adapters.signing.authority import LocalAuthority
from adapters.signing.hardware import HardwareDesk
from adapters.signing.remote import RemoteDesk
from app.signing import SigningDesk, authority_of, check_decree, desk_of, open_signing, trusted
from domain.ports import RemoteSigner
from domain.signing import sound
from lab.sample_decrees import SIGNED_AT, sample_decree
from lab.signing import sign_decree
from runtime.clock import SteppedClock
from runtime.settings import Settings


async def test_two_processes_of_one_stack_sign_under_one_authority(tmp_path: Path) -> None:
    decree, clock = sample_decree(), SteppedClock(SIGNED_AT)
    paper = MutationPapers().decree(decree)
    async with open_signing(tmp_path, clock) as one, open_signing(tmp_path, clock) as other:
        assert one.stamps_at != other.stamps_at
        signed = [await sign_decree(desk, decree, paper) for desk in (one, other)]
    trust = trusted(Settings.load(data=tmp_path), ())
    for file, record in signed:
        assert sound(await check_decree(file.pdf, SIGNED_AT + timedelta(days=1), trust, record))


async def test_stamps_say_the_time_of_the_stacks_clock(tmp_path: Path) -> None:
    decree, clock = sample_decree(), SteppedClock(SIGNED_AT)
    async with open_signing(tmp_path, clock) as desk:
        clock.step(timedelta(days=400))
        signed, record = await sign_decree(desk, decree, MutationPapers().decree(decree))
    checks = await check_decree(signed.pdf, clock.now(), trusted(Settings.load(data=tmp_path), ()), record)
    assert sound(checks)
    assert any("signed before 2027-12-28 02:00:00 UTC" in one.said for one in checks)


async def test_another_server_may_stamp(tmp_path: Path) -> None:
    """As a national one would: its certificate must lead to a root that is believed, and this one does."""
    decree, clock = sample_decree(), SteppedClock(SIGNED_AT)
    async with (
        open_signing(tmp_path, clock) as stamping,
        open_signing(tmp_path, clock, stamps_at=stamping.stamps_at) as desk,
    ):
        assert desk.stamps_at == stamping.stamps_at
        signed, record = await sign_decree(desk, decree, MutationPapers().decree(decree))
    assert sound(await check_decree(signed.pdf, SIGNED_AT, trusted(Settings.load(data=tmp_path), ()), record))
    assert (authority_of(tmp_path) / "root.crt").is_file()


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    """Roots of somebody else, who certifies the keys."""
    file = tmp_path / "trust.pem"
    authority = LocalAuthority.open(tmp_path / "theirs", SIGNED_AT)
    chain = authority.chain("Wali Kota", SIGNED_AT)
    file.write_bytes(authority.root.read_bytes() + chain)
    return file


async def test_the_settings_say_where_the_keys_are(tmp_path: Path, pem: Path) -> None:
    clock = SteppedClock(SIGNED_AT)
    async with desk_of(Settings.load(data=tmp_path), clock) as desk:
        assert isinstance(desk, SigningDesk)
    elsewhere = Settings.load(
        data=tmp_path, signing_url="http://127.0.0.1:1", signing_token="t", signing_trust=pem
    )
    async with desk_of(elsewhere, clock) as desk:
        assert isinstance(desk, RemoteDesk)
        believed = {one.subject.human_friendly for one in desk.trust().roots}
        assert len(believed) == 2, "theirs, and our own for the stamps"
        assert isinstance(desk.signer("Wali Kota"), RemoteSigner)
    stamped = elsewhere.model_copy(update={"stamps_url": "http://127.0.0.1:2/"})
    async with desk_of(stamped, clock) as desk:
        assert isinstance(desk, RemoteDesk)
        assert (len(desk.trust().roots), desk.stamps_at) == (1, "http://127.0.0.1:2/")
    token = {"token_name": "siaga", "token_pin": "4711"}
    module = Settings.load(
        data=tmp_path,
        token_library=Path("/lib/module.so"),
        token_certificates=tmp_path,
        signing_trust=pem,
        **token,
    )
    async with desk_of(module, clock) as desk:
        assert isinstance(desk, HardwareDesk)
    assert len(trusted(elsewhere, ()).roots) == 2


@pytest.mark.parametrize(
    "what", [{}, {"signing_trust": Path("/nowhere.pem")}, {"signing_trust": Path(__file__)}]
)
async def test_a_desk_that_cannot_be_opened_is_none_and_why_is_said(
    what: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for where in ({"token_library": Path("/lib/module.so")}, {"signing_url": "https://tte.example.go.id"}):
        async with desk_of(Settings.load(data=tmp_path, **where, **what), SteppedClock(SIGNED_AT)) as desk:
            assert desk is None
    assert "nobody signs decrees here" in caplog.text
