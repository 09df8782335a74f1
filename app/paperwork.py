"""The papers that a case makes of its own moves: made by its worker after the move, and by the door where somebody asks.

The move owes its paper in the transaction that writes it, so whoever comes next makes it: a crash in between loses none.
The same facts give the same bytes, so it does not matter who makes it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.actions import Faulty, House, NoSuchCase, NoSuchPaper, facts_of, granted_to
from app.tasks import Conflict
from domain import cases
from domain.authority import Actor, Capacity, Tenure
from domain.commands import CommandKind
from domain.documents import Unprintable
from domain.log import Attribution
from domain.mutation.case_papers import DRAFTED, CasePaper, ToMake, sees_case_paper, sees_draft
from domain.mutation.decree_parts import Refused
from domain.mutation.paperwork import CasePaperBook, RecordTypesetter
from domain.mutation.records import HandoverItem, record_code

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Paperwork:
    """Makes papers, over the book that keeps them and the typesetter."""

    book: CasePaperBook
    typesetter: RecordTypesetter

    async def make(self, mutation_id: str, at: datetime) -> None:
        """Make the papers of a case that are owed and whole; note of the others what they lack."""
        for one in await self.book.to_make(mutation_id, at):
            await self._make(one, at)

    async def _make(self, one: ToMake, at: datetime) -> None:
        if isinstance(one.record, Refused):
            await self.book.lacks(one, tuple(map(str, one.record.found)), at)
            return
        try:
            file = await asyncio.to_thread(self.typesetter.record, one.record)
        except Unprintable as error:
            logger.warning("paper cannot be set", extra={"reason": str(error)})
            await self.book.lacks(one, ("unprintable",), at)
            return
        await self.book.keep(one, record_code(one.record), file, at)


async def fetch(
    paperwork: Paperwork, row: dict[str, Any], who: Actor, paper: CasePaper, at: datetime
) -> bytes:
    """Return a paper, made now where it was not yet; raises NoSuchCase, NoSuchPaper, and Conflict where it lacks something."""
    mutation_id, book = str(row["mutation_id"]), paperwork.book
    if not await _concerns(paperwork, row, who, paper):
        raise NoSuchCase(mutation_id)
    if (file := await book.file(mutation_id, paper)) is None:
        await paperwork.make(mutation_id, at)
        file = await book.file(mutation_id, paper)
    if file is None:
        owed = {one["paper"] for one in await book.papers(mutation_id)}
        if paper not in owed:
            raise NoSuchPaper
        raise Conflict("paper_incomplete")
    return file


async def draft(
    paperwork: Paperwork, row: dict[str, Any], who: Actor, initials: tuple[Capacity, ...], at: datetime
) -> bytes:
    """Return the decree as it would be, marked as a draft; raises NoSuchCase where there is none for the actor."""
    life = row["life"] or {}
    stands = life.get("blocked_in") or row["state"]
    second = (life.get("second") or {}).get("state")
    if not {stands, second} & DRAFTED or not sees_draft(who, initials):
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
