"""What is shown of a mutation beside its road: the counsel before the decision, and what follows the decree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.mutation_told import ended
from domain.mutation.circles import form_a_swap


class ByHand(BaseModel):
    """Whose word something is, and in which office."""

    person_id: str | None
    name: str | None
    capacity: str = Field(examples=["SEKDA"])
    tenure: str


class Counsel(BaseModel):
    """What the authorized officer (PyB) counsels; who, by which paper and why, for whoever sees the whole case."""

    advice: str = Field(
        description="AWAITED, FOR, AGAINST; WAIVED where none came in time, which approves nothing."
    )
    because: str | None = None
    by: CounselledBy | None = None


class CounselledBy(ByHand):
    """Whose counsel it is, and by which paper."""

    reference: str | None = None
    dated: date | None = None
    counselled_at: datetime


class Reference(BaseModel):
    """A paper, an entry or a lawsuit, by its number and its day."""

    number: str
    dated: date


class Absence(BaseModel):
    """What follows for somebody who did not begin."""

    what: str = Field(examples=["DISCIPLINE", "EXCUSED"])
    because: str | None
    by: Reference | None


class Retraction(BaseModel):
    """What became of the entry in SIASN of the decree that is undone."""

    what: str = Field(examples=["RETRACTED", "NEVER_ENTERED"])
    by: Reference | None


class Aftermath(BaseModel):
    """What stands beside the road of a mutation."""

    counsel: Counsel | None = Field(
        description="None where the position asks for none, and before the screening."
    )
    siasn: dict[str, str | None] | None = Field(
        description="What the entry in SIASN says, by its own names, once the decree is issued.",
        examples=[{"nomorSk": "821.2/1/BKPSDM/XII/2026", "tmtJabatan": "2026-12-01"}],
    )
    entry: Reference | None = Field(description="The entry in SIASN, once it is made.")
    retraction: Retraction | None
    absence: Absence | None = Field(description="For whoever sees the whole case.")
    owed: list[str] = Field(description="What the case is not whole without.", examples=[["RETRACTION"]])
    lawsuits: list[Reference] = Field(description="At the administrative court (PTUN), about the decree.")
    undone_lawsuits: list[Reference] = Field(
        description="The same about the decree that this case is to undo."
    )

    circle: list[str] = Field(
        description="The cases, this one first, that wait for each other's full posts: none of them can go but as a swap."
    )
    advice: str | None = Field(description="The same in words.")


def told(
    life: dict[str, Any] | None,
    said: dict[str, Any] | None,
    entry: dict[str, str | None] | None,
    undone: list[dict[str, Any]],
    circle: tuple[str, ...],
) -> dict[str, Any]:
    """Return that part of the page; `said` is None for whoever does not see the whole case: a head learns of no absence."""
    known, whole = life or {}, said is not None
    return {
        "counsel": _counsel(known, said),
        "siasn": entry if whole else None,
        "entry": known.get("entry"),
        "retraction": known.get("retraction"),
        "absence": known.get("absence") if whole else None,
        "owed": [one["what"] for one in known.get("owed", [])],
        "lawsuits": known.get("lawsuits", []) if whole else [],
        "undone_lawsuits": undone if whole else [],
        "circle": list(circle) if whole else [],
        "advice": form_a_swap(circle) if circle and whole else None,
    }


def _counsel(known: dict[str, Any], said: dict[str, Any] | None) -> dict[str, Any] | None:
    counsel = known.get("counsel")
    if counsel is None or (counsel["advice"] == "AWAITED" and ended(known)):
        return None
    if said is None:
        return {"advice": counsel["advice"]}
    by = said.get("counsel") if counsel["advice"] in ("FOR", "AGAINST") else None
    return {"advice": counsel["advice"], "because": counsel.get("because"), "by": by}
