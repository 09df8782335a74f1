"""Prices and ways through the residual network, against networkx on the same arcs."""

from __future__ import annotations

import itertools
import random

import networkx as nx
import numpy as np
import pytest

from lab.planning_questions import TOWN, question
from planning.eligible import groups_of, ways_of
from planning.network import SOURCE, build
from planning.prices import cheapest_way, prices_of, residual_of
from planning.rows import canonical
from planning.solve import cheapest_flow

ROWS = canonical(question(TOWN, 8))
NETWORK = build(ROWS, ways_of(ROWS), groups_of(ROWS))
FLOW = cheapest_flow(NETWORK)
PRICES = prices_of(NETWORK, FLOW)


def _graph() -> nx.DiGraph:
    """Every residual arc, the cheapest of parallel ones."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(NETWORK.supply)))
    for arc, (tail, head, cost) in enumerate(zip(NETWORK.tail, NETWORK.head, NETWORK.cost, strict=True)):
        ways = [(tail, head, cost)] if FLOW[arc] < NETWORK.capacity[arc] else []
        ways += [(head, tail, -cost)] if FLOW[arc] else []
        for here, there, price in ways:
            if not graph.has_edge(here, there) or graph[here][there]["weight"] > price:
                graph.add_edge(int(here), int(there), weight=int(price))
    return graph


GRAPH = _graph()


def test_the_high_price_is_the_way_from_the_source_and_the_low_one_the_way_back() -> None:
    there = nx.single_source_bellman_ford_path_length(GRAPH, SOURCE)
    back = nx.single_source_bellman_ford_path_length(GRAPH.reverse(), SOURCE)
    assert len(there) > 400
    assert {node: int(PRICES.high[node]) for node in there} == there
    assert {node: -int(PRICES.low[node]) for node in back} == back


def test_prices_belong_to_the_question_and_not_to_the_flow() -> None:
    order = np.random.default_rng(1).permutation(len(NETWORK.tail))
    from planning.solve import flow_of

    other = np.empty_like(FLOW)
    parts = (NETWORK.tail, NETWORK.head, NETWORK.capacity, NETWORK.cost)
    other[order] = flow_of(*(part[order] for part in parts), NETWORK.supply)
    assert (other != FLOW).any()
    for one, same in zip(prices_of(NETWORK, other), PRICES, strict=True):
        assert (one == same).all()


@pytest.mark.parametrize("number", range(12))
def test_the_cheapest_way_between_any_two_nodes_is_found_with_its_arcs(number: int) -> None:
    rng = random.Random(number)
    residual = residual_of(NETWORK, FLOW)
    start = rng.randrange(1, len(NETWORK.supply))
    expected = nx.single_source_bellman_ford_path_length(GRAPH, start)
    for goal in rng.sample(sorted(expected), min(60, len(expected))):
        cost, back = cheapest_way(residual, PRICES, start, goal)
        assert cost == expected[goal]
        at = start
        for arc in reversed(back):
            forth = arc if arc >= 0 else ~arc
            tail, head = (NETWORK.tail, NETWORK.head) if arc >= 0 else (NETWORK.head, NETWORK.tail)
            assert tail[forth] == at
            assert FLOW[forth] < NETWORK.capacity[forth] if arc >= 0 else FLOW[forth] > 0
            at, cost = head[forth], cost - int(NETWORK.cost[forth]) * (1 if arc >= 0 else -1)
        assert (at, cost) == (goal, 0)


def test_a_flow_that_is_no_optimum_has_no_prices() -> None:
    """Send one person by a dearer band than the cheapest that has room."""
    worse = FLOW.copy()
    bands = np.arange(NETWORK.first_open)
    twice = [
        (low, high)
        for low, high in itertools.pairwise(bands)
        if NETWORK.head[low] == NETWORK.head[high] and FLOW[low] and FLOW[high] < NETWORK.capacity[high]
    ]
    low, high = twice[0]
    worse[low] -= 1
    worse[high] += 1
    with pytest.raises(RuntimeError, match="no optimum"):
        prices_of(NETWORK, worse)
