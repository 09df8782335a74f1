"""The question as a network of flows: source → unit → unit and role → group → line.

    source → unit         parallel arcs, the unit's lendable staff in bands of rising price
    unit → unit and role  as many as the redline of that role lets go
    unit-role → group     parallel arcs by what a person costs (recent surge, not a volunteer)
    group → line          the kilometres; only where skills, days and refusals allow it
    source → line         the places left open, priced by urgency far above everything else

A person belongs to one unit-role and that to one unit, so the caps are nested, the matrix is a network, and its
optimum is whole people. The open places make every question feasible; why they stay open comes from the prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.eligible import Groups, Ways, way_in
from planning.kernels import compiled
from planning.rows import Ints, Rows

EARTH_KM = 6371.0088
SOURCE = 0


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs sorted by tail, so those leaving node v are `leaving[v]` to `leaving[v + 1]`. Nodes are numbered source,
    units, unit-roles, groups, lines; `units`, `unit_roles`, `lines` lead from node to row. The last arcs, from
    `first_column` on, are the columns group → line, with their `km` and `way`.
    """

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints
    leaving: Ints
    supply: Ints
    fill_scale: int
    units: Ints
    unit_roles: Ints
    lines: Ints
    groups: Groups
    first_open: int
    first_class: int
    first_column: int
    km: Ints
    way: Ints

    @property
    def first_unit_role(self) -> int:
        return 1 + len(self.units)

    @property
    def first_group(self) -> int:
        return self.first_unit_role + len(self.unit_roles)

    @property
    def first_line(self) -> int:
        return self.first_group + len(self.groups)


Arcs = tuple[Ints, Ints, Ints, Ints]
"""Tail, head, capacity, cost."""


def build(rows: Rows, ways: Ways, groups: Groups) -> Network:
    """Every possible column, none pruned: at this size pruning buys no time and full pricing is the proof."""
    lines = np.array([at for at, line in enumerate(rows.lines) if line.quantity > 0], np.int64)
    asked = np.array([rows.lines[at].quantity for at in lines.tolist()], np.int64)
    unit_roles, role_of_group = np.unique(groups.home, return_inverse=True)
    units, unit_of_role = np.unique(rows.donors.unit[unit_roles], return_inverse=True)
    first_role = 1 + len(units)
    first_group = first_role + len(unit_roles)
    first_line = first_group + len(groups)
    group, line, km, way = _columns(rows, ways, groups, lines)
    bands = _bands(rows, units)
    roles = (1 + unit_of_role, first_role + np.arange(len(unit_roles)), rows.donors.lendable[unit_roles])
    classes = _classes(rows, groups, first_role + role_of_group, first_group)
    # Capacities of columns and open places lie above any possible flow: a full arc would say nothing of its price.
    columns = (
        first_group + group,
        first_line + line,
        np.diff(groups.start)[group] + 1,
        km * rows.weights.per_km + ways.cost[way],
    )
    # One rearrangement touches each line at most once; another choice of teams may touch everybody.
    moved = int(asked.sum()) if any(line.team for line in rows.lines) else len(lines)
    fill_scale = 1 + 2 * max(1, moved) * sum(
        int(arcs[3].max(initial=0)) for arcs in (bands, classes, columns)
    )
    arcs = (
        bands,
        _open_places(rows, lines, first_line, fill_scale),
        (*roles, np.zeros(len(unit_roles), np.int64)),
        classes,
        columns,
    )
    tail, head, capacity, cost = (np.concatenate([part[at] for part in arcs]) for at in range(4))
    first = np.cumsum([len(part[0]) for part in arcs]).tolist()
    supply = np.concatenate([[asked.sum()], np.zeros(first_line - 1, np.int64), -asked])
    return Network(
        tail=tail,
        head=head,
        capacity=capacity,
        cost=cost,
        leaving=np.searchsorted(tail, np.arange(len(supply) + 1)),
        supply=supply,
        fill_scale=fill_scale,
        units=units,
        unit_roles=unit_roles,
        lines=lines,
        groups=groups,
        first_open=first[0],
        first_class=first[2],
        first_column=first[3],
        km=km,
        way=way,
    )


def _open_places(rows: Rows, lines: Ints, first_line: int, fill_scale: int) -> Arcs:
    """Priced so that no rearrangement of people, each line being touched at most once, is worth one place."""
    quantity = np.array([rows.lines[at].quantity for at in lines.tolist()], np.int64)
    urgency = np.array([6 - rows.lines[at].priority for at in lines.tolist()], np.int64)
    return (
        np.zeros(len(lines), np.int64),
        first_line + np.arange(len(lines)),
        quantity + 1,
        urgency * fill_scale,
    )


def _bands(rows: Rows, units: Ints) -> Arcs:
    """Equal parts of what a unit can lend in all; those away already have used up the cheapest."""
    prices = np.array(rows.weights.donor_bands, np.int64)
    away, left = rows.donors.unit_lent[units], rows.donors.unit_lendable[units]
    edges = (away + left)[:, None] * np.arange(len(prices) + 1) // len(prices)
    room = np.maximum(edges[:, 1:] - np.maximum(edges[:, :-1], away[:, None]), 0)
    unit, band = np.nonzero(room)
    return np.zeros(len(unit), np.int64), 1 + unit, room[unit, band], prices[band]


def _classes(rows: Rows, groups: Groups, unit_role: Ints, first_group: int) -> Arcs:
    price = (rows.people.recency + rows.people.not_volunteer)[groups.members]
    group = np.repeat(np.arange(len(groups)), np.diff(groups.start))
    new = np.ones(len(price), np.bool_)
    new[1:] = (group[1:] != group[:-1]) | (price[1:] != price[:-1])
    first = np.flatnonzero(new)
    capacity = np.diff(np.append(first, len(price)))
    return unit_role[group[first]], first_group + group[first], capacity, price[first]


def _columns(rows: Rows, ways: Ways, groups: Groups, lines: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    sites = [rows.lines[at] for at in lines.tolist()]
    furthest = np.array([-1 if site.max_km is None else site.max_km for site in sites], np.int64)
    there = on_sphere(np.array([site.lat for site in sites]), np.array([site.lon for site in sites]))
    order = np.lexsort((groups.bar, groups.skills, groups.role))
    role, skills, bar = groups.role[order], groups.skills[order], groups.bar[order]
    new = np.arange(len(order)) == 0
    new[1:] = (role[1:] != role[:-1]) | (skills[1:] != skills[:-1]) | (bar[1:] != bar[:-1])
    profile = np.empty(len(order), np.int64)
    profile[order] = np.cumsum(new) - 1
    barred = np.ascontiguousarray(groups.barred[:, lines])
    served = lines_served(role[new], skills[new], bar[new], ways, barred, lines)
    found: tuple[Ints, Ints, Ints, Ints] = columns_within(
        profile, on_sphere(groups.lat, groups.lon), served, there, furthest
    )
    return found


def on_sphere(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the unit sphere, one row (x, y, z) for each pair of degrees."""
    up, around = np.radians(lat), np.radians(lon)
    flat = np.cos(up)
    return np.stack([flat * np.cos(around), flat * np.sin(around), np.sin(up)], axis=1)


@compiled
def whole_km(here: NDArray[np.float64], there: NDArray[np.float64]) -> int:
    """Great-circle kilometres between two points of the unit sphere, rounded to the nearest."""
    x, y, z = here[0] - there[0], here[1] - there[1], here[2] - there[2]
    half_chord = min(1.0, 0.5 * np.sqrt(x * x + y * y + z * z))
    return int(np.floor(2.0 * EARTH_KM * np.arcsin(half_chord) + 0.5))


@compiled
def lines_served(role, skills, bar, ways, barred, lines):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """For each profile of role, skills and barred lines: which open lines it may serve and in which way, distance
    apart, as (begin, line, way). `lines` leads from the open lines to the lines of `ways`.
    """
    begin = np.zeros(len(role) + 1, np.int64)
    line, how = np.empty(len(role) * len(lines), np.int64), np.empty(len(role) * len(lines), np.int64)
    count = 0
    for profile in range(len(role)):
        for s in range(len(lines)):
            way = -1 if barred[bar[profile], s] else way_in(ways, lines[s], role[profile], skills[profile])
            if way >= 0:
                line[count], how[count] = s, way
                count += 1
        begin[profile + 1] = count
    return begin, line[:count], how[:count]


@compiled
def columns_within(profile, home, served, site, furthest):  # type: ignore[no-untyped-def]
    """Each pair of a group and a line that may be joined, by group, then line: (group, line, km, way).

    `profile` and `home` are per group, `site` and `furthest` (km, -1: no limit) per open line; `served` is what
    `lines_served` found.
    """
    begin, line, way = served
    most = 0
    for g in range(len(profile)):
        most += begin[profile[g] + 1] - begin[profile[g]]
    group, to = np.empty(most, np.int64), np.empty(most, np.int64)
    km, how = np.empty(most, np.int64), np.empty(most, np.int64)
    count = 0
    for g in range(len(profile)):
        for at in range(begin[profile[g]], begin[profile[g] + 1]):
            s = line[at]
            far = whole_km(home[g], site[s])
            if furthest[s] < 0 or far <= furthest[s]:
                group[count], to[count], km[count], how[count] = g, s, far, way[at]
                count += 1
    return group[:count], to[:count], km[:count], how[:count]
