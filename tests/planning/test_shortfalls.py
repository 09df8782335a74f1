"""A line that stays short says why: the headline, the funnel, who blocks and who competes."""

from __future__ import annotations

import random

import pytest

from domain.allocation import Accept
from domain.plans import BlockingDonor, Shortfall, ShortfallReason
from lab.planning_questions import PROVINCE, question
from planning import plan
from tests.planning.questions import DAY, DRIVER, MIDWIFE, NURSE, Town, random_town

R = ShortfallReason


def _only_shortfall(town: Town) -> Shortfall:
    (short,) = plan(town.problem()).shortfalls
    return short


def _funnel(short: Shortfall) -> dict[str, int]:
    return {step.code: step.remaining for step in short.funnel}


def _clinic(nurses: int, lendable: int) -> Town:
    town = Town()
    clinic = town.unit("clinic", lendable, {NURSE: (nurses, lendable), DRIVER: (1, 0)})
    for at in range(nurses):
        town.person(f"nurse-{at}", clinic, NURSE)
    town.person("driver", clinic, DRIVER)
    return town


def test_nobody_with_the_skill_is_no_skill() -> None:
    town = _clinic(3, 3)
    town.line("shelter", 2, (Accept(("midwife",), 1),))
    short = _only_shortfall(town)
    assert (short.reason, short.asked, short.missing) == (R.NO_SKILL, 2, 2)
    assert _funnel(short) == {"PEOPLE": 4, "S06": 0, "REDLINE": 0, "COMPETING": 0}
    assert short.blocking_donors == ()


def test_a_missing_skill_bit_is_no_skill_too() -> None:
    town = _clinic(3, 3)
    town.line("surgery", 1, (Accept(("nurse",), 0b11),))
    assert _only_shortfall(town).reason == R.NO_SKILL


def test_rules_leave_and_standing_offers_are_none_available() -> None:
    town = _clinic(0, 0)
    clinic = town.unit("hospital", 4, {NURSE: (5, 4)})
    town.person("sick", clinic, NURSE, blocked="S02")
    town.person("tired", clinic, NURSE, blocked="S05")
    town.person("on-leave", clinic, NURSE)
    town.busy.append((len(town.people) - 1, 13 * DAY, 20 * DAY))
    town.person("offered", clinic, NURSE)
    town.locked.append(("offered", "elsewhere"))
    town.person("free", clinic, NURSE)
    town.line("shelter", 2)
    short = _only_shortfall(town)
    assert (short.reason, short.missing) == (R.NONE_AVAILABLE, 1)
    assert [(step.code, step.remaining) for step in short.funnel] == [
        ("PEOPLE", 6),
        ("S06", 5),
        ("S02", 4),
        ("S05", 3),
        ("S07", 2),
        ("HELD", 1),
        ("REDLINE", 1),
        ("COMPETING", 1),
    ]


def test_leave_that_ends_as_the_line_starts_is_no_hindrance() -> None:
    town = _clinic(1, 1)
    town.busy += [(0, -DAY, 0), (0, 14 * DAY, 20 * DAY)]
    town.line("shelter", 1)
    assert plan(town.problem()).statistics.filled == 1


def test_refusals_are_declined_whether_of_the_line_or_the_surge() -> None:
    town = _clinic(3, 3)
    town.excluded += [
        ("nurse-0", "shelter"),
        ("nurse-1", "flood"),
        ("nurse-2", "another surge"),
        ("gone", "flood"),
    ]
    town.line("shelter", 2)
    short = _only_shortfall(town)
    assert (short.reason, short.missing) == (R.DECLINED, 1)
    assert _funnel(short)["EXCLUDED"] == 1


def test_a_limit_of_distance_is_too_far() -> None:
    town = Town()
    clinic = town.unit("clinic", 3, {NURSE: (3, 3)})
    for at, km in enumerate((5, 20, 21)):
        town.person(f"nurse-{at}", clinic, NURSE, km=km)
    town.line("shelter", 3, max_km=20)
    short = _only_shortfall(town)
    assert (short.reason, short.missing, _funnel(short)["TOO_FAR"]) == (R.TOO_FAR, 1, 2)


def test_a_donor_at_its_redline_is_passed_over_and_named() -> None:
    town = _clinic(5, 2)
    town.line("shelter", 4)
    short = _only_shortfall(town)
    assert (short.reason, short.missing) == (R.DONORS_AT_REDLINE, 2)
    assert _funnel(short) == {"PEOPLE": 6, "S06": 5, "REDLINE": 2, "COMPETING": 2}
    assert short.blocking_donors == (BlockingDonor("clinic", "nurse", suitable=5, lendable=2),)
    assert short.competing_lines == ()


def test_the_cap_of_the_whole_unit_is_a_redline_too() -> None:
    town = Town()
    clinic = town.unit("clinic", 1, {NURSE: (2, 2), MIDWIFE: (2, 2)})
    for at in range(2):
        town.person(f"nurse-{at}", clinic, NURSE)
        town.person(f"midwife-{at}", clinic, MIDWIFE)
    town.line("shelter", 3, (Accept(("nurse", "midwife"), 1),))
    short = _only_shortfall(town)
    assert (short.reason, short.missing, _funnel(short)["REDLINE"]) == (R.DONORS_AT_REDLINE, 2, 1)


def test_people_without_a_unit_role_row_cannot_be_lent() -> None:
    town = _clinic(2, 2)
    town.rows = [row for row in town.rows if row[1] != NURSE]
    town.line("shelter", 1)
    assert _only_shortfall(town).reason == R.DONORS_AT_REDLINE


def test_two_surges_compete_and_the_less_urgent_names_its_rival() -> None:
    town = _clinic(4, 3)
    town.line("landslide", 2, surge="quake", priority=2)
    town.line("shelter", 3, surge="flood", priority=4)
    answer = plan(town.problem())
    assert sorted(pick.line_id for pick in answer.picks) == ["landslide", "landslide", "shelter"]
    (short,) = answer.shortfalls
    assert (short.line_id, short.missing, short.reason) == ("shelter", 2, R.COMPETING_LINE)
    assert _funnel(short)["REDLINE"] == 3
    assert short.competing_lines == ("landslide",)
    assert short.blocking_donors == (BlockingDonor("clinic", "nurse", suitable=4, lendable=3),)


def test_a_line_that_took_the_only_suitable_person_is_a_rival() -> None:
    town = _clinic(1, 1)
    town.line("landslide", 1, priority=2)
    town.line("shelter", 1, priority=4)
    (short,) = plan(town.problem()).shortfalls
    assert (short.reason, short.competing_lines, short.blocking_donors) == (
        R.COMPETING_LINE,
        ("landslide",),
        (),
    )


def test_a_line_that_takes_other_roles_up_to_the_unit_cap_is_a_rival() -> None:
    town = Town()
    clinic = town.unit("clinic", 1, {NURSE: (1, 1), DRIVER: (1, 1)})
    town.person("nurse", clinic, NURSE)
    town.person("driver", clinic, DRIVER)
    town.line("convoy", 1, (Accept(("driver",), 1),), priority=1)
    town.line("shelter", 1)
    (short,) = plan(town.problem()).shortfalls
    assert (short.reason, short.competing_lines) == (R.COMPETING_LINE, ("convoy",))


def test_a_line_with_every_place_filled_has_no_shortfall() -> None:
    town = _clinic(3, 3)
    town.line("shelter", 3)
    answer = plan(town.problem())
    assert answer.shortfalls == ()
    assert answer.urgency_left == 0


def _check_funnels(answer_to: object) -> int:
    answer, lines = answer_to  # type: ignore[misc]
    got = {line.line_id: sum(pick.line_id == line.line_id for pick in answer.picks) for line in lines}
    for short in answer.shortfalls:
        counts = [step.remaining for step in short.funnel]
        assert counts == sorted(counts, reverse=True)
        assert counts[-1] == got[short.line_id] == short.asked - short.missing
    return len(answer.shortfalls)


@pytest.mark.parametrize("number", range(40))
def test_each_funnel_narrows_to_the_people_the_line_got(number: int) -> None:
    problem = random_town(random.Random(number), 9, 3, 4)
    _check_funnels((plan(problem), problem.lines))


def test_each_funnel_of_a_province_narrows_to_the_people_the_line_got() -> None:
    problem = question(PROVINCE, 2)
    assert _check_funnels((plan(problem), problem.lines)) > 100
