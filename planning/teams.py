"""Teams: lines that are filled together, to the last place, or not at all.

Which teams go is a yes or no for each; once that is said, who goes is a cheapest flow. So the search branches over
teams, and every branch asks the same network: the lines of a team that stays ask for nobody, the places of one that
goes cost more to leave open than any plan there is, and the lines of the undecided ones are as free as any other,
which makes the cost of the flow a bound. A branch ends where its bound is no better than the best plan found, or where
its flow happens to leave no team in pieces. Teams that could not be completed if they were alone are told apart first.
The prices of every end are kept: with them the checker proves that no choice of teams was better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.allocation import MOST_TEAMS, CannotPlan
from domain.plans import Choice, TeamFate
from planning.network import Network
from planning.prices import Prices, prices_of
from planning.rows import Ints, Rows
from planning.solve import cheapest_flow, draw_between_equals

Part = tuple[frozenset[int], frozenset[int]]
"""Some of all the choices of teams: those that go, those that stay; the others either way."""


@dataclass(frozen=True, slots=True)
class Team:
    """The open lines (rows) of one team."""

    surge_id: str
    name: str
    lines: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.surge_id, self.name


@dataclass(frozen=True, slots=True)
class Chosen:
    """The best choice of teams: its network and flow, and the proof that no other choice is better.

    `apart` is what the lines of teams that stay cost the plan; the network does not count them. `lacking` are the lines
    that keep a team from going even if it were alone.
    """

    network: Network
    flow: Ints
    prices: Prices
    apart: int
    going: tuple[Team, ...] = ()
    staying: tuple[Team, ...] = ()
    choices: tuple[Choice, ...] = ()
    lacking: frozenset[int] = frozenset()


def choose(rows: Rows, network: Network, lap: Callable[[str], None] = lambda _stage: None) -> Chosen:
    """Decide which teams go, and who. Raises CannotPlan where a team that has begun cannot be completed."""
    teams = teams_of(rows)
    if teams:
        chosen = _Search(rows, network, teams).best()
        lap("teams")
        return chosen
    flow = cheapest_flow(network)
    lap("solve")
    prices = prices_of(network, flow)
    lap("prices")
    flow = draw_between_equals(rows, network, flow, prices)
    lap("lots")
    return Chosen(network, flow, prices, 0)


def teams_of(rows: Rows) -> tuple[Team, ...]:
    """The teams that ask for somebody, the most urgent first, then by surge and name.

    Raises CannotPlan where there are more than can be decided on exactly.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for at, line in enumerate(rows.lines):
        if line.team and line.quantity > 0:
            found.setdefault((line.surge_id, line.team), []).append(at)
    if len(found) > MOST_TEAMS:
        raise CannotPlan(
            "too_many_teams",
            f"teams: {len(found)} of them ask for people at once, and at most {MOST_TEAMS} can be decided on exactly; "
            "fill or close some first, or let their lines be filled one by one",
        )

    def urgency(team: Team) -> tuple[int, str, str]:
        return min(rows.lines[at].priority for at in team.lines), *team.key

    return tuple(sorted((Team(*key, tuple(lines)) for key, lines in found.items()), key=urgency))


def restricted(rows: Rows, network: Network, must: Sequence[int], never: Sequence[int]) -> Network:
    """The same arcs, where the lines `never` ask for nobody and those that `must` be filled cost all to leave open."""
    supply, cost = network.supply.copy(), network.cost.copy()
    asks_nobody = network.first_line + _places(network, never)
    supply[0] += supply[asks_nobody].sum()
    supply[asks_nobody] = 0
    cost[network.first_open + _places(network, must)] = price_of_breaking(rows, network)
    return replace(network, supply=supply, cost=cost)


def price_of_breaking(rows: Rows, network: Network) -> int:
    """More than any plan costs: leaving all open is one, and no burden reaches `fill_scale`."""
    return network.fill_scale * (1 + sum((6 - line.priority) * line.quantity for line in rows.lines))


def unserved(rows: Rows, network: Network, lines: Iterable[int]) -> int:
    """What it costs to leave these lines empty."""
    return network.fill_scale * sum((6 - rows.lines[at].priority) * rows.lines[at].quantity for at in lines)


def bound_by(network: Network, price: Ints) -> int:
    """What no flow of the network can cost less than, by these prices of its nodes."""
    reduced = network.cost + price[network.tail] - price[network.head]
    return int(np.minimum(reduced, 0) @ network.capacity) - int(network.supply @ price)


def fates(rows: Rows, chosen: Chosen) -> tuple[TeamFate, ...]:
    """Who goes and who does not, by surge and name."""
    told = [
        TeamFate(
            surge_id=team.surge_id,
            team=team.name,
            line_ids=tuple(rows.lines[at].line_id for at in team.lines),
            asked=sum(rows.lines[at].quantity for at in team.lines),
            goes=team in chosen.going,
            lacking=tuple(rows.lines[at].line_id for at in team.lines if at in chosen.lacking),
        )
        for team in (*chosen.going, *chosen.staying)
    ]
    return tuple(sorted(told, key=lambda fate: (fate.surge_id, fate.team)))


@dataclass(frozen=True, slots=True)
class _Search:
    """One search over the choices of `teams`, depth first, those that go before those that stay."""

    rows: Rows
    network: Network
    teams: tuple[Team, ...]

    def best(self) -> Chosen:
        begun = frozenset(at for at, team in enumerate(self.teams) if team.key in self.rows.begun)
        best: tuple[int, Ints] | None = None
        choices, hopeless, lacking = self._alone()
        parts: list[Part] = [] if begun & hopeless else [(begun, hopeless)]
        while parts:
            joined, left = part = parts.pop()
            network = self._network(part)
            flow = cheapest_flow(network)
            prices = prices_of(network, flow)
            cost = int(flow @ network.cost) + self._apart(left)
            broken = None
            if joined <= self._complete(flow) and (best is None or cost < best[0]):
                # Drawn, so that the search takes the same way whatever the solver chose between equals.
                flow = draw_between_equals(self.rows, network, flow, prices)
                broken = self._first_broken(flow)
                if broken is None:
                    best = cost, flow
            if broken is None:
                proven = bound_by(network, prices.high) + self._apart(left)
                if proven != cost:
                    raise RuntimeError(f"the prices of a cheapest flow of {cost} prove {proven}")
                choices.append(self._choice(part, prices.high, cost))
            else:
                parts += [(joined, left | {broken}), (joined | {broken}, left)]
        if best is None:
            named = ", ".join(f"{self.teams[at].name} of {self.teams[at].surge_id}" for at in sorted(begun))
            raise CannotPlan(
                "team_cannot_go", f"team {named}: somebody is kept, and the other places cannot be filled"
            )
        return replace(self._settled(best[1], tuple(choices)), lacking=lacking)

    def _alone(self) -> tuple[list[Choice], frozenset[int], frozenset[int]]:
        """Try each team as if nobody else asked: the choices that fall with those that cannot be completed, these
        teams, and the lines that they lack.
        """
        choices, hopeless, lacking = [], frozenset[int](), frozenset[int]()
        for at, team in enumerate(self.teams):
            others = [line for line in self.network.lines.tolist() if line not in team.lines]
            network = restricted(self.rows, self.network, team.lines, others)
            flow = cheapest_flow(network)
            if at in self._complete(flow):
                continue
            prices = prices_of(network, flow)
            flow = draw_between_equals(self.rows, network, flow, prices)
            empty = flow[network.first_open + _places(network, team.lines)] > 0
            lacking |= {line for line, short in zip(team.lines, empty.tolist(), strict=True) if short}
            # Others, asked for nothing, have no price: so it is a bound for whatever else goes.
            price = prices.high.copy()
            price[network.first_line + _places(network, others)] = 0
            bound = int(flow @ network.cost) + self._apart(hopeless)
            choices.append(self._choice((frozenset({at}), hopeless), price, bound))
            hopeless |= {at}
        return choices, hopeless, lacking

    def _network(self, part: Part) -> Network:
        return restricted(self.rows, self.network, *(self._lines(some) for some in part))

    def _settled(self, flow: Ints, choices: tuple[Choice, ...]) -> Chosen:
        """The winner with every team decided: the same flow, and prices that are true of it."""
        going = self._complete(flow)
        staying = frozenset(range(len(self.teams))) - going
        network = self._network((going, staying))
        flow = flow.copy()
        flow[network.first_open + _places(network, self._lines(staying))] = 0
        return Chosen(
            network=network,
            flow=flow,
            prices=prices_of(network, flow),
            apart=self._apart(staying),
            going=tuple(self.teams[at] for at in sorted(going)),
            staying=tuple(self.teams[at] for at in sorted(staying)),
            choices=choices,
        )

    def _choice(self, part: Part, price: Ints, dual: int) -> Choice:
        joined, left = (tuple(self.teams[at].key for at in sorted(some)) for some in part)
        lines, units, unit_roles = _prices_that_tell(self.rows, self.network, price)
        return Choice(joined, left, dual, lines, units, unit_roles)

    def _apart(self, staying: Iterable[int]) -> int:
        return unserved(self.rows, self.network, self._lines(staying))

    def _lines(self, some: Iterable[int]) -> list[int]:
        return [line for at in sorted(some) for line in self.teams[at].lines]

    def _first_broken(self, flow: Ints) -> int | None:
        """The first team of which some go and some do not."""
        complete = self._complete(flow)
        return next((at for at, taken in enumerate(self._taken(flow)) if taken and at not in complete), None)

    def _complete(self, flow: Ints) -> frozenset[int]:
        """The teams of which every place is taken."""
        asked = [sum(self.rows.lines[line].quantity for line in team.lines) for team in self.teams]
        return frozenset(at for at, taken in enumerate(self._taken(flow)) if taken == asked[at])

    def _taken(self, flow: Ints) -> list[int]:
        """How many people the flow sends to each team."""
        network = self.network
        used = network.first_column + np.flatnonzero(flow[network.first_column :])
        taken = np.zeros(len(network.lines), np.int64)
        np.add.at(taken, network.head[used] - network.first_line, flow[used])
        return [int(taken[_places(network, team.lines)].sum()) for team in self.teams]


def _prices_that_tell(
    rows: Rows, network: Network, price: Ints
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...], tuple[tuple[str, str, int], ...]]:
    """The prices of lines, units and unit-roles that differ from what they are when nothing is told."""
    donors = rows.donors
    lines = price[network.first_line :].tolist()
    units = price[1 : network.first_unit_role]
    roles = price[network.first_unit_role : network.first_group]
    told = np.flatnonzero(roles != units[np.searchsorted(network.units, donors.unit[network.unit_roles])])
    homes = [
        (donors.unit_ids[donors.unit[at]], rows.roles[donors.role[at]]) for at in network.unit_roles[told]
    ]
    return (
        tuple((rows.lines[at].line_id, cost) for at, cost in zip(network.lines, lines, strict=True) if cost),
        tuple(
            (donors.unit_ids[at], cost)
            for at, cost in zip(network.units, units.tolist(), strict=True)
            if cost
        ),
        tuple((*home, cost) for home, cost in zip(homes, roles[told].tolist(), strict=True)),
    )


def _places(network: Network, lines: Sequence[int]) -> Ints:
    """Where these lines stand among those that ask for somebody."""
    return np.searchsorted(network.lines, np.array(lines, np.int64)).astype(np.int64)
