"""Plans that keep some picks and solve the rest.

The kept are put in their places first, if every rule still lets them; what they take of redlines, donor bands and lines
is then no longer there to be had, and the rest is a question of its own, answered and proven like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from domain.allocation import HEAD, CannotPlan, Line, PlanningProblem
from domain.plans import Filter, Pick, Plan
from planning.planner import plan
from planning.why_not import forbidden

Pair = tuple[str, str]
"""Person and line."""

UNKNOWN_PERSON, UNKNOWN_LINE, TWICE, FULL = "NOT_ON_THE_ROSTER", "NO_OPEN_LINE", "KEPT_TWICE", "LINE_FULL"


class CannotKeep(CannotPlan):
    """Somebody who should be kept may not go any more; `faults` are (person, line, rule)."""

    def __init__(self, faults: tuple[tuple[str, str, str], ...]) -> None:
        person, line, rule = faults[0]
        super().__init__(f"cannot_keep_{rule}", f"{person} cannot be kept for {line}: {rule}")
        self.faults = faults


def plan_keeping(problem: PlanningProblem, keep: Sequence[Pair] = ()) -> Plan:
    """The best plan in which these people go to these lines. Raises CannotKeep naming the rule against each."""
    if not keep:
        return plan(problem)
    problem = _with_named_heads(problem, keep)
    kept = _kept(problem, sorted(keep))
    return replace(plan(_without(problem, kept)), kept=kept)


def faults_of_keeping(problem: PlanningProblem, keep: Sequence[Pair]) -> tuple[tuple[str, str, str], ...]:
    """Who cannot be kept, as (person, line, rule); empty when all can."""
    try:
        _kept(_with_named_heads(problem, keep), sorted(keep))
    except CannotKeep as cannot:
        return cannot.faults
    return ()


def _with_named_heads(problem: PlanningProblem, keep: Sequence[Pair]) -> PlanningProblem:
    """The question in which nothing but the own post keeps at home whoever heads a unit and is named."""
    named = {person for person, _ in keep}
    people = problem.people
    blocked = [
        "" if code == HEAD and person in named else code
        for person, code in zip(people.ids, people.blocked, strict=True)
    ]
    return replace(problem, people=replace(people, blocked=blocked))


def _kept(problem: PlanningProblem, pairs: list[Pair]) -> tuple[Pick, ...]:
    if faults := tuple(_faults(problem, pairs)):
        raise CannotKeep(faults)
    kept = plan(_nobody_else(problem, pairs)).picks
    missing = set(pairs) - {(pick.person_id, pick.line_id) for pick in kept}
    if missing:
        # Each of them may go, but not all at once.
        raise CannotKeep(tuple((*pair, Filter.REDLINE.value) for pair in sorted(missing)))
    return kept


def _faults(problem: PlanningProblem, pairs: list[Pair]) -> list[tuple[str, str, str]]:
    roster = set(problem.people.ids)
    line_of = {line.line_id: line for line in problem.lines if line.quantity}
    persons, lines = Counter(person for person, _ in pairs), Counter(line for _, line in pairs)
    faults = []
    for person, line in pairs:
        if person not in roster:
            faults.append((person, line, UNKNOWN_PERSON))
        elif line not in line_of:
            faults.append((person, line, UNKNOWN_LINE))
        elif persons[person] > 1:
            faults.append((person, line, TWICE))
        elif lines[line] > line_of[line].quantity:
            faults.append((person, line, FULL))
    if faults:
        return faults
    against = forbidden(problem, pairs)
    return [(*pair, code) for pair, code in zip(pairs, against, strict=True) if code]


def _nobody_else(problem: PlanningProblem, pairs: list[Pair]) -> PlanningProblem:
    """The question in which only the kept may go, each to the own line and to no other."""
    kept, wanted = dict(pairs), Counter(line for _, line in pairs)
    lines = tuple(replace(line, quantity=wanted[line.line_id], team="") for line in problem.lines)
    blocked = [
        code if person in kept else code or Filter.EXCLUDED.value
        for person, code in zip(problem.people.ids, problem.people.blocked, strict=True)
    ]
    others = ((person, line.line_id) for person, own in pairs for line in lines if line.line_id != own)
    return replace(
        problem,
        people=replace(problem.people, blocked=blocked),
        lines=lines,
        excluded=(*problem.excluded, *others),
        begun=(),
    )


def _without(problem: PlanningProblem, kept: tuple[Pick, ...]) -> PlanningProblem:
    """The question that is left: their places taken, their units' people lent, their teams begun."""
    filled = Counter(pick.line_id for pick in kept)
    lines = tuple(replace(line, quantity=line.quantity - filled[line.line_id]) for line in problem.lines)
    by_home = Counter((pick.unit_id, pick.role) for pick in kept)
    by_unit = Counter(pick.unit_id for pick in kept)
    units, table = problem.units, problem.unit_roles
    gone = [
        by_home[units.ids[unit], problem.role_codes[role]]
        for unit, role in zip(table.unit, table.role, strict=True)
    ]
    return replace(
        problem,
        units=replace(
            units,
            lendable=[free - by_unit[unit] for unit, free in zip(units.ids, units.lendable, strict=True)],
        ),
        unit_roles=replace(
            table,
            lent=[lent + more for lent, more in zip(table.lent, gone, strict=True)],
            lendable=[free - more for free, more in zip(table.lendable, gone, strict=True)],
        ),
        lines=lines,
        locked=(*problem.locked, *((pick.person_id, pick.line_id) for pick in kept)),
        begun=(*problem.begun, *_begun(lines, filled)),
    )


def _begun(lines: tuple[Line, ...], filled: Counter[str]) -> set[tuple[str, str]]:
    """The teams of which somebody is kept and a place is still open."""
    kept = {(line.surge_id, line.team) for line in lines if line.team and filled[line.line_id]}
    return kept & {(line.surge_id, line.team) for line in lines if line.quantity}
