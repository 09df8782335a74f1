"""Cases that wait for each other's full posts: which stand in a circle, and that the words name cases alone."""

from itertools import permutations

import pytest

from domain.mutation.circles import Waiting, circle_among, circle_through, form_a_swap


def cases(**ends: str) -> list[Waiting]:
    """`MU1="ab"`: leaves post a for post b."""
    return [Waiting(name, *moves) for name, moves in ends.items()]


@pytest.mark.parametrize(
    ("waiting", "circle"),
    [
        (cases(MU1="ab", MU2="ba"), ("MU1", "MU2")),
        (cases(MU1="ab", MU2="bc", MU3="ca"), ("MU1", "MU2", "MU3")),
        (cases(MU1="ab", MU2="bc"), ()),  # a chain: the last one's post is not among them
        (cases(MU1="ab", MU2="bc", MU3="cb"), ()),  # the first waits for a circle, and stands in none
        (cases(MU1="ab", MU2="bc", MU3="ca", MU4="ba"), ("MU1", "MU4")),  # the shortest
        (cases(MU1="ab", MU3="ba", MU2="ba"), ("MU1", "MU2")),  # of two as short, by id
        (cases(MU1="aa"), ()),
        (cases(MU2="ab"), ()),
    ],
)
def test_a_case_stands_in_the_shortest_circle_whatever_the_order(
    waiting: list[Waiting], circle: tuple[str, ...]
) -> None:
    assert {circle_through("MU1", order) for order in permutations(waiting)} == {circle}


def test_among_many_any_circle_is_found() -> None:
    assert circle_among(cases(MU1="ab", MU2="bc", MU3="cb")) == ("MU2", "MU3")
    assert circle_among(cases(MU1="ab", MU2="bc")) == ()


def test_the_words_name_the_cases_and_the_command() -> None:
    said = form_a_swap(("MU-1", "MU-2"))
    assert said.startswith("MU-1, MU-2 wait for each other's posts")
    assert "./siaga group form SWAP MU-1 MU-2" in said
