"""ABK arithmetic: need, load ratio, grade, redline, lendable."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.roster import RedlineRow, Role, WorkloadRow
from domain.workload import (
    Load,
    LoadGrade,
    WorkloadRules,
    grade,
    load_ratio,
    need,
    redline,
    role_loads,
    unit_loads,
)


def line(minutes: int, unit: str = "u", role: Role = Role.NURSE) -> WorkloadRow:
    return WorkloadRow(unit, role, "task", minutes, Decimal(1))


def test_the_worked_example_of_fourteen_staff_lends_three() -> None:
    load = role_loads({("u", "nurse"): 14}, [line(712_500)])["u", "nurse"]
    assert load.need == Fraction(19, 2)
    assert round(float(load.ratio), 2) == 0.68
    assert load.grade is LoadGrade.D
    assert load.lendable == 3


def test_those_already_out_are_lent_only_once() -> None:
    load = role_loads({("u", "nurse"): 14}, [line(712_500)], out={("u", "nurse"): 2})["u", "nurse"]
    assert load.lendable == 1
    assert not load.at_redline


def test_the_minimum_service_stands_above_the_need() -> None:
    load = role_loads({("u", "nurse"): 14}, [line(75_000)], [RedlineRow("u", Role.NURSE, 13)])["u", "nurse"]
    assert (load.redline, load.lendable) == (13, 1)


def test_unmeasured_work_is_not_idle() -> None:
    load = role_loads({("u", "nurse"): 9}, [])["u", "nurse"]
    assert (load.lendable, load.grade, load.need, load.ratio) == (0, None, None, None)


def test_measured_idleness_lends_all_but_the_redline() -> None:
    load = role_loads({("u", "nurse"): 9}, [line(0)], [RedlineRow("u", Role.NURSE, 2)])["u", "nurse"]
    assert (load.lendable, load.grade) == (7, LoadGrade.E)


def test_of_what_is_critical_everybody_stays() -> None:
    key = ("u", "nurse")
    load = role_loads({key: 9}, [line(0)], [RedlineRow("u", Role.NURSE, 2)], critical={key})[key]
    assert (load.redline, load.lendable) == (9, 0)
    # Where its work asks for more than are there, the redline goes on saying so.
    short = role_loads({key: 9}, [line(712_500)], critical={key})[key]
    assert (short.redline, short.lendable) == (11, 0)


def test_work_without_people_is_overload_and_lends_nobody() -> None:
    load = role_loads({}, [line(75_000)])["u", "nurse"]
    assert (load.grade, load.ratio, load.lendable, load.redline) == (LoadGrade.A, None, 0, 2)


@pytest.mark.parametrize(
    ("hundredths", "letter"),
    [
        (150, "A"),
        (101, "A"),
        (100, "B"),
        (90, "B"),
        (89, "C"),
        (70, "C"),
        (69, "D"),
        (50, "D"),
        (49, "E"),
        (0, "E"),
    ],
)
def test_each_band_begins_where_it_was_published(hundredths: int, letter: str) -> None:
    assert grade(Fraction(hundredths, 100)) == letter


def test_a_ratio_between_two_published_bands_is_rounded_to_the_nearer() -> None:
    assert grade(Fraction(8949, 10_000)) is LoadGrade.C
    assert grade(Fraction(895, 1_000)) is LoadGrade.B
    assert grade(Fraction(1_004, 1_000)) is LoadGrade.B


def test_a_need_that_is_a_whole_number_does_not_slip_to_the_next() -> None:
    # 10 x 1.1 is 11.000000000000002 in floats, and would cost the unit a person.
    assert redline(10 * 75_000, 0, 20) == 11


def test_another_government_may_count_72000_minutes_and_no_reserve() -> None:
    rules = WorkloadRules(effective_minutes=72_000, reserve=Fraction(0))
    assert need(720_000, rules) == 10
    assert load_ratio(720_000, 12, rules) == Fraction(10, 12)
    assert redline(720_000, 0, 12, rules) == 10


def test_minutes_of_a_task_may_have_decimals_and_stay_exact() -> None:
    assert WorkloadRow("u", Role.NURSE, "t", 3, Decimal("0.1")).minutes == Fraction(3, 10)


def test_a_unit_lends_what_its_roles_lend_and_a_surplus_covers_no_shortage() -> None:
    heads = {("u", "nurse"): 10, ("u", "driver"): 2}
    rows = [line(5 * 75_000), line(4 * 75_000, role=Role.DRIVER)]
    unit = unit_loads(role_loads(heads, rows).values())["u"]
    assert (unit.headcount, unit.lendable, unit.redline) == (12, 4, 6 + 5)
    assert unit.grade is LoadGrade.C
    assert unit.ratio == Fraction(9, 12)


def test_rules_without_working_time_are_refused() -> None:
    with pytest.raises(ValueError, match="effective_minutes"):
        WorkloadRules(effective_minutes=0)


@given(
    headcount=st.integers(0, 500),
    minutes=st.none() | st.integers(0, 40_000_000),
    minimum=st.integers(0, 500),
    out=st.integers(0, 500),
    percent=st.integers(0, 100),
)
def test_lending_all_that_is_lendable_never_breaks_the_redline(
    headcount: int, minutes: int | None, minimum: int, out: int, percent: int
) -> None:
    rules = WorkloadRules(reserve=Fraction(percent, 100))
    work = None if minutes is None else Fraction(minutes)
    load = Load("u", "nurse", headcount, work, redline(work, minimum, headcount, rules), out, rules)
    assert load.lendable >= 0
    if load.lendable:
        stay = headcount - out - load.lendable
        assert stay >= minimum
        assert work is not None
        assert stay == max(minimum, headcount - floor(headcount - load.need * (1 + rules.reserve)))
