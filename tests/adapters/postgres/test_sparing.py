"""Whom the planner spares: who has days off, or has served enough in a year; and the seat of which too little is left."""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from domain.secondment import Trigger
from domain.yearly_cap import Served
from planning import plan
from tests.adapters.postgres.kit import DAY, NOW, PACK, Registry, crew, raise_cap, registry

UNIT = "kota-kecil.PKM-1"
HOUR = timedelta(hours=1)
TO_DUTY = (
    *(Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED),
    *(Trigger.MOBILISE, Trigger.CHECK_IN, Trigger.START_DUTY),
)
HOME = (Trigger.RELEASE_EARLY, Trigger.SIGN_DEMOB, Trigger.CONFIRM_RETURN)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database) as opened:
        yield opened


async def returned(books: Registry, duty: int, *, at: datetime = NOW, nth: int = 0) -> str:
    """Somebody who is home at an instant after so many days on duty."""
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1, start=nth))
    await books.walk(seat, *TO_DUTY, at=at)
    await books.walk(seat, *HOME, at=at + HOUR)
    await books.execute("UPDATE experiences SET duty = $1, last_day = $2", duty, at.date())
    return seat.person_id


async def blocked(books: Registry, person: str, at: datetime) -> str:
    problem = await books.surges.problem(await books.surge(1), at)
    return dict(zip(problem.people.ids, problem.people.blocked, strict=True))[person]


async def test_nobody_is_asked_on_a_day_off_that_was_granted(books: Registry) -> None:
    assert PACK.sparing.cooling_off == 7 * DAY
    home = await returned(books, 7)
    assert await blocked(books, home, NOW + 6 * DAY) == "S05"
    assert await blocked(books, home, NOW + 8 * DAY) == ""
    # Two days for fourteen: of 56 days on duty, the eight calendar days after the one of the return.
    await books.execute("UPDATE experiences SET duty = 56")
    local_midnight = datetime(2026, 11, 30, 16, tzinfo=NOW.tzinfo)  # 1 December in Makassar
    assert await blocked(books, home, local_midnight - HOUR) == "S05"
    assert await blocked(books, home, local_midnight + HOUR) == ""


async def test_whom_a_decree_took_over_rests_from_the_decree_on_whenever_the_papers_are_settled(
    books: Registry,
) -> None:
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    await books.walk(seat, *TO_DUTY)
    await books.walk(seat, Trigger.CONVERT, at=NOW + DAY)
    await books.walk(seat, Trigger.WAIVE_SETTLEMENT, at=NOW + 3 * DAY)
    assert await blocked(books, seat.person_id, NOW + 8 * DAY - HOUR) == "S05"
    assert await blocked(books, seat.person_id, NOW + 8 * DAY) == ""
    # The days off that the duty earned are granted all the same, and how long it is ago is weighed.
    await books.execute("UPDATE experiences SET duty = 70")
    assert await blocked(books, seat.person_id, NOW + 9 * DAY) == "S05"
    problem = await books.surges.problem(await books.surge(1), NOW + 12 * DAY)
    known = dict(zip(problem.people.ids, problem.people.days_since_surge, strict=True))
    assert known[seat.person_id] == 11


async def free_for(books: Registry, person: str, surge_id: str) -> bool:
    problem = await books.surges.problem(surge_id, NOW)
    (line,) = [line for line in problem.lines if line.surge_id == surge_id]
    busy, who = problem.busy, problem.people.ids.index(person)
    return not any(
        one == who and start < line.ends_at and end > line.starts_at
        for one, start, end in zip(busy.person, busy.start, busy.end, strict=True)
    )


@pytest.mark.parametrize("asked", [(), TO_DUTY], ids=["asked", "on duty"])
async def test_who_is_asked_or_on_duty_rests_before_and_after_it_whichever_surge_asks(
    books: Registry, asked: tuple[Trigger, ...]
) -> None:
    (seat,) = await books.hold(await books.surge(1, report_at=NOW + 20 * DAY), crew(books.town, UNIT, 1))
    await books.walk(seat, *asked)
    ends, person = NOW + 27 * DAY, seat.person_id
    for start, rested in (
        (ends + DAY, False),
        (ends + 7 * DAY, True),
        (NOW + 8 * DAY, False),
        (NOW + 6 * DAY, True),
    ):
        other = await books.surge(1, report_at=start)
        assert await free_for(books, person, other) is rested
        plan_id = await books.plan(other, [(UNIT, person)])
        assert await books.surges.unfit(other, plan_id, NOW) == (None if rested else "people_gone_meanwhile")
        if not rested:
            assert await books.surges.hold(other, plan_id, offset=0, limit=9, at=NOW) == ((), 1, None)
    longer = "UPDATE placements SET extend_until = due_back + '2 days'::interval WHERE placement_id = $1"
    await books.execute(longer, uuid.UUID(seat.placement_id))
    assert not await free_for(books, person, await books.surge(1, report_at=ends + 8 * DAY))


async def test_what_a_unit_gave_within_the_year_is_known_to_the_plan_and_begun_days_count_whole(
    books: Registry,
) -> None:
    async def given(at: datetime) -> list[int]:
        units = (await books.surges.problem(await books.surge(1), at)).units
        return [days for unit, days in zip(units.ids, units.given, strict=True) if unit == UNIT or days]

    await returned(books, 7)
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1, start=1))
    assert await given(NOW + 3 * DAY) == [1], "who was only asked has given nothing"
    await books.walk(seat, *TO_DUTY)
    assert await given(NOW + 3 * DAY + HOUR) == [1 + 4]
    assert await given(NOW + 366 * DAY) == [365], (
        "who is out still counts, and what is older than a year does not"
    )


async def test_the_days_off_are_those_of_the_whole_stay_over_all_posts(books: Registry) -> None:
    home = await returned(books, 1, at=NOW - DAY)
    assert await returned(books, 1) == home
    await books.execute("UPDATE experiences SET duty = 28")  # four days off, and eight with the post before
    local_midnight = datetime(2026, 11, 30, 16, tzinfo=NOW.tzinfo)  # 1 December in Makassar
    assert await blocked(books, home, local_midnight - HOUR) == ""
    await books.execute(
        "WITH former AS (UPDATE placements SET state = 'REASSIGNED', returned_at = NULL"
        " WHERE returned_at = (SELECT min(returned_at) FROM placements) RETURNING placement_id)"
        " UPDATE placements last SET moved_from = former.placement_id, stay_from = report_at FROM former"
        " WHERE last.placement_id <> former.placement_id"
    )
    assert await blocked(books, home, local_midnight - HOUR) == "S05"
    assert await blocked(books, home, local_midnight + HOUR) == ""


async def test_who_has_served_enough_in_a_year_is_not_asked_until_it_is_over(books: Registry) -> None:
    enough = PACK.sparing.yearly_duty.days
    home = await returned(books, enough - 1)
    later = NOW + 40 * DAY
    assert await blocked(books, home, later) == ""
    await books.execute("UPDATE experiences SET duty = $1", enough)
    assert await blocked(books, home, later) == "S05"
    assert await blocked(books, home, NOW + 364 * DAY) == "S05"
    assert await blocked(books, home, NOW + 366 * DAY) == ""


async def test_a_waiver_lets_somebody_be_asked_for_so_many_days_more_and_for_a_year(books: Registry) -> None:
    enough, later = PACK.sparing.yearly_duty.days, NOW + 40 * DAY
    home = await returned(books, enough)
    assert await books.surges.served(books.town.government_id, home, later) == Served(enough)
    await raise_cap(books, home, 10, later)
    assert await books.surges.served(books.town.government_id, home, later) == Served(enough, raised=10)
    assert await blocked(books, home, later) == ""
    await books.execute("UPDATE experiences SET duty = $1", enough + 9)
    assert await blocked(books, home, later) == ""
    await raise_cap(books, home, 5, later)  # of two that were granted at once the longer one counts
    await books.execute("UPDATE experiences SET duty = $1", enough + 10)
    assert await blocked(books, home, later) == "S05"
    await books.execute("UPDATE experiences SET duty = $1, last_day = $2", enough, (later + 300 * DAY).date())
    assert await blocked(books, home, later + 364 * DAY) == ""
    assert await blocked(books, home, later + 366 * DAY) == "S05"
    assert await books.surges.served("elsewhere", home, later) is None


async def test_a_waiver_lifts_neither_the_days_off_nor_what_others_have_served(books: Registry) -> None:
    enough = PACK.sparing.yearly_duty.days
    home = await returned(books, enough)
    another = await returned(books, enough, nth=1)
    await raise_cap(books, home, 10, NOW + DAY)
    assert await blocked(books, home, NOW + DAY) == "S05"
    assert await blocked(books, home, NOW + 40 * DAY) == ""
    assert await blocked(books, another, NOW + 40 * DAY) == "S05"


async def reason(books: Registry, surge_id: str, at: datetime) -> tuple[int, str | None]:
    """Plan at an instant: who is picked for the surge, and what its line says of the places that stay empty."""
    answer = plan(await books.surges.problem(surge_id, at))
    kept = await books.surges.keep_plan(surge_id, str(uuid.uuid4()), answer, at)
    told = "SELECT shortfall ->> 'reason' FROM request_lines WHERE surge_id = $1"
    assert [one.reason for one in kept.short] == [one for one in [await books.value(told, surge_id)] if one]
    return kept.picks, await books.value(told, surge_id)


async def test_a_seat_is_not_filled_again_when_too_little_is_left_of_it_and_the_line_says_so(
    books: Registry,
) -> None:
    assert PACK.sparing.shortest_duty == 24 * HOUR
    surge_id = await books.surge(2)
    ends = NOW + 8 * DAY
    assert await reason(books, surge_id, ends - 25 * HOUR) == (2, None)
    await books.hold(surge_id, crew(books.town, UNIT, 1))
    assert await reason(books, surge_id, ends - 23 * HOUR) == (0, "ENDS_SOON")
    missing = "SELECT shortfall ->> 'missing' FROM request_lines WHERE surge_id = $1"
    assert await books.value(missing, surge_id) == "1"
    # Nobody is missing where the seats are taken, and a duty that was asked for short may begin.
    await books.hold(surge_id, crew(books.town, UNIT, 1, start=1))
    assert await reason(books, surge_id, ends - 23 * HOUR) == (0, None)
    short = await books.surge(1)
    await books.execute("UPDATE request_lines SET due_back = report_at + '12 h' WHERE surge_id = $1", short)
    assert await reason(books, short, NOW) == (1, None)


async def test_who_is_asked_once_the_duty_has_begun_reports_when_they_can_be_there(books: Registry) -> None:
    report = "SELECT report_at FROM placements WHERE placement_id = $1"
    assert PACK.clock.travel == 12 * HOUR
    surge_id = await books.surge(3)
    people = iter(crew(books.town, UNIT, 3))

    async def asked(at: datetime) -> datetime:
        (seat,) = await books.hold(surge_id, [next(people)], at=at)
        found: datetime = await books.value(report, uuid.UUID(seat.placement_id))
        return found

    begins, ends = NOW + DAY, NOW + 8 * DAY
    assert await asked(begins - HOUR) == begins, "the line's own time stands until it has come"
    assert await asked(begins + HOUR) == begins + 13 * HOUR
    assert await asked(ends - 10 * HOUR) == ends - 5 * HOUR, "of a short rest the half is served"


async def test_who_helped_a_unit_without_a_disaster_comes_home_with_the_experience(books: Registry) -> None:
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    await books.execute(
        "UPDATE surges SET kind = 'service_demand', operation_id = NULL, letter_number = '1', letter_date = '2026-11-01',"
        " letter_office = 'Camat', letter_until = '2027-01-01', unit_id = 'kota-kecil.PKM-2'"
    )
    await books.walk(seat, *TO_DUTY)
    await books.walk(seat, *HOME, at=NOW + HOUR)
    assert await books.value("SELECT duty FROM experiences WHERE operation_id IS NULL") == 1
