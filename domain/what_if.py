"""What would change if the request or the donors were others: one question altered, two answers compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.allocation import PlanningProblem
from domain.plans import Pick, Plan
from domain.requests import LineRequest

Donor = tuple[str, str]
"""Unit and role."""


@dataclass(frozen=True)
class LinesTried:
    """Lines of a surge as they might be: how many each would ask for, and lines (id, request) that nobody asked for.

    What is open of them is for whoever knows who has a place of them.
    """

    asks: Mapping[str, int] = field(default_factory=dict)
    added: tuple[tuple[str, LineRequest], ...] = ()


@dataclass(frozen=True)
class Alteration:
    """What is to be tried of donors: units that lend nobody, and how many of a unit's role must stay."""

    without: frozenset[str] = frozenset()
    redlines: Mapping[Donor, int] = field(default_factory=dict)

    def of(self, problem: PlanningProblem) -> PlanningProblem:
        """Return the problem as it would be."""
        units, table = problem.units, problem.unit_roles
        rows = list(zip(table.unit, table.role, table.headcount, table.lent, table.lendable, strict=True))
        lendable = [
            self._lendable((units.ids[unit], problem.role_codes[role]), head - lent, free)
            for unit, role, head, lent, free in rows
        ]
        gain = Counter[int]()
        for (unit, *_, free), now in zip(rows, lendable, strict=True):
            gain[unit] += now - free
        return replace(
            problem,
            units=replace(
                units, lendable=[max(0, free + gain[at]) for at, free in enumerate(units.lendable)]
            ),
            unit_roles=replace(table, lendable=lendable),
        )

    def _lendable(self, donor: Donor, present: int, free: int) -> int:
        if donor[0] in self.without:
            return 0
        return max(0, present - self.redlines[donor]) if donor in self.redlines else free


@dataclass(frozen=True)
class Figures:
    """A plan in numbers: `at_redline` counts the units and roles that it leaves at their redline."""

    asked: int
    filled: int
    short: int
    donors: int
    km: int
    burden: int
    at_redline: int


@dataclass(frozen=True)
class LineDifference:
    """A line before and after: places asked for, people found, and why it is short afterwards."""

    line_id: str
    asked: tuple[int, int]
    filled: tuple[int, int]
    reason: str | None


@dataclass(frozen=True)
class DonorDifference:
    """A unit and role before and after: how many it lends by the plan, of how many it may."""

    unit_id: str
    role: str
    lends: tuple[int, int]
    lendable: tuple[int, int]


@dataclass(frozen=True)
class Difference:
    """What the alteration does; lines, people (person, line) and donors are those for whom something changes."""

    before: Figures
    after: Figures
    lines: tuple[LineDifference, ...]
    joining: tuple[tuple[str, str], ...]
    leaving: tuple[tuple[str, str], ...]
    donors: tuple[DonorDifference, ...]
    proven: bool


def difference(problem: PlanningProblem, before: Plan, altered: PlanningProblem, after: Plan) -> Difference:
    """Compare two answers, each with its question as it stood before anybody was kept."""
    old, new = _sent(before), _sent(after)
    return Difference(
        before=_figures(problem, old),
        after=_figures(altered, new),
        lines=tuple(_lines(problem, old, altered, new, after)),
        joining=tuple(sorted(_pairs(new) - _pairs(old))),
        leaving=tuple(sorted(_pairs(old) - _pairs(new))),
        donors=tuple(_donors(problem, old, altered, new)),
        proven=before.certificate.proven and after.certificate.proven,
    )


def _sent(plan: Plan) -> tuple[Pick, ...]:
    return (*plan.kept, *plan.picks)


def _pairs(picks: tuple[Pick, ...]) -> set[tuple[str, str]]:
    return {(pick.person_id, pick.line_id) for pick in picks}


def _figures(problem: PlanningProblem, picks: tuple[Pick, ...]) -> Figures:
    asked = sum(line.quantity for line in problem.lines)
    lent, lendable = Counter((pick.unit_id, pick.role) for pick in picks), _lendable(problem)
    return Figures(
        asked=asked,
        filled=len(picks),
        short=asked - len(picks),
        donors=len({pick.unit_id for pick in picks}),
        km=sum(pick.km for pick in picks),
        burden=sum(pick.cost.total for pick in picks),
        at_redline=sum(count >= lendable.get(donor, 0) for donor, count in lent.items()),
    )


def _lendable(problem: PlanningProblem) -> dict[Donor, int]:
    table = problem.unit_roles
    return {
        (problem.units.ids[unit], problem.role_codes[role]): free
        for unit, role, free in zip(table.unit, table.role, table.lendable, strict=True)
    }


def _lines(
    problem: PlanningProblem,
    old: tuple[Pick, ...],
    altered: PlanningProblem,
    new: tuple[Pick, ...],
    after: Plan,
) -> list[LineDifference]:
    asked = [{line.line_id: line.quantity for line in one.lines} for one in (problem, altered)]
    filled = [Counter(pick.line_id for pick in picks) for picks in (old, new)]
    moved = {line for _, line in _pairs(old) ^ _pairs(new)}
    reason = {short.line_id: short.reason.value for short in after.shortfalls}
    found = []
    for line_id in sorted(asked[0].keys() | asked[1].keys()):
        before, now = ((asked[at].get(line_id, 0), filled[at][line_id]) for at in (0, 1))
        if before != now or line_id in moved:
            found.append(
                LineDifference(line_id, (before[0], now[0]), (before[1], now[1]), reason.get(line_id))
            )
    return found


def _donors(
    problem: PlanningProblem, old: tuple[Pick, ...], altered: PlanningProblem, new: tuple[Pick, ...]
) -> list[DonorDifference]:
    lends = [Counter((pick.unit_id, pick.role) for pick in picks) for picks in (old, new)]
    lendable = [_lendable(one) for one in (problem, altered)]
    found = []
    for donor in sorted(lends[0].keys() | lends[1].keys()):
        before, now = ((lends[at][donor], lendable[at].get(donor, 0)) for at in (0, 1))
        if before != now:
            found.append(DonorDifference(*donor, (before[0], now[0]), (before[1], now[1])))
    return found
