"""How evenly surge after surge is carried, with the planner's prices for it and without: one town, one year, by seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from domain.allocation import NEVER, Line, PlanningProblem, Weights
from domain.burden import Spread, spread
from lab.planning_questions import TOWN, question
from planning import plan

SURGES, APART, DUTY = 10, 36, 14
"""So many surges in a year, so many days from one to the next, and each person's days on it."""
LINES = 12
"""Lines of a surge: few enough that most places can be filled in many ways."""
WITHOUT = Weights(donor_bands=(0,), recency=0, unit_given=0)
"""The same planner, which does not mind whom, or whose unit, it asked last."""


@dataclass(frozen=True)
class Carried:
    """What a year comes to: places filled, and how evenly it was carried: person-days for each whom a unit may lend, surges
    for each person who was on one; `emptied` counts units that a surge left with nobody more to lend.
    """

    filled: int
    emptied: int
    over_units: Spread
    over_people: Spread


def a_year(weights: Weights, seed: int) -> Carried:
    """Play a year of surges over one town, each planned anew from what everybody has carried by then."""
    town = question(TOWN, seed)
    last: dict[str, int] = {}
    surges: Counter[str] = Counter()
    free, emptied = town.units.lendable, 0
    for nth in range(SURGES):
        asked = question(TOWN, seed * 100 + nth).lines[:LINES]
        given = _given(town, surges)
        answer = plan(_then(replace(town, units=replace(town.units, given=given)), nth, last, asked, weights))
        lent = Counter(town.units.ids.index(pick.unit_id) for pick in answer.picks)
        emptied += sum(count == free[unit] for unit, count in lent.items())
        for pick in answer.picks:
            surges[pick.person_id] += 1
            last[pick.person_id] = nth
    carried = _given(town, surges)
    return Carried(
        surges.total(),
        emptied,
        spread([carried[unit] / able for unit, able in enumerate(free) if able]),
        spread(list(surges.values())),
    )


def _given(town: PlanningProblem, surges: Counter[str]) -> list[int]:
    """Person-days by unit."""
    home = dict(zip(town.people.ids, town.people.unit, strict=True))
    carried = Counter[int]()
    for person, times in surges.items():
        carried[home[person]] += times * DUTY
    return [carried[unit] for unit in range(len(town.units.ids))]


def _then(
    town: PlanningProblem, nth: int, last: dict[str, int], lines: tuple[Line, ...], weights: Weights
) -> PlanningProblem:
    days = [(nth - last[one]) * APART - DUTY if one in last else NEVER for one in town.people.ids]
    return replace(
        town,
        salt=f"surge-{nth}",
        people=replace(town.people, days_since_surge=days),
        lines=lines,
        excluded=(),
        weights=weights,
    )
