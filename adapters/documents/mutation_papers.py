"""Sets the papers of a mutation as PDF; the same facts give the same bytes, in any process.

Calls block (half a second for 500 people) without the GIL: call them by `asyncio.to_thread`.
"""

from __future__ import annotations

from datetime import datetime

from adapters.documents import decree_paper, record_paper
from adapters.documents.press import Press
from domain.mutation.decree import Decree, DecreeDraft
from domain.mutation.extract import Extract
from domain.mutation.records import Record


class MutationPapers:
    """Typesets decrees, extracts and records; one instance may serve any number of threads."""

    def __init__(self) -> None:
        self._decrees = Press("decree.typ")
        self._records = Press("record.typ")

    def decree(self, decree: Decree) -> bytes:
        """Set the whole decree, with its annex where it moves more than one. Returns PDF/A-2b."""
        said, emblem = decree_paper.whole(decree), decree.letterhead.emblem_svg
        return self._decrees.set(f"decree {decree.decree_id}", said, emblem, decree.signed_at)

    def draft(self, draft: DecreeDraft, as_of: datetime) -> bytes:
        """Set the decree of one person as it would be, marked as a draft (KONSEP). Returns PDF/A-2b."""
        said, emblem = decree_paper.draft(draft), draft.letterhead.emblem_svg
        return self._decrees.set(f"draft of the decree for {draft.moves[0].case_id}", said, emblem, as_of)

    def extract(self, paper: Extract) -> bytes:
        """Set one person's extract (petikan); nobody else of the decree appears in it. Returns PDF/A-2b."""
        said, emblem = decree_paper.extract(paper), paper.decree.letterhead.emblem_svg
        called = f"extract of decree {paper.decree.decree_id} for {paper.move.case_id}"
        return self._decrees.set(called, said, emblem, paper.certified_at)

    def record(self, record: Record) -> bytes:
        """Set the minutes of a hearing, the record of a handover or the statement of duty (SPMT). Returns PDF/A-2b."""
        said, head = record_paper.said_of(record), record.head
        return self._records.set(f"record {head.record_id}", said, head.letterhead.emblem_svg, head.signed_at)
