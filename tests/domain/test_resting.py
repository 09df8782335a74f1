"""The log of rests judged: what it shows, and what it cannot show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.authority import Capacity
from domain.closing.road import road_of
from domain.duties import duties_of, fact_of
from domain.log import Attribution
from domain.moves import Duty, Seat, TaskKind
from domain.report.source import Entry
from domain.secondment import (
    Amendment,
    Lacking,
    Life,
    Moved,
    Party,
    State,
    Trigger,
    decide,
    moved_on,
    next_alarm,
)
from tests.domain.test_secondment import CLOCK

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEAT = Seat("placement", "kota", "SU-1", "SU-1/01", "person", "kota.PKM-1", "nurse", "nurse", "Pos 1")
ASKED = Duty(TaskKind.GRANT_REST, capacity=Capacity.COMMAND_POST)


def on_duty() -> Life:
    """Somebody who begins a duty of twenty days now."""
    life = Life(State.CHECKED_IN, 0, NOW, NOW, NOW + 20 * DAY, seen_at=NOW)
    return after(life, Trigger.START_DUTY, NOW)


def after(life: Life, trigger: Trigger, at: datetime) -> Life:
    verdict = decide(life, trigger, CLOCK, decided_at=at, now=at)
    assert isinstance(verdict, Moved), (life.state, trigger, verdict)
    return verdict.life


def rested(life: Life, since: datetime, hours: float) -> Life:
    """A rest of so many hours, as it is logged."""
    return after(after(life, Trigger.START_REST, since), Trigger.END_REST, since + hours * HOUR)


def there(life: Life, at: datetime, way: timedelta) -> Life:
    """The life on another post, from the move until the duty there begins."""
    amendment = Amendment(life.due_back, tuple(Party), line_id="SU-2/01")
    life = moved_on(replace(life, amendment=amendment), CLOCK, at)
    return after(after(life, Trigger.CHECK_IN, at + way), Trigger.START_DUTY, at + way)


def lacking(life: Life) -> Lacking | None:
    return life.rest and life.rest.lacking


def asks(life: Life) -> bool:
    return ASKED in duties_of(SEAT, life, CLOCK)


@pytest.mark.parametrize(
    ("hours", "too_long"),
    [(11.9, False), (12, False), (12.1, True), (24, True), (24.1, False), (60, False)],
)
def test_a_shift_is_judged_only_where_the_log_shows_both_ends_of_it_within_a_day(
    hours: float, *, too_long: bool
) -> None:
    life = after(on_duty(), Trigger.START_REST, NOW + hours * HOUR)
    assert lacking(life) == (Lacking.REST if too_long else None)
    # Who rests is asked nothing; the rest itself mends it, if it is long enough.
    assert not asks(life)
    short = after(life, Trigger.END_REST, NOW + (hours + 7) * HOUR)
    assert asks(short) is too_long
    long = after(life, Trigger.END_REST, NOW + (hours + 8) * HOUR)
    assert (lacking(long), asks(long)) == (None, False)


def test_a_rest_that_is_too_short_ends_no_shift() -> None:
    life = rested(on_duty(), NOW + 6 * HOUR, 2)
    assert lacking(life) is None
    assert lacking(after(life, Trigger.START_REST, NOW + 13 * HOUR)) == Lacking.REST
    enough = rested(on_duty(), NOW + 6 * HOUR, 8)
    assert lacking(after(enough, Trigger.START_REST, NOW + 25 * HOUR)) is None


def test_a_week_without_a_day_off_in_the_log_is_told_once_and_ended_by_one() -> None:
    life = on_duty()
    for day in range(7):
        life = rested(life, NOW + day * DAY + 12 * HOUR, 8)
    week = NOW + 7 * DAY
    rings = [alarm for alarm in [next_alarm(life, CLOCK)] if alarm]
    told = after(life, Trigger.LACK_REST, week)
    assert (lacking(told), asks(told), told.escalation) == (Lacking.DAY_OFF, True, 0)
    assert told.rest
    assert told.rest.day_off_at + CLOCK.without_day_off == week
    assert all(alarm.at <= week for alarm in rings)
    short = rested(told, week + HOUR, 9)
    assert (lacking(short), asks(short)) == (Lacking.DAY_OFF, True)
    free = rested(short, week + 12 * HOUR, 24)
    assert (lacking(free), asks(free)) == (None, False)
    assert free.rest
    assert free.rest.day_off_at == week + 36 * HOUR


def test_the_clock_tells_of_it_after_a_week_and_not_of_who_rests_just_then() -> None:
    quiet = after(on_duty(), Trigger.START_REST, NOW + 6 * DAY)

    def due(life: Life) -> list[Trigger]:
        clock = CLOCK
        found = []
        for _ in range(20):
            alarm = next_alarm(life, clock)
            if alarm is None or alarm.at > NOW + 7 * DAY:
                return found
            found.append(alarm.trigger)
            life = after(life, alarm.trigger, alarm.at)
            if life.state == State.OUT_OF_CONTACT:
                life = after(life, Trigger.REGAIN_CONTACT, alarm.at)
        return found

    assert Trigger.LACK_REST in due(on_duty())
    assert Trigger.LACK_REST not in due(quiet)


def test_who_has_left_the_site_lacks_no_rest_there_and_the_report_remembers() -> None:
    life = after(on_duty(), Trigger.LACK_REST, NOW + 7 * DAY)
    by = Attribution("system:test", "SYSTEM", "test")
    facts = [fact_of(SEAT, life, "DayOffMissed", by=by, at=NOW + 7 * DAY)]
    home = after(life, Trigger.RELEASE_EARLY, NOW + 8 * DAY)
    assert home.rest is None
    assert not asks(home)
    facts.append(fact_of(SEAT, home, "ReleasedEarly", by=by, at=NOW + 8 * DAY))
    entries = [Entry(n, one.type, one.at, one.case_id, "SYSTEM", one.data) for n, one in enumerate(facts)]
    assert road_of(entries).lacked == {"DAY_OFF"}


def test_the_week_goes_on_on_another_post_and_what_was_lacking_is_asked_of_the_command_post_there() -> None:
    moved = there(rested(on_duty(), NOW + 12 * HOUR, 8), NOW + 3 * DAY, 30 * HOUR)
    assert moved.rest
    assert moved.rest.day_off_at + CLOCK.without_day_off == NOW + 7 * DAY
    told = after(moved, Trigger.LACK_REST, NOW + 7 * DAY)
    again = there(told, NOW + 8 * DAY, HOUR)
    assert (lacking(again), asks(again)) == (Lacking.DAY_OFF, True)
    # A rest that goes on ends with the move, and counts for what it was.
    free = there(after(told, Trigger.START_REST, NOW + 8 * DAY), NOW + 9 * DAY, HOUR)
    assert free.rest
    assert (lacking(free), free.rest.began_at, free.rest.day_off_at) == (None, None, NOW + 9 * DAY)


@pytest.mark.parametrize(("way", "too_long"), [(7.9, True), (8, False)])
def test_the_shift_goes_on_on_another_post_unless_there_was_time_to_rest_on_the_way(
    way: float, *, too_long: bool
) -> None:
    life = there(on_duty(), NOW + 4 * HOUR, way * HOUR)
    rests = after(life, Trigger.START_REST, NOW + 13 * HOUR)
    assert lacking(rests) == (Lacking.REST if too_long else None)


def hurt(life: Life, since: datetime, hours: float) -> Life:
    """An injury of so many hours, after which somebody is on duty again."""
    return after(after(life, Trigger.REPORT_INJURY, since), Trigger.RESUME_DUTY, since + hours * HOUR)


@pytest.mark.parametrize(("hours", "too_long"), [(7, True), (8, False), (30, False)])
def test_an_injury_ends_a_shift_where_it_lasts_as_long_as_a_rest(hours: float, *, too_long: bool) -> None:
    back = hurt(on_duty(), NOW + 6 * HOUR, hours)
    life = after(back, Trigger.START_REST, NOW + (6 + hours + 4) * HOUR)
    assert lacking(life) == (Lacking.REST if too_long else None)


def test_an_injury_is_no_day_off_and_the_week_goes_on() -> None:
    life = hurt(on_duty(), NOW + DAY, 48)
    assert life.rest
    assert (life.rest.day_off_at, life.rest.awake_since) == (NOW, NOW + 3 * DAY)
    late = hurt(on_duty(), NOW + DAY, 7 * 24)
    told = after(late, Trigger.LACK_REST, NOW + 8 * DAY)
    assert next_alarm(replace(late, seen_at=NOW + 8 * DAY), CLOCK) is not None
    assert (lacking(told), asks(told)) == (Lacking.DAY_OFF, True)
    assert lacking(rested(told, NOW + 8 * DAY, 24)) is None


def test_who_is_hurt_in_a_rest_has_rested_until_then() -> None:
    asleep = after(on_duty(), Trigger.START_REST, NOW + 6 * HOUR)
    life = hurt(asleep, NOW + 31 * HOUR, 1)
    assert life.rest
    assert life.rest.day_off_at == NOW + 31 * HOUR


def test_who_was_hurt_on_the_way_there_is_counted_from_the_duty_on() -> None:
    life = hurt(Life(State.MOBILISING, 0, NOW, NOW, NOW + 20 * DAY), NOW, 10)
    assert (life.state, life.rest) == (State.MOBILISING, None)
    for trigger in (Trigger.CHECK_IN, Trigger.START_DUTY):
        life = after(life, trigger, NOW + 12 * HOUR)
    assert life.rest
    assert (life.rest.day_off_at, life.rest.awake_since) == (NOW + 12 * HOUR, NOW + 12 * HOUR)
