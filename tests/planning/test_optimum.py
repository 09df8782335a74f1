"""The plan is the best there is: against trying everything, against another solver, and under its own proof."""

from __future__ import annotations

import random
import sys
from dataclasses import replace

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.allocation import Accept
from lab.planning_questions import TOWN, question
from planning import faults_of, plan
from tests.planning.oracles import by_mixed_integers, by_trying_everything
from tests.planning.questions import HERE, NURSE, Town, random_town


@seed(7)
@settings(max_examples=300, deadline=None, database=None)
@given(st.randoms(use_true_random=False), st.integers(0, 6), st.integers(1, 3), st.integers(0, 3))
def test_no_plan_at_all_is_better_than_ours_on_tiny_questions(
    rng: random.Random, people: int, units: int, lines: int
) -> None:
    problem = random_town(rng, max(people, 1), units, lines)
    answer = plan(problem)
    assert (answer.urgency_left, answer.burden) == by_trying_everything(problem)
    assert answer.certificate.proven
    assert faults_of(problem, answer) == ()


@pytest.mark.parametrize("number", range(3))
def test_a_general_solver_finds_the_same_cost_at_town_size(number: int) -> None:
    problem = question(TOWN, number)
    answer = plan(problem)
    assert answer.certificate.primal == by_mixed_integers(problem, answer.certificate.fill_scale)
    assert answer.certificate.gap == 0


def test_the_urgent_line_gets_the_only_nurse_however_far_she_lives() -> None:
    town = Town()
    clinic = town.unit("clinic", 1, {NURSE: (2, 1)})
    town.person("far", clinic, NURSE, km=400, volunteer=False, days=10)
    town.line("urgent", 1, priority=1)
    town.line("near", 1, priority=2)
    town.lines[1] = replace(town.lines[1], lat=HERE[0] + 400 / 111.195)
    answer = plan(town.problem())
    assert [(pick.line_id, pick.km) for pick in answer.picks] == [("urgent", 400)]
    assert answer.urgency_left == 4


def test_two_places_of_low_urgency_never_outweigh_one_of_high_urgency() -> None:
    # The doctor's skills fit all lines; who could do only the low ones must not be displaced by greed for numbers.
    town = Town()
    clinic = town.unit("clinic", 2, {NURSE: (3, 2)})
    town.person("both", clinic, NURSE, skills=3)
    town.person("one", clinic, NURSE, skills=1)
    town.line("high", 1, (Accept(("nurse",), 2),), priority=1)
    town.line("low", 2, (Accept(("nurse",), 1),), priority=5)
    answer = plan(town.problem())
    assert {(pick.line_id, pick.person_id) for pick in answer.picks} == {("high", "both"), ("low", "one")}


def test_the_planner_never_loads_highspy_beside_ortools() -> None:
    plan(random_town(random.Random(1)))
    assert "ortools.graph.python.min_cost_flow" in sys.modules
    assert "highspy" not in sys.modules
