"""The view of an after-action review: frozen figures, ready to be said and drawn. It names offices and units, no person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.closing.costs import Costs
from domain.closing.evaluation import Criterion, Side
from domain.closing.expected import Expected
from domain.closing.papers import Papers
from domain.closing.terms import ClosingTerms
from domain.closing.times import Spread
from domain.closing.waivers import CapWaiver

FEWEST = 3
"""Fewer evaluations than this are not averaged: a mean of two tells each what the other said."""


@dataclass(frozen=True)
class Need:
    """One role: seats asked, seats on which somebody arrived, and why the rest stayed empty (adds up to it)."""

    role: str
    name: str
    asked: int
    filled: int
    causes: tuple[tuple[str, int], ...]

    @property
    def empty(self) -> int:
        """Seats on which nobody ever arrived."""
        return self.asked - self.filled


@dataclass(frozen=True)
class Answers:
    """What became of everybody who was asked; reasons are codes with their number, the commonest first.

    `asked` = `accepted` + `silent` + those who declined + `waiting` (may answer still) + `dropped` (let go before they had
    answered). Who came from another post was not asked.
    """

    asked: int
    accepted: int
    on_condition: int
    silent: int
    waiting: int
    dropped: int
    declined: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class DeathReports:
    """What became of the accident-cover reports of deaths; `slowest` is the longest from the death to the filing."""

    filed: int = 0
    slowest: timedelta | None = None
    waived: int = 0
    owed: int = 0


@dataclass(frozen=True)
class Incidents:
    """What happened to those who went; people, but `extensions` and `injuries` are counted as often as they happened."""

    arrived: int
    unfit: int
    no_show: int
    cancelled: int
    out_of_contact: int
    injuries: int
    serious: int
    deaths: int
    reports: DeathReports
    extensions: int
    recalled_by_unit: tuple[tuple[str, int], ...]
    released_early: tuple[tuple[str, int], ...]
    late: int
    latest: timedelta | None
    uncovered: int
    uncovered_days: int
    no_day_off: int = 0
    long_shifts: int = 0
    reassigned: int = 0
    converted: int = 0
    affected: int = 0


@dataclass(frozen=True)
class ThinUnits:
    """How often a unit was below its redline while its people were promised or away, what was said, how many still are."""

    began: int = 0
    drafted: int = 0
    declined: int = 0
    open: int = 0


@dataclass(frozen=True)
class Override:
    """A unit was let below its redline: by which office, when, why, for how many."""

    at: datetime
    office: str
    unit_id: str
    home_role: str
    extra: int
    reason: str


@dataclass(frozen=True)
class Rating:
    """What one side thinks; means in hundredths, by criterion, None where too few have said."""

    side: Side
    given: int
    owed: int
    means: tuple[tuple[Criterion, int], ...] | None


@dataclass(frozen=True)
class Lesson:
    """A lesson that was noted; `text` is "" once the note was erased."""

    at: datetime
    office: str
    topic: str
    text: str


@dataclass(frozen=True)
class Review:
    """Everything that the after-action report says of a surge, as of `as_of`."""

    surge_id: str
    title: str
    state: str
    requested_at: datetime | None
    alerted_at: datetime | None
    needs: tuple[Need, ...]
    answers: Answers
    times: tuple[Spread, ...]
    incidents: Incidents
    thin: ThinUnits
    overrides: tuple[Override, ...]
    waivers: tuple[CapWaiver, ...]
    ratings: tuple[Rating, ...]
    costs: Costs
    papers: Papers
    lessons: tuple[Lesson, ...]
    terms: ClosingTerms
    units: Mapping[str, str]
    expected: Expected = field(default_factory=Expected)

    @property
    def asked(self) -> int:
        """Seats that were asked for."""
        return sum(need.asked for need in self.needs)

    @property
    def filled(self) -> int:
        """Seats on which somebody arrived."""
        return sum(need.filled for need in self.needs)
