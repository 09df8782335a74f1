"""Whether somebody may serve a line at all, by what they can and whether they are fit: as the planner asks it of everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.requests import Substitute
from domain.rules import RulePack


@dataclass(frozen=True)
class Able:
    """What somebody is at home, can to the end of a duty (skill -> level), and whether an exemption keeps them from it."""

    home_role: str
    skills: Mapping[str, int]
    exempt: bool = False

    def has(self, need: tuple[str, int]) -> bool:
        """Whether they have a skill at the level that is asked for, or above it."""
        skill, level = need
        return self.skills.get(skill, 0) >= level


def may_serve(who: Able, role: str, substitutes: Iterable[Substitute], rules: RulePack) -> bool:
    """Whether somebody may serve in a surge role: plainly, or in a way that the line takes where it must."""
    if who.exempt:
        return False
    asked = rules.roles[role]
    return who.has((asked.skill, asked.level)) or any(_stands_in(who, one, rules) for one in substitutes)


def _stands_in(who: Able, way: Substitute, rules: RulePack) -> bool:
    need = way.needs(rules)
    return way.home_role in (None, who.home_role) and (need is None or who.has(need))


TOO_NEAR = "too_near_the_next_duty"
"""Why somebody may not serve longer who is to serve again soon (S05)."""


@dataclass(frozen=True)
class Longer:
    """What the books say of the days that are added to a duty: leave or training, service that ends, the certificate.

    `near`: they would leave too little rest before the next duty that the person has, or was offered.
    """

    away: bool
    near: bool
    leaves: bool
    able: bool


def longer_fault(days: Longer) -> str | None:
    """Return the code of the rule that forbids the added days, or None; the rule pack lets nobody waive one of them."""
    if days.away:
        return "away_then"
    if days.near:
        return TOO_NEAR
    if days.leaves:
        return "service_ends_then"
    return None if days.able else "certificate_ends"
