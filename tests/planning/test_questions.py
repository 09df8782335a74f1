"""Empty and odd questions are answered clearly; malformed ones are refused, naming what and where."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from domain.allocation import Accept, Line, PlanningProblem, Weights
from domain.plans import Plan, plan_as_json
from planning import faults_of, plan
from tests.planning.questions import NURSE, Town, random_town


def _small() -> Town:
    town = Town()
    clinic = town.unit("clinic", 1, {NURSE: (2, 1)})
    town.person("ana", clinic, NURSE)
    town.person("budi", clinic, NURSE)
    town.line("shelter", 1)
    return town


def _sound(problem: PlanningProblem) -> Plan:
    answer = plan(problem)
    assert faults_of(problem, answer) == ()
    assert answer.certificate.proven
    return answer


def test_nothing_asked_of_nobody_is_an_empty_plan() -> None:
    answer = _sound(PlanningProblem(salt=""))
    assert (answer.picks, answer.shortfalls, answer.urgency_left, answer.burden) == ((), (), 0, 0)


def test_lines_without_people_are_all_short() -> None:
    town = Town()
    town.line("shelter", 3, priority=1)
    answer = _sound(town.problem())
    assert (answer.urgency_left, answer.shortfalls[0].missing, answer.shortfalls[0].reason) == (
        15,
        3,
        "NO_SKILL",
    )


def test_people_without_lines_stay_at_home() -> None:
    town = _small()
    town.lines = []
    assert _sound(town.problem()).picks == ()


def test_a_line_that_asks_for_nobody_gets_nobody() -> None:
    town = _small()
    town.line("closed", 0, priority=1)
    answer = _sound(town.problem())
    assert {pick.line_id for pick in answer.picks} == {"shelter"}
    assert answer.shortfalls == ()


def test_units_that_may_lend_nobody_lend_nobody() -> None:
    town = _small()
    town.rows[0] = (0, NURSE, 2, 0, 0)
    assert _sound(town.problem()).statistics.eligible == 0


def test_a_row_whose_people_have_left_the_roster_while_out_lends_nobody_and_stops_nothing() -> None:
    town = _small()
    town.rows.append((0, 1, 0, 1, 0))
    assert _sound(town.problem()).statistics.filled == 1


def test_people_at_the_site_itself_and_at_the_other_end_of_the_world_are_both_measured() -> None:
    town = _small()
    town.units[0], town.rows[0] = ("clinic", 2), (0, NURSE, 2, 0, 2)
    town.lines[0] = replace(town.lines[0], quantity=2, lat=10.0, lon=20.0)
    town.people[0] = (*town.people[0][:4], 10.0, 20.0, *town.people[0][6:])
    town.people[1] = (*town.people[1][:4], -10.0, -160.0, *town.people[1][6:])
    assert sorted(pick.km for pick in _sound(town.problem()).picks) == [0, 20015]


def test_weights_of_nothing_still_give_a_full_and_proven_plan() -> None:
    town = _small()
    town.weights = Weights(per_km=0, donor_bands=(0,), recency=0, recency_days=(), not_volunteer=0)
    assert _sound(town.problem()).statistics.filled == 1


def test_the_highest_skill_bit_counts_as_any_other() -> None:
    town = _small()
    town.people[0] = (*town.people[0][:3], 2**64 - 1, *town.people[0][4:])
    town.lines[0] = replace(town.lines[0], accepts=(Accept((), 2**63),))
    assert [pick.person_id for pick in _sound(town.problem()).picks] == ["ana"]


def test_costs_beyond_the_solver_are_refused_and_not_wrapped_round() -> None:
    town = _small()
    town.weights = Weights(per_km=1_000_000)
    town.people[0] = (*town.people[0][:4], 60.0, -50.0, *town.people[0][6:])
    for at in range(400):
        town.line(f"line-{at:03d}", 1, priority=1)
    with pytest.raises(OverflowError, match="beyond what can be solved exactly"):
        plan(town.problem())


def test_the_plan_as_json_says_gap_and_proof_and_no_times() -> None:
    document = json.loads(plan_as_json(plan(random_town(random.Random(2)))))
    assert document["certificate"]["gap"] == 0
    assert document["certificate"]["proven"] is True
    assert set(document) == {
        "problem_sha256",
        "urgency_left",
        "burden",
        "picks",
        "shortfalls",
        "unit_use",
        "certificate",
        "statistics",
        "teams",
        "kept",
    }


def _people(**columns: object):
    return lambda problem: replace(problem, people=replace(problem.people, **columns))


def _rows(**columns: object):
    return lambda problem: replace(problem, unit_roles=replace(problem.unit_roles, **columns))


def _line(**fields: object):
    return lambda problem: replace(problem, lines=(replace(problem.lines[0], **fields),))


def _weights(**fields: object):
    return lambda problem: replace(problem, weights=replace(problem.weights, **fields))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_people(unit=[0]), "people.unit: 1 entries where 2 are expected"),
        (_people(unit=[0, 7]), r"people.unit\[1\]: no such row in units \(0 to 0\)"),
        (_people(role=[0, -1]), r"people.role\[1\]: no such row in role_codes"),
        (_people(role=[0, 1.5]), r"people.role\[1\]: expected a whole number .* got 1.5"),
        (_people(role=[None, 0]), r"people.role\[0\]: expected a whole number .* got None"),
        (_people(skills=[1, -1]), r"people.skills\[1\]: expected a whole number .* got -1"),
        (_people(skills=[1, 2**64]), r"people.skills\[1\]: expected a whole number"),
        (_people(lat=[0.0, float("nan")]), r"people.lat\[1\]: not degrees from -90 to 90"),
        (_people(lon=[181.0, 0.0]), r"people.lon\[0\]: not degrees from -180 to 180"),
        (_people(lat=[0.0, "north"]), "people.lat: not a column of degrees"),
        (_people(volunteer=[True, 2]), r"people.volunteer\[1\]: not from 0 to 1"),
        (_people(days_since_surge=[-2, 0]), r"people.days_since_surge\[0\]: not from -1"),
        (_people(blocked=["", None]), r"people.blocked\[1\]: expected a rule code or '', got None"),
        (_people(ids=["ana", "ana"]), r"people.ids\[1\]: 'ana' stands there twice"),
        (_people(ids=["ana", ""]), r"people.ids\[1\]: expected an id, got ''"),
        (_people(ids=["ana", 7]), r"people.ids\[1\]: expected an id, got 7"),
        (_people(ids=["ana", "b\0"]), "people.ids: an id holds a NUL character"),
        (_rows(lendable=[3]), r"unit_roles\[0\]: lent and lendable together exceed the headcount"),
        (_rows(lendable=[-1]), r"unit_roles.lendable\[0\]: not from 0"),
        (
            _rows(unit=[0, 0], role=[0, 0], headcount=[1, 1], lent=[0, 0], lendable=[1, 1]),
            r"unit_roles\[1\]: the same unit and role twice",
        ),
        (lambda p: replace(p, units=replace(p.units, lendable=[-1])), r"units.lendable\[0\]: not from 0"),
        (
            lambda p: replace(p, role_codes=("nurse", "nurse", "driver")),
            r"role_codes\[1\]: 'nurse' stands there twice",
        ),
        (
            lambda p: replace(p, busy=replace(p.busy, person=[9], start=[0], end=[1])),
            r"busy.person\[0\]: no such row",
        ),
        (
            lambda p: replace(p, busy=replace(p.busy, person=[0], start=[2], end=[1])),
            r"busy\[0\]: ends before it starts",
        ),
        (lambda p: replace(p, lines=p.lines * 2), r"lines\[1\]: 'shelter' stands there twice"),
        (_line(quantity=-1), "line shelter: quantity must be a whole number from 0"),
        (_line(quantity=1.0), "line shelter: quantity must be a whole number"),
        (_line(priority=6), "line shelter: priority must be a whole number from 1 to 5, got 6"),
        (_line(ends_at=0), "line shelter: ends_at 0 is not after starts_at 0"),
        (_line(lat=91.0), r"line shelter: site \(91.0, 123.6\) is not a place"),
        (_line(max_km=-1), "line shelter: max_km must be"),
        (_line(accepts=()), "line shelter: accepts nobody"),
        (_line(accepts=(Accept(("pilot",)),)), "line shelter: accepts unknown role 'pilot'"),
        (_line(accepts=(Accept((), 2**64),)), "line shelter: accepted skills must be"),
        (_line(accepts=(Accept((), 0, -1),)), "line shelter: cost of a substitute must be"),
        (_weights(donor_bands=(5, 0)), r"weights: donor_bands \(5, 0\) must be there and never fall"),
        (_weights(donor_bands=()), "weights: donor_bands"),
        (_weights(recency=-1), "weights: recency must be"),
        (_weights(unit_given=-1), "weights: unit_given must be"),
    ],
)
def test_a_malformed_question_is_refused_naming_what_and_where(spoil: object, message: str) -> None:
    problem = _small().problem()
    with pytest.raises(ValueError, match=message) as refusal:
        plan(spoil(problem))  # type: ignore[operator]
    assert "\n" not in str(refusal.value)


def test_a_line_needs_no_more_than_its_fields() -> None:
    line = Line("l", "s", 1, 1, (Accept(),), 0.0, 0.0, 0, 1)
    answer = _sound(replace(_small().problem(), lines=(line,)))
    assert answer.picks[0].line_id == "l"
