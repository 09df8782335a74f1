"""What stands beside the road of a mutation: the PyB's counsel, entries in SIASN, an absence, lawsuits, what is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.mutation.waiting import Wait


class Advice(StrEnum):
    """What the authorized officer (PyB) says before the decision; WAIVED: nothing in time, which is no advice at all."""

    AWAITED = "AWAITED"
    FOR = "FOR"
    AGAINST = "AGAINST"
    WAIVED = "WAIVED"


@dataclass(frozen=True)
class Counsel:
    """The counsel that the decision waits for. `lapses`: by the rule pack it is waited for until its term only.

    `because` is the coded reason of whoever counsels against.
    """

    lapses: bool
    advice: Advice = Advice.AWAITED
    because: str | None = None


@dataclass(frozen=True)
class Reference:
    """A paper or an entry elsewhere: its number there, and its day."""

    number: str
    dated: date


class Retracted(StrEnum):
    """What became of the first decree's entry in SIASN once another decree had undone it."""

    RETRACTED = "RETRACTED"
    NEVER_ENTERED = "NEVER_ENTERED"


@dataclass(frozen=True)
class Retraction:
    """The first decree's entry is retracted, by a reference of its own; or there never was one."""

    what: Retracted
    by: Reference | None = None


class Absent(StrEnum):
    """What follows for somebody who did not begin."""

    DISCIPLINE = "DISCIPLINE"
    EXCUSED = "EXCUSED"


@dataclass(frozen=True)
class Absence:
    """What was said of an absence: a discipline case, by its letter where there is one; or excused, for a coded reason."""

    what: Absent
    because: str | None = None
    by: Reference | None = None


class Owing(StrEnum):
    """What a case is not whole without, though it holds up no step of its road."""

    ABSENCE = "ABSENCE"
    RETRACTION = "RETRACTION"


@dataclass(frozen=True)
class Owed:
    """Something that is owed since an instant, and how whoever is asked is urged."""

    what: Owing
    since: datetime
    wait: Wait | None = None
