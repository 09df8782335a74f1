"""What one run of a scenario came to, counted from its log; and how many runs spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from adapters.postgres.invariants import InvariantResult
from domain.facts import ARRIVALS
from domain.oral import ASKS, asked_at
from lab.storybook import Entry, StoryBook

ON_SITE = 0.9
"""The share of the first wave that must be on site."""


@dataclass(frozen=True)
class Measures:
    """One run. `filled` is the share of seats (0 to 1) on which somebody arrived.

    `hours` run from the first request until 90 % of its first wave are on site, as the arrivals were reported; None
    when that never came. `breaches` are people lent below a redline: by an override, or without one.
    """

    seed: int
    filled: float
    hours: float | None
    breaches: int
    late: int
    declined: int
    silent: int
    no_shows: int
    violations: int

    def told(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def measures_of(book: StoryBook, found: Sequence[InvariantResult], seed: int) -> Measures:
    """Count a run from its log; `found` are its invariants, which fold the same log."""
    arrivals = _arrivals(book)
    seats = {line_id: int(line["quantity"]) for line_id, line in book.lines.items()}
    on = Counter(line_id for _, line_id in arrivals)
    lent = sum(int(entry["data"]["extra"]) for entry in book.of_type("RedlineOverridden"))
    below = sum(result.violations for result in found if result.code == "I8")
    return Measures(
        seed=seed,
        filled=sum(min(on[line_id], asked) for line_id, asked in seats.items()) / max(sum(seats.values()), 1),
        hours=_hours(book, arrivals),
        breaches=lent + below,
        late=len(book.overdue),
        declined=sum(entry["data"]["state"] == "DECLINED" for entry in book.of_type("OfferAnswered")),
        silent=len(book.of_type("OfferLapsed")),
        no_shows=len(book.of_type("NoShowReported")),
        violations=sum(result.violations for result in found),
    )


def _arrivals(book: StoryBook) -> list[tuple[datetime, str]]:
    """Return when each person arrived, as reported, and for which line; the earliest first."""
    found: dict[str, tuple[datetime, str]] = {}
    for entry in book.of_type(*ARRIVALS):
        told = entry["data"].get("reported_at")
        at = datetime.fromisoformat(told) if told else entry["at"]
        found.setdefault(entry["case_id"], (at, entry["data"]["line_id"]))
    return sorted(found.values())


def _hours(book: StoryBook, arrivals: Sequence[tuple[datetime, str]]) -> float | None:
    request: Entry | None = next(iter(book.of_type(*ASKS)), None)
    if request is None:
        return None
    lines = book.lines_of(request["case_id"])
    first = min((int(line["wave"]) for line in lines), default=0)
    free = {str(line["line_id"]): int(line["quantity"]) for line in lines if line["wave"] == first}
    wanted = ceil(ON_SITE * sum(free.values()))
    for at, line_id in arrivals:
        if free.get(line_id, 0):
            free[line_id] -= 1
            wanted -= 1
            if not wanted:
                return (at - asked_at(request["at"], request["data"])) / timedelta(hours=1)
    return None


@dataclass(frozen=True)
class Spread:
    """How one measure spreads over runs; `values` of those runs that have it, the smallest first."""

    values: tuple[float, ...]
    runs: int

    def percentile(self, share: int) -> float | None:
        """Return the value that `share` percent of the runs do not exceed (nearest rank); None without any."""
        if not self.values:
            return None
        return self.values[max(0, ceil(share / 100 * len(self.values)) - 1)]

    @property
    def lacking(self) -> int:
        """How many runs never came to it."""
        return self.runs - len(self.values)


def spread(runs: Sequence[Measures], name: str) -> Spread:
    """Gather one measure over runs."""
    values = (getattr(run, name) for run in runs)
    return Spread(tuple(sorted(float(value) for value in values if value is not None)), len(runs))
