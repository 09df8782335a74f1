"""The one function that previews, workflows and pages ask: from the question to the explained and proven plan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from domain.allocation import PlanningProblem
from domain.plans import Certificate, Pick, Plan, Statistics
from planning.check import faults_of
from planning.eligible import groups_of, ways_of
from planning.network import Network, build
from planning.picks import Drawn, cost_of_losing, draw, explained, unit_use
from planning.rows import Ints, Rows, canonical
from planning.shortfalls import shortfalls
from planning.teams import Chosen, bound_by, choose, fates, unserved


def plan(problem: PlanningProblem, lap: Callable[[str], None] = lambda _stage: None) -> Plan:
    """Match people to lines: fill strictly first, by urgency; then the least burden; then by lot.

    Lines of one team are filled together or not at all. Raises ValueError for a malformed problem, for more teams than
    can be decided on exactly, and for a team that has begun and cannot be completed. `lap` is told the name of each stage as it ends, for who measures.
    """
    rows = canonical(problem)
    lap("rows")
    ways = ways_of(rows)
    network = build(rows, ways, groups_of(rows))
    lap("network")
    chosen = choose(rows, network, lap)
    network, flow = chosen.network, chosen.flow
    drawn = draw(rows, network, flow)
    lost = cost_of_losing(rows, network, flow, chosen.prices, drawn)
    picks = explained(rows, ways, network, drawn, _or_the_team(rows, network, chosen, drawn, lost))
    lap("picks")
    teams = fates(rows, chosen)
    short = shortfalls(rows, ways, drawn, teams)
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
        certificate=_certificate(rows, chosen),
        statistics=_statistics(rows, network, picks),
        teams=teams,
    )
    faults = faults_of(problem, answer)
    if faults:
        raise RuntimeError(f"the plan fails its own check and is not handed out: {faults[0]}")
    lap("check")
    return answer


def _or_the_team(rows: Rows, network: Network, chosen: Chosen, drawn: Drawn, lost: Ints) -> Ints:
    """Whoever of a team cannot be replaced, or only dearly, may also cost the plan the whole team and spare its burden."""
    lost = lost.copy()
    own = (
        network.cost[drawn.arc] + drawn.band + (rows.people.recency + rows.people.not_volunteer)[drawn.person]
    )
    for team in chosen.going:
        members = np.isin(drawn.line, team.lines)
        without = unserved(rows, network, team.lines) - int(own[members].sum())
        lost[members] = np.minimum(lost[members], without)
    return lost


def _certificate(rows: Rows, chosen: Chosen) -> Certificate:
    """Primal from the flow, dual from the prices of all arcs; equal when no cheaper flow exists."""
    network, price = chosen.network, chosen.prices.high
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
        primal=int(chosen.flow @ network.cost) + chosen.apart,
        dual=bound_by(network, price) + chosen.apart,
        fill_scale=network.fill_scale,
        line_prices=tuple(
            (rows.lines[at].line_id, cost) for at, cost in zip(network.lines, line, strict=True)
        ),
        unit_prices=tuple((donors.unit_ids[at], cost) for at, cost in zip(network.units, unit, strict=True)),
        unit_role_prices=tuple((*home, cost) for home, cost in zip(homes, unit_role, strict=True)),
        choices=chosen.choices,
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
