"""The checker's arithmetic: the bound that a certificate's prices prove, from the raw rows.

Apart from the solver and sharing nothing with it: plain loops over every person and every line.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.allocation import Certificate, Line, PlanningProblem
from planning.kernels import compiled

Ints = NDArray[np.int64]


def bound_of(problem: PlanningProblem, proof: Certificate, row_of: dict[str, int]) -> tuple[int, int, int]:
    """The cost that no plan can go below, the dearest a single pick can be, and how many distances lie so close to
    half a kilometre that their rounding is in doubt.
    """
    line_price = dict(proof.line_prices)
    lines = [line for line in problem.lines if line.quantity > 0]
    bound = 0
    for line in lines:
        price = line_price.get(line.line_id, 0)
        bound += line.quantity * min(price, (6 - line.priority) * proof.fill_scale)
    earned, row_price = _earned_by_donors(problem, proof)
    prices = np.array([line_price.get(line.line_id, 0) for line in lines], np.int64)
    by_people, dearest, in_doubt = _earned_by_people(problem, lines, prices, row_price, row_of)
    return bound - earned - by_people, dearest, in_doubt


def _earned_by_donors(problem: PlanningProblem, proof: Certificate) -> tuple[int, dict[tuple[int, int], int]]:
    """What caps earn at these prices, and the price of each (unit, role) from which somebody may go."""
    unit_price, role_price = (
        dict(proof.unit_prices),
        {(u, r): price for u, r, price in proof.unit_role_prices},
    )
    units, table, bands = problem.units, problem.unit_roles, problem.weights.donor_bands
    away = [0] * len(units.ids)
    earned, row_price = 0, {}
    for unit, role, lent, free in zip(table.unit, table.role, table.lent, table.lendable, strict=True):
        away[unit] += lent
        if free > 0 and units.lendable[unit] > 0:
            name = units.ids[unit]
            base = unit_price.get(name, 0)
            price = role_price.get((name, problem.role_codes[role]), base)
            earned += free * max(0, price - base)
            row_price[int(unit), int(role)] = price
    for name, lent, free in zip(units.ids, away, units.lendable, strict=True):
        price = unit_price.get(name, 0)
        for nth in range(lent + 1, lent + free + 1) if price > bands[0] else ():
            band = -(-nth * len(bands) // (lent + free)) - 1
            earned += max(0, price - bands[band])
    return earned, row_price


def _earned_by_people(
    problem: PlanningProblem,
    lines: list[Line],
    prices: Ints,
    row_price: dict[tuple[int, int], int],
    row_of: dict[str, int],
) -> tuple[int, int, int]:
    people, weights, nobody = problem.people, problem.weights, -(2**62)
    roles = len(problem.role_codes)
    price_at = np.full(len(problem.units.ids) * roles, nobody, np.int64)
    for (unit, role), price in row_price.items():
        price_at[unit * roles + role] = price
    at_home = price_at[_whole(people.unit) * roles + _whole(people.role)]
    free = np.array([not code for code in people.blocked], np.bool_) & (at_home > nobody)
    free[[row_of[person] for person, _ in problem.locked if person in row_of]] = False
    who = np.flatnonzero(free)
    days = _whole(people.days_since_surge)[who]
    own: Ints = weights.not_volunteer * (_whole(people.volunteer)[who] == 0)
    for limit in weights.recency_days:
        own = own + weights.recency * ((days >= 0) & (days < limit))
    earned, dearest, in_doubt = best_of_everybody(
        _whole(people.role)[who],
        np.array(array("Q", people.skills), np.uint64)[who],
        *(np.radians(np.array(array("d", column))[who]) for column in (people.lat, people.lon)),
        own + at_home[who],
        *_kept_back(problem, who, lines, row_of),
        *_ways(problem, lines),
        *_sites(lines),
        prices,
        weights.per_km,
    )
    # No unit's dearest band and no person's own cost can add more than the dearest of each.
    return int(earned), int(dearest) + max(weights.donor_bands) + int(own.max(initial=0)), int(in_doubt)


def _whole(column: Sequence[int]) -> Ints:
    return np.array(array("q", column), np.int64)


def _kept_back(
    problem: PlanningProblem, who: Ints, lines: list[Line], row_of: dict[str, int]
) -> tuple[Ints, NDArray[np.bool_]]:
    """Per person a row of the table that says which lines they cannot serve; row 0 is all clear."""
    place = np.full(len(problem.people.ids), -1, np.int64)
    place[who] = np.arange(len(who))
    person, start, end = (
        _whole(column) for column in (problem.busy.person, problem.busy.start, problem.busy.end)
    )
    mine = place[person] >= 0
    refusing = [row_of[name] for name, _ in problem.excluded if name in row_of]
    concerned = np.unique(place[np.concatenate([person, np.array(refusing, np.int64)])])
    concerned = concerned[concerned >= 0]
    row = np.zeros(len(who), np.int64)
    row[concerned] = 1 + np.arange(len(concerned))
    table = np.zeros((1 + len(concerned), len(lines)), np.bool_)
    starts = np.array([line.starts_at for line in lines], np.int64)
    ends = np.array([line.ends_at for line in lines], np.int64)
    for one, begin, until in zip(row[place[person[mine]]], start[mine], end[mine], strict=True):
        table[one] |= (starts < until) & (ends > begin)
    scopes = {name for line in lines for name in (line.line_id, line.surge_id)}
    within = {
        scope: [scope in (line.line_id, line.surge_id) for line in lines]
        for scope in {s for _, s in problem.excluded} & scopes
    }
    for name, scope in problem.excluded:
        if scope in within and place[row_of.get(name, -1)] >= 0 and name in row_of:
            table[row[place[row_of[name]]]] |= within[scope]
    return row, table


def _ways(
    problem: PlanningProblem, lines: list[Line]
) -> tuple[Ints, NDArray[np.uint64], NDArray[np.bool_], Ints]:
    ways = [way for line in lines for way in line.accepts]
    begin = np.cumsum([0, *(len(line.accepts) for line in lines)], dtype=np.int64)
    need = np.array([way.skills for way in ways], np.uint64)
    takes = np.array(
        [[not way.roles or role in way.roles for role in problem.role_codes] for way in ways], np.bool_
    )
    return (
        begin,
        need,
        takes.reshape(len(ways), len(problem.role_codes)),
        np.array([way.cost for way in ways], np.int64),
    )


def _sites(lines: list[Line]) -> tuple[NDArray[np.float64], NDArray[np.float64], Ints]:
    furthest = np.array([-1 if line.max_km is None else line.max_km for line in lines], np.int64)
    lat, lon = (
        np.radians(np.array(column, np.float64))
        for column in ([line.lat for line in lines], [line.lon for line in lines])
    )
    return lat, lon, furthest


@compiled
def best_of_everybody(  # type: ignore[no-untyped-def]
    role,
    skills,
    lat,
    lon,
    own,
    kept,
    back,
    begin,
    need,
    takes,
    extra,
    to_lat,
    to_lon,
    furthest,
    price,
    per_km,
):
    """Look at every person and every line: what all earn on their best line, the dearest pair, roundings in doubt."""
    earned, dearest, in_doubt = 0, 0, 0
    flat_there = np.cos(to_lat)
    for p in range(len(role)):
        best, flat = 0, np.cos(lat[p])
        for s in range(len(price)):
            if back[kept[p], s]:
                continue
            cost = -1
            for way in range(begin[s], begin[s + 1]):
                if takes[way, role[p]] and (need[way] & ~skills[p]) == 0 and (cost < 0 or extra[way] < cost):
                    cost = extra[way]
            if cost < 0:
                continue
            north, east = np.sin((to_lat[s] - lat[p]) / 2), np.sin((to_lon[s] - lon[p]) / 2)
            chord = north * north + flat * flat_there[s] * east * east
            far = 2 * 6371.0088 * np.arcsin(np.sqrt(min(1.0, chord)))
            km = int(np.floor(far + 0.5))
            in_doubt += abs(far + 0.5 - np.round(far + 0.5)) < 1e-9
            if furthest[s] >= 0 and km > furthest[s]:
                continue
            cost += km * per_km
            dearest = max(dearest, cost)
            best = max(best, price[s] - cost - own[p])
        earned += best
    return earned, dearest, in_doubt
