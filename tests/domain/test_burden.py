"""Who carries the surges, counted: days in the window, units against their redline, and how even it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.burden import WINDOW, Posting, Staff, by_person, by_unit, spread, spread_over_units

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def posting(person: str, since: float, until: float | None, unit: str = "A") -> Posting:
    """Somebody who was away from so many days ago to so many days ago."""
    return Posting(person, unit, NOW - since * DAY, None if until is None else NOW - until * DAY)


def test_days_are_counted_within_the_window_begun_ones_whole_and_up_to_now_for_who_is_out() -> None:
    months = WINDOW.days
    found = by_person(
        [
            posting("a", months + 10, months - 4),
            posting("b", months + 20, months + 6),
            posting("c", 2.25, None),
            posting("d", 30, 16),
            posting("d", 9, 2),
        ],
        NOW,
    )
    assert [(one.person_id, one.surges, one.days, one.out) for one in found] == [
        ("d", 2, 21, False),
        ("a", 1, 4, False),
        ("c", 1, 3, True),
    ]


def test_a_unit_is_thin_where_it_lends_and_fewer_are_there_than_must_be() -> None:
    staff = [
        Staff("A", "nurse", 8, held=2, absent=1, redline=5),
        Staff("B", "nurse", 8, held=2, absent=2, redline=5),
        Staff("C", "nurse", 8, held=0, absent=4, redline=5),
        Staff("C", "driver", 2, held=1, absent=0, redline=1),
    ]
    found = {unit.unit_id: unit for unit in by_unit(staff, [posting("a", 10, None, "A")], NOW)}
    assert [(key, unit.margin, unit.thin) for key, unit in found.items()] == [
        ("B", -1, True),
        ("A", 0, False),
        ("C", -1, False),
    ]
    assert (found["A"].days, found["A"].out, found["A"].days_a_head) == (10, 1, 10 / 8)


@pytest.mark.parametrize(
    ("loads", "gini", "over"),
    [([1, 1, 1, 1], 0, 1), ([0, 0, 0, 4], 0.75, 4), ([1, 3], 0.25, 1.5), ([], 0, 0), ([0, 0], 0, 0)],
)
def test_the_spread_is_that_of_the_textbook(loads: list[float], gini: float, over: float) -> None:
    found = spread(loads)
    assert (found.gini, found.most_over_mean) == (pytest.approx(gini), pytest.approx(over))


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30))
def test_the_spread_lies_between_even_and_all_on_one_whatever_the_order(loads: list[float]) -> None:
    found = spread(loads)
    assert -1e-9 <= found.gini <= 1 - 1 / len(loads) + 1e-9
    assert spread(loads[::-1]) == found


def test_units_that_may_lend_nobody_and_have_not_do_not_count() -> None:
    staff = [Staff(unit, "nurse", 10, 0, 0, 5) for unit in "ABC"]
    units = by_unit(staff, [posting("a", 10, 0, "A")], NOW)
    assert spread_over_units(units, frozenset("AB")).carriers == 2
    assert spread_over_units(units, frozenset()).carriers == 1


def test_whose_cap_is_raised_is_told_with_what_they_gave() -> None:
    found = by_person([posting("a", 9, 2), posting("b", 5, 2)], NOW, {"a": 10, "c": 5})
    assert {one.person_id: one.raised for one in found} == {"a": 10, "b": 0}
