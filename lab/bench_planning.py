"""`bench planning`: the whole planner beside the bare flow solve of the same network, in one run.

The questions are synthetic and seeded: units of a town or a province, their people, and the open lines of several
surges that want more than the donors may lend. "Plan" starts at plain Python columns and ends at the finished plan:
checking and sorting the rows, building the network, both solves, prices and certificate, the draw, every explanation.
"Checked" adds the independent checker's look at the result, which `plan` never leaves out. "Bare" is OR-Tools alone:
from the ready arrays of that very network to its flow. The runs alternate, and medians are compared. Loading the
compiled kernels is excluded: each question is planned once before the clock starts, and the time of the first plan of
the process is printed apart. A last line for each question draws some of its lines together into teams that go whole or
not at all: the checked plan beside the checked plan of the same need without teams.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from ortools.graph.python import min_cost_flow

from domain.allocation import NEVER, Accept, Busy, Line, People, PlanningProblem, UnitRoles, Units
from planning import plan
from planning.eligible import groups_of, ways_of
from planning.network import Network, build
from planning.rows import canonical

AT_MOST = 3.0
TEAMS, LINES_A_TEAM = 4, 3
SEEDS = (1, 2, 3)

WEEK = 7 * 86_400
ROLES = (
    "teacher",
    "administrator",
    "nurse",
    "midwife",
    "driver",
    "data_officer",
    "social_worker",
    "engineer",
    "doctor",
    "logistics_officer",
    "sanitarian",
    "rescuer",
)
ROLE_SHARES = (30, 20, 12, 8, 6, 6, 5, 4, 3, 3, 2, 1)
HARD_RULES = ("S02", "S03", "S05", "S07")
SKILLS = 20


@dataclass(frozen=True)
class Size:
    """How big a synthetic question is. `km` is half the side of the area."""

    name: str
    people: int
    units: int
    lines: int
    surges: int
    km: float


TOWN = Size("town", 2_000, 60, 40, 2, 12.0)
PROVINCE = Size("province", 30_000, 1_000, 500, 6, 180.0)


def question(size: Size, seed: int) -> PlanningProblem:
    """A synthetic question; the same size and seed give the same one."""
    rng = random.Random(f"{size.name}:{seed}")
    places = [_place(rng, size.km) for _ in range(max(4, size.units // 12))]
    homes = [_near(rng, rng.choice(places), 4.0) for _ in range(size.units)]
    people, unit_roles = _staff(rng, size, homes)
    lendable = [0] * size.units
    for unit, free in zip(unit_roles.unit, unit_roles.lendable, strict=True):
        lendable[unit] += free
    return PlanningProblem(
        salt=f"drill-{size.name}-{seed}",
        role_codes=ROLES,
        people=people,
        busy=_busy(rng, size.people),
        units=Units([f"unit-{at:04d}" for at in range(size.units)], [-(-free * 3 // 4) for free in lendable]),
        unit_roles=unit_roles,
        lines=_lines(rng, size, places),
        excluded=_refusals(rng, size),
    )


def _place(rng: random.Random, km: float) -> tuple[float, float]:
    return -9.5 + rng.uniform(-km, km) / 111.0, 124.0 + rng.uniform(-km, km) / 110.0


def _near(rng: random.Random, place: tuple[float, float], km: float) -> tuple[float, float]:
    return place[0] + rng.gauss(0, km / 111.0), place[1] + rng.gauss(0, km / 110.0)


def _staff(rng: random.Random, size: Size, homes: Sequence[tuple[float, float]]) -> tuple[People, UnitRoles]:
    """People over units, and per unit and role what a workload of 70 to 130 % of the staff leaves to lend."""
    unit_of = [rng.randrange(size.units) for _ in range(size.people)]
    role_of = rng.choices(range(len(ROLES)), ROLE_SHARES, k=size.people)
    count: dict[tuple[int, int], int] = {}
    for pair in zip(unit_of, role_of, strict=True):
        count[pair] = count.get(pair, 0) + 1
    load = [rng.uniform(0.70, 1.30) for _ in range(size.units)]
    free = {pair: max(0, int(n - n * load[pair[0]] * rng.uniform(0.8, 1.1))) for pair, n in count.items()}
    lent = {pair: rng.choice((0, 0, 0, 1)) if n > free[pair] else 0 for pair, n in count.items()}
    at_home = [rng.random() < 0.7 for _ in range(size.people)]
    spots = [
        homes[u] if same else _near(rng, homes[u], 6.0) for u, same in zip(unit_of, at_home, strict=True)
    ]
    people = People(
        ids=[f"synthetic-{at:06d}" for at in range(size.people)],
        unit=unit_of,
        role=role_of,
        skills=[_skills(rng, role) for role in role_of],
        lat=[spot[0] for spot in spots],
        lon=[spot[1] for spot in spots],
        blocked=[rng.choice(HARD_RULES) if rng.random() < 0.15 else "" for _ in range(size.people)],
        volunteer=[rng.random() < 0.4 for _ in range(size.people)],
        days_since_surge=[rng.choice((NEVER, NEVER, NEVER, 30, 120, 300)) for _ in range(size.people)],
    )
    pairs = sorted(count)
    return people, UnitRoles(
        unit=[unit for unit, _ in pairs],
        role=[role for _, role in pairs],
        headcount=[count[pair] for pair in pairs],
        lent=[lent[pair] for pair in pairs],
        lendable=[free[pair] for pair in pairs],
    )


def _skills(rng: random.Random, role: int) -> int:
    """The skill that goes with the role at level 1 to 3, and up to two others; three thermometer bits a skill."""
    bits = 0
    for skill in (role, *rng.sample(range(len(ROLES), SKILLS), rng.choice((0, 0, 1, 2)))):
        bits |= ((1 << rng.choice((1, 2, 2, 3))) - 1) << (3 * skill)
    return bits


def _busy(rng: random.Random, people: int) -> Busy:
    """One person in twelve is on leave or in training for one or two weeks of the next eight."""
    person = sorted(rng.sample(range(people), people // 12))
    start = [rng.randrange(8) * WEEK for _ in person]
    return Busy(person, start, [begin + rng.choice((1, 2)) * WEEK for begin in start])


def _lines(rng: random.Random, size: Size, places: Sequence[tuple[float, float]]) -> tuple[Line, ...]:
    sites = [rng.choice(places) for _ in range(size.surges)]
    lines = []
    for at in range(size.lines):
        surge = rng.randrange(size.surges)
        lat, lon = _near(rng, sites[surge], 8.0)
        start = rng.randrange(4) * WEEK
        lines.append(
            Line(
                line_id=f"line-{at:04d}",
                surge_id=f"surge-{surge}",
                quantity=rng.choice((1, 2, 3, 4, 6, 8)),
                priority=rng.choice((1, 2, 2, 3, 3, 4, 5)),
                accepts=_accepts(rng),
                lat=lat,
                lon=lon,
                starts_at=start,
                ends_at=start + 2 * WEEK,
                max_km=rng.choice((None, None, 150)),
            )
        )
    return tuple(lines)


def _accepts(rng: random.Random) -> tuple[Accept, ...]:
    role = rng.choices(range(len(ROLES)), [share + 4 for share in ROLE_SHARES])[0]
    level = ((1 << rng.choice((1, 1, 2))) - 1) << (3 * role)
    other = (1 << (3 * rng.randrange(len(ROLES), SKILLS))) if rng.random() < 0.3 else 0
    plain = Accept((ROLES[role],), level | other)
    if ROLES[role] == "nurse":
        return plain, Accept(("midwife",), other, 30, "midwife for nurse")
    if rng.random() < 0.1:
        return (Accept((), 1 << (3 * rng.randrange(len(ROLES), SKILLS))),)
    return (plain,)


def _refusals(rng: random.Random, size: Size) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"synthetic-{rng.randrange(size.people):06d}", f"surge-{rng.randrange(size.surges)}")
        for _ in range(size.people // 100)
    )


def in_teams(problem: PlanningProblem, seed: int) -> PlanningProblem:
    """The same need with some lines drawn together: `TEAMS` teams of lines of one surge each."""
    rng = random.Random(f"teams:{seed}")
    pools: dict[str, list[str]] = defaultdict(list)
    for line in problem.lines:
        pools[line.surge_id].append(line.line_id)
    team_of: dict[str, str] = {}
    for at, surge in zip(range(TEAMS), sorted(pools) * TEAMS, strict=False):
        free = [one for one in pools[surge] if one not in team_of]
        team_of |= dict.fromkeys(rng.sample(free, LINES_A_TEAM), f"team-{at}")
    return replace(
        problem, lines=tuple(replace(line, team=team_of.get(line.line_id, "")) for line in problem.lines)
    )


@dataclass(frozen=True)
class Measured:
    """One question's medians in seconds; `stages` are the parts of a checked plan."""

    seed: int
    bare: float
    stages: dict[str, float]
    checked: float
    teamed: float
    facts: str
    fates: str

    @property
    def planned(self) -> float:
        """A plan with its certificate and explanations, before the independent check."""
        return self.checked - self.stages["check"]


def measure(size: Size, seed: int, rounds: int) -> Measured:
    """Time the bare solve and the whole planner by turns."""
    problem = question(size, seed)
    answer = plan(problem)
    rows = canonical(problem)
    solve = bare(build(rows, ways_of(rows), groups_of(rows)))
    alone, checked = [], []
    stages: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        start = time.perf_counter()
        solve()
        alone.append(time.perf_counter() - start)
        begin = last = time.perf_counter()

        def lap(stage: str) -> None:
            nonlocal last
            now = time.perf_counter()
            stages[stage].append(now - last)
            last = now

        plan(problem, lap)
        checked.append(time.perf_counter() - begin)
    counts = answer.statistics
    facts = (
        f"{counts.people} people, {counts.eligible} eligible in {counts.groups} groups, {counts.arcs} arcs; "
        f"{counts.filled} of {counts.asked} places on {counts.lines} lines filled, "
        f"{len(answer.shortfalls)} lines short; gap {answer.certificate.gap}"
    )
    parts = {name: median(times) for name, times in stages.items()}
    teamed, fates = _with_teams(problem, seed, rounds)
    return Measured(seed, median(alone), parts, median(checked), teamed, facts, fates)


def _with_teams(problem: PlanningProblem, seed: int, rounds: int) -> tuple[float, str]:
    """The median of the checked plan with teams, and what became of them."""
    together, times = in_teams(problem, seed), []
    answer = plan(together)
    for _ in range(max(1, rounds // 3)):
        start = time.perf_counter()
        plan(together)
        times.append(time.perf_counter() - start)
    going = sum(team.goes for team in answer.teams)
    lacking = sum(bool(team.lacking) for team in answer.teams)
    return median(times), (
        f"{TEAMS} teams of {LINES_A_TEAM} lines: {going} go, {lacking} lack people; "
        f"{len(answer.certificate.choices)} choices proven, gap {answer.certificate.gap}"
    )


def bare(network: Network) -> Callable[[], None]:
    """OR-Tools alone on the ready arrays of the network, to the flow."""
    ends = network.tail.astype(np.int32), network.head.astype(np.int32)
    nodes = np.arange(len(network.supply), dtype=np.int32)

    def solve() -> None:
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(*ends, network.capacity, network.cost)
        solver.set_nodes_supplies(nodes, network.supply)
        assert solver.solve() == solver.OPTIMAL
        solver.flows(arcs)

    return solve


def main() -> int:
    """Print the table; 1 if a plan of some seed takes more than `AT_MOST` bare solves."""
    start = time.perf_counter()
    plan(question(TOWN, 0))
    print(
        f"first plan of this process, kernels loaded or compiled: {time.perf_counter() - start:.1f} s, excluded"
    )
    worst = 0.0
    for size, rounds in ((TOWN, 61), (PROVINCE, 9)):
        print(f"\n{size.name:<10}{'bare':>10}{'plan':>12}{'ratio':>8}{'checked':>13}{'ratio':>8}", end="")
        print(f"    medians of {rounds}")
        for run in (measure(size, seed, rounds) for seed in SEEDS):
            ratio = run.planned / run.bare
            worst = max(worst, ratio)
            print(
                f"  seed {run.seed}{run.bare * 1e3:10.1f} ms{run.planned * 1e3:9.1f} ms{ratio:8.2f}"
                f"{run.checked * 1e3:10.1f} ms{run.checked / run.bare:8.2f}"
            )
            print(f"    {run.facts}")
            print(
                f"    {run.fates}: {run.teamed * 1e3:.1f} ms, {run.teamed / run.checked:.2f} of the plan without"
            )
            print("    ms: " + ", ".join(f"{name} {spent * 1e3:.1f}" for name, spent in run.stages.items()))
    print(f"\nplan / bare: worst {worst:.2f}, at most {AT_MOST:.1f} wanted")
    return int(worst > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
