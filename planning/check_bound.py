"""The checker's arithmetic: the bound that a certificate's prices prove, from the raw rows.

Apart from the solver and sharing nothing with it: plain loops over every person and every line.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.allocation import MOST_GIVEN, Line, PlanningProblem
from domain.plans import Certificate, Choice
from planning.kernels import compiled

Ints = NDArray[np.int64]
Team = tuple[str, str]
"""The surge and the name."""


class Folk(NamedTuple):
    """Everybody who may go at all; `own` is what going costs beside the way, `kept` a row of the barred lines."""

    role: Ints
    skills: NDArray[np.uint64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    own: Ints
    kept: Ints


class Wanted(NamedTuple):
    """The lines: the ways of each from `begin`, its site in radians, its limit in km (-1: none) and its price."""

    begin: Ints
    need: NDArray[np.uint64]
    takes: NDArray[np.bool_]
    extra: Ints
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    furthest: Ints
    price: Ints


class Decided(NamedTuple):
    """Lines that must be filled to the last place, and lines that nobody goes to, because their teams say so."""

    must: frozenset[str]
    never: frozenset[str]

    @classmethod
    def of(
        cls, teams: Mapping[Team, list[Line]], joined: Collection[Team], left: Collection[Team]
    ) -> Decided:
        """The lines of the teams that go, and of those that stay."""
        must, never = (
            frozenset(line.line_id for team in some if team in teams for line in teams[team])
            for some in (joined, left)
        )
        return cls(must, never)


def bound_of(
    problem: PlanningProblem,
    proof: Certificate | Choice,
    fill_scale: int,
    decided: Decided,
    row_of: dict[str, int],
) -> tuple[int, int, int]:
    """The cost that no plan can go below, the dearest a single pick can be, and how many distances lie so close to
    half a kilometre that their rounding is in doubt.

    A place that must be filled earns its whole price: leaving it open is no way out.
    """
    line_price = dict(proof.line_prices)
    asking = [line for line in problem.lines if line.quantity > 0]
    lines = [line for line in asking if line.line_id not in decided.never]
    bound = 0
    for line in asking:
        price, open_place = line_price.get(line.line_id, 0), (6 - line.priority) * fill_scale
        if line.line_id in decided.never:
            bound += line.quantity * open_place
        else:
            bound += line.quantity * (price if line.line_id in decided.must else min(price, open_place))
    earned, row_price = _earned_by_donors(problem, proof)
    prices = np.array([line_price.get(line.line_id, 0) for line in lines], np.int64)
    by_people, dearest, in_doubt = _earned_by_people(problem, lines, prices, row_price, row_of)
    return bound - earned - by_people, dearest, in_doubt


def _earned_by_donors(
    problem: PlanningProblem, proof: Certificate | Choice
) -> tuple[int, dict[tuple[int, int], int]]:
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
    people, nobody = problem.people, -(2**62)
    roles = len(problem.role_codes)
    price_at = np.full(len(problem.units.ids) * roles, nobody, np.int64)
    for (unit, role), price in row_price.items():
        price_at[unit * roles + role] = price
    at_home = price_at[_whole(people.unit) * roles + _whole(people.role)]
    at_home[[row for row, code in enumerate(people.blocked) if code]] = nobody
    at_home[[row_of[person] for person, _ in problem.locked if person in row_of]] = nobody
    who = np.flatnonzero(at_home > nobody)
    if not len(who) or not lines:
        return 0, 0, 0
    folk, back = _folk(problem, who, lines, row_of)
    wanted = _wanted(problem, lines, prices)
    earned, dearest, in_doubt = best_of_everybody(folk, at_home[who], back, wanted, problem.weights.per_km)
    # No unit's dearest band and no person's own cost can add more than the dearest of each.
    dearest += max(problem.weights.donor_bands) + int(folk.own.max())
    return int(earned), int(dearest), int(in_doubt)


def _folk(
    problem: PlanningProblem, who: Ints, lines: list[Line], row_of: dict[str, int]
) -> tuple[Folk, NDArray[np.bool_]]:
    people, weights = problem.people, problem.weights
    of_who = itemgetter(*who.tolist(), 0)  # one more than needed, so that it is always a tuple
    days, role, willing, unit = (
        _whole(of_who(column))[:-1]
        for column in (people.days_since_surge, people.role, people.volunteer, people.unit)
    )
    own = np.where(willing == 0, weights.not_volunteer, 0) + _whole(prices_of_giving(problem))[unit]
    for limit in weights.recency_days:
        own = own + weights.recency * ((days >= 0) & (days < limit))
    skills = np.frombuffer(array("Q", of_who(people.skills)), np.uint64)[:-1]
    lat, lon = (
        np.radians(np.frombuffer(array("d", of_who(column)))[:-1]) for column in (people.lat, people.lon)
    )
    kept, back = _kept_back(problem, who, lines, row_of)
    return Folk(role, skills, lat, lon, own, kept), back


def prices_of_giving(problem: PlanningProblem) -> list[int]:
    """What everybody of each unit costs more, because of what the unit has given within the year."""
    units, able = problem.units, list(problem.units.lendable)
    for unit, lent in zip(problem.unit_roles.unit, problem.unit_roles.lent, strict=True):
        able[unit] += lent
    lends = [(days, can) for days, can in zip(units.given or [0] * len(able), able, strict=True) if can]
    mean = Fraction(sum(days for days, _ in lends), sum(can for _, can in lends) or 1)
    price = problem.weights.unit_given
    if not mean:
        return [0] * len(able)
    prices = iter([min(price * Fraction(days, can) // mean, price * MOST_GIVEN) for days, can in lends])
    return [int(next(prices)) if can else 0 for can in able]


def _whole(column: Sequence[int]) -> Ints:
    return np.frombuffer(array("q", column), np.int64)


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
    refused = [(place[row_of[name]], scope) for name, scope in problem.excluded if name in row_of]
    refused = [(one, scope) for one, scope in refused if one >= 0]
    concerned = np.unique(
        np.concatenate([place[person[mine]], np.array([one for one, _ in refused], np.int64)])
    )
    row = np.zeros(len(who), np.int64)
    row[concerned] = 1 + np.arange(len(concerned))
    table = np.zeros((1 + len(concerned), len(lines)), np.bool_)
    starts = np.array([line.starts_at for line in lines], np.int64)
    ends = np.array([line.ends_at for line in lines], np.int64)
    for one, begin, until in zip(row[place[person[mine]]], start[mine], end[mine], strict=True):
        table[one] |= (starts < until) & (ends > begin)
    within = {scope: [scope in (line.line_id, line.surge_id) for line in lines] for _, scope in refused}
    for one, scope in refused:
        table[row[one]] |= within[scope]
    return row, table


def _wanted(problem: PlanningProblem, lines: list[Line], prices: Ints) -> Wanted:
    ways = [way for line in lines for way in line.accepts]
    takes = [[not way.roles or role in way.roles for role in problem.role_codes] for way in ways]
    return Wanted(
        begin=np.cumsum([0, *(len(line.accepts) for line in lines)], dtype=np.int64),
        need=np.array([way.skills for way in ways], np.uint64),
        takes=np.array(takes, np.bool_).reshape(len(ways), len(problem.role_codes)),
        extra=np.array([way.cost for way in ways], np.int64),
        lat=np.radians(np.array([line.lat for line in lines], np.float64)),
        lon=np.radians(np.array([line.lon for line in lines], np.float64)),
        furthest=np.array([-1 if line.max_km is None else line.max_km for line in lines], np.int64),
        price=prices,
    )


@compiled
def best_of_everybody(folk, at_home, back, wanted, per_km):  # type: ignore[no-untyped-def]
    """Look at every person and every line: what all earn on their best line, the dearest pair, roundings in doubt.

    `at_home` is the price of each person's unit-role, `back[folk.kept[p]]` the lines that person p cannot serve.
    """
    earned, dearest, in_doubt = 0, 0, 0
    flat_there = np.cos(wanted.lat)
    for p in range(len(folk.role)):
        best, flat, gone = 0, np.cos(folk.lat[p]), back[folk.kept[p]]
        for s in range(len(wanted.price)):
            cost = -1 if gone[s] else cheapest_way(wanted, s, folk.role[p], folk.skills[p])
            if cost < 0:
                continue
            north, east = np.sin((wanted.lat[s] - folk.lat[p]) / 2), np.sin((wanted.lon[s] - folk.lon[p]) / 2)
            half_chord = np.sqrt(min(1.0, north * north + flat * flat_there[s] * east * east))
            far = 2 * 6371.0088 * np.arcsin(half_chord) + 0.5
            in_doubt += abs(far - np.round(far)) < 1e-9
            km = int(np.floor(far))
            if wanted.furthest[s] < 0 or km <= wanted.furthest[s]:
                cost += km * per_km
                dearest = max(dearest, cost)
                best = max(best, wanted.price[s] - cost - folk.own[p] - at_home[p])
        earned += best
    return earned, dearest, in_doubt


@compiled
def cheapest_way(wanted, line, role, skills):  # type: ignore[no-untyped-def]
    """What the cheapest fitting way of the line costs; -1 if none fits."""
    cost = -1
    for way in range(wanted.begin[line], wanted.begin[line + 1]):
        fits = wanted.takes[way, role] and wanted.need[way] & ~skills == 0
        if fits and (cost < 0 or wanted.extra[way] < cost):
            cost = wanted.extra[way]
    return cost
