"""What closing a surge takes from the rule pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True)
class ClosingTerms:
    """How long both sides may evaluate, and what days are worth; money is whole rupiah, shares are whole percent.

    `rest_days` are granted for each `rest_per_duty_days` on duty, in proportion. `meals_percent` of a day's per diem is
    withheld for each day on duty, where the site feeds the person. `practised_after` days on duty in a role, added up
    over all surges, let the role's skill count as level 2 ("does"). `per_diem_source` is where the rate is from.
    """

    evaluation: timedelta
    rest_days: int
    rest_per_duty_days: int
    per_diem: int
    meals_percent: int
    practised_after: int
    per_diem_source: str = "default"


class Finder(Protocol):
    """Looks values of a rule pack up by dotted key, and refuses those of the wrong form by name."""

    def duration(self, key: str) -> timedelta: ...
    def source(self, key: str) -> str: ...
    def whole(self, key: str, least: int = 0, most: int | None = None) -> int: ...


def read_terms(find: Finder) -> ClosingTerms:
    """Return the terms that a rule pack holds under `closing`."""
    return ClosingTerms(
        evaluation=find.duration("closing.evaluation"),
        rest_days=find.whole("closing.rest_days"),
        rest_per_duty_days=find.whole("closing.rest_per_duty_days", 1),
        per_diem=find.whole("closing.per_diem"),
        meals_percent=find.whole("closing.meals_percent", 0, 100),
        per_diem_source=find.source("closing.per_diem"),
        practised_after=find.whole("closing.practised_after", 1),
    )
