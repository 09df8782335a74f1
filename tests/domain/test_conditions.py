"""The conditions of a line: what may be said of them, what they pay, and what a request is likely to cost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.closing.days import days_of
from domain.closing.estimate import Estimate, LineEstimate, Planned, estimate
from domain.conditions import MOST_NOTE, Conditions, Hazard
from tests.domain.test_closing import DAY, TERMS, served

MORNING = datetime(2027, 2, 1, 0, tzinfo=UTC)  # 08.00 in Kupang
WITA = "Asia/Makassar"


@pytest.mark.parametrize(
    ("conditions", "faults"),
    [
        (Conditions((Hazard.WATER, Hazard.HEAT), "arus deras"), []),
        (Conditions((Hazard.WATER, Hazard.WATER)), [("hazards", "WATER twice")]),
        (Conditions(hazard_note="arus deras"), [("hazard_note", "beside no hazard, expected hazards")]),
        (
            Conditions((Hazard.OTHER,), "x" * (MOST_NOTE + 1)),
            [("hazard_note", "201 characters, expected 200 at most")],
        ),
    ],
)
def test_what_is_said_of_hazards_must_fit(conditions: Conditions, faults: list[tuple[str, str]]) -> None:
    assert list(conditions.faults()) == faults


def test_an_estimate_is_people_times_days_times_the_rate_with_meals_withheld_once() -> None:
    fed = Planned("01", 3, MORNING, MORNING + 6 * DAY, "SITE")
    unsaid = Planned("02", 1, MORNING, MORNING + 6 * DAY)
    own = Planned("03", 2, MORNING, MORNING + 6 * DAY, "PER_DIEM")
    nobody = Planned("04", 0, MORNING, MORNING + DAY)
    assert estimate((fed, unsaid, own, nobody), TERMS, WITA) == Estimate(
        (
            LineEstimate("01", 3, 7, True, 3 * 7 * 119_000),
            LineEstimate("02", 1, 7, True, 7 * 119_000),
            LineEstimate("03", 2, 7, False, 2 * 7 * 170_000),
        ),
        person_days=42,
        rupiah=28 * 119_000 + 14 * 170_000,
        rate=170_000,
        meals_percent=30,
        source="default",
    )


def test_days_are_those_of_the_zone_and_midnight_belongs_to_the_day_that_it_closes() -> None:
    # From eleven at night to midnight of the next day there: two days; in UTC it would be another pair.
    late = Planned("01", 1, MORNING + timedelta(hours=15), MORNING + timedelta(hours=40), "PER_DIEM")
    found = estimate((late,), TERMS, WITA)
    assert found
    assert (found.person_days, found.rupiah) == (2, 340_000)


def test_without_a_rate_there_is_no_estimate() -> None:
    assert estimate((Planned("01", 3, MORNING, MORNING + DAY),), replace(TERMS, per_diem=0), WITA) is None


def test_meals_are_withheld_from_whoever_is_fed_and_paid_to_whoever_is_not() -> None:
    road = served(MORNING, 5 * DAY, DAY)
    fed = days_of(road, TERMS, WITA, at=MORNING + 30 * DAY)
    own = days_of(replace(road, food="PER_DIEM"), TERMS, WITA, at=MORNING + 30 * DAY)
    assert fed.fed == fed.duty > 0
    assert (own.fed, own.per_diem) == (0, own.paid * 170_000)
    assert days_of(replace(road, food="HOME_UNIT"), TERMS, WITA, at=MORNING + 30 * DAY) == fed
