"""How long things took: medians, ninetieth percentiles and their distribution, from one beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

BINS = 24


@dataclass(frozen=True)
class Spread:
    """How many people a step took how long; `bins` are equal parts of the time from zero to `longest`."""

    code: str
    people: int
    median: timedelta
    ninetieth: timedelta
    longest: timedelta
    bins: tuple[int, ...]


def spread(code: str, spans: Iterable[timedelta]) -> Spread | None:
    """Return the distribution of spans, or None where nobody came so far."""
    ordered = sorted(max(span, timedelta(0)) for span in spans)
    if not ordered:
        return None
    return Spread(code, len(ordered), rank(ordered, 50), rank(ordered, 90), ordered[-1], _bins(ordered))


def rank(ordered: Sequence[timedelta], percent: int) -> timedelta:
    """Return the nearest rank: the smallest value that at least so many percent do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _bins(ordered: Sequence[timedelta]) -> tuple[int, ...]:
    counts = [0] * BINS
    for span in ordered:
        counts[min(BINS - 1, int(BINS * span / ordered[-1])) if ordered[-1] else 0] += 1
    return tuple(counts)
