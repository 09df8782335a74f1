"""What somebody says to have happened cannot lie in the future, nor before the case it is said in."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.reported import BY_PANEL, CLOCKS_APART, WITHIN_THE_CASE, time_faults, within_the_case

NOW = datetime(2027, 2, 4, 20, tzinfo=UTC)
"""Five in the morning of the fifth in WIT, three in WIB."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGAN = NOW - 3 * DAY


@pytest.mark.parametrize("key", ["reported_at", "seen_at"])
def test_an_instant_is_neither_later_than_now_nor_older_than_the_case(key: str) -> None:
    def faults(at: datetime) -> tuple[str, ...]:
        return time_faults({key: at.isoformat()}, NOW, BEGAN)

    assert faults(NOW) == faults(NOW + CLOCKS_APART) == faults(BEGAN) == ()
    late = NOW + CLOCKS_APART + timedelta(seconds=1)
    assert faults(late) == (f"{key}: {late.isoformat()} lies in the future",)
    early = BEGAN - timedelta(seconds=1)
    assert faults(early) == (f"{key}: {early.isoformat()} lies before the case began (2027-02-01T20:00Z)",)


@pytest.mark.parametrize("key", ["dated", "decree_date"])
def test_a_day_lies_in_the_future_that_has_begun_nowhere(key: str) -> None:
    assert time_faults({key: "2027-02-05"}, NOW) == ()  # it has begun in WIT
    assert time_faults({key: "2027-02-05"}, NOW - 6 * HOUR) == (f"{key}: 2027-02-05 lies in the future",)
    assert time_faults({key: "2072-02-04"}, NOW) == (f"{key}: 2072-02-04 lies in the future",)


def test_a_decree_may_be_older_than_the_case_and_a_report_of_it_may_not() -> None:
    assert time_faults({"decree_date": "2027-01-02"}, NOW, BEGAN) == ()
    assert time_faults({"dated": "2027-02-01"}, NOW, BEGAN) == ()
    assert time_faults({"dated": "2027-01-31"}, NOW, BEGAN) != ()
    assert {"decree_date"}.isdisjoint(WITHIN_THE_CASE)


def test_every_fault_is_told_and_what_is_ahead_by_nature_is_none() -> None:
    said = {"reported_at": "2028-01-01T00:00+08:00", "dated": "2028-01-01", "until": "2028-01-01T00:00+08:00"}
    assert [fault.partition(":")[0] for fault in time_faults(said, NOW)] == ["reported_at", "dated"]


def test_a_date_that_would_suit_lies_ahead() -> None:
    said = NOW.isoformat()
    assert time_faults({"counter_date": said}, NOW) == (f"counter_date: {said} is over",)
    assert time_faults({"counter_date": (NOW + HOUR).isoformat()}, NOW) == ()


def test_another_authority_may_have_agreed_before_the_case() -> None:
    said = {"dated": "2027-01-05"}
    assert (within_the_case(said), within_the_case(said | {"clearance": "I_MUT"})) == (True, False)
    assert not within_the_case(said | {BY_PANEL: 1})
