"""A signature in two halves, with days and another process in between."""

import asyncio
import dataclasses
import json
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.signing.desk import SigningDesk
from domain.mutation.decree_record import ask_for
from domain.signing import Prepared, Unsignable
from lab.sample_decrees import AUTHORITY, SIGNED_AT, sample_decree
from lab.signing import sample_desk
from runtime.clock import SteppedClock
from runtime.settings import ROOT, foreign_environment
from tests.adapters.signing.kit import Signature, check, wrong

DAYS = timedelta(days=9)
PREPARE = """
import asyncio, json, sys
from dataclasses import asdict
from pathlib import Path
from adapters.signing.authority import LocalAuthority
from adapters.signing.desk import SigningDesk
from lab.sample_decrees import AUTHORITY, SIGNED_AT, sample_decree
from domain.mutation.decree_record import ask_for

nobody = "http://127.0.0.1:1/"
desk = SigningDesk(LocalAuthority(Path(sys.argv[1])), nobody, lambda: SIGNED_AT)
pdf = Path(sys.argv[2]).read_bytes()
prepared = asyncio.run(desk.halves(AUTHORITY).prepare(pdf, ask_for(sample_decree())))
print(json.dumps(asdict(prepared)))
"""


def elsewhere(desk: SigningDesk, paper: Path) -> bytes:
    """The first half in a process of its own; what it prints is all that is left of it."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE, str(desk.authority.root.parent), str(paper)],
        capture_output=True,
        check=True,
        env={**foreign_environment(), "PYTHONPATH": str(ROOT)},
    )
    return done.stdout


@pytest.fixture
async def prepared(signature: Signature, desk: SigningDesk) -> Prepared:
    return await desk.halves(AUTHORITY).prepare(signature.rendered, ask_for(signature.decree))


async def test_the_second_half_is_done_days_later_in_another_process(
    signature: Signature, tmp_path: Path
) -> None:
    """The first half needs no time stamp, and leaves nothing behind but what it printed."""
    async with sample_desk(tmp_path / "desk", now=lambda: SIGNED_AT + DAYS) as desk:
        key = desk.key(AUTHORITY)
        (tmp_path / "paper.pdf").write_bytes(signature.rendered)
        kept = json.loads(await asyncio.to_thread(elsewhere, desk, tmp_path / "paper.pdf"))
        prepared = Prepared(**{**kept, "hole": tuple(kept["hole"])})
        raw = key.sign(prepared.to_sign)
        signed = await desk.halves(AUTHORITY).finish(signature.rendered, prepared, raw)
        checks = await check(signed.pdf, desk.authority.trust(), at=SIGNED_AT + 2 * DAYS)
    assert wrong(checks) == {}
    assert any("signed before 2026-12-02" in one.said for one in checks)


async def test_what_is_kept_between_is_small_and_holds_no_personal_data(
    signature: Signature, long_signature: Signature, desk: SigningDesk
) -> None:
    for one in (signature, long_signature):
        prepared = await desk.halves(AUTHORITY).prepare(one.rendered, ask_for(one.decree))
        kept = json.dumps(asdict(prepared))
        assert len(kept) < 8_000
        tail = desk_text(prepared)
        for move in one.decree.moves:
            assert move.person.nip not in tail
            assert move.person.name not in tail


def desk_text(prepared: Prepared) -> str:
    import base64
    import zlib

    return zlib.decompress(base64.b64decode(prepared.tail)).decode("latin-1")


async def test_a_signature_by_another_key_is_refused(
    signature: Signature, desk: SigningDesk, prepared: Prepared
) -> None:
    raw = desk.key("Kepala Bagian Hukum").sign(prepared.to_sign)
    with pytest.raises(Unsignable, match=r"^dec-sample-1-7: the signature does not fit the paper"):
        await desk.halves(AUTHORITY).finish(signature.rendered, prepared, raw)


@pytest.mark.parametrize("raw", [b"", b"\x30\x00", b"x" * 256])
async def test_what_is_no_signature_is_refused(
    signature: Signature, desk: SigningDesk, prepared: Prepared, raw: bytes
) -> None:
    with pytest.raises(Unsignable, match="does not fit"):
        await desk.halves(AUTHORITY).finish(signature.rendered, prepared, raw)


async def test_another_paper_cannot_take_the_place_of_the_one_that_was_prepared(
    desk: SigningDesk, prepared: Prepared
) -> None:
    from adapters.documents.mutation_papers import MutationPapers

    raw = desk.key(AUTHORITY).sign(prepared.to_sign)
    other = MutationPapers().decree(sample_decree(seed=8))
    with pytest.raises(Unsignable, match="this is not the paper that was prepared"):
        await desk.halves(AUTHORITY).finish(other, prepared, raw)


async def test_what_was_kept_cannot_be_changed(
    signature: Signature, desk: SigningDesk, prepared: Prepared
) -> None:
    raw = desk.key(AUTHORITY).sign(prepared.to_sign)
    moved = dataclasses.replace(prepared, hole=(prepared.hole[0], prepared.hole[1] - 2))
    with pytest.raises(Unsignable, match="what was kept since it was prepared has changed"):
        await desk.halves(AUTHORITY).finish(signature.rendered, moved, raw)


async def test_whoever_signs_after_their_certificate_has_ended_does_not_sign(
    signature: Signature, tmp_path: Path
) -> None:
    """Prepared in time; what counts is when the signature came to be, and that the stamp says."""
    clock = SteppedClock(SIGNED_AT)
    async with sample_desk(tmp_path / "desk", now=clock.now) as desk:
        remote = desk.halves(AUTHORITY)
        prepared = await remote.prepare(signature.rendered, ask_for(signature.decree))
        raw = desk.key(AUTHORITY).sign(prepared.to_sign)
        clock.step(timedelta(days=3 * 366))
        with pytest.raises(Unsignable, match="a certificate is not trusted"):
            await remote.finish(signature.rendered, prepared, raw)
