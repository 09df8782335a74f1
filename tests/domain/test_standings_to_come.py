"""Statuses that are decreed ahead of their start: shown as coming, in force by the clock, withdrawn before it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.operation import Clock, Event, Life, Moved, Refused, State, Trigger, next_alarm
from domain.operation_rules import decide
from domain.standings import Ending, EndMoved, Level, Standing, Status

NOW = datetime(2027, 7, 10, tzinfo=UTC)
DAY = timedelta(days=1)
CLOCK = Clock(3 * DAY, 14 * DAY)
CITY, PROVINCE = Level.REGENCY_CITY, Level.PROVINCE
ALERT = Standing(1, CITY, Status.ALERT, "D", NOW - DAY, NOW + 5 * DAY)
STANDS = Life(State.ALERT, 1, NOW - DAY, (ALERT,))


def decreed(starts: float, ends: float, level: Level = CITY, status: Status = Status.RESPONSE) -> Event:
    return Event(Trigger.DECLARE, NOW, level, status, "E", NOW + starts * DAY, NOW + ends * DAY)


def moved(verdict: Moved | Refused) -> Moved:
    assert isinstance(verdict, Moved), verdict
    return verdict


def coming(life: Life, event: Event) -> Life:
    return moved(decide(life, event, now=NOW)).life


@pytest.mark.parametrize(
    ("event", "until"),
    [
        (decreed(2, 9), 9),  # follows, and covers longer
        (decreed(2, 3), 3),  # follows, and cuts the cover short
        (decreed(5, 9), 9),  # begins as the other ends: no gap
        (decreed(6, 9), 5),  # begins a day after the other ends: the cover ends there
        (decreed(6, 9, PROVINCE), 5),
        (decreed(4, 9, PROVINCE), 9),
    ],
)
def test_the_cover_reaches_over_what_is_to_come_where_there_is_no_gap(event: Event, until: int) -> None:
    life = coming(STANDS, event)
    assert (life.state, life.in_force) == (State.ALERT, (ALERT,))
    assert life.covered_until == NOW + until * DAY


def test_it_begins_by_the_clock_and_cuts_short_what_it_follows() -> None:
    life = coming(STANDS, decreed(2, 9))
    alarm = next_alarm(life, CLOCK)
    assert alarm is not None
    assert (alarm.at, alarm.trigger, alarm.level) == (NOW + 2 * DAY, Trigger.BEGIN, CITY)
    early = Event(Trigger.BEGIN, NOW + DAY, CITY)
    assert decide(life, early, now=NOW + DAY) == Refused("not_now")
    began = moved(decide(life, Event(Trigger.BEGIN, alarm.at, CITY), now=alarm.at))
    assert began.ends == (EndMoved(1, Ending.SUPERSEDED, NOW + 5 * DAY, NOW + 2 * DAY),)
    assert (began.life.state, began.life.coming) == (State.RESPONSE, ())


def test_what_is_followed_at_its_end_neither_lapses_nor_asks_for_an_extension() -> None:
    life = coming(STANDS, decreed(5, 9))
    alarm = next_alarm(life, CLOCK)
    assert alarm is not None
    assert (alarm.at, alarm.trigger) == (NOW + 5 * DAY, Trigger.BEGIN)
    began = moved(decide(life, Event(Trigger.BEGIN, alarm.at, CITY), now=alarm.at))
    assert (began.life.state, began.ends) == (State.RESPONSE, ())


def test_a_first_status_may_be_to_come_and_nothing_is_in_force_until_then() -> None:
    life = coming(Life(State.MONITORING, 0, NOW), decreed(1, 9))
    assert (life.state, life.covered_until) == (State.MONITORING, None)
    began = moved(decide(life, Event(Trigger.BEGIN, NOW + DAY, CITY), now=NOW + DAY)).life
    assert (began.state, began.covered_until) == (State.RESPONSE, NOW + 9 * DAY)


def test_it_is_withdrawn_before_its_start_and_not_after() -> None:
    life = coming(STANDS, decreed(2, 9))
    withdrawal = Event(Trigger.WITHDRAW, NOW + DAY, decree="F")
    gone = moved(decide(life, withdrawal, now=NOW + DAY)).life
    assert (gone.coming, gone.covered_until) == ((), NOW + 5 * DAY)
    assert decide(gone, replace(withdrawal, decree="G"), now=NOW + DAY) == Refused("no_status_coming")
    late = replace(withdrawal, at=NOW + 2 * DAY)
    assert decide(life, late, now=NOW + 2 * DAY) == Refused("no_status_coming")
    assert decide(life, replace(withdrawal, decree="E"), now=NOW + DAY) == Refused("decree_not_new")
    # Its number is not given again.
    again = moved(decide(gone, replace(decreed(3, 9), decree="H"), now=NOW + DAY))
    assert again.declared is not None
    assert again.declared.number == 3


def test_the_lead_is_handed_up_from_a_day_to_come() -> None:
    up = replace(decreed(1, 9, PROVINCE), trigger=Trigger.ESCALATE)
    life = coming(STANDS, up)
    assert [one.level for one in life.coming] == [PROVINCE]
    assert decide(life, replace(up, decree="F"), now=NOW) == Refused("status_coming")
    began = moved(decide(life, Event(Trigger.BEGIN, NOW + DAY, PROVINCE), now=NOW + DAY)).life
    assert {one.level for one in began.in_force} == {CITY, PROVINCE}
    assert began.state == State.RESPONSE


def test_the_end_of_the_operation_closes_what_was_to_come() -> None:
    ended = coming(STANDS, decreed(2, 9))
    after = moved(decide(ended, Event(Trigger.END, NOW + DAY), now=NOW + DAY)).life
    assert (after.coming, [one.ended for one in after.decreed]) == ((), [Ending.CLOSED])


def test_no_extension_reaches_into_a_status_that_could_not_follow_it() -> None:
    transition = replace(ALERT, status=Status.TRANSITION)
    life = coming(Life(State.TRANSITION, 1, NOW, (transition,)), decreed(6, 9, status=Status.ALERT))
    longer = Event(Trigger.EXTEND, NOW, CITY, decree="F", until=NOW + 7 * DAY)
    assert decide(life, longer, now=NOW) == Refused("status_coming")
    assert isinstance(decide(life, replace(longer, until=NOW + 6 * DAY), now=NOW), Moved)
