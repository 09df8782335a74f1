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
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from ortools.graph.python import min_cost_flow

from domain.allocation import PlanningProblem
from lab.planning_questions import PROVINCE, TOWN, Size, question
from planning import plan
from planning.eligible import groups_of, ways_of
from planning.network import Network, build
from planning.rows import canonical

AT_MOST = 3.0
TEAMS, LINES_A_TEAM = 4, 3
SEEDS = (1, 2, 3)


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
