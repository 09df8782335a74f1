"""The yearly cap on days of duty, and who may be asked beyond it: refusals in their order, and the edges of each."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain.yearly_cap import Served, waiver_fault


@dataclass(frozen=True)
class Cap:
    yearly_duty: timedelta = timedelta(days=60)
    yearly_waiver: timedelta = timedelta(days=30)


@pytest.mark.parametrize(
    ("served", "days", "fault"),
    [
        (Served(60), 1, None),
        (Served(60), 30, None),
        (Served(89), 30, None),
        (Served(60), 31, "waiver_too_long"),
        (Served(90), 30, "still_at_the_cap"),
        (Served(75), 15, "still_at_the_cap"),
        (Served(75), 16, None),
        (Served(59), 10, "cap_not_reached"),
        (Served(0), 10, "cap_not_reached"),
        (Served(65, raised=5), 20, "waived_already"),
        (None, 10, "nobody_of_that_name"),
    ],
)
def test_a_cap_is_raised_where_it_is_reached_once_and_so_far_that_it_helps(
    served: Served | None, days: int, fault: str | None
) -> None:
    assert waiver_fault(served, days, Cap()) == fault
