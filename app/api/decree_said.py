"""What may be said about a decree: the first one, or the second that undoes or corrects it."""

from __future__ import annotations

from pydantic import Field, model_validator

from app.api.forms import Day, Instant, Line, Note
from app.api.said import Said
from domain.mutation.case_papers import WORDED
from domain.mutation.decree_parts import CorrectedDictum
from domain.mutation.reasons import (
    Cancellation,
)


class Prepare(Said):
    """Draft the decree."""

    effective_at: Instant = Field(description="From when on (TMT): midnight of that day at the government.")


class PrepareAlone(Said):
    """Draft the decree of one mutation, or the second one about it."""

    effective_at: Instant | None = Field(
        None,
        description="From when on (TMT): midnight of that day at the government. A second decree is in force from the day of "
        "its signature on, and needs none.",
    )


class Serve(Said):
    """Whoever is moved has the extract."""

    served_at: Instant | None = Field(
        None,
        description="Else now: the person may object for so long from that day on. A day is told by its midnight.",
    )


_NUMBERED = ["821.2/12/BKPSDM/XI/2026"]


class Forced(Said):
    """Have the decree undone or corrected by a second one, perhaps because another authority's paper forces it."""

    number: Line | None = Field(
        None,
        description="Of the decree or ruling of another authority that forces it.",
        examples=["17/G/2026/PTUN.KPG"],
    )
    dated: Day | None = Field(None, description="Its day; not before that of the case's own decree.")


class Cancel(Forced):
    """Take the decision back; once the decree is signed, by a second one."""

    code: Cancellation


class IssueErratum(Said):
    """Mend a slip: with what is written and what is meant, its paper is made here; both are kept apart from the case."""

    number: Line = Field(description="Of the erratum.", examples=_NUMBERED)
    dated: Day | None = Field(None, description="Its day; not before that of the case's own decree.")
    written: Line | None = Field(None, examples=["terhitung mulai tangal"])
    meant: Line | None = Field(
        None,
        description="What was approved stands as it is: a date, a post, a unit or a rank takes a correction.",
        examples=["terhitung mulai tanggal"],
    )

    @model_validator(mode="after")
    def _both_or_neither(self) -> IssueErratum:
        if (self.written is None) != (self.meant is None):
            raise ValueError("meant: expected with written, and with nothing else")
        return self

    @property
    def mends(self) -> tuple[str, str] | None:
        return (self.written, self.meant) if self.written and self.meant else None

    @property
    def details(self) -> dict[str, str | int | float] | None:
        told = {
            key: value for key, value in (super().details or {}).items() if key not in ("written", "meant")
        }
        return told | ({WORDED: 1} if self.mends else {})


class Correct(Forced):
    """Correct a decree by a second one, on an objection or without: from when on it has effect, or how one dictum reads."""

    effective_at: Instant | None = Field(
        None, description="From when on instead (TMT); before the effect only."
    )
    dictum: CorrectedDictum | None = Field(None, description="Which dictum reads otherwise.")
    reads: Note | None = Field(None, description="How it reads, in full; kept apart from the case.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Correct:
        if (self.dictum is None) != (self.reads is None):
            raise ValueError("reads: expected with dictum, and with nothing else")
        if self.effective_at and self.dictum:
            raise ValueError("dictum: expected without effective_at; one decree corrects one of them")
        return self

    @property
    def mends(self) -> tuple[str, str] | None:
        return (self.dictum.value, self.reads) if self.dictum and self.reads else None

    @property
    def details(self) -> dict[str, str | int | float] | None:
        told = {key: value for key, value in (super().details or {}).items() if key != "reads"}
        return told | ({WORDED: 1} if self.mends else {})
