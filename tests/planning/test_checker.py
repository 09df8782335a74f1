"""The checker finds what is wrong with a plan, whatever it is."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import planning.check
import planning.check_bound
from domain.allocation import PlanningProblem
from domain.plans import Plan
from lab.planning_questions import TOWN, question
from planning import faults_of, plan, planner
from tests.planning.questions import DRIVER, NURSE, Town, random_town

PROBLEM = question(TOWN, 1)
PLAN = plan(PROBLEM)


def test_redlines_hold_for_each_unit_and_role_on_a_hundred_questions() -> None:
    lending = 0
    for number in range(100):
        problem = random_town(random.Random(number), 9, 3, 4)
        answer = plan(problem)
        names = [
            (problem.units.ids[u], problem.role_codes[r])
            for u, r in zip(problem.unit_roles.unit, problem.unit_roles.role, strict=True)
        ]
        for name, free in zip(names, problem.unit_roles.lendable, strict=True):
            assert sum((pick.unit_id, pick.role) == name for pick in answer.picks) <= free
        for name, free in zip(problem.units.ids, problem.units.lendable, strict=True):
            assert sum(pick.unit_id == name for pick in answer.picks) <= free
        for use in answer.unit_use:
            assert use.redline <= use.after < use.before
        lending += len(answer.picks)
    assert lending > 100


def _with_pick(answer: Plan, at: int, **changes: object) -> Plan:
    picks = list(answer.picks)
    picks[at] = replace(picks[at], **changes)  # type: ignore[arg-type]
    return replace(answer, picks=tuple(picks))


def _with_higher_price(answer: Plan) -> Plan:
    short = {one.line_id for one in answer.shortfalls}
    prices = {line: price + 5 * (line not in short) for line, price in answer.certificate.line_prices}
    return replace(answer, certificate=replace(answer.certificate, line_prices=tuple(prices.items())))


def _someone_idle(**wanted: object) -> str:
    chosen = {pick.person_id for pick in PLAN.picks}
    people = PROBLEM.people
    return next(
        name
        for at, name in enumerate(people.ids)
        if name not in chosen and all(getattr(people, key)[at] == value for key, value in wanted.items())
    )


TWISTS: dict[str, tuple[Callable[[Plan], Plan], str]] = {
    "somebody else instead": (lambda a: _with_pick(a, 0, person_id=_someone_idle()), "is not of"),
    "a blocked person": (
        lambda a: _with_pick(a, 0, person_id=_someone_idle(blocked="S02")),
        "blocked by S02",
    ),
    "the same person twice": (lambda a: _with_pick(a, 0, person_id=a.picks[1].person_id), "picked 2 times"),
    "a person who is not on the roster": (lambda a: _with_pick(a, 0, person_id="ghost"), "no such person"),
    "a shorter way": (lambda a: _with_pick(a, 0, km=a.picks[0].km - 1), "told as"),
    "a cheaper cost": (
        lambda a: _with_pick(a, 0, cost=replace(a.picks[0].cost, not_volunteer=0, recency=1)),
        "where distance, recency",
    ),
    "a cheaper band": (
        lambda a: _with_pick(a, 0, cost=replace(a.picks[0].cost, donor_band=a.picks[0].cost.donor_band + 1)),
        "bands are charged wrongly",
    ),
    "another label": (lambda a: _with_pick(a, 0, accepted_as="anything"), "does not accept"),
    "a pick dropped": (lambda a: replace(a, picks=a.picks[1:]), "missing, told as"),
    "a pick dropped and told as a shortfall": (
        lambda a: (
            replace(
                a,
                picks=tuple(pick for pick in a.picks if pick.line_id != a.shortfalls[0].line_id),
                shortfalls=(replace(a.shortfalls[0], missing=a.shortfalls[0].asked), *a.shortfalls[1:]),
            )
            if any(pick.line_id == a.shortfalls[0].line_id for pick in a.picks)
            else replace(a, shortfalls=a.shortfalls[1:])
        ),
        "missing, told as",
    ),
    "a use of a unit untold": (lambda a: replace(a, unit_use=a.unit_use[1:]), "not told as it is"),
    "a use of a unit invented": (
        lambda a: replace(
            a, unit_use=(*a.unit_use, replace(a.unit_use[0], role="doctor", unit_id="unit-0059"))
        ),
        "lends nobody",
    ),
    "a better burden": (lambda a: replace(a, burden=a.burden - 1), "totals"),
    "a smaller primal": (
        lambda a: replace(a, certificate=replace(a.certificate, primal=a.certificate.primal - 1)),
        "primal",
    ),
    "a larger dual": (
        lambda a: replace(a, certificate=replace(a.certificate, dual=a.certificate.dual + 1)),
        "where the prices prove",
    ),
    "a filled line's price raised": (_with_higher_price, "where the prices prove"),
    "no prices at all": (
        lambda a: replace(a, certificate=replace(a.certificate, line_prices=())),
        "where the prices prove",
    ),
    "a fill that does not come first": (
        lambda a: replace(a, certificate=replace(a.certificate, fill_scale=100)),
        "too small to put filling first",
    ),
}


@pytest.mark.parametrize("twist", TWISTS)
def test_a_plan_with(twist: str) -> None:
    change, fault = TWISTS[twist]
    assert faults_of(PROBLEM, PLAN) == ()
    assert any(fault in one for one in faults_of(PROBLEM, change(PLAN)))


def test_a_true_bound_that_the_plan_does_not_reach_is_no_proof() -> None:
    """Prices of nothing prove that no plan costs less than nothing: true, and not enough."""
    nothing = replace(PLAN.certificate, line_prices=(), unit_prices=(), unit_role_prices=(), dual=0)
    faults = faults_of(PROBLEM, replace(PLAN, certificate=nothing))
    assert faults == (f"not proven: primal {PLAN.certificate.primal}, dual 0",)


def test_a_worse_plan_that_is_told_truthfully_is_still_not_proven() -> None:
    """Leave the best nurse at home and send the other: every number is right, only the bound is not reached."""
    town, worse = Town(), Town()
    for each, blocked in ((town, ""), (worse, "S02")):
        clinic = each.unit("clinic", 1, {NURSE: (3, 1)})
        each.person("near", clinic, NURSE, km=1, blocked=blocked)
        each.person("far", clinic, NURSE, km=30)
        each.line("shelter", 1)
    faults = faults_of(town.problem(), plan(worse.problem()))
    assert any("where the prices prove" in fault or "not proven" in fault for fault in faults)


def _two_units() -> Town:
    town = Town()
    clinic = town.unit("clinic", 1, {NURSE: (3, 1)})
    depot = town.unit("depot", 1, {DRIVER: (2, 1), NURSE: (1, 1)})
    for name in ("a", "b"):
        town.person(name, clinic, NURSE)
    town.person("c", depot, NURSE)
    town.person("d", depot, DRIVER)
    town.line("shelter", 2)
    return town


def test_a_redline_that_falls_after_planning_is_noticed() -> None:
    town = _two_units()
    answer = plan(town.problem())
    assert answer.statistics.filled == 2
    town.rows[0] = (0, NURSE, 3, 0, 0)
    assert any(
        "clinic, nurse: lends 1, the redline allows 0" in one for one in faults_of(town.problem(), answer)
    )


def test_a_unit_cap_that_falls_after_planning_is_noticed() -> None:
    town = _two_units()
    answer = plan(town.problem())
    town.units[1] = ("depot", 0)
    assert any("depot: lends 1, the unit may lend 0" in one for one in faults_of(town.problem(), answer))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda town: town.busy.append((2, 0, 1)), "c for shelter: busy then"),
        (lambda town: town.excluded.append(("c", "flood")), "c for shelter: excluded"),
        (lambda town: town.excluded.append(("c", "shelter")), "c for shelter: excluded"),
        (lambda town: town.locked.append(("c", "other")), "c for shelter: already offered or placed"),
    ],
)
def test_a_person_who_may_not_go_is_noticed(change: Callable[[Town], None], fault: str) -> None:
    town = _two_units()
    answer = plan(town.problem())
    change(town)
    assert fault in faults_of(town.problem(), answer)


def test_a_plan_that_fails_its_check_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def complain(problem: PlanningProblem, answer: Plan) -> tuple[str, ...]:
        return (f"{len(answer.picks)} picks of {len(problem.people.ids)}",)

    monkeypatch.setattr(planner, "faults_of", complain)
    with pytest.raises(RuntimeError, match="not handed out: 2 picks of 4"):
        plan(_two_units().problem())


def test_the_checker_imports_nothing_of_what_it_checks() -> None:
    ours = {"planning.check_bound", "planning.kernels"}
    for module in (planning.check, planning.check_bound):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        imported = {
            node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
        }
        assert {name for name in imported if name.startswith("planning")} <= ours
