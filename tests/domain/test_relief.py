"""One place and its turns: their order, how long two are there together, and how long nobody is."""

from datetime import UTC, datetime, timedelta

from domain.relief import Turn, in_turn, reliefs

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
