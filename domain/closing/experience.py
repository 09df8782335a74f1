"""What somebody has done on surges, and what it lets a skill count as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

DOES = 2
"""The level of whoever does it: 1 knows, 2 does, 3 leads."""


@dataclass(frozen=True)
class Skill:
    """A skill as the roster says it, and the level that it counts as with practice."""

    skill: str
    level: int
    practised: int
    expires_on: date | None

    @property
    def by_practice(self) -> bool:
        """Whether practice lifts it above what the roster says."""
        return self.practised > self.level


def practised(
    skills: Iterable[tuple[str, int, date | None]],
    duty: Iterable[tuple[str, int]],
    skill_of_role: Mapping[str, str],
    *,
    after: int,
) -> tuple[Skill, ...]:
    """Return skills with the level that practice gives.

    `skills` are (skill, level, expiry) of the roster, `duty` (surge role, days on duty). Practice lifts a skill that the
    roster knows to level 2, and never gives a new one: a certificate is not earned by being there.
    """
    days: Counter[str] = Counter()
    for role, count in duty:
        days[skill_of_role.get(role, "")] += count
    return tuple(
        Skill(skill, level, max(level, DOES) if days[skill] >= after else level, expires)
        for skill, level, expires in skills
    )
