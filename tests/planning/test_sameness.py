"""The same question gives the same plan, byte for byte, however its rows and arcs are ordered."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from domain.plans import plan_as_json
from lab.planning_questions import PROVINCE, TOWN, question
from planning import plan, solve
from tests.planning.questions import NURSE, Town, random_town, shuffled


@pytest.mark.parametrize("number", range(40))
def test_a_tiny_plan_is_the_same_in_any_order_of_rows(number: int) -> None:
    rng = random.Random(number)
    problem = random_town(rng, 8, 3, 3)
    assert plan_as_json(plan(shuffled(problem, rng))) == plan_as_json(plan(problem))


@pytest.mark.parametrize("number", range(3))
def test_a_town_plan_is_the_same_in_any_order_of_rows(number: int) -> None:
    problem = question(TOWN, number)
    expected = plan_as_json(plan(problem))
    for turn in range(3):
        assert plan_as_json(plan(shuffled(problem, random.Random(turn)))) == expected


def test_a_province_plan_is_the_same_in_any_order_of_rows() -> None:
    problem = question(PROVINCE, 1)
    assert plan_as_json(plan(shuffled(problem, random.Random(4)))) == plan_as_json(plan(problem))


def test_the_draw_undoes_whatever_the_solver_chose_between_equals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handing OR-Tools its arcs in another order gives another optimum; the plan must not show it."""
    problem = question(TOWN, 1)
    expected = plan_as_json(plan(problem))
    honest, raw = solve.flow_of, set()

    for turn in range(4):
        order_of = np.random.default_rng(turn)
        first: list[bytes] = []

        def shuffled_arcs(tail, head, capacity, cost, supply, *, order_of=order_of, first=first):
            order = order_of.permutation(len(tail))
            flow = np.empty(len(tail), np.int64)
            flow[order] = honest(tail[order], head[order], capacity[order], cost[order], supply)
            first.append(flow.tobytes())
            return flow

        monkeypatch.setattr(solve, "flow_of", shuffled_arcs)
        assert plan_as_json(plan(problem)) == expected
        raw.add(first[0])
    assert len(raw) > 1  # the solver did choose differently


def test_equals_are_drawn_by_lot_so_that_another_incident_calls_others() -> None:
    town = Town()
    clinic = town.unit("clinic", 2, {NURSE: (20, 2)})
    for at in range(20):
        town.person(f"nurse-{at:02d}", clinic, NURSE)
    town.line("shelter", 2)
    drawn = {tuple(pick.person_id for pick in plan(town.problem(salt)).picks) for salt in map(str, range(12))}
    assert len(drawn) > 6
    assert plan(town.problem("a")).picks == plan(town.problem("a")).picks


def test_any_change_of_the_question_changes_its_fingerprint() -> None:
    problem = random_town(random.Random(3), 8, 3, 3)
    people, table = problem.people, problem.unit_roles
    others = [
        replace(problem, salt=problem.salt + "x"),
        replace(problem, weights=replace(problem.weights, per_km=2)),
        replace(
            problem,
            lines=(replace(problem.lines[0], priority=6 - problem.lines[0].priority + 1), *problem.lines[1:]),
        ),
        replace(problem, people=replace(people, ids=["someone-else", *people.ids[1:]])),
        replace(problem, people=replace(people, volunteer=[not people.volunteer[0], *people.volunteer[1:]])),
        replace(problem, people=replace(people, days_since_surge=[7, *people.days_since_surge[1:]])),
        replace(problem, unit_roles=replace(table, headcount=[table.headcount[0] + 1, *table.headcount[1:]])),
        replace(problem, units=replace(problem.units, given=[1, 2, 3])),
        replace(problem, excluded=()),
        replace(problem, locked=(("p5", "line-2"),)),
    ]
    prints = {plan(one).problem_sha256 for one in [problem, *others]}
    assert len(prints) == 1 + len(others)
