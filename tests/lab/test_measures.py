"""What a run came to is counted from its log; how many spread is by nearest rank."""

from datetime import datetime, timedelta

import pytest

from adapters.postgres.invariants import InvariantResult
from lab.measures import Measures, Spread, measures_of, spread
from lab.runs import table
from tests.lab.test_story import WHOLE, book, entry

NONE = (InvariantResult("I8", "redline", 4, 0),)


def arrival(person: str, hours: float, **said: object) -> dict[str, object]:
    return entry("CheckedIn", hours, person, state="CHECKED_IN", **said)


def test_an_arrival_counts_once_a_seat_and_by_the_hour_as_reported() -> None:
    request = entry("RequestSubmitted", 0, actor="sekda", people=2)
    reported = (datetime.fromisoformat(str(request["at"])) + timedelta(hours=30)).isoformat()
    log = [*WHOLE.entries, request, arrival("p1", 20), arrival("p2", 90, reported_at=reported)]
    found = measures_of(book(*log), NONE, 5)
    assert (found.filled, found.hours) == (1.0, 30.0)
    assert (found.declined, found.silent, found.late) == (1, 1, 1)
    one_missing = measures_of(book(*log[:-1]), NONE, 5)
    assert (one_missing.filled, one_missing.hours) == (0.5, None)


def test_an_oral_order_is_counted_from_when_it_was_given() -> None:
    noted = entry("OralOrderGiven", 0, actor="koordinator", people=2)
    given = (datetime.fromisoformat(str(noted["at"])) - timedelta(hours=2)).isoformat()
    order = entry("OralOrderGiven", 0, actor="koordinator", people=2, given_at=given)
    found = measures_of(book(*WHOLE.entries, order, arrival("p1", 20), arrival("p2", 30)), NONE, 5)
    assert found.hours == 32.0


def test_breaches_are_overrides_and_what_the_invariant_found() -> None:
    lent = entry(
        "RedlineOverridden", 1, actor="sekda", unit_id="k.DLH", role="nurse", extra=2, choice="LIFE_SAVING"
    )
    found = measures_of(book(lent), (InvariantResult("I8", "redline", 4, 1),), 5)
    assert (found.breaches, found.violations) == (3, 1)


@pytest.mark.parametrize(("share", "value"), [(10, 1), (50, 5), (90, 9), (100, 10)])
def test_a_percentile_is_a_value_that_occurred(share: int, value: int) -> None:
    assert Spread(tuple(range(1, 11)), 10).percentile(share) == value
    assert Spread((), 3).percentile(share) is None


def test_runs_that_never_came_to_it_are_counted_apart() -> None:
    runs = [Measures(n, 0.5 + n / 10, hours, 0, n, 0, 0, 0, 0) for n, hours in enumerate((30.0, None, 40.0))]
    hours = spread(runs, "hours")
    assert (hours.values, hours.lacking) == ((30.0, 40.0), 1)
    assert any("never in 1 of 3 runs" in line for line in table(runs))
    assert table(runs)[0].split() == ["3", "runs", "p10", "p50", "p90"]
