"""Signs sample decrees as their registry would: at the embedded desk, in a directory made for the occasion.

`python -m lab.signing FOLDER` signs one there, with its record, for whoever wants to see one checked.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from adapters.documents.mutation_papers import MutationPapers
from adapters.signing.desk import SigningDesk, open_desk
from domain.mutation.decree import Decree
from domain.mutation.decree_record import DecreeRecord, ask_for, record_decree
from domain.signing import Signed
from lab.sample_decrees import SIGNED_AT, sample_decree
from schemas.decree_record import DecreeRecordFile


@asynccontextmanager
async def sample_desk(
    home: Path, now: Callable[[], datetime] = lambda: SIGNED_AT
) -> AsyncIterator[SigningDesk]:
    """Open a desk whose clock stands where the sample decrees are signed."""
    async with open_desk(home, now) as desk:
        yield desk


async def sign_decree(desk: SigningDesk, decree: Decree, rendered: bytes) -> tuple[Signed, DecreeRecord]:
    """Sign what was typeset of a decree, and make its record."""
    signed = await desk.signer(decree.authority).sign(rendered, ask_for(decree))
    return signed, record_decree(decree, rendered, signed)


async def write_signed(folder: Path) -> tuple[Path, Path]:
    """Write a signed decree and its record; its authority lies beside them, as in a data directory."""
    decree = sample_decree()
    async with sample_desk(folder / "signing") as desk:
        signed, record = await sign_decree(desk, decree, MutationPapers().decree(decree))
    files = folder / "keputusan.pdf", folder / "keputusan.json"
    files[0].write_bytes(signed.pdf)
    files[1].write_text(DecreeRecordFile.of(record).model_dump_json(indent=1) + "\n")
    return files


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m lab.signing FOLDER")
    print(*asyncio.run(write_signed(Path(sys.argv[1]))), sep="\n")
