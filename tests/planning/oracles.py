"""Two other ways to the optimum, each from the question alone: trying everything, and a general MIP solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from domain.allocation import Line, PlanningProblem


def cost_of_going(problem: PlanningProblem, person: int, line: Line) -> int | None:
    """Kilometres, recency, volunteering and substitute of one pair; None where it is not allowed."""
    people, weights = problem.people, problem.weights
    name = people.ids[person]
    role = problem.role_codes[people.role[person]]
    ways = [
        way.cost
        for way in line.accepts
        if (not way.roles or role in way.roles) and way.skills & people.skills[person] == way.skills
    ]
    busy = zip(problem.busy.person, problem.busy.start, problem.busy.end, strict=True)
    km = int(distance(people.lat[person], people.lon[person], line.lat, line.lon) + 0.5)
    refused = {(name, line.line_id), (name, line.surge_id)} & set(problem.excluded)
    away = any(one == person and start < line.ends_at and end > line.starts_at for one, start, end in busy)
    held = name in {held for held, _ in problem.locked}
    far = line.max_km is not None and km > line.max_km
    if not ways or people.blocked[person] or refused or away or held or far:
        return None
    days = people.days_since_surge[person]
    recent = sum(1 for limit in weights.recency_days if 0 <= days < limit)
    unwilling = 0 if people.volunteer[person] else weights.not_volunteer
    return (
        km * weights.per_km
        + min(ways)
        + recent * weights.recency
        + unwilling
        + giving(problem, people.unit[person])
    )


def giving(problem: PlanningProblem, unit: int) -> int:
    """What everybody of a unit costs more, as it has given more for each whom it can lend than the mean of all."""
    days = dict(enumerate(problem.units.given))
    able = Counter(dict(enumerate(problem.units.lendable)))
    for at, lent in zip(problem.unit_roles.unit, problem.unit_roles.lent, strict=True):
        able[at] += lent
    most = sum(days.get(at, 0) for at, can in able.items() if can)
    if not most or not able[unit]:
        return 0
    return min(100, 25 * days[unit] * able.total() // (able[unit] * most))


def distance(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle kilometres by the law of haversines."""
    a, b, c, d = map(radians, (lat, lon, to_lat, to_lon))
    return 2 * 6371.0088 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


def bands(problem: PlanningProblem, unit: int) -> list[int]:
    """The prices of a unit's next people, one by one."""
    table, prices = problem.unit_roles, problem.weights.donor_bands
    away = sum(lent for at, lent in zip(table.unit, table.lent, strict=True) if at == unit)
    total = away + problem.units.lendable[unit]
    step = [
        prices[k]
        for k in range(len(prices))
        for _ in range(k * total // len(prices), (k + 1) * total // len(prices))
    ]
    return step[away:]


def by_trying_everything(problem: PlanningProblem) -> tuple[int, int]:
    """The least (urgency left, burden) over all plans there are; none has a team in pieces."""
    table = problem.unit_roles
    room = Counter(
        {(unit, role): free for unit, role, free in zip(table.unit, table.role, table.lendable, strict=True)}
    )
    urgency = sum((6 - line.priority) * line.quantity for line in problem.lines)
    step = {unit: bands(problem, unit) for unit in range(len(problem.units.ids))}
    left = [line.quantity for line in problem.lines]
    teams: dict[tuple[str, str], list[int]] = {}
    for at, line in enumerate(problem.lines):
        if line.team and line.quantity:
            teams.setdefault((line.surge_id, line.team), []).append(at)

    def whole() -> bool:
        return all(
            not any(left[at] for at in team)
            or (key not in problem.begun and all(left[at] == problem.lines[at].quantity for at in team))
            for key, team in teams.items()
        )

    lent: Counter[int] = Counter()

    def plans(person: int, gained: int, burden: int) -> Iterator[tuple[int, int]]:
        if person == len(problem.people.ids):
            if not whole():
                return
            yield urgency - gained, burden
            return
        yield from plans(person + 1, gained, burden)
        unit, role = problem.people.unit[person], problem.people.role[person]
        if room[unit, role] == 0 or lent[unit] == problem.units.lendable[unit]:
            return
        for at, line in enumerate(problem.lines):
            cost = cost_of_going(problem, person, line) if left[at] else None
            if cost is not None:
                band = step[unit][lent[unit]]
                left[at], room[unit, role], lent[unit] = left[at] - 1, room[unit, role] - 1, lent[unit] + 1
                yield from plans(person + 1, gained + 6 - line.priority, burden + cost + band)
                left[at], room[unit, role], lent[unit] = left[at] + 1, room[unit, role] + 1, lent[unit] - 1

    return min(plans(0, 0, 0))


def by_mixed_integers(problem: PlanningProblem, fill_scale: int) -> int:
    """The least fill_scale × urgency left + burden, by scipy's HiGHS with one variable a pair of person and line."""
    table, people = problem.unit_roles, problem.people
    row_of = {pair: at for at, pair in enumerate(zip(table.unit, table.role, strict=True))}
    pairs = [
        (person, at, cost)
        for person in range(len(people.ids))
        for at, line in enumerate(problem.lines)
        if (cost := cost_of_going(problem, person, line)) is not None
        and (people.unit[person], people.role[person]) in row_of
    ]
    steps = [(unit, price) for unit in range(len(problem.units.ids)) for price in bands(problem, unit)]
    sizes = [len(people.ids), len(table.unit), len(problem.units.ids), len(problem.lines)]
    first = np.cumsum([0, *sizes])
    entries = []
    for column, (person, at, _) in enumerate(pairs):
        unit = people.unit[person]
        rows = (person, first[1] + row_of[unit, people.role[person]], first[2] + unit, first[3] + at)
        entries.extend((1, row, column) for row in rows)
    entries += [(-1, first[2] + unit, len(pairs) + at) for at, (unit, _) in enumerate(steps)]
    value, row, column = zip(*entries, strict=True)
    width = len(pairs) + len(steps)
    matrix = csr_array((value, (row, column)), shape=(int(first[-1]), width))
    most = [1] * sizes[0] + list(table.lendable) + [0] * sizes[2] + [line.quantity for line in problem.lines]
    gains = [cost - fill_scale * (6 - problem.lines[at].priority) for _, at, cost in pairs]
    price = np.array([*gains, *(price for _, price in steps)], np.float64)
    found = milp(
        price,
        constraints=LinearConstraint(matrix, -np.inf, most),
        integrality=np.ones(width),
        bounds=Bounds(0, 1),
    )
    assert found.status == 0, found.message
    return fill_scale * sum((6 - line.priority) * line.quantity for line in problem.lines) + round(found.fun)
