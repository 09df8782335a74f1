"""What the request expected, to set beside what came: its likely cost, the hazards that it named, who was to eat on their own."""

from __future__ import annotations

from dataclasses import dataclass

from domain.closing.estimate import Estimate, Planned, estimate
from domain.closing.terms import ClosingTerms
from domain.conditions import withholds_meals
from domain.report.source import Line, Source


@dataclass(frozen=True)
class Expected:
    """The estimate of a surge's lines, and the codes of their hazards; `own_meals`: people of some ate out of the per diem."""

    estimate: Estimate | None = None
    hazards: tuple[str, ...] = ()
    own_meals: bool = False


def expected_of(source: Source, terms: ClosingTerms) -> Expected:
    """Return what the lines of a surge, whose own source it is, said beforehand."""
    lines = source.lines
    return Expected(
        estimate(map(_planned, lines), terms, source.operation.zone),
        hazards=tuple(sorted({hazard for line in lines for hazard in line.hazards})),
        own_meals=any(not withholds_meals(line.food) for line in lines),
    )


def _planned(line: Line) -> Planned:
    until = line.due_back if line.continued else max(line.due_back, line.needed_until or line.due_back)
    return Planned(line.line_id, line.quantity, line.report_at, until, line.food)
