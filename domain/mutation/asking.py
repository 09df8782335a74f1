"""What a dossier is gathered for: who is to move where, who asked on which day, and what goes along with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.mutation.documents import Document
from domain.mutation.kinds import Initiative


@dataclass(frozen=True, slots=True)
class Asked:
    """What the registry does not know of a mutation, and its case does.

    `government_id` is whom the person leaves. `reserved_by` are the cases that hold the position, `vacated_by` those of
    the same decree whose person leaves it; the other moves of that decree bring (or, below 0, take) so many heads to the
    role and unit that is left, and to the one that is joined. `restores` is the case whose decree this move undoes.
    """

    government_id: str
    case_id: str
    person_id: str
    position_id: str
    initiative: Initiative
    proposer_id: str
    asked_on: date
    documents: frozenset[Document] = frozenset()
    reserved_by: frozenset[str] = frozenset()
    vacated_by: frozenset[str] = frozenset()
    left_by_same_decree: int = 0
    joined_by_same_decree: int = 0
    restores: str | None = None
