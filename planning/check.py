"""The checker: says what is wrong with a plan, from the question and the plan alone.

It shares no code with what made the plan. It goes back to the raw rows, recounts redlines, people and costs, and
recomputes from the certificate's prices the bound that no plan can beat: whatever the prices are, the bound holds, so
a plan that reaches it is a best one. Nothing here searches.

The bound (Lagrange, with y the prices): each line pays y for each place asked; from that goes what a place left open
may cost less than y, what units and unit-roles at their caps earn, and what each person earns on their best line,
every pair of a person and a line being looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt

from domain.allocation import Line, PlanningProblem
from domain.plans import Certificate, Pick, Plan
from planning.check_bound import Decided, Team, bound_of, prices_of_giving

Sent = tuple[str, Pick, Line]
"""A pick: how faults call it, the pick, its line."""

ROUNDING = 1e-9
"""Kilometres by which two ways to compute a distance may differ."""


def faults_of(problem: PlanningProblem, plan: Plan) -> tuple[str, ...]:
    """What is wrong with the plan, each fault in one line; empty for a sound and proven plan."""
    row_of = {person: row for row, person in enumerate(problem.people.ids)}
    line_of = {line.line_id: line for line in problem.lines}
    unknown = [pick for pick in plan.picks if pick.person_id not in row_of or pick.line_id not in line_of]
    if unknown:
        return tuple(f"{pick.person_id} for {pick.line_id}: no such person or line" for pick in unknown)
    sent = [(f"{pick.person_id} for {pick.line_id}", pick, line_of[pick.line_id]) for pick in plan.picks]
    rows = [row_of[pick.person_id] for pick in plan.picks]
    return (
        *_people_faults(problem, sent, rows),
        *_cost_faults(problem, sent, rows),
        *_donor_faults(problem, plan, rows),
        *_line_faults(problem, plan),
        *_team_faults(problem, plan),
        *_total_faults(problem, plan),
        *_proof_faults(problem, plan, row_of),
    )


def _people_faults(problem: PlanningProblem, sent: list[Sent], rows: list[int]) -> Iterator[str]:
    """Each person once, and nobody whom a rule, their days or their answer keep at home."""
    for row, times in Counter(rows).items():
        if times > 1:
            yield f"{problem.people.ids[row]}: picked {times} times"
    refused = set(problem.excluded)
    held = {person for person, _ in problem.locked}
    busy: dict[int, list[tuple[int, int]]] = {row: [] for row in rows}
    for row, start, end in zip(problem.busy.person, problem.busy.start, problem.busy.end, strict=True):
        if row in busy:
            busy[row].append((start, end))
    for row, (name, pick, line) in zip(rows, sent, strict=True):
        if problem.people.blocked[row]:
            yield f"{name}: blocked by {problem.people.blocked[row]}"
        if pick.person_id in held:
            yield f"{name}: already offered or placed"
        if (pick.person_id, line.line_id) in refused or (pick.person_id, line.surge_id) in refused:
            yield f"{name}: excluded"
        if any(start < line.ends_at and end > line.starts_at for start, end in busy[row]):
            yield f"{name}: busy then"


def _cost_faults(problem: PlanningProblem, sent: list[Sent], rows: list[int]) -> Iterator[str]:
    """Each pick may serve its line, and costs what it says."""
    people, weights, giving = problem.people, problem.weights, prices_of_giving(problem)
    for row, (name, pick, line) in zip(rows, sent, strict=True):
        role = problem.role_codes[people.role[row]]
        if pick.role != role or pick.unit_id != problem.units.ids[people.unit[row]]:
            yield f"{name}: is not of {pick.unit_id}, {pick.role}"
        have = int(people.skills[row])
        ways = [
            way for way in line.accepts if (not way.roles or role in way.roles) and not way.skills & ~have
        ]
        cheapest = min([way.cost for way in ways], default=-1)
        if (cheapest, pick.accepted_as) not in [(way.cost, way.label) for way in ways]:
            yield f"{name}: the line does not accept {role} with these skills as {pick.accepted_as!r}"
        km = _km(people.lat[row], people.lon[row], line.lat, line.lon)
        if abs(km - pick.km) > 0.5 + ROUNDING or (line.max_km is not None and pick.km > line.max_km):
            yield f"{name}: told as {pick.km} km; it is {km:.1f} km, and {line.max_km} are the limit"
        days = people.days_since_surge[row]
        recent = weights.recency * len([limit for limit in weights.recency_days if 0 <= days < limit])
        recent += giving[people.unit[row]]
        unwilling = 0 if people.volunteer[row] else weights.not_volunteer
        expected = (pick.km * weights.per_km, recent, unwilling, cheapest)
        cost = pick.cost
        if (cost.distance, cost.recency, cost.not_volunteer, cost.substitute) != expected:
            yield f"{name}: {cost} where distance, recency, volunteering and substitute cost {expected}"


def _donor_faults(problem: PlanningProblem, plan: Plan, rows: list[int]) -> Iterator[str]:
    """No redline broken, the use of units told as it is, and the bands of price followed."""
    people, units, table = problem.people, problem.units, problem.unit_roles
    taken = Counter((people.unit[row], people.role[row]) for row in rows)
    gone_of, charged = Counter(people.unit[row] for row in rows), Counter[int]()
    for row, pick in zip(rows, plan.picks, strict=True):
        charged[people.unit[row]] += pick.cost.donor_band
    told = {(use.unit_id, use.role): (use.before, use.after, use.lendable) for use in plan.unit_use}
    away_of, listed = [0] * len(units.ids), 0
    columns = (table.unit, table.role, table.headcount, table.lent, table.lendable)
    for unit, role, head, away, free in zip(*columns, strict=True):
        away_of[unit] += away
        if (unit, role) not in taken:
            continue
        gone, name = taken[unit, role], (units.ids[unit], problem.role_codes[role])
        listed += gone
        if gone > free:
            yield f"{name[0]}, {name[1]}: lends {gone}, the redline allows {free}"
        if told.pop(name, None) != (head - away, head - away - gone, free):
            yield f"{name[0]}, {name[1]}: its use is not told as it is"
    if listed != len(rows):
        yield f"{len(rows) - listed} picks come from a unit and role without a redline"
    yield from (f"{unit}, {role}: its use is told, but it lends nobody" for unit, role in told)
    for unit, gone in gone_of.items():
        if gone > units.lendable[unit]:
            yield f"{units.ids[unit]}: lends {gone}, the unit may lend {units.lendable[unit]}"
        elif charged[unit] != _bands(problem, away_of[unit], units.lendable[unit], gone):
            yield f"{units.ids[unit]}: its donor bands are charged wrongly"


def _bands(problem: PlanningProblem, away: int, free: int, gone: int) -> int:
    """What the next people of a unit cost in donor bands: equal parts of all that it may lend."""
    prices = problem.weights.donor_bands
    edges = [(band + 1) * (away + free) // len(prices) for band in range(len(prices))]
    return sum(prices[bisect_left(edges, nth)] for nth in range(away + 1, away + gone + 1))


def _line_faults(problem: PlanningProblem, plan: Plan) -> Iterator[str]:
    got = Counter(pick.line_id for pick in plan.picks)
    missing = {short.line_id: short.missing for short in plan.shortfalls}
    for line in problem.lines:
        open_places = line.quantity - got[line.line_id]
        if open_places < 0:
            yield f"{line.line_id}: got {got[line.line_id]} of {line.quantity}"
        elif missing.get(line.line_id, 0) != open_places:
            yield f"{line.line_id}: {open_places} missing, told as {missing.get(line.line_id, 0)}"


def _team_faults(problem: PlanningProblem, plan: Plan) -> Iterator[str]:
    """Each team whole or not at all, and told as it is; one that has begun, whole."""
    got = Counter(pick.line_id for pick in plan.picks)
    told = {(team.surge_id, team.team): team for team in plan.teams}
    asking = _teams(problem)
    yield from (
        f"team {team} of {surge}: is told, but asks for nobody" for surge, team in told.keys() - asking
    )
    for (surge, team), lines in asking.items():
        name, asked = f"team {team} of {surge}", sum(line.quantity for line in lines)
        filled = sum(got[line.line_id] for line in lines)
        fate = told.get((surge, team))
        if filled not in (0, asked):
            yield f"{name}: {filled} of {asked} go, where all or nobody may"
        if fate is None or (fate.goes, fate.asked) != (filled == asked, asked):
            yield f"{name}: is not told as it is"
        elif set(fate.line_ids) != {line.line_id for line in lines} or not set(fate.lacking) <= set(
            fate.line_ids
        ):
            yield f"{name}: its lines are not told as they are"
        if (surge, team) in problem.begun and filled != asked:
            yield f"{name}: has begun and is not completed"


def _teams(problem: PlanningProblem) -> dict[Team, list[Line]]:
    teams: dict[Team, list[Line]] = {}
    for line in problem.lines:
        if line.team and line.quantity:
            teams.setdefault((line.surge_id, line.team), []).append(line)
    return teams


def _total_faults(problem: PlanningProblem, plan: Plan) -> Iterator[str]:
    urgency = {line.line_id: 6 - line.priority for line in problem.lines}
    left = sum(urgency[line.line_id] * line.quantity for line in problem.lines)
    left -= sum(urgency[pick.line_id] for pick in plan.picks)
    burden = sum(pick.cost.total for pick in plan.picks)
    if (left, burden) != (plan.urgency_left, plan.burden):
        yield f"totals {plan.urgency_left}, {plan.burden} where urgency left is {left} and burden {burden}"
    if plan.certificate.primal != plan.certificate.fill_scale * left + burden:
        yield f"primal {plan.certificate.primal} is not {plan.certificate.fill_scale} × {left} + {burden}"


def _proof_faults(problem: PlanningProblem, plan: Plan, row_of: dict[str, int]) -> Iterator[str]:
    proof, teams = plan.certificate, _teams(problem)
    goes = {(team.surge_id, team.team) for team in plan.teams if team.goes}
    settled = Decided.of(teams, goes, teams.keys() - goes)
    bound, dearest, in_doubt = bound_of(problem, proof, proof.fill_scale, settled, row_of)
    # One rearrangement touches each line at most once; another choice of teams may touch everybody.
    moved = sum(line.quantity if teams else line.quantity > 0 for line in problem.lines)
    if proof.fill_scale <= 2 * moved * dearest:
        yield f"fill_scale {proof.fill_scale} is too small to put filling first"
    # A distance on the very edge between two whole kilometres may be rounded either way.
    if abs(proof.dual - bound) > in_doubt * problem.weights.per_km:
        yield f"dual {proof.dual} where the prices prove {bound}"
    if proof.dual != proof.primal:
        yield f"not proven: primal {proof.primal}, dual {proof.dual}"
    yield from _choice_faults(problem, proof, teams, row_of)


def _choice_faults(
    problem: PlanningProblem, proof: Certificate, teams: dict[Team, list[Line]], row_of: dict[str, int]
) -> Iterator[str]:
    """The choices are all there are, and none has a better plan.

    They cover everything when no two overlap (some team goes in one and stays in the other) and their sizes add up.
    """
    open_to_choice = teams.keys() - set(problem.begun)
    size = 0
    for at, choice in enumerate(proof.choices):
        joined, left = set(choice.joined), set(choice.left)
        name = f"choices[{at}]"
        if not joined | left <= teams.keys() or joined & left or left & set(problem.begun):
            yield f"{name}: decides on teams that are not to be decided on"
        if any(not (joined & set(other.left) or left & set(other.joined)) for other in proof.choices[:at]):
            yield f"{name}: overlaps another one"
        size += 2 ** (len(open_to_choice) - len((joined | left) & open_to_choice))
        part = Decided.of(teams, joined, left)
        bound, _, in_doubt = bound_of(problem, choice, proof.fill_scale, part, row_of)
        doubt = in_doubt * problem.weights.per_km
        if abs(choice.dual - bound) > doubt:
            yield f"{name}: dual {choice.dual} where the prices prove {bound}"
        if choice.dual < proof.primal:
            yield f"{name}: not proven, a plan of {choice.dual} may be there where ours costs {proof.primal}"
    if size != (2 ** len(open_to_choice) if teams else 0):
        yield f"choices: {size} of {2 ** len(open_to_choice)} choices of teams are looked at"


def _km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Haversine on the mean Earth radius."""
    a, b, c, d = map(radians, (lat, lon, to_lat, to_lon))
    return (
        2 * 6371.0088 * asin(sqrt(min(1.0, sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2)))
    )
