"""The wiring of signatures: what the embedded stack signs with, in its data directory."""

from datetime import timedelta
from pathlib import Path

from adapters.documents.mutation_papers import MutationPapers
from app.signing import authority_of, check_decree, open_signing, trusted
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
