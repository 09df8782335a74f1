"""What making a case's own papers needs of the world, and what a case asks of whoever makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.log import Attribution
from domain.mutation.case_papers import CasePaper, ToMake
from domain.mutation.decree import DecreeDraft
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.records import HandoverItem, Record
from domain.signing import Signed


class CasePaperBook(Protocol):
    """The papers of cases, and what is handed over."""

    async def to_make(self, mutation_id: str, at: datetime) -> tuple[ToMake, ...]:
        """Return the papers of a case that are not made: what each would say as of an instant, or what it lacks."""

    async def keep(self, made: ToMake, code: str, sealed: Signed, record: DecreeRecord, at: datetime) -> None:
        """Keep a paper with its record and tell the log, once; not where another list of what is handed over came in between."""

    async def lacks(self, paper: ToMake, missing: tuple[str, ...], at: datetime) -> None:
        """Note which parts a paper lacks, and tell the log, once for the same parts."""

    async def want(self, mutation_id: str) -> None:
        """Ask for the papers of a case, of whoever can make them."""

    async def waiting(self, before: datetime) -> tuple[tuple[str, int], ...]:
        """Return the cases of which papers are asked for (and how often), or wait for a seal, or were not tried since a move.

        Of the last, those whose move was before an instant.
        """

    async def attended(self, mutation_id: str, asked: int) -> None:
        """Say that the papers of a case were seen to, so often as they were asked for."""

    async def is_wanted(self, mutation_id: str) -> bool:
        """Say whether papers of a case are asked for and nobody has seen to it."""

    async def papers(self, mutation_id: str) -> list[dict[str, Any]]:
        """Return the newest paper of each kind of a case, and all its errata: its hash once it is made, else what it lacks."""

    async def draft(self, mutation_id: str, at: datetime) -> tuple[DecreeDraft, datetime]:
        """Return the decree of a mutation as it would be, if it were signed as of an instant; and since when it stands so."""

    async def file(self, mutation_id: str, paper: CasePaper, number: str | None = None) -> bytes | None:
        """Return the newest paper of a kind, or the erratum of that number; None where it is not made."""

    async def record(
        self, mutation_id: str, paper: CasePaper, number: str | None = None
    ) -> DecreeRecord | None:
        """Return the record of the same; None where it is not made, or was before papers were sealed."""

    async def taking_over(self, mutation_id: str) -> str | None:
        """Return to whom somebody hands over, as it is listed."""

    async def list_handover(
        self, mutation_id: str, taking_over: str, items: Sequence[HandoverItem], by: Attribution, at: datetime
    ) -> bool:
        """List what is handed over, and to whom, and tell the log how much; False once the record is made."""


class RecordTypesetter(Protocol):
    """Makes the records of a mutation, and the draft of its decree; blocking. The same facts give the same bytes."""

    def draft(self, draft: DecreeDraft, as_of: datetime) -> bytes:
        """Return the decree as it would be, marked as a draft, as PDF."""

    def record(self, record: Record) -> bytes:
        """Return the record as PDF."""


class Paperwork(Protocol):
    """Whoever makes the papers that are owed."""

    async def make(self, mutation_id: str, at: datetime) -> bool:
        """Make the papers of a case that are owed and whole; note of the others what they lack.

        Returns False where the seal was away: those wait for it.
        """
