"""Exact prices, and what a change of mind costs: shortest ways in the residual network, in whole numbers.

The price of a node is what one more person there would cost the whole plan, or one fewer save it, the best
rearrangement included. Both belong to the question, not to the flow that was found: every cheapest flow gives the same.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

from planning.kernels import compiled
from planning.network import SOURCE, Network
from planning.rows import Ints

FAR = 2**61
NODE_BITS = 22
"""A heap key is distance << NODE_BITS | node: four million nodes, distances below 2**41."""


class Residual(NamedTuple):
    """What may still change: arcs sorted by tail with the `room` left on each, and the arcs with flow by their head
    (`used[entering[v]:entering[v + 1]]`), along which flow can be taken back.
    """

    tail: Ints
    head: Ints
    cost: Ints
    leaving: Ints
    room: Ints
    used: Ints
    entering: Ints


class Prices(NamedTuple):
    """Per node: `high`, what one more person there would cost the plan, and `low`, what one fewer would save it."""

    high: Ints
    low: Ints


def residual_of(network: Network, flow: Ints) -> Residual:
    """The residual network of a flow."""
    every_node = np.arange(len(network.supply) + 1)
    used = np.flatnonzero(flow)
    used = used[np.argsort(network.head[used], kind="stable")]
    entering = np.searchsorted(network.head[used], every_node)
    room = network.capacity - flow
    return Residual(network.tail, network.head, network.cost, network.leaving, room, used, entering)


def turned(residual: Residual, flow: Ints) -> Residual:
    """The same with every arc turned round."""
    nodes = len(residual.leaving) - 1
    order = np.argsort(residual.head.astype(np.min_scalar_type(nodes)), kind="stable")
    tail, head, used = residual.head[order], residual.tail[order], np.flatnonzero(flow[order])
    used = used[np.argsort(head[used], kind="stable")]
    leaving, entering = (np.searchsorted(ends, np.arange(nodes + 1)) for ends in (tail, head[used]))
    return Residual(tail, head, residual.cost[order], leaving, residual.room[order], used, entering)


def prices_of(network: Network, flow: Ints) -> Prices:
    """Both prices of every node. Raises RuntimeError if the flow was not a cheapest one."""
    residual = residual_of(network, flow)
    high: Ints = distances_from(SOURCE, residual)
    low: Ints = -distances_from(SOURCE, turned(residual, flow))
    if high[SOURCE] < 0 or low[SOURCE] > 0:
        raise RuntimeError("the flow has a cheaper rearrangement: it is no optimum")
    # Nobody can come to a node that is FAR, nor will; any price is true of it, and 0 claims nothing.
    high[high >= FAR] = 0
    return Prices(high, low)


def cheapest_way(
    residual: Residual, prices: Prices, start: int, goal: int, below: int = 2**40
) -> tuple[int, list[int]]:
    """The cost of the cheapest rearrangement that takes one person from node `start` to node `goal`, and its arcs from
    the goal backward, as ~arc where flow is taken back. (`below`, []) when there is none cheaper than `below`.
    """
    found, arcs = way_between(start, goal, below, prices, residual)
    return int(found), arcs.tolist()


@compiled
def distances_from(start, residual):  # type: ignore[no-untyped-def]
    """Distance from `start` to every node, FAR where there is no way. Label correcting with a queue.

    At an optimum no cycle is negative. If one is, the distance at `start` comes back negative.
    """
    nodes = len(residual.leaving) - 1
    distance = np.full(nodes, FAR, np.int64)
    waiting = np.zeros(nodes, np.bool_)
    queue = np.empty(nodes + 1, np.int64)
    queue[0], distance[start] = start, 0
    first, last, steps = 0, 1, 0
    while first != last:
        v = queue[first]
        first = (first + 1) % (nodes + 1)
        waiting[v] = False
        steps += 1
        if distance[start] < 0 or steps > nodes * nodes + 1:
            distance[start] = -1
            return distance
        forward = residual.leaving[v + 1] - residual.leaving[v]
        for at in range(forward + residual.entering[v + 1] - residual.entering[v]):
            if at < forward:
                a = residual.leaving[v] + at
                w, far = residual.head[a], distance[v] + residual.cost[a]
                if residual.room[a] == 0:
                    continue
            else:
                a = residual.used[residual.entering[v] + at - forward]
                w, far = residual.tail[a], distance[v] - residual.cost[a]
            if far < distance[w]:
                distance[w] = far
                if not waiting[w]:
                    waiting[w], queue[last] = True, w
                    last = (last + 1) % (nodes + 1)
    return distance


class Scratch(NamedTuple):
    """Room for searches: the `distance` of each node (FAR before), the arc it was reached `by`, nodes `touched`."""

    distance: Ints
    by: Ints
    touched: Ints


@compiled
def way_between(start, goal, below, prices, residual):  # type: ignore[no-untyped-def]
    """The distance from `start` to `goal`, or `below` if it is no less, and its arcs from `goal` backward, ~arc where
    flow is taken back.
    """
    nodes = len(residual.leaving) - 1
    scratch = Scratch(np.full(nodes, FAR, np.int64), np.zeros(nodes, np.int64), np.empty(nodes, np.int64))
    found, _ = search(start, goal, below, prices, residual, scratch)
    arcs = np.empty(nodes, np.int64)
    count, v = 0, goal
    while found < below and v != start:
        arc = arcs[count] = scratch.by[v]
        count += 1
        v = residual.tail[arc] if arc >= 0 else residual.head[~arc]
    return found, arcs[:count]


@compiled
def distances_between(starts, goals, below, prices, residual):  # type: ignore[no-untyped-def]
    """The distance of each pair, or its `below` if it is no less."""
    nodes = len(residual.leaving) - 1
    scratch = Scratch(np.full(nodes, FAR, np.int64), np.zeros(nodes, np.int64), np.empty(nodes, np.int64))
    result = np.empty(len(starts), np.int64)
    for at in range(len(starts)):
        result[at], count = search(starts[at], goals[at], below[at], prices, residual, scratch)
        for v in scratch.touched[:count]:
            scratch.distance[v] = FAR
    return result


@compiled
def at_least(start, goal, high, low):  # type: ignore[no-untyped-def]
    """No way from `start` to `goal` is cheaper than this."""
    return max(high[goal] - high[start], low[goal] - low[start])


@compiled
def search(start, goal, below, prices, residual, scratch):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0915, PLR0917
    """A* from `start` to `goal`, guided by what both prices say is left to go, as long as that stays under `below`.

    Returns the distance, or `below`, and how many nodes were touched. Nodes of the same hope are taken last in, first
    out, so that it dives to the goal instead of spreading.
    """
    high, low, distance = prices.high, prices.low, scratch.distance
    cost, room, head, tail = residual.cost, residual.room, residual.head, residual.tail
    best = base = at_least(start, goal, high, low)
    heap, level, count = [np.int64(start)], [start], 1
    heap.pop()
    distance[start], scratch.touched[0] = 0, start
    while len(level) > 0 or len(heap) > 0:
        if len(level) == 0:
            best = base + (heap[0] >> NODE_BITS)
            level.append(heapq.heappop(heap) & ((1 << NODE_BITS) - 1))
        v = level.pop()
        so_far = distance[v]
        if best > so_far + at_least(v, goal, high, low):
            continue  # reached again on a better way since
        if v == goal:
            return best, count
        first, back = residual.leaving[v], residual.entering[v]
        forward = residual.leaving[v + 1] - first
        for at in range(forward + residual.entering[v + 1] - back):
            ahead = at < forward
            a = first + at if ahead else residual.used[back + at - forward]
            w, far = (head[a], so_far + cost[a]) if ahead else (tail[a], so_far - cost[a])
            if far >= distance[w] or (ahead and room[a] == 0):
                continue
            hope = far + at_least(w, goal, high, low)
            if hope < below:
                if distance[w] == FAR:
                    scratch.touched[count] = w
                    count += 1
                distance[w], scratch.by[w] = far, a if ahead else ~a
                if hope > best:
                    heapq.heappush(heap, (hope - base) << NODE_BITS | w)
                elif w == goal:  # nothing can be cheaper
                    return best, count
                else:
                    level.append(w)
    return below, count
