"""The life of an operation: a status has an end, follows another only where the law lets it, and lapses by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.operation import (
    DECLARED,
    Life,
    Moved,
    Refused,
    State,
    declare,
    end,
    extend,
    lapse,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
FOLLOWS = {
    (State.MONITORING, State.ALERT),
    (State.MONITORING, State.RESPONSE),
    (State.ALERT, State.RESPONSE),
    (State.ALERT, State.TRANSITION),
    (State.RESPONSE, State.TRANSITION),
    (State.TRANSITION, State.RESPONSE),
    (State.LAPSED, State.ALERT),
    (State.LAPSED, State.RESPONSE),
    (State.LAPSED, State.TRANSITION),
}


def life(state: State) -> Life:
    return Life(state, 3, NOW, NOW + 14 * DAY if state in DECLARED else None)


@pytest.mark.parametrize("status", State)
@pytest.mark.parametrize("state", State)
def test_every_status_follows_another_or_is_refused(state: State, status: State) -> None:
    verdict = declare(life(state), status, until=NOW + 14 * DAY, now=NOW)
    if (state, status) in FOLLOWS:
        assert verdict == Moved(Life(status, 4, NOW, NOW + 14 * DAY))
    else:
        assert verdict == Refused("already_ended" if state == State.ENDED else "status_cannot_follow")


@pytest.mark.parametrize("state", State)
def test_only_a_status_in_force_is_prolonged_and_only_to_later(state: State) -> None:
    longer = extend(life(state), until=NOW + 21 * DAY)
    if state in DECLARED:
        assert longer == Moved(Life(state, 4, NOW, NOW + 21 * DAY))
        assert extend(life(state), until=NOW + 14 * DAY) == Refused("not_longer")
    else:
        assert longer == Refused("already_ended" if state == State.ENDED else "no_status_in_force")


@pytest.mark.parametrize("state", State)
def test_a_status_lapses_at_its_end_and_not_before(state: State) -> None:
    until = NOW + 14 * DAY
    assert lapse(life(state), now=until - timedelta(microseconds=1)) == Refused("not_now")
    verdict = lapse(life(state), now=until)
    assert verdict == (Moved(Life(State.LAPSED, 4, until)) if state in DECLARED else Refused("not_now"))


@pytest.mark.parametrize("state", State)
def test_an_operation_ends_once(state: State) -> None:
    verdict = end(life(state), now=NOW)
    ended = Moved(Life(State.ENDED, 4, NOW))
    assert verdict == (Refused("already_ended") if state == State.ENDED else ended)


def test_a_status_that_ends_in_the_past_does_not_exist() -> None:
    assert declare(life(State.MONITORING), State.ALERT, until=NOW, now=NOW) == Refused("ends_in_the_past")


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["declare", "extend", "lapse", "end"]), st.sampled_from(State), st.integers(0, 30)
    ),
    max_size=30,
)


@settings(derandomize=True, max_examples=300)
@given(MOVES)
def test_no_sequence_leaves_the_end_skips_a_revision_or_has_a_status_without_end(
    moves: list[tuple[str, State, int]],
) -> None:
    at, now = Life(State.MONITORING, 0, NOW), NOW
    for what, status, days in moves:
        now += days * DAY / 3
        until = now + days * DAY
        verdict = {
            "declare": lambda: declare(at, status, until=until, now=now),  # noqa: B023 - called at once
            "extend": lambda: extend(at, until=until),  # noqa: B023
            "lapse": lambda: lapse(at, now=now),  # noqa: B023
            "end": lambda: end(at, now=now),  # noqa: B023
        }[what]()
        if isinstance(verdict, Moved):
            assert not at.ended
            assert verdict.life.revision == at.revision + 1
            at = verdict.life
        assert (at.until is not None) == (at.state in DECLARED)
