"""The distance that a move to another post is judged by is the planner's."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from domain.distance import whole_km
from planning import network

DEGREES = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


@given(DEGREES, DEGREES)
@example((-10.1772, 123.607), (-10.1772, 123.607))
@example((0.0, 0.0), (0.0, 179.0))
def test_two_places_are_as_far_apart_as_the_planner_says(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    lat, lon = np.array([here[0], there[0]]), np.array([here[1], there[1]])
    one, other = network.on_sphere(lat, lon)
    # Two roundings of one length may part at a half.
    assert abs(whole_km(here, there) - network.whole_km(one, other)) <= 1
    assert whole_km(here, here) == 0


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert whole_km((-10.0, 123.0), (-11.0, 123.0)) == 111
