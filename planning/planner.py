"""The one function that previews, workflows and pages ask: from the question to the explained and proven plan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from domain.allocation import PlanningProblem
from domain.plans import Certificate, Pick, Plan, Statistics
from planning.check import faults_of
from planning.eligible import groups_of, ways_of
from planning.network import Network, build
from planning.picks import cost_of_losing, draw, explained, unit_use
from planning.prices import prices_of
from planning.rows import Ints, Rows, canonical
from planning.shortfalls import shortfalls
from planning.solve import cheapest_flow, draw_between_equals


def plan(problem: PlanningProblem, lap: Callable[[str], None] = lambda _stage: None) -> Plan:
    """Match people to lines: fill strictly first, by urgency; then the least burden; then by lot.

    Raises ValueError for a malformed problem. `lap` is told the name of each stage as it ends, for who measures.
    """
    rows = canonical(problem)
    lap("rows")
    ways = ways_of(rows)
    network = build(rows, ways, groups_of(rows))
    lap("network")
    found = cheapest_flow(network)
    lap("solve")
    prices = prices_of(network, found)
    lap("prices")
    flow = draw_between_equals(rows, network, found, prices)
    lap("lots")
    drawn = draw(rows, network, flow)
    picks = explained(rows, ways, network, drawn, cost_of_losing(rows, network, flow, prices, drawn))
    lap("picks")
    short = shortfalls(rows, ways, drawn)
    lap("shortfalls")
    urgency_left = sum((6 - line.priority) * line.quantity for line in rows.lines)
    urgency_left -= int(sum(6 - rows.lines[at].priority for at in drawn.line.tolist()))
    answer = Plan(
        problem_sha256=rows.sha256,
        urgency_left=urgency_left,
        burden=sum(pick.cost.total for pick in picks),
        picks=picks,
        shortfalls=short,
        unit_use=unit_use(rows, drawn),
        certificate=_certificate(rows, network, flow, prices.high),
        statistics=_statistics(rows, network, picks),
    )
    faults = faults_of(problem, answer)
    if faults:
        raise RuntimeError(f"the plan fails its own check and is not handed out: {faults[0]}")
    lap("check")
    return answer


def _certificate(rows: Rows, network: Network, flow: Ints, price: Ints) -> Certificate:
    """Primal from the flow, dual from the prices of all arcs; equal when no cheaper flow exists."""
    reduced = network.cost + price[network.tail] - price[network.head]
    scarcity = int(np.minimum(reduced, 0) @ network.capacity)
    unit, unit_role, line = (
        price[first : first + count].tolist()
        for first, count in (
            (1, len(network.units)),
            (network.first_unit_role, len(network.unit_roles)),
            (network.first_line, len(network.lines)),
        )
    )
    donors = rows.donors
    homes = [(donors.unit_ids[donors.unit[at]], rows.roles[donors.role[at]]) for at in network.unit_roles]
    return Certificate(
        primal=int(flow @ network.cost),
        dual=scarcity - int(network.supply @ price),
        fill_scale=network.fill_scale,
        line_prices=tuple(
            (rows.lines[at].line_id, cost) for at, cost in zip(network.lines, line, strict=True)
        ),
        unit_prices=tuple((donors.unit_ids[at], cost) for at, cost in zip(network.units, unit, strict=True)),
        unit_role_prices=tuple((*home, cost) for home, cost in zip(homes, unit_role, strict=True)),
    )


def _statistics(rows: Rows, network: Network, picks: tuple[Pick, ...]) -> Statistics:
    return Statistics(
        people=len(rows.people.ids),
        eligible=len(network.groups.members),
        groups=len(network.groups),
        arcs=len(network.tail),
        lines=len(rows.lines),
        asked=sum(line.quantity for line in rows.lines),
        filled=len(picks),
    )
