"""The papers that a case makes of its own moves: made by its worker after the move, or later where somebody asks.

The move owes its paper in the transaction that writes it, so whoever comes next makes it: a crash in between loses none.
Each is sealed, and seals are the workers' alone: a door has a paper made by asking for it, and waits a little.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.actions import Faulty, House, NoSuchCase, NoSuchPaper, facts_of, granted_to
from app.tasks import Conflict
from domain import cases
from domain.authority import Actor, Capacity, Tenure
from domain.commands import CommandKind
from domain.documents import Unprintable
from domain.log import Attribution
from domain.mutation.case_papers import (
    DRAFTED,
    SEAL,
    UNSEALABLE,
    CasePaper,
    ToMake,
    seal_for,
    sees_case_paper,
    sees_draft,
)
from domain.mutation.decree_parts import Refused
from domain.mutation.decree_record import DecreeRecord, record_paper
from domain.mutation.paperwork import CasePaperBook, RecordTypesetter
from domain.mutation.records import HandoverItem, Record, record_code
from domain.sealing import SealAway, Seals, Unsealable

logger = logging.getLogger(__name__)

FORGOTTEN = timedelta(minutes=1)
"""So long after its move a paper is taken up again that nobody has tried to make: its worker was lost in between."""

_AT_THE_DOOR, _LOOKS_EVERY = 10.0, 0.2  # seconds that somebody is kept waiting for a paper


@dataclass(frozen=True)
class Paperwork:
    """Makes papers, over the book that keeps them, the typesetter, and whoever seals: a door has none."""

    book: CasePaperBook
    typesetter: RecordTypesetter
    seals: Seals | None

    async def make(self, mutation_id: str, at: datetime) -> bool:
        """Make the papers of a case that are owed and whole, or ask for them at a door; note of the others what they lack.

        Returns False where no seal could be set; then what follows is left without being tried, so that nobody waits twice.
        """
        lacking: str | None = None
        for one in await self.book.to_make(mutation_id, at):
            if isinstance(one.record, Refused):
                await self.book.lacks(one, tuple(map(str, one.record.found)), at)
            elif self.seals is None:
                await self.book.want(mutation_id)
            elif lacking is None:
                lacking = await self._make(one, one.record, self.seals, at)
            else:
                await self.book.lacks(one, (lacking,), at)
        return lacking is None

    async def make_waiting(self, at: datetime) -> bool:
        """Make what is asked for, what waits for a seal, and what was forgotten; returns False where no seal could be set."""
        if self.seals is None:
            return False
        for mutation_id, asked in await self.book.waiting(at - FORGOTTEN):
            sealed = await self.make(mutation_id, at)
            await self.book.attended(mutation_id, asked)
            if not sealed:
                return False
        return True

    async def _make(self, one: ToMake, record: Record, seals: Seals, at: datetime) -> str | None:
        """Make a paper, or note what it lacks; return that where it is the seal."""
        try:
            file = await asyncio.to_thread(self.typesetter.record, record)
            sealed = await seals.seal(file, seal_for(record))
        except Unprintable as error:
            logger.warning("paper cannot be set", extra={"reason": str(error)})
            await self.book.lacks(one, ("unprintable",), at)
            return None
        except (SealAway, Unsealable) as error:
            logger.warning("paper is not sealed", extra={"reason": str(error)})
            lacking = SEAL if isinstance(error, SealAway) else UNSEALABLE
            await self.book.lacks(one, (lacking,), at)
            return lacking
        await self.book.keep(one, record_code(record), sealed, record_paper(record, file, sealed), at)
        return None


async def fetch(
    paperwork: Paperwork,
    row: dict[str, Any],
    who: Actor,
    paper: CasePaper,
    at: datetime,
    *,
    number: str | None = None,
) -> bytes:
    """Return a paper, made now where it was not yet; raises NoSuchCase, NoSuchPaper, and Conflict where it lacks something.

    Of several errata it is the one of that `number`, else the newest.
    """
    mutation_id, book = str(row["mutation_id"]), paperwork.book
    if not await _concerns(paperwork, row, who, paper):
        raise NoSuchCase(mutation_id)
    if (file := await book.file(mutation_id, paper, number)) is None:
        if not await _owed(book, mutation_id, paper, number):
            raise NoSuchPaper
        await paperwork.make(mutation_id, at)
        file = await _made(book, mutation_id, paper, number)
    if file is None:
        lacks = (await _owed(book, mutation_id, paper, number))[-1]["missing"]
        raise Conflict("paper_incomplete" if set(lacks) - {SEAL, UNSEALABLE} else "paper_unsealed")
    return file


async def fetch_record(
    paperwork: Paperwork, row: dict[str, Any], who: Actor, paper: CasePaper, number: str | None = None
) -> DecreeRecord:
    """Return the record of the same paper, once it is made; raises NoSuchCase, NoSuchPaper."""
    mutation_id = str(row["mutation_id"])
    if not await _concerns(paperwork, row, who, paper):
        raise NoSuchCase(mutation_id)
    found = await paperwork.book.record(mutation_id, paper, number)
    if found is None:
        raise NoSuchPaper
    return found


async def _owed(
    book: CasePaperBook, mutation_id: str, paper: CasePaper, number: str | None
) -> list[dict[str, Any]]:
    """Return the papers of that kind (and that number) that a case owes or has, the oldest first."""
    papers = await book.papers(mutation_id)
    return [one for one in papers if one["paper"] == paper and number in (None, one["number"])]


async def _made(book: CasePaperBook, mutation_id: str, paper: CasePaper, number: str | None) -> bytes | None:
    """Return a paper once it is made; None where it cannot be now, or nobody sees to it for a while."""
    for _ in range(int(_AT_THE_DOOR / _LOOKS_EVERY)):
        attended = not await book.is_wanted(mutation_id)
        if (file := await book.file(mutation_id, paper, number)) or attended:
            return file
        await asyncio.sleep(_LOOKS_EVERY)
    return None


async def draft(
    paperwork: Paperwork, row: dict[str, Any], who: Actor, initials: tuple[Capacity, ...], at: datetime
) -> bytes:
    """Return the decree as it would be, marked as a draft; raises NoSuchCase where there is none for the actor."""
    life = row["life"] or {}
    stands = life.get("blocked_in") or row["state"]
    second = life.get("second") or {}
    third = second.get("second") or {}
    if not {stands, second.get("state"), third.get("state")} & DRAFTED or not sees_draft(who, initials):
        raise NoSuchCase(str(row["mutation_id"]))
    told, since = await paperwork.book.draft(str(row["mutation_id"]), at)
    try:
        return await asyncio.to_thread(paperwork.typesetter.draft, told, since)
    except Unprintable as error:
        raise Conflict("paper_unprintable") from error


async def listed(paperwork: Paperwork, row: dict[str, Any], who: Actor) -> list[dict[str, Any]]:
    """Return the papers of a case that concern the actor: made, or what each lacks."""
    papers = await paperwork.book.papers(str(row["mutation_id"]))
    return [one for one in papers if await _concerns(paperwork, row, who, CasePaper(one["paper"]))]


async def list_handover(
    house: House,
    paperwork: Paperwork,
    who: Actor,
    mutation_id: str,
    *,
    taking_over: str,
    items: Sequence[HandoverItem],
) -> None:
    """Say what is handed over, and to whom; raises NoSuchCase, NotAllowed, Faulty, and Conflict once the record is made.

    By whoever may file the record. Where that is filed already and lacked the list, it is made now.
    """
    facts = await facts_of(house, cases.mutation(mutation_id))
    granted = granted_to(CommandKind.FILE_HANDOVER_RECORD, who, facts)
    if not await house.desk.serves(taking_over, who.government_id):
        raise Faulty(("taking_over: nobody of this government",))
    own = granted.tenure == Tenure.DEFINITIVE
    by = Attribution(
        who.person_id,
        granted.capacity.value if own else f"{granted.capacity}/{granted.tenure}",
        house.rules.basis("authority"),
        None,
        granted.on_behalf_of,
    )
    at = house.clock.now()
    if not await paperwork.book.list_handover(mutation_id, taking_over, items, by, at):
        raise Conflict("paper_made")
    await paperwork.make(mutation_id, at)


async def _concerns(paperwork: Paperwork, row: dict[str, Any], who: Actor, paper: CasePaper) -> bool:
    over = await paperwork.book.taking_over(str(row["mutation_id"])) if paper == CasePaper.HANDOVER else None
    return sees_case_paper(
        who,
        paper,
        subject_id=str(row["person_id"]),
        from_unit=str(row["from_unit"]),
        to_unit=str(row["to_unit"]),
        taking_over=over,
    )
