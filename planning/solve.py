"""The two calls of OR-Tools: the cheapest flow, then one flow among the equally cheap.

The solver depends on the order of its arcs where several flows cost the same. So a second, small flow runs on the
optimal face alone (the arcs that every optimum may use), with lots as costs: drawn from the ids of the business and
the salt, they leave one winner, whatever the order of the rows and whatever the solver's version.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from planning.eligible import lots
from planning.network import Network
from planning.prices import Prices
from planning.rows import Ints, Rows

COST_ROOM = 10**17
"""OR-Tools multiplies costs by the number of nodes in 64 bits; above this it answers BAD_COST_RANGE."""

COST_LIMIT = 2**38
"""The searches of prices.py pack a distance of a few times the dearest cost beside a node into 64 bits."""

LOT_BITS = 34


def cheapest_flow(network: Network) -> Ints:
    """The flow on each arc of a cheapest plan."""
    return flow_of(network.tail, network.head, network.capacity, network.cost, network.supply)


def flow_of(tail: Ints, head: Ints, capacity: Ints, cost: Ints, supply: Ints) -> Ints:
    """Solve one min-cost flow. Raises OverflowError where costs leave the solver's range."""
    dearest = int(np.abs(cost).max(initial=0))
    if dearest >= COST_LIMIT or dearest * (len(supply) + 1) >= COST_ROOM:
        raise OverflowError(
            f"a cost of {dearest:.1e} among {len(supply)} nodes is beyond what can be solved exactly: "
            "smaller weights, or limits of distance, would fit"
        )
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), capacity, cost
    )
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver answered {status.name} to a question that always has an answer")
    return np.asarray(solver.flows(arcs), np.int64)


def draw_between_equals(rows: Rows, network: Network, flow: Ints, prices: Prices) -> Ints:
    """The flow that wins the draw among all that cost as little as `flow`."""
    arcs = _undecided(network, prices)
    if not len(arcs):
        return flow
    nodes, ends = np.unique(np.concatenate([network.tail[arcs], network.head[arcs]]), return_inverse=True)
    tail, head = ends[: len(arcs)], ends[len(arcs) :]
    supply = np.bincount(tail, flow[arcs], len(nodes)) - np.bincount(head, flow[arcs], len(nodes))
    cost = np.zeros(len(arcs), np.int64)
    column = arcs >= network.first_column
    cost[column] = _column_lots(rows, network, arcs[column])
    drawn = flow.copy()
    drawn[arcs] = flow_of(tail, head, network.capacity[arcs], cost, supply.astype(np.int64))
    return drawn


def _undecided(network: Network, prices: Prices) -> Ints:
    """The arcs on which equally cheap flows may differ: those that cost nothing under both prices, and lie on a ring.

    To change a flow at no cost is to push along a ring that costs nothing; under any true prices each of its arcs
    costs nothing then. An arc that alone touches a node is on no ring.
    """
    arcs = np.arange(len(network.tail))
    for price in prices:
        reduced = network.cost[arcs] + price[network.tail[arcs]] - price[network.head[arcs]]
        arcs = arcs[reduced == 0]
    while True:
        ends = np.concatenate([network.tail[arcs], network.head[arcs]])
        lonely = np.bincount(ends, minlength=len(network.supply)) == 1
        dead = lonely[network.tail[arcs]] | lonely[network.head[arcs]]
        if not dead.any():
            return arcs
        arcs = arcs[~dead]


def _column_lots(rows: Rows, network: Network, arcs: Ints) -> Ints:
    """One lot per column, mixed from the lot of the group's first member and that of the line."""
    group_lot = network.groups.lot
    line_lot = lots(rows.salt, [line.line_id for line in rows.lines], network.lines)
    group = network.tail[arcs] - network.first_group
    line = network.head[arcs] - network.first_line
    mixed = _mix(group_lot[group] ^ _mix(line_lot[line]))
    return (mixed >> np.uint64(64 - LOT_BITS)).astype(np.int64)


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: every input bit reaches every output bit."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
