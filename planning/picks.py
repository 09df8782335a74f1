"""From flows to people: who exactly goes, what each pick costs, and what it would cost to do without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.plans import CostParts, Pick, UnitUse, Worsening
from planning.eligible import Ways
from planning.network import Network
from planning.prices import Prices, Residual, distances_between, residual_of
from planning.rows import Ints, Rows


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picks as parallel columns: `person`, `line` and `home` are rows, `arc` the column taken, `band` the price
    of the donor band.
    """

    person: Ints
    line: Ints
    home: Ints
    arc: Ints
    band: Ints


def draw(rows: Rows, network: Network, flow: Ints) -> Drawn:
    """Send the first members of each group (cheapest, then by lot); the most urgent line takes first."""
    urgency = np.array([line.priority for line in rows.lines], np.int64)
    arcs = network.first_column + np.flatnonzero(flow[network.first_column :])
    line = network.lines[network.head[arcs] - network.first_line]
    arcs = arcs[np.lexsort((line, urgency[line], network.tail[arcs]))]
    arc = np.repeat(arcs, flow[arcs])
    group = network.tail[arc] - network.first_group
    person = network.groups.members[network.groups.start[group] + _count_within(group)]
    line = network.lines[network.head[arc] - network.first_line]
    home = rows.people.home[person]
    return Drawn(person, line, home, arc, _band_prices(rows, person, line, urgency[line], home))


def _count_within(sorted_keys: Ints) -> Ints:
    """0, 1, 2, ... within each run of equal keys."""
    new = np.ones(len(sorted_keys), np.bool_)
    new[1:] = sorted_keys[1:] != sorted_keys[:-1]
    begins = np.flatnonzero(new)
    return np.arange(len(sorted_keys)) - np.repeat(begins, np.diff(np.append(begins, len(sorted_keys))))


def _band_prices(rows: Rows, person: Ints, line: Ints, urgency: Ints, home: Ints) -> Ints:
    """The donor band of each pick, the unit's people counted in the order of their lines' urgency."""
    prices = np.array(rows.weights.donor_bands, np.int64)
    unit = rows.donors.unit[home]
    order = np.lexsort((person, line, urgency, unit))
    unit = unit[order]
    away = rows.donors.unit_lent[unit]
    nth = away + 1 + _count_within(unit)
    total = away + rows.donors.unit_lendable[unit]
    result = np.empty(len(person), np.int64)
    result[order] = prices[-(-nth * len(prices) // total) - 1]
    return result


def explained(rows: Rows, ways: Ways, network: Network, drawn: Drawn, lost: Ints) -> tuple[Pick, ...]:
    """The picks with their reasons, by line, then person; `lost` is what the plan loses with each."""
    order = np.lexsort((drawn.person, drawn.line))
    person, column = drawn.person[order], drawn.arc[order] - network.first_column
    way, km, home = network.way[column], network.km[column], drawn.home[order]
    parts = (
        km * rows.weights.per_km,
        drawn.band[order],
        rows.people.recency[person],
        rows.people.not_volunteer[person],
        ways.cost[way],
    )
    names = (drawn.line[order], person, rows.donors.unit[home], rows.people.role[person], km, ways.place[way])
    costs = zip(*(part.tolist() for part in parts), strict=True)
    table = zip(*(name.tolist() for name in names), costs, lost[order].tolist(), strict=True)
    return tuple(
        Pick(
            line_id=rows.lines[line].line_id,
            person_id=rows.people.ids[one],
            unit_id=rows.donors.unit_ids[unit],
            role=rows.roles[role],
            km=far,
            accepted_as=rows.lines[line].accepts[place].label,
            cost=CostParts(*cost),
            without=worsening(more, network.fill_scale),
        )
        for line, one, unit, role, far, place, cost, more in table
    )


def worsening(cost: int, fill_scale: int) -> Worsening:
    """Split a change of the whole cost; the burden of one rearrangement is always under half of `fill_scale`."""
    fill = (cost + fill_scale // 2) // fill_scale
    return Worsening(fill, cost - fill * fill_scale)


def cost_of_losing(rows: Rows, network: Network, flow: Ints, prices: Prices, drawn: Drawn) -> Ints:
    """By how much the plan gets dearer if this person falls away: the next way into their group, less their cost.

    Two ways are at hand: the next member of the group, or giving the place back and buying another. The search
    looks for a cheaper one.
    """
    residual = residual_of(network, flow)
    group, pick_of = np.unique(network.tail[drawn.arc], return_inverse=True)
    row = network.groups.home[group - network.first_group]
    home = network.first_unit_role + np.searchsorted(network.unit_roles, row)
    next_member = _cheapest_with_room(network, residual)[group - network.first_group]
    at_hand = np.minimum(next_member, prices.high[group] - prices.low[home])
    found: Ints = distances_between(home, group, at_hand, prices, residual)
    own = (rows.people.recency + rows.people.not_volunteer)[drawn.person]
    return found[pick_of] - own


def _cheapest_with_room(network: Network, residual: Residual) -> Ints:
    """Per group the cost of its next member; beyond any cost when all are picked."""
    cost = np.full(len(network.groups), 2**40, np.int64)
    arcs = np.arange(network.first_class, network.first_column)
    arcs = arcs[residual.room[arcs] > 0]
    np.minimum.at(cost, network.head[arcs] - network.first_group, network.cost[arcs])
    return cost


def unit_use(rows: Rows, drawn: Drawn) -> tuple[UnitUse, ...]:
    """Before and after of each (unit, role) that lends."""
    donors = rows.donors
    row, taken = np.unique(drawn.home, return_counts=True)
    before = (donors.headcount - donors.lent)[row]
    columns = (donors.unit[row], donors.role[row], before, before - taken, donors.lendable[row])
    return tuple(
        UnitUse(donors.unit_ids[unit], rows.roles[role], *numbers)
        for unit, role, *numbers in zip(*(column.tolist() for column in columns), strict=True)
    )
