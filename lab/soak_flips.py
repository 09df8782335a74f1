"""`soak flips`: bytes of a signed decree, or of a sealed extract, are changed at random, one at a time; each must be found.

Two readers are asked: one with the record of the paper, who must find all, and one who has the file alone, and finds
what the signature and the stamps cover. What only the record finds is told with its place: the last stamp's own bytes,
which nothing covers, are no surprise; anywhere else is a fault of ours.
"""

from __future__ import annotations

import asyncio
import logging
import random
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from adapters.documents.mutation_papers import MutationPapers
from adapters.signing.authority import LocalAuthority
from adapters.signing.trust import Trust
from adapters.signing.verifier import Read, Verifier
from domain.mutation.decree_record import DecreeRecord, hold_against, of_extract
from domain.signing import Check, sound
from lab.sample_decrees import CERTIFIED_AT, sample_decree, sample_extract
from lab.signing import sample_desk, seal_extract, sign_decree

Flip = tuple[int, int]
"""A place in the file, and the bits that are turned there."""


@dataclass(frozen=True)
class Signed:
    """A paper that was signed or sealed for the occasion, in a directory with its authority."""

    pdf: bytes
    record: DecreeRecord
    home: Path
    open_bytes: range
    """Where the last stamp itself stands: the only bytes that nothing in the file covers."""


@dataclass(frozen=True)
class Found:
    """What became of one flip."""

    flip: Flip
    with_record: bool
    alone: bool


@contextmanager
def signed_decree(people: int = 1) -> Iterator[Signed]:
    """Sign a decree of so many people at a desk of its own."""
    with tempfile.TemporaryDirectory(prefix="siaga-flips-") as place:
        home = Path(place) / "signing"
        pdf, record = asyncio.run(_sign(home, people))
        yield Signed(pdf, record, home, _last_hole(pdf))


@contextmanager
def sealed_extract() -> Iterator[Signed]:
    """Seal an extract of a decree of one person at a desk of its own."""
    with tempfile.TemporaryDirectory(prefix="siaga-flips-") as place:
        home = Path(place) / "signing"
        pdf, record = asyncio.run(_seal(home))
        yield Signed(pdf, record, home, _last_hole(pdf))


def flips(size: int, count: int, seed: int) -> list[Flip]:
    """Draw so many flips of a file of this size."""
    chance = random.Random(seed)
    return [(chance.randrange(size), chance.randrange(1, 256)) for _ in range(count)]


def look_at(signed: Signed, drawn: Sequence[Flip], *, processes: int) -> list[Found]:
    """Ask both readers about each flip, in so many processes beside this one, or (0) here."""
    given = (signed.pdf, signed.record, LocalAuthority(signed.home).trust())
    if not processes:
        _begin(*given)
        return [_look(flip) for flip in drawn]
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=given
    ) as pool:
        return list(pool.map(_look, drawn, chunksize=5))


_given: tuple[bytes, DecreeRecord, Trust] | None = None


def _begin(pdf: bytes, record: DecreeRecord, trust: Trust) -> None:
    global _given  # noqa: PLW0603 - a process of a pool has no other place to keep what it was given
    _given = pdf, record, trust
    for reader in (
        "pyhanko",
        "pyhanko_certvalidator",
    ):  # what they would say of a damaged file is asked below
        logging.getLogger(reader).setLevel(logging.CRITICAL)


def _look(flip: Flip) -> Found:
    assert _given is not None
    pdf, record, trust = _given
    place, bits = flip
    changed = pdf[:place] + bytes([pdf[place] ^ bits]) + pdf[place + 1 :]
    read = asyncio.run(Verifier(trust).check(changed, CERTIFIED_AT))
    compared = _compared(record, changed, read)
    return Found(flip, with_record=not sound((*read.checks, *compared)), alone=not sound(read.checks))


def _compared(record: DecreeRecord, pdf: bytes, read: Read) -> tuple[Check, ...]:
    if read.described and read.described.is_extract:
        return of_extract(record, pdf, read.described, signed=read.signed)
    return hold_against(record, pdf, read.described)


async def _seal(home: Path) -> tuple[bytes, DecreeRecord]:
    decree = sample_decree()
    extract = sample_extract(decree, decree.moves[0].case_id)
    async with sample_desk(home) as desk:
        sealed, record = await seal_extract(desk, extract, MutationPapers().extract(extract))
    return sealed.pdf, record


async def _sign(home: Path, people: int) -> tuple[bytes, DecreeRecord]:
    decree = sample_decree(people)
    async with sample_desk(home) as desk:
        signed, record = await sign_decree(desk, decree, MutationPapers().decree(decree))
    return signed.pdf, record


def _last_hole(pdf: bytes) -> range:
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return range(start, pdf.index(b">", start) + 1)
