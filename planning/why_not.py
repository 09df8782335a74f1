"""Why somebody does not go somewhere: the rule that forbids it, or exactly how much worse the plan would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.allocation import PlanningProblem
from domain.plans import Filter, Move, Plan, WhyNot
from planning.eligible import Groups, Ways, groups_of, way_in, ways_of
from planning.network import Network, build, on_sphere, whole_km
from planning.picks import worsening
from planning.prices import cheapest_way, prices_of, residual_of
from planning.rows import Ints, Rows, canonical
from planning.teams import price_of_breaking, restricted

CHOSEN = "CHOSEN"


def why_not(problem: PlanningProblem, plan: Plan, person_id: str, line_id: str) -> WhyNot:
    """Say why the plan does not send the person to the line.

    Raises ValueError if the plan answers another problem, or the person or line is not in it.
    """
    rows = canonical(problem)
    if plan.problem_sha256 != rows.sha256:
        raise ValueError("the plan answers another problem than the one given")
    person, line = _places(rows, person_id, line_id)
    if any(pick.person_id == person_id and pick.line_id == line_id for pick in plan.picks):
        return WhyNot(person_id, line_id, CHOSEN)
    ways = ways_of(rows)
    code = _forbidden(rows, ways, person, line)
    if code:
        return WhyNot(person_id, line_id, code)
    if any(line_id in team.line_ids for team in plan.teams if not team.goes):
        return WhyNot(person_id, line_id, Filter.TEAM.value)
    network = build(rows, ways, groups_of(rows, apart=person))
    must, never = (
        [at for at, one in enumerate(rows.lines) if one.line_id in lines] for lines in _decided(plan)
    )
    network = restricted(rows, network, must, never)
    wish = _Wish.of(rows, network, plan, person, line)
    cost, moves = wish.consequence()
    if must and 2 * cost >= price_of_breaking(rows, network):
        return WhyNot(person_id, line_id, Filter.TEAM.value)
    return WhyNot(person_id, line_id, "", worsening(cost, network.fill_scale), moves)


def forbidden(problem: PlanningProblem, pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Of each person and line the first filter that keeps them apart, "" where none does. Both must be there."""
    rows = canonical(problem)
    ways = ways_of(rows)
    return tuple(_forbidden(rows, ways, *_places(rows, person, line)) for person, line in pairs)


def _decided(plan: Plan) -> tuple[set[str], set[str]]:
    """The lines of the teams that go, and of those that stay."""
    going, staying = (
        {line for team in plan.teams if team.goes == goes for line in team.line_ids} for goes in (True, False)
    )
    return going, staying


def _places(rows: Rows, person_id: str, line_id: str) -> tuple[int, int]:
    if person_id not in rows.people.ids:
        raise ValueError(f"person {person_id}: not on the roster")
    line = next((at for at, line in enumerate(rows.lines) if line.line_id == line_id), -1)
    if line < 0 or rows.lines[line].quantity == 0:
        raise ValueError(f"line {line_id}: {'no such line' if line < 0 else 'asks for nobody'}")
    return rows.people.ids.index(person_id), line


def _forbidden(rows: Rows, ways: Ways, person: int, line: int) -> str:
    """The first filter that keeps the person from the line, in the order of the funnel; "" if none does."""
    people, donors, asked = rows.people, rows.donors, rows.lines[line]
    if way_in(ways, line, people.role[person], people.skills[person]) < 0:
        return Filter.SKILL.value
    if people.blocked[person]:
        return people.codes[people.blocked[person]]
    busy, start, end = rows.busy
    who, where = rows.excluded
    home = people.home[person]
    here = on_sphere(people.lat[[person]], people.lon[[person]])[0]
    site = on_sphere(np.array([asked.lat]), np.array([asked.lon]))[0]
    fails = {
        Filter.HELD: people.held[person],
        Filter.BUSY: ((busy == person) & (start < asked.ends_at) & (end > asked.starts_at)).any(),
        Filter.EXCLUDED: ((who == person) & (where == line)).any(),
        Filter.TOO_FAR: asked.max_km is not None and whole_km(here, site) > asked.max_km,
        Filter.CRITICAL: home >= 0 and donors.critical[home] and donors.lendable[home] == 0,
        Filter.REDLINE: home < 0 or min(donors.lendable[home], donors.unit_lendable[donors.unit[home]]) == 0,
    }
    return next((code.value for code, failing in fails.items() if failing), "")


@dataclass(frozen=True, slots=True)
class _Wish:
    """That one person go to one line, against the flow of a plan."""

    rows: Rows
    network: Network
    flow: Ints
    person: int
    line: int
    line_of: dict[int, int]

    @classmethod
    def of(cls, rows: Rows, network: Network, plan: Plan, person: int, line: int) -> _Wish:
        place = {one: at for at, one in enumerate(rows.people.ids)}
        row = {one.line_id: at for at, one in enumerate(rows.lines)}
        line_of = {place[pick.person_id]: row[pick.line_id] for pick in plan.picks}
        return cls(rows, network, _flow_of(rows, network, line_of), person, line, line_of)

    def consequence(self) -> tuple[int, tuple[Move, ...]]:
        """What the wish costs in all, and who moves for it."""
        network = self.network
        group = network.first_group + int(_groups_by_person(network.groups)[self.person])
        line = network.first_line + int(np.searchsorted(network.lines, self.line))
        arc = int(_column_arcs(network, np.array([group]), np.array([line]))[0])
        residual, prices = residual_of(network, self.flow), prices_of(network, self.flow)
        cost, back = cheapest_way(residual, prices, line, group)
        return cost + int(network.cost[arc]), tuple(self._moves([arc, *reversed(back)]))

    def _moves(self, arcs: list[int]) -> list[Move]:
        """The people behind the arcs group → line, taken forward (joins) or back (leaves); the wish comes first."""
        moves: list[Move] = []
        on_the_way = {int(self.network.tail[arcs[0]]): self.person}
        for arc in arcs:
            joins, column = arc >= 0, arc if arc >= 0 else ~arc
            if column < self.network.first_column:
                continue
            group = int(self.network.tail[column])
            line = int(self.network.lines[self.network.head[column] - self.network.first_line])
            if joins:
                person = on_the_way.pop(group, None)
                person = self._at_home(group) if person is None else person
            else:
                person = on_the_way[group] = self._sent(group, line)
            moves.append(Move(self.rows.people.ids[person], self.rows.lines[line].line_id, joins))
        return moves

    def _at_home(self, group: int) -> int:
        return next(one for one in self._members(group) if one not in self.line_of)

    def _sent(self, group: int, line: int) -> int:
        return [one for one in self._members(group) if self.line_of.get(one) == line][-1]

    def _members(self, group: int) -> list[int]:
        groups, at = self.network.groups, group - self.network.first_group
        members: list[int] = groups.members[groups.start[at] : groups.start[at + 1]].tolist()
        return members


def _groups_by_person(groups: Groups) -> dict[int, int]:
    group = np.repeat(np.arange(len(groups)), np.diff(groups.start))
    return dict(zip(groups.members.tolist(), group.tolist(), strict=True))


def _column_arcs(network: Network, group: Ints, line: Ints) -> Ints:
    nodes = len(network.supply)
    tail, head = network.tail[network.first_column :], network.head[network.first_column :]
    return network.first_column + np.searchsorted(tail * nodes + head, group * nodes + line)


def _flow_of(rows: Rows, network: Network, line_of: dict[int, int]) -> Ints:
    """The flow that a plan's picks are: cheapest bands first, the open places where nobody goes."""
    flow = np.zeros(len(network.tail), np.int64)
    group_of = _groups_by_person(network.groups)
    persons = np.array(sorted(line_of), np.int64)
    group = network.first_group + np.array([group_of[one] for one in persons.tolist()], np.int64)
    line = np.searchsorted(network.lines, np.array([line_of[one] for one in persons.tolist()], np.int64))
    np.add.at(flow, _column_arcs(network, group, network.first_line + line), 1)
    own = (rows.people.recency + rows.people.not_volunteer)[persons]
    class_of = {
        (head, cost): arc
        for arc in range(network.first_class, network.first_column)
        for head, cost in [(int(network.head[arc]), int(network.cost[arc]))]
    }
    np.add.at(flow, [class_of[key] for key in zip(group.tolist(), own.tolist(), strict=True)], 1)
    row = np.searchsorted(network.unit_roles, rows.people.home[persons])
    np.add.at(flow, network.leaving[1] + row, 1)
    unit = np.bincount(np.searchsorted(network.units, rows.donors.unit[rows.people.home[persons]]))
    for band in range(network.first_open):
        at = int(network.head[band]) - 1
        if at < len(unit):
            flow[band] = min(unit[at], network.capacity[band])
            unit[at] -= flow[band]
    asked = np.array([rows.lines[at].quantity for at in network.lines.tolist()], np.int64)
    asked = np.where(network.supply[network.first_line :] < 0, asked, 0)
    flow[network.first_open : network.first_open + len(asked)] = asked - np.bincount(
        line, minlength=len(asked)
    )
    return flow
