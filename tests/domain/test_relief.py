"""One place and its turns: their order, how long two are there together, and how long nobody is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.relief import Turn, in_turn, left_by, reliefs

NOW = datetime(2027, 2, 4, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def turn(
    name: str,
    relieves: str | None,
    begins: datetime,
    ends: datetime,
    *,
    arrived: datetime | None = None,
    left: datetime | None = None,
    handed_over: bool = False,
    served: bool = True,
) -> Turn:
    return Turn(name, relieves, begins, ends, arrived, left, handed_over, served)


FIRST = turn("a", None, NOW, NOW + 7 * DAY)


def test_turns_stand_in_the_order_in_which_they_follow_each_other() -> None:
    second, third = turn("b", "a", NOW, NOW + 8 * DAY), turn("c", "b", NOW, NOW + 9 * DAY)
    assert [one.placement_id for one in in_turn((third, FIRST, second))] == ["a", "b", "c"]


def test_two_who_are_there_together_overlap_by_what_was_so_and_else_by_what_is_to_be() -> None:
    planned = turn("b", "a", NOW + 6.5 * DAY, NOW + 14 * DAY)
    (one,) = reliefs((FIRST, planned), 12 * HOUR)
    assert (one.overlap, one.gap, one.enough) == (12 * HOUR, 0 * HOUR, True)
    late = turn("b", "a", NOW + 6.5 * DAY, NOW + 14 * DAY, arrived=NOW + 6.75 * DAY)
    (one,) = reliefs((FIRST, late), 12 * HOUR)
    assert (one.overlap, one.enough) == (6 * HOUR, False)


def test_between_one_who_has_left_and_one_who_comes_later_nobody_is_there() -> None:
    gone = turn("a", None, NOW, NOW + 7 * DAY, arrived=NOW, left=NOW + 3 * DAY, handed_over=True)
    (one,) = reliefs((gone, turn("b", "a", NOW + 4 * DAY, NOW + 7 * DAY)), 12 * HOUR)
    assert (one.overlap, one.gap, one.enough, one.handed_over) == (0 * HOUR, DAY, False, True)


def test_who_never_came_hands_nothing_over() -> None:
    absent = turn("a", None, NOW, NOW + 7 * DAY, served=False, handed_over=True)
    (one,) = reliefs((absent, turn("b", "a", NOW + DAY, NOW + 7 * DAY)), 12 * HOUR)
    assert (one.overlap, one.gap, one.enough, one.handed_over) == (0 * HOUR, 0 * HOUR, False, False)


GONE = turn("a", None, NOW, NOW + 7 * DAY, arrived=NOW, left=NOW + 3 * DAY, handed_over=True)
"""Somebody who has left early, with a note."""
BETWEEN = turn("b", "a", NOW + 3 * DAY, NOW + 7 * DAY)
COMES = turn("c", "b", NOW + 6.5 * DAY, NOW + 14 * DAY)


def test_nothing_is_known_of_what_lies_before_or_after_somebody_who_is_only_asked() -> None:
    assert reliefs((GONE, replace(BETWEEN, asked=True), COMES), 12 * HOUR) == ()
    before, after = reliefs((GONE, BETWEEN, COMES), 12 * HOUR)
    assert (before.gap, after.overlap) == (0 * HOUR, 12 * HOUR)


def test_who_was_asked_in_between_and_never_set_out_is_nobodys_relief() -> None:
    (one,) = reliefs((GONE, replace(BETWEEN, dropped=True), COMES), 12 * HOUR)
    assert (one.relieves, one.gap, one.handed_over) == ("a", 3.5 * DAY, True)


def test_notes_go_to_whoever_comes_from_the_last_one_who_was_there() -> None:
    assert left_by((GONE, BETWEEN, COMES), "c") == "a"
    assert left_by((GONE, BETWEEN, COMES), "b") == "a"
    assert left_by((GONE, BETWEEN, COMES), "a") is None
    there = replace(BETWEEN, arrived_at=NOW + 3 * DAY)
    assert left_by((GONE, there, COMES), "c") == "b"
    # Somebody else stepped in for the one in between, who never came: the chain forks, and the place does not.
    stepped_in = turn("d", "a", NOW + 4 * DAY, NOW + 7 * DAY, arrived=NOW + 4 * DAY)
    assert left_by((GONE, replace(BETWEEN, dropped=True), stepped_in, COMES), "c") == "d"
    assert left_by((GONE, replace(BETWEEN, dropped=True), stepped_in, COMES), "d") == "a"
    sent_back = replace(there, served=False)
    assert left_by((GONE, sent_back, COMES), "c") == "a"
