"""Keep these, solve the rest: the best plan that keeps them, or a refusal that names the rule."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.allocation import Accept, CannotPlan, PlanningProblem
from domain.plans import Plan, plan_as_json
from planning import CannotKeep, plan, plan_keeping
from tests.planning.oracles import by_trying_everything
from tests.planning.questions import DAY, DRIVER, NURSE, Town, random_town, shuffled

DRIVERS = (Accept(("driver",), 1),)


def clinic() -> Town:
    """Three nurses, of whom two may go; the nearest is the best."""
    town = Town()
    at = town.unit("clinic", 2, {NURSE: (3, 2)})
    for name, km in (("near", 1), ("mid", 20), ("far", 50)):
        town.person(name, at, NURSE, km=km)
    town.line("post", 2)
    return town


def sent(answer: Plan) -> set[tuple[str, str]]:
    return {(pick.person_id, pick.line_id) for pick in (*answer.kept, *answer.picks)}


def cost(answer: Plan) -> tuple[int, int]:
    """Urgency left and burden of everybody who goes."""
    return answer.urgency_left, sum(pick.cost.total for pick in (*answer.kept, *answer.picks))


def only(problem: PlanningProblem, keep: list[tuple[str, str]]) -> tuple[int, int]:
    """The best there is when the kept can go nowhere else and nobody can take their places: by trying everything."""
    lines = []
    for line in problem.lines:
        kept = [person for person, place in keep if place == line.line_id]
        for n, person in enumerate(kept):
            lines.append((replace(line, line_id=f"{line.line_id}/{n}", quantity=1, priority=1), person))
        lines.append((replace(line, quantity=line.quantity - len(kept)), None))
    everybody, chosen = problem.people.ids, {person for person, _ in keep}
    bars = [
        (person, line.line_id)
        for line, owner in lines
        for person in everybody
        if (owner is not None and person != owner) or (owner is None and person in chosen)
    ]
    scopes = [
        (person, line.line_id)
        for person, scope in problem.excluded
        for line, _ in lines
        if scope in (line.surge_id, line.line_id.partition("/")[0])
    ]
    certain = replace(problem, lines=tuple(line for line, _ in lines), excluded=(*scopes, *bars))
    left, burden = by_trying_everything(certain)
    return left, burden


@seed(5)
@settings(max_examples=150, deadline=None, database=None)
@given(st.randoms(use_true_random=False), st.integers(2, 6), st.integers(1, 3), st.integers(1, 3))
def test_no_plan_that_keeps_them_is_better(rng: random.Random, people: int, units: int, lines: int) -> None:
    problem = random_town(rng, people, units, lines)
    # Whoever goes in the best plan may go; so keep some of them, and take the others' lines away from nobody.
    picks = sorted(sent(plan(problem)))
    keep = rng.sample(picks, rng.randint(0, min(2, len(picks))))
    answer = plan_keeping(problem, keep)
    assert set(keep) <= sent(answer)
    assert cost(answer) == only(problem, keep)
    assert plan_as_json(plan_keeping(shuffled(problem, rng), keep[::-1])) == plan_as_json(answer)


def test_the_kept_stay_and_the_rest_is_the_best_of_what_is_left() -> None:
    answer = plan_keeping(clinic().problem(), [("far", "post")])
    assert sent(answer) == {("far", "post"), ("near", "post")}
    assert [pick.person_id for pick in answer.kept] == ["far"]
    assert answer.certificate.proven
    # The unit may lend two: who is kept uses one of them up, and with it the cheaper bands.
    assert [pick.cost.donor_band for pick in answer.kept] == [25]
    assert [pick.cost.donor_band for pick in answer.picks] == [200]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda town: town.people.__setitem__(2, (*town.people[2][:6], "S02", *town.people[2][7:])), "S02"),
        (lambda town: town.people.__setitem__(2, (*town.people[2][:3], 0, *town.people[2][4:])), "S06"),
        (lambda town: town.busy.append((2, 0, DAY)), "S07"),
        (lambda town: town.excluded.append(("far", "flood")), "EXCLUDED"),
        (lambda town: town.locked.append(("far", "post")), "HELD"),
        (lambda town: town.lines.__setitem__(0, replace(town.lines[0], max_km=10)), "TOO_FAR"),
        (lambda town: town.units.__setitem__(0, ("clinic", 0)), "REDLINE"),
        (lambda town: town.people.pop(2), "NOT_ON_THE_ROSTER"),
        (lambda town: town.lines.__setitem__(0, replace(town.lines[0], line_id="other")), "NO_OPEN_LINE"),
    ],
)
def test_whoever_may_not_go_any_more_is_refused_by_the_rule(change, rule) -> None:  # type: ignore[no-untyped-def]
    town = clinic()
    change(town)
    with pytest.raises(CannotKeep, match=f"far cannot be kept for post: {rule}") as refused:
        plan_keeping(town.problem(), [("far", "post")])
    assert refused.value.faults == (("far", "post", rule),)
    assert refused.value.code == f"cannot_keep_{rule}"


def test_more_than_the_unit_may_lend_or_the_line_asks_for_are_not_kept() -> None:
    town = clinic()
    town.units[0] = ("clinic", 1)
    with pytest.raises(CannotKeep, match="REDLINE"):
        plan_keeping(town.problem(), [("far", "post"), ("near", "post")])
    everybody = [("far", "post"), ("near", "post"), ("mid", "post")]
    with pytest.raises(CannotKeep, match="LINE_FULL"):
        plan_keeping(clinic().problem(), everybody)
    with pytest.raises(CannotKeep, match="KEPT_TWICE"):
        plan_keeping(clinic().problem(), [("far", "post"), ("far", "post")])


def test_a_team_of_which_somebody_is_kept_is_completed_or_refused() -> None:
    town = Town()
    at = town.unit("clinic", 4, {NURSE: (2, 2), DRIVER: (1, 1)})
    town.person("nurse", at, NURSE)
    town.person("driver", at, DRIVER)
    town.line("medics", 1, priority=5, team="mobile")
    town.line("wheels", 1, DRIVERS, priority=5, team="mobile")
    town.line("urgent", 1, DRIVERS, priority=1)
    assert sent(plan(town.problem())) == {("driver", "urgent")}
    answer = plan_keeping(town.problem(), [("nurse", "medics")])
    assert sent(answer) == {("nurse", "medics"), ("driver", "wheels")}
    town.lines[1] = replace(town.lines[1], quantity=2)
    with pytest.raises(CannotPlan, match="team mobile of flood") as refused:
        plan_keeping(town.problem(), [("nurse", "medics")])
    assert refused.value.code == "team_cannot_go"
