"""What tests of signatures share."""

import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.signing.trust import Trust
from adapters.signing.verifier import Verifier
from domain.mutation.decree import Decree
from domain.mutation.decree_record import DecreeRecord, hold_against, without_record
from domain.signing import Check, Signed
from lab.sample_decrees import SIGNED_AT

LATER = SIGNED_AT + timedelta(days=1)


@dataclass(frozen=True)
class Signature:
    decree: Decree
    rendered: bytes
    signed: Signed
    record: DecreeRecord


async def check(
    pdf: bytes, trust: Trust, record: DecreeRecord | None = None, at: datetime = LATER
) -> tuple[Check, ...]:
    read = await Verifier(trust).check(pdf, at)
    compared = hold_against(record, pdf, read.described) if record else without_record(read.described)
    return (*read.checks, *compared)


def wrong(checks: tuple[Check, ...]) -> dict[str, str]:
    return {one.name.value: one.said for one in checks if one.holds is False}


def pdfsig(pdf: bytes, root: Path, home: Path) -> str:
    """What poppler says of the signatures, with this root believed; its exit code says nothing."""
    file, store = home / "signed.pdf", home / "nss"
    file.write_bytes(pdf)
    store.mkdir(exist_ok=True)
    run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", str(root))
    return run("pdfsig", "-nssdir", f"sql:{store}", str(file))


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
