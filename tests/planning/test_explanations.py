"""What the plan says about people is exact: each number is compared with planning anew under the changed question."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from domain.allocation import Accept, PlanningProblem
from domain.plans import CostParts, Plan, Worsening
from lab.planning_questions import TOWN, question
from planning import plan, why_not
from tests.planning.oracles import bands, cost_of_going
from tests.planning.questions import DAY, HERE, MIDWIFE, NURSE, Town, random_town


def _change(before: Plan, after: Plan, extra: int = 0) -> Worsening:
    return Worsening(after.urgency_left - before.urgency_left, after.burden + extra - before.burden)


def _without(problem: PlanningProblem, person_id: str) -> PlanningProblem:
    at = list(problem.people.ids).index(person_id)
    blocked = ["S02" if one == at else code for one, code in enumerate(problem.people.blocked)]
    return replace(problem, people=replace(problem.people, blocked=blocked))


def _with_wish(problem: PlanningProblem, person_id: str, line_id: str) -> tuple[PlanningProblem, int]:
    """The question that remains when one person is sent to one line, and what that person costs."""
    at = list(problem.people.ids).index(person_id)
    unit, role = problem.people.unit[at], problem.people.role[at]
    table = problem.unit_roles
    here = [pair == (unit, role) for pair in zip(table.unit, table.role, strict=True)]
    line = next(line for line in problem.lines if line.line_id == line_id)
    cost = cost_of_going(problem, at, line)
    assert cost is not None
    rest = replace(
        problem,
        lines=tuple(replace(one, quantity=one.quantity - (one is line)) for one in problem.lines),
        units=replace(
            problem.units, lendable=[n - (u == unit) for u, n in enumerate(problem.units.lendable)]
        ),
        unit_roles=replace(
            table,
            lent=[n + mine for n, mine in zip(table.lent, here, strict=True)],
            lendable=[n - mine for n, mine in zip(table.lendable, here, strict=True)],
        ),
        locked=(*problem.locked, (person_id, line_id)),
    )
    return rest, cost + bands(problem, unit)[0]


def _compare_losses(problem: PlanningProblem, rng: random.Random, most: int) -> int:
    answer = plan(problem)
    some = rng.sample(answer.picks, min(most, len(answer.picks)))
    for pick in some:
        assert pick.without == _change(answer, plan(_without(problem, pick.person_id))), pick
    return len(some)


def _compare_wishes(problem: PlanningProblem, rng: random.Random, most: int) -> int:
    answer, compared = plan(problem), 0
    pairs = [
        (person, line.line_id) for person in problem.people.ids for line in problem.lines if line.quantity
    ]
    for person, line in rng.sample(pairs, len(pairs)):
        said = why_not(problem, answer, person, line)
        if said.code or compared == most:
            continue
        compared += 1
        rest, cost = _with_wish(problem, person, line)
        assert said.worse == _change(answer, plan(rest), cost), said
        assert (said.moves[0].person_id, said.moves[0].line_id, said.moves[0].joins) == (person, line, True)
    return compared


def test_to_lose_a_person_costs_exactly_what_the_pick_says() -> None:
    rng = random.Random(11)
    assert sum(_compare_losses(random_town(rng, 9, 3, 3), rng, 4) for _ in range(100)) > 80


def test_to_lose_any_person_of_a_town_costs_exactly_what_the_pick_says() -> None:
    assert sum(_compare_losses(question(TOWN, number), random.Random(), 200) for number in (4, 5, 6)) > 250


def test_a_wish_costs_exactly_what_why_not_says() -> None:
    rng = random.Random(12)
    assert sum(_compare_wishes(random_town(rng, 9, 3, 3), rng, 4) for _ in range(140)) > 80


def test_a_wish_costs_exactly_what_why_not_says_at_town_size() -> None:
    problem, rng = question(TOWN, 5), random.Random(13)
    answer, compared = plan(problem), 0
    while compared < 25:
        person, line = rng.choice(list(problem.people.ids)), rng.choice(problem.lines).line_id
        said = why_not(problem, answer, person, line)
        if not said.code:
            compared += 1
            rest, cost = _with_wish(problem, person, line)
            assert said.worse == _change(answer, plan(rest), cost), said


def _relay() -> Town:
    """Only `ana` can serve both lines; `budi` only the shelter."""
    town = Town()
    clinic = town.unit("clinic", 2, {NURSE: (3, 2)})
    town.person("ana", clinic, NURSE, skills=3)
    town.person("budi", clinic, NURSE, skills=1, km=30)
    town.line("surgery", 1, (Accept(("nurse",), 2),))
    town.line("shelter", 1, (Accept(("nurse",), 1),))
    return town


def test_the_moves_tell_the_chain_that_a_wish_sets_off() -> None:
    problem = _relay().problem()
    answer = plan(problem)
    assert {pick.person_id: pick.line_id for pick in answer.picks} == {"ana": "surgery", "budi": "shelter"}
    said = why_not(problem, answer, "ana", "shelter")
    assert said.worse is not None
    assert said.worse.fill == 3  # the surgery, of priority 3, stays open
    chain = [(move.person_id, move.line_id, move.joins) for move in said.moves]
    assert chain[:2] == [("ana", "shelter", True), ("budi", "shelter", False)]
    assert ("ana", "surgery", False) in chain


def test_one_without_whom_a_line_stays_open_is_said_to_be_so() -> None:
    picks = {pick.person_id: pick for pick in plan(_relay().problem()).picks}
    assert picks["ana"].without.fill == 3
    assert picks["budi"].without.fill == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda town: town.people.__setitem__(0, (*town.people[0][:3], 0, *town.people[0][4:])), "S06"),
        (lambda town: town.people.__setitem__(0, (*town.people[0][:6], "S03", *town.people[0][7:])), "S03"),
        (lambda town: town.busy.append((0, DAY, 2 * DAY)), "S07"),
        (lambda town: town.locked.append(("ana", "shelter")), "HELD"),
        (lambda town: town.excluded.append(("ana", "flood")), "EXCLUDED"),
        (
            lambda town: town.lines.__setitem__(1, replace(town.lines[1], max_km=0, lat=HERE[0] + 1)),
            "TOO_FAR",
        ),
        (lambda town: town.rows.__setitem__(0, (0, NURSE, 3, 0, 0)), "REDLINE"),
        (lambda town: town.units.__setitem__(0, ("clinic", 0)), "REDLINE"),
        (lambda town: None, "CHOSEN"),
    ],
)
def test_why_not_names_the_first_rule_that_forbids(change: object, code: str) -> None:
    town = _relay()
    if code == "CHOSEN":
        town.lines = town.lines[1:]
        town.people.pop()
    change(town)  # type: ignore[operator]
    problem = town.problem()
    said = why_not(problem, plan(problem), "ana", "shelter")
    assert (said.code, said.worse, said.moves) == (code, None, ())


def test_why_not_refuses_what_it_cannot_answer() -> None:
    problem = _relay().problem()
    answer = plan(problem)
    with pytest.raises(ValueError, match="person cici: not on the roster"):
        why_not(problem, answer, "cici", "shelter")
    with pytest.raises(ValueError, match="line posko: no such line"):
        why_not(problem, answer, "ana", "posko")
    with pytest.raises(ValueError, match="answers another problem"):
        why_not(replace(problem, salt="other"), answer, "ana", "shelter")


def test_a_pick_tells_its_cost_part_by_part() -> None:
    town = Town()
    clinic = town.unit("clinic", 2, {MIDWIFE: (4, 2)})
    town.person("dewi", clinic, MIDWIFE, km=12, volunteer=False, days=100)
    town.line("shelter", 1, (Accept(("nurse",), 1), Accept(("midwife",), 1, 30, "midwife for nurse")))
    (pick,) = plan(town.problem()).picks
    assert (pick.role, pick.km, pick.accepted_as) == ("midwife", 12, "midwife for nurse")
    assert pick.cost == CostParts(distance=12, donor_band=25, recency=40, not_volunteer=20, substitute=30)


def test_a_substitute_goes_only_where_the_real_one_is_further_than_its_price() -> None:
    for km, expected in ((29, "nurse"), (31, "midwife")):
        town = Town()
        for name, role, far in (("n", NURSE, km), ("m", MIDWIFE, 0)):
            unit = town.unit(f"unit-{name}", 1, {role: (2, 1)})
            town.person(name, unit, role, km=far)
        town.line("shelter", 1, (Accept(("nurse",), 1), Accept(("midwife",), 1, 30, "midwife for nurse")))
        (pick,) = plan(town.problem()).picks
        assert pick.role == expected


def test_of_two_equal_donors_the_one_that_has_given_less_within_the_year_lends_and_the_cost_says_so() -> None:
    town = Town()
    for name, km in (("tired", 0), ("rested", 24)):
        unit = town.unit(name, 2, {NURSE: (6, 2)})
        town.person(f"nurse-{name}", unit, NURSE, km=km)
    town.line("shelter", 1)
    even = town.problem()
    (pick,) = plan(even).picks
    assert (pick.unit_id, pick.cost.recency) == ("tired", 0)
    # Three quarters of all days lie on one of two: half as much again as the mean.
    for days, who, price in ((30, "rested", 12), (10, "tired", 25)):
        given = replace(even, units=replace(even.units, given=[days, 10]))
        (pick,) = plan(given).picks
        assert (pick.unit_id, pick.cost.recency) == (who, price)
    (pick,) = plan(
        replace(
            even,
            units=replace(even.units, given=[10**6, 0]),
            lines=(replace(even.lines[0], quantity=1, max_km=5),),
        )
    ).picks
    assert (pick.unit_id, pick.cost.recency) == ("tired", 50)


def test_of_two_equal_donors_the_one_that_has_lent_less_lends() -> None:
    town = Town()
    for name in ("busy", "idle"):
        unit = town.unit(name, 2, {NURSE: (6, 2)})
        town.person(f"nurse-{name}", unit, NURSE)
    town.rows[0] = (0, NURSE, 6, 2, 2)
    town.line("shelter", 1)
    (pick,) = plan(town.problem()).picks
    assert pick.unit_id == "idle"
    assert pick.cost.donor_band == 25


def test_those_who_were_out_lately_and_those_who_did_not_volunteer_are_spared() -> None:
    town = Town()
    clinic = town.unit("clinic", 4, {NURSE: (5, 4)})
    town.person("lately", clinic, NURSE, days=10)
    town.person("unwilling", clinic, NURSE, volunteer=False)
    town.person("rested", clinic, NURSE, days=200)
    town.line("shelter", 1)
    (pick,) = plan(town.problem()).picks
    assert (pick.person_id, pick.without) == ("rested", Worsening(0, 20))


def test_of_one_group_the_volunteers_go_to_the_most_urgent_line() -> None:
    town = Town()
    clinic = town.unit("clinic", 2, {NURSE: (2, 2)})
    town.person("unwilling", clinic, NURSE, volunteer=False)
    town.person("willing", clinic, NURSE)
    town.line("a-later", 1, priority=4)
    town.line("b-urgent", 1, priority=1)
    assert {pick.person_id: pick.line_id for pick in plan(town.problem()).picks} == {
        "willing": "b-urgent",
        "unwilling": "a-later",
    }


def test_planning_the_remainder_keeps_to_what_is_held_and_asks_nobody_twice() -> None:
    town = Town()
    clinic = town.unit("clinic", 2, {NURSE: (6, 2)})
    for at in range(5):
        town.person(f"nurse-{at}", clinic, NURSE, km=at)
    town.line("shelter", 2)
    first = plan(town.problem())
    assert {pick.person_id for pick in first.picks} == {"nurse-0", "nurse-1"}
    town.rows[0] = (0, NURSE, 6, 1, 1)  # nurse-0 is held, nurse-1 has declined
    town.units[0] = ("clinic", 1)
    town.locked.append(("nurse-0", "shelter"))
    town.excluded.append(("nurse-1", "flood"))
    town.lines[0] = replace(town.lines[0], quantity=1)
    (pick,) = plan(town.problem()).picks
    assert (pick.person_id, pick.cost.donor_band) == ("nurse-2", 200)
