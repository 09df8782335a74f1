"""What the after-action report places, as text: the rows of its sections, in Indonesian."""

from __future__ import annotations

from dataclasses import dataclass

from domain.closing.review_view import Need
from domain.closing.times import Spread


@dataclass(frozen=True)
class NeedRow:
    """A role: seats filled and asked, and why the rest stayed empty."""

    need: Need
    why: str


@dataclass(frozen=True)
class TimeRow:
    """A step: how many took it, how long half and nine of ten of them took, and the whole distribution."""

    label: str
    people: str
    median: str
    ninetieth: str
    longest: str
    spread: Spread


@dataclass(frozen=True)
class Row:
    """A finding with its number."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class OverrideRow:
    """A unit that was let below its redline."""

    day: str
    unit: str
    people: str
    office: str
    reason: str


@dataclass(frozen=True)
class WaiverRow:
    """Somebody of a unit whose yearly cap was raised."""

    day: str
    unit: str
    person: str
    days: str
    office: str
    reason: str


@dataclass(frozen=True)
class CostRow:
    """A donor's people, days, money and claims; `reckoned` is what the days came to of the claims that were paid."""

    unit: str
    people: str
    away: str
    duty: str
    late: str
    rest: str
    money: str
    claims: str
    reckoned: str
    claimed: str
    difference: str


@dataclass(frozen=True)
class RatingRow:
    """What one side thinks: how many said it, and the mean of each criterion."""

    side: str
    given: str
    means: tuple[Row, ...]
    note: str


@dataclass(frozen=True)
class LessonRow:
    """A lesson, by the office that noted it."""

    day: str
    office: str
    topic: str
    text: str


@dataclass(frozen=True)
class Told:
    """Everything that page and paper say, section by section; each title is a finding with its number."""

    need_title: str
    needs: tuple[NeedRow, ...]
    times_title: str
    times_from: str
    times: tuple[TimeRow, ...]
    answers_title: str
    answers: tuple[Row, ...]
    incidents_title: str
    incidents: tuple[Row, ...]
    overrides_title: str
    overrides: tuple[OverrideRow, ...]
    waivers_title: str
    waivers: tuple[WaiverRow, ...]
    costs_title: str
    costs: tuple[CostRow, ...]
    costs_total: CostRow
    costs_notes: tuple[str, ...]
    claims: tuple[CostRow, ...]
    claims_title: str
    papers_title: str
    papers: tuple[Row, ...]
    ratings_title: str
    ratings: tuple[RatingRow, ...]
    lessons_title: str
    lessons: tuple[LessonRow, ...]
