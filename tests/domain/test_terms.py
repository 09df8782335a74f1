"""Terms: read strictly; working days are counted as a person with a wall calendar would."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.terms import Term, Unit, YearUnknown, due, parse

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
KUPANG = ZONES[1]
DAY = timedelta(days=1)
CLOSES = time(16)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


class WallCalendar:
    """Weekends and some days off, in the years from 2025 to 2028."""

    def __init__(self, days_off: frozenset[date] = frozenset()) -> None:
        self.days_off = days_off

    def works(self, day: date) -> bool:
        if day.year not in range(2025, 2029):
            raise YearUnknown("wall", day.year)
        return day.weekday() < 5 and day not in self.days_off

    def closes(self, day: date) -> time:
        return CLOSES


instants = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))
working_days = st.integers(1, 60).map(lambda amount: Term(amount, Unit.WORKING_DAYS))
terms = st.one_of(
    working_days, st.builds(Term, st.integers(0, 999), st.sampled_from([Unit.HOURS, Unit.DAYS]))
)
calendars = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40).map(WallCalendar)
zones = st.sampled_from(ZONES)


@pytest.mark.parametrize(
    ("text", "term"),
    [("24 h", Term(24, Unit.HOURS)), ("14 d", Term(14, Unit.DAYS)), ("5 wd", Term(5, Unit.WORKING_DAYS))],
)
def test_a_term_is_read_and_written_alike(text: str, term: Term) -> None:
    assert parse(text) == term
    assert str(term) == text


@pytest.mark.parametrize(
    "text", ["5", "5wd", "5 WD", "5  wd", "-5 wd", "1.5 d", "5 w", "٥ wd", "", " 5 h", 5, None]
)
def test_what_is_no_term_is_refused_with_what_was_found(text: object) -> None:
    with pytest.raises(ValueError, match="expected a term like"):
        parse(text)


def test_no_working_day_is_no_term() -> None:
    with pytest.raises(ValueError, match="one working day or more, found '0 wd'"):
        parse("0 wd")


@given(terms)
def test_every_term_survives_being_written(term: Term) -> None:
    assert parse(str(term)) == term


@given(instants, st.integers(0, 999), calendars, zones)
def test_hours_and_days_are_elapsed_time_whatever_the_calendar(
    start: datetime, amount: int, calendar: WallCalendar, zone: ZoneInfo
) -> None:
    assert due(start, Term(amount, Unit.HOURS), calendar, zone) == start + timedelta(hours=amount)
    assert due(start, Term(amount, Unit.DAYS), calendar, zone) == start + timedelta(days=amount)


@given(instants, working_days, calendars, zones)
def test_a_term_of_working_days_ends_when_offices_close_on_a_working_day(
    start: datetime, term: Term, calendar: WallCalendar, zone: ZoneInfo
) -> None:
    end = due(start, term, calendar, zone)
    assert end.tzinfo == UTC
    local = end.astimezone(zone)
    assert calendar.works(local.date())
    assert local.time() == CLOSES


@given(instants, working_days, calendars, zones)
def test_it_equals_counting_the_days_on_the_wall(
    start: datetime, term: Term, calendar: WallCalendar, zone: ZoneInfo
) -> None:
    first = start.astimezone(zone).date()
    end = due(start, term, calendar, zone).astimezone(zone).date()
    between = [first + n * DAY for n in range(1, (end - first).days + 1)]
    assert sum(calendar.works(day) for day in between) == term.amount


@given(instants, instants, working_days, calendars, zones)
def test_who_starts_later_is_due_no_earlier(
    one: datetime, other: datetime, term: Term, calendar: WallCalendar, zone: ZoneInfo
) -> None:
    early, late = sorted((one, other))
    assert due(early, term, calendar, zone) <= due(late, term, calendar, zone)


@given(instants, working_days, calendars, zones)
def test_one_day_more_is_due_later_and_a_day_off_makes_nothing_earlier(
    start: datetime, term: Term, calendar: WallCalendar, zone: ZoneInfo
) -> None:
    end = due(start, term, calendar, zone)
    assert due(start, Term(term.amount + 1, term.unit), calendar, zone) > end
    assert due(start, term, WallCalendar(), zone) <= end


def test_the_day_on_which_it_begins_is_the_local_one_and_is_not_counted() -> None:
    # Thursday 00:30 in Kupang is still Wednesday in UTC.
    start = datetime(2026, 11, 26, 0, 30, tzinfo=KUPANG)
    assert start.astimezone(UTC).date() == date(2026, 11, 25)
    end = due(start, Term(1, Unit.WORKING_DAYS), WallCalendar(), KUPANG)
    assert end == datetime(2026, 11, 27, 16, tzinfo=KUPANG)


def test_a_year_without_dates_is_named_and_not_guessed() -> None:
    start = datetime(2028, 12, 29, tzinfo=KUPANG)
    with pytest.raises(YearUnknown, match="calendar 'wall' has no dates for 2029") as unknown:
        due(start, Term(1, Unit.WORKING_DAYS), WallCalendar(), KUPANG)
    assert unknown.value.year == 2029
    assert due(start, Term(9, Unit.DAYS), WallCalendar(), KUPANG) == start + 9 * DAY
