"""Signs sample decrees, and seals extracts, as their registry would: at the embedded desk, in a directory made for it.

`python -m lab.signing FOLDER` leaves one of each there, with its record, for whoever wants to see one checked.
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
from app.sealing import signature_for
from domain.mutation.decree import Decree
from domain.mutation.decree_record import DecreeRecord, ask_for, record_decree, record_extract
from domain.mutation.extract import Extract, seal_for
from domain.sealing import seal_holder
from domain.signing import Signed
from lab.sample_decrees import SIGNED_AT, sample_decree, sample_extract
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


async def seal_extract(desk: SigningDesk, extract: Extract, rendered: bytes) -> tuple[Signed, DecreeRecord]:
    """Seal what was typeset of an extract, and make its record."""
    ask = seal_for(extract)
    sealed = await desk.signer(seal_holder(ask.government_id)).sign(rendered, signature_for(ask))
    return sealed, record_extract(extract, rendered, sealed)


async def write_signed(folder: Path) -> tuple[Path, ...]:
    """Write a signed decree and an extract of it, each before its record; their authority lies beside them."""
    decree, papers = sample_decree(), MutationPapers()
    extract = sample_extract(decree, decree.moves[0].case_id)
    async with sample_desk(folder / "signing") as desk:
        made = {
            "keputusan": await sign_decree(desk, decree, papers.decree(decree)),
            "petikan": await seal_extract(desk, extract, papers.extract(extract)),
        }
    for name, (signed, record) in made.items():
        (folder / f"{name}.pdf").write_bytes(signed.pdf)
        spelled = DecreeRecordFile.of(record).model_dump_json(indent=1)
        (folder / f"{name}.json").write_text(spelled + "\n")
    return tuple(folder / f"{name}.{kind}" for name in made for kind in ("pdf", "json"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m lab.signing FOLDER")
    print(*asyncio.run(write_signed(Path(sys.argv[1]))), sep="\n")
