"""Whoever was dead by mistake lives in the books: held again, with a token that opens, and asked by plans."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres import database
from adapters.postgres.authors import actor
from adapters.postgres.database import queries
from adapters.postgres.fitting import resting
from domain.authority import Capacity, Tenure
from domain.moves import Seat
from domain.secondment import Death, State, Trigger
from lab.small_town import Donor
from tests.adapters.postgres.kit import DAY, NOW, PACK, Registry, crew, registry
from tests.adapters.postgres.test_departed import let, offices
from tests.adapters.postgres.test_holds import AWAY
from tests.adapters.postgres.test_posts import UNIT

_T = Trigger
LATER = NOW + DAY / 2
MIGRATED = "SELECT pg_get_functiondef('take_or_give_back_hold'::regproc)"


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 8, 1)) as opened:
        yield opened


async def lives(books: Registry, seat: Seat, *, after: timedelta = DAY) -> State:
    return (await books.walk(seat, _T.RETRACT_DEATH, at=LATER + after)).state


async def has_died(books: Registry, person: str) -> bool:
    async with books.database.reading() as connection:
        return (await actor(connection, person, books.town.government_id, LATER + 9 * DAY)).died


async def dead(books: Registry, *road: Trigger) -> Seat:
    """Somebody whose death is told, at the end of this road."""
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    await books.walk(seat, *road)
    await books.walk(seat, _T.REPORT_DEATH, at=LATER)
    assert await has_died(books, seat.person_id)
    return seat


@pytest.mark.parametrize("settled", [(), (_T.FILE_ACCIDENT_REPORT,), (_T.WAIVE_ACCIDENT_REPORT,)])
async def test_the_hold_is_taken_again_whatever_the_unit_has_lent_meanwhile(
    books: Registry, settled: tuple[Trigger, ...]
) -> None:
    seat = await dead(books, *AWAY)
    await books.walk(seat, *settled, at=LATER)
    assert len(await books.hold(await books.surge(1), crew(books.town, UNIT, 1, start=1))) == 1
    assert await books.lent(UNIT) == 1, "all that it may lend"
    migrated = await books.value(MIGRATED)
    assert migrated.count("OR lives") == 2
    await books.execute(migrated.replace("OR lives", ""))
    with pytest.raises(asyncpg.PostgresError, match="may lend no more"):
        await lives(books, seat)
    await books.execute(migrated)
    assert await lives(books, seat) == State.OUT_OF_CONTACT
    assert await books.lent(UNIT) == 2
    assert not await has_died(books, seat.person_id)
    assert (await books.life(seat)).death is None
    async with books.database.reading() as connection:
        found = await queries.invariant_redlines(
            connection,
            government_id=books.town.government_id,
            ends=[state.value for state in State if state not in HELD],
            most=9,
        )
    assert found["violations"] == 0, found["ids"]


HELD = frozenset(State) - {
    *(State.DECLINED, State.NO_RESPONSE, State.REFUSED, State.WITHDRAWN, State.ORDER_CANCELLED, State.CLOSED),
    *(State.REASSIGNED, State.CONVERTED, State.DECEASED, State.ACCIDENT_REPORT_OWED),
    *(State.RETURNED, State.REPORTED, State.REIMBURSED),
}


async def gone(books: Registry, seat: Seat) -> int:
    """How many of a plan for the same surge with this person on it are free for it no more."""
    async with books.database.reading() as connection:
        row = await queries.fit_of_picks(
            connection,
            surge_id=seat.surge_id,
            government_id=books.town.government_id,
            at=LATER,
            people=[seat.person_id],
            lines=[seat.line_id],
            **resting(PACK),
        )
    return int(row["people_gone"])


async def test_whoever_had_not_left_may_be_held_again_at_once(books: Registry) -> None:
    seat = await dead(books, _T.ACCEPT)
    again = await books.surge(1)
    assert await books.hold(again, crew(books.town, UNIT, 1)) == []
    assert await gone(books, seat) == 1
    assert await lives(books, seat) == State.WITHDRAWN
    assert await books.lent(UNIT) == 0
    async with books.database.reading() as connection:
        excluded = await queries.planning_excluded(connection, government_id=books.town.government_id)
    assert seat.person_id not in {row["person_id"] for row in excluded}
    assert await gone(books, seat) == 0, "a plan of the same surge may ask them"
    assert len(await books.hold(again, crew(books.town, UNIT, 1))) == 1


async def test_what_another_case_tells_of_the_death_stands_until_that_takes_it_back(books: Registry) -> None:
    first, second = await books.surge(1), await books.surge(1, report_at=NOW + 40 * DAY)
    await books.execute("UPDATE unit_roles SET lendable = 3")
    (seat,) = await books.hold(first, crew(books.town, UNIT, 1))
    (other,) = await books.hold(second, crew(books.town, UNIT, 1))
    for one, at in ((seat, LATER), (other, LATER + DAY)):
        await books.walk(one, _T.REPORT_DEATH, at=at)
    died_at = "SELECT died_at FROM people WHERE person_id = $1"
    assert await books.value(died_at, seat.person_id) == LATER
    await lives(books, seat, after=2 * DAY)
    assert await books.value(died_at, seat.person_id) == LATER + DAY
    await lives(books, other, after=3 * DAY)
    assert await books.value(died_at, seat.person_id) is None
    assert not await has_died(books, seat.person_id)


async def test_mandates_that_ended_with_the_death_do_not_come_back(books: Registry) -> None:
    acting, sekda = books.town.staff[UNIT][0], books.town.officers[Capacity.SEKDA]
    await let(books, Tenure.SUBSTITUTE, acting, sekda, sekda)
    assert await offices(books, acting, NOW) == {"SEKDA"}
    seat = await dead(books, *AWAY)
    assert seat.person_id == acting
    await lives(books, seat)
    assert await offices(books, acting, LATER + DAY) == set()
    await let(books, Tenure.SUBSTITUTE, acting, sekda, sekda)
    assert await offices(books, acting, LATER + DAY) == {"SEKDA"}


@pytest.mark.parametrize(
    ("road", "death"),
    [
        ((_T.ACCEPT,), Death(State.RELEASE_PENDING, ("system:test",))),
        (AWAY, Death(State.MOBILISING, ("system:test",))),
        ((*AWAY, _T.REPORT_INJURY), Death(State.INJURED, ("system:test",), False)),
        ((*AWAY, _T.REPORT_INJURY, _T.FILE_ACCIDENT_REPORT), Death(State.INJURED, ("system:test",), True)),
    ],
)
async def test_of_deaths_from_before_the_log_tells_what_stood_before(
    books: Registry, road: tuple[Trigger, ...], death: Death
) -> None:
    seat = await dead(books, *road)
    await books.execute("UPDATE placements SET death_was = NULL, death_by = '{}', death_accident = NULL")
    assert (await books.life(seat)).death is None
    text = (database.HERE / "migrations" / "0061_the_dead_who_live.sql").read_text()
    (backfill,) = re.findall(r"^UPDATE placements p$.*?;$", text, re.DOTALL | re.MULTILINE)
    await books.execute(backfill)
    found = (await books.life(seat)).death
    assert found
    assert replace(found, accident_by=None) == death
    assert (await lives(books, seat)) == (
        State.WITHDRAWN if death.was == State.RELEASE_PENDING else State.OUT_OF_CONTACT
    )
