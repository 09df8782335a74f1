"""Teams go whole or not at all, in the best choice there is, and the proof covers every other choice."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.allocation import MOST_TEAMS, Accept, CannotPlan, PlanningProblem
from domain.plans import Certificate, Plan, ShortfallReason, plan_as_json
from planning import faults_of, plan, why_not
from tests.planning.oracles import by_trying_everything
from tests.planning.questions import DRIVER, NURSE, Town, in_teams, random_town, shuffled

R = ShortfallReason
DRIVERS = (Accept(("driver",), 1),)


@seed(11)
@settings(max_examples=300, deadline=None, database=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(1, 3), st.integers(1, 4))
def test_no_choice_of_teams_and_people_is_better_than_ours(
    rng: random.Random, people: int, units: int, lines: int
) -> None:
    problem = in_teams(random_town(rng, people, units, lines), rng)
    answer = plan(problem)
    assert (answer.urgency_left, answer.burden) == by_trying_everything(problem)
    assert answer.certificate.proven
    assert faults_of(problem, answer) == ()
    assert plan_as_json(plan(shuffled(problem, rng))) == plan_as_json(answer)


def clinic(nurses: int, drivers: int) -> Town:
    """One unit that may lend everybody."""
    town = Town()
    at = town.unit("clinic", nurses + drivers, {NURSE: (nurses, nurses), DRIVER: (drivers, drivers)})
    for n in range(nurses):
        town.person(f"nurse-{n}", at, NURSE, km=n)
    for n in range(drivers):
        town.person(f"driver-{n}", at, DRIVER, km=n)
    return town


def got(answer: Plan) -> Counter[str]:
    return Counter(pick.line_id for pick in answer.picks)


def test_a_team_that_lacks_one_line_sends_nobody_and_names_the_line() -> None:
    town = clinic(nurses=3, drivers=1)
    town.line("medics", 2, team="mobile")
    town.line("wheels", 2, DRIVERS, team="mobile")
    answer = plan(town.problem())
    assert got(answer) == {}
    (team,) = answer.teams
    assert (team.goes, team.asked, team.lacking) == (False, 4, ("wheels",))
    reasons = {short.line_id: short.reason for short in answer.shortfalls}
    assert reasons == {"medics": R.TEAM_INCOMPLETE, "wheels": R.NO_SKILL}
    funnel = [(step.code, step.remaining) for step in answer.shortfalls[0].funnel]
    assert funnel[-2:] == [("REDLINE", 3), ("TEAM", 0)]


def test_the_same_lines_without_a_team_are_filled_as_far_as_people_go() -> None:
    town = clinic(nurses=3, drivers=1)
    town.line("medics", 2)
    town.line("wheels", 2, DRIVERS)
    assert got(plan(town.problem())) == {"medics": 2, "wheels": 1}


def test_a_team_that_is_worth_more_takes_a_more_urgent_lines_person() -> None:
    # Alone, the urgent line is worth 4 of urgency; the team that needs the same nurse fills 3 + 3.
    town = clinic(nurses=1, drivers=1)
    town.line("urgent", 1, priority=2)
    town.line("medics", 1, priority=3, team="mobile")
    town.line("wheels", 1, DRIVERS, priority=3, team="mobile")
    assert got(plan(town.problem())) == {"medics": 1, "wheels": 1}


def test_a_team_that_could_go_and_does_not_lacks_nothing() -> None:
    town = clinic(nurses=1, drivers=1)
    town.line("urgent", 1, priority=1)
    town.line("medics", 1, priority=5, team="mobile")
    town.line("wheels", 1, DRIVERS, priority=5, team="mobile")
    answer = plan(town.problem())
    assert got(answer) == {"urgent": 1}
    assert answer.teams[0].lacking == ()
    assert {short.reason for short in answer.shortfalls} == {R.COMPETING_LINE}


def test_two_teams_that_want_the_same_people_are_not_halved() -> None:
    town = clinic(nurses=3, drivers=0)
    town.line("north", 2, team="north")
    town.line("south", 2, team="south")
    answer = plan(town.problem())
    assert sorted(got(answer).values()) == [2]


def test_teams_of_the_same_name_in_two_surges_are_two() -> None:
    town = clinic(nurses=2, drivers=0)
    town.line("flood-medics", 2, team="mobile")
    town.line("quake-medics", 1, team="mobile", surge="quake")
    answer = plan(town.problem())
    assert [(team.surge_id, team.goes) for team in answer.teams] == [("flood", True), ("quake", False)]


def test_more_teams_than_can_be_decided_on_exactly_are_refused() -> None:
    town = clinic(nurses=1, drivers=0)
    for n in range(MOST_TEAMS + 1):
        town.line(f"line-{n}", 1, team=f"team-{n}")
    with pytest.raises(CannotPlan, match=f"{MOST_TEAMS + 1} of them .* at most {MOST_TEAMS}"):
        plan(town.problem())
    assert len(plan(replace(town.problem(), lines=tuple(town.lines[1:]))).picks) == 1


def test_a_team_that_has_begun_is_completed_before_anything_else_or_refused() -> None:
    town = clinic(nurses=1, drivers=1)
    town.line("urgent", 1, priority=1)
    town.line("medics", 1, priority=5, team="mobile")
    problem = replace(town.problem(), begun=(("flood", "mobile"),))
    answer = plan(problem)
    assert got(answer) == {"medics": 1}
    assert faults_of(problem, answer) == ()
    assert faults_of(problem, plan(town.problem())) != ()
    town.line("wheels", 2, DRIVERS, team="mobile")
    with pytest.raises(CannotPlan, match="team mobile of flood"):
        plan(replace(town.problem(), begun=(("flood", "mobile"),)))


def test_whoever_cannot_be_replaced_in_a_team_costs_the_whole_team() -> None:
    town = clinic(nurses=2, drivers=1)
    town.line("medics", 1, priority=3, team="mobile")
    town.line("wheels", 1, DRIVERS, priority=3, team="mobile")
    answer = plan(town.problem())
    without = {pick.line_id: pick.without.fill for pick in answer.picks}
    assert without == {"medics": 0, "wheels": 6}


def test_nobody_is_wished_into_a_team_that_stays_or_out_of_one_that_goes() -> None:
    town = clinic(nurses=1, drivers=1)
    town.line("urgent", 1, priority=5)
    town.line("medics", 1, priority=3, team="mobile")
    town.line("wheels", 1, DRIVERS, priority=3, team="mobile")
    problem = town.problem()
    assert why_not(problem, plan(problem), "nurse-0", "urgent").code == "TEAM"
    town.line("helm", 1, DRIVERS, priority=3, team="mobile")
    problem = town.problem()
    assert why_not(problem, plan(problem), "driver-0", "helm").code == "TEAM"


# ── the checker ───────────────────────────────────────────────────────────────────────────────────────────────────


def rivals() -> tuple[PlanningProblem, Plan]:
    """A question whose proof needs several choices."""
    town = clinic(nurses=3, drivers=0)
    town.line("north", 2, team="north")
    town.line("south", 2, team="south", priority=4)
    town.line("rest", 1, priority=5)
    problem = town.problem()
    answer = plan(problem)
    assert len(answer.certificate.choices) > 1
    assert faults_of(problem, answer) == ()
    return problem, answer


def altered(answer: Plan, **changes: object) -> Plan:
    certificate: Certificate = replace(answer.certificate, **changes)  # type: ignore[arg-type]
    return replace(answer, certificate=certificate)


def test_the_checker_misses_a_choice_that_was_not_looked_at() -> None:
    problem, answer = rivals()
    for at in range(len(answer.certificate.choices)):
        fewer = tuple(one for n, one in enumerate(answer.certificate.choices) if n != at)
        assert any(
            "choices of teams are looked at" in f for f in faults_of(problem, altered(answer, choices=fewer))
        )


def test_the_checker_finds_a_choice_that_is_told_twice() -> None:
    problem, answer = rivals()
    first, *_, last = answer.certificate.choices
    choices = (first, first, *answer.certificate.choices[2:-1], last)
    assert any("overlaps" in fault for fault in faults_of(problem, altered(answer, choices=choices)))


def test_the_checker_recomputes_the_bound_of_each_choice() -> None:
    problem, answer = rivals()
    choices = tuple(replace(one, line_prices=()) for one in answer.certificate.choices)
    assert any("the prices prove" in fault for fault in faults_of(problem, altered(answer, choices=choices)))
    choices = tuple(replace(one, dual=answer.certificate.primal - 1) for one in answer.certificate.choices)
    assert any("not proven" in fault for fault in faults_of(problem, altered(answer, choices=choices)))


def test_the_checker_finds_a_team_in_pieces_and_one_that_is_told_wrongly() -> None:
    town = clinic(nurses=2, drivers=0)
    town.line("north", 2)
    free = town.problem()
    bound = replace(free, lines=tuple(replace(line, team="north", quantity=3) for line in free.lines))
    assert any("2 of 3 go, where all or nobody may" in fault for fault in faults_of(bound, plan(free)))
    problem, answer = rivals()
    wrong = tuple(replace(team, goes=not team.goes) for team in answer.teams)
    assert any("not told as it is" in fault for fault in faults_of(problem, replace(answer, teams=wrong)))
