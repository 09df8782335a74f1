"""The rest between two duties (S05), where two who take somebody's time do so in the same instant, or one grows towards the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from adapters.postgres.database import queries
from domain.log import Attribution
from domain.moves import Seat
from domain.secondment import Trigger
from lab.small_town import Donor
from planning import plan
from tests.adapters.postgres.kit import DAY, NOW, PACK, Registry, crew, registry
from tests.patience import until

UNIT = "kota-kecil.PKM-1"
TO_DUTY = (
    *(Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED),
    *(Trigger.MOBILISE, Trigger.CHECK_IN, Trigger.START_DUTY),
)
ENDS = NOW + 8 * DAY
"""When the first duty of each test ends."""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
BY = Attribution("system:test", "SYSTEM", "test")


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 120, 110)) as opened:
        yield opened


async def nobody_waits(_connection: Any, **_people: Any) -> list[Any]:
    """What a lock is that locks nothing."""
    return []


@asynccontextmanager
async def donors_busy(books: Registry) -> AsyncIterator[None]:
    """Let every hold wait for its donor once it has looked at the people's rest."""
    async with books.database.writing() as connection:
        await connection.execute("SELECT FROM unit_roles FOR UPDATE")
        yield


async def waiting(books: Registry, least: int) -> None:
    async def seen() -> bool:
        return int(await books.value(WAITING)) >= least

    await until(seen, f"{least} who wait for a lock")


async def together(books: Registry, people: int, start: datetime) -> tuple[list[Seat], list[Seat]]:
    """Two surges hold the same people at once, the first one for a duty that ends on day 8: who got whom."""
    who = crew(books.town, UNIT, people)
    surges = [await books.surge(people), await books.surge(people, report_at=start)]
    async with donors_busy(books):
        asked = [asyncio.create_task(books.hold(surge_id, who)) for surge_id in surges]
        await waiting(books, 2)
    first, second = await asyncio.gather(*asked)
    return first, second


async def test_of_two_surges_at_once_one_alone_takes_somebody_who_could_not_rest_between_them(
    books: Registry,
) -> None:
    assert PACK.sparing.cooling_off == 7 * DAY
    held = await together(books, 50, ENDS + 6 * DAY)
    assert sorted(map(len, held)) == [0, 50]
    assert await books.lent(UNIT) == 50


async def test_of_two_surges_at_once_both_take_somebody_who_can_rest_between_them(books: Registry) -> None:
    held = await together(books, 3, ENDS + 7 * DAY)
    assert list(map(len, held)) == [3, 3]


async def test_without_the_lock_both_take_them(books: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "lock_people", nobody_waits)
    held = await together(books, 50, ENDS + 6 * DAY)
    assert list(map(len, held)) == [50, 50]


async def test_a_seat_whose_person_was_taken_in_that_instant_stays_open_and_is_planned_for_somebody_else(
    books: Registry,
) -> None:
    who = crew(books.town, UNIT, 1)
    surges = [await books.surge(1), await books.surge(1, report_at=ENDS + 2 * DAY)]
    plans = [await books.plan(surge_id, who) for surge_id in surges]
    async with donors_busy(books):
        asked = [
            asyncio.create_task(books.surges.hold(surge_id, plan_id, offset=0, limit=9, at=NOW))
            for surge_id, plan_id in zip(surges, plans, strict=True)
        ]
        await waiting(books, 2)
    answers = await asyncio.gather(*asked)
    assert sorted((len(held), refused, more) for held, refused, more in answers) == [
        (0, 1, None),
        (1, 0, None),
    ]
    ((left, plan_id),) = [
        (surge_id, plan_id)
        for surge_id, plan_id, (held, _, _) in zip(surges, plans, answers, strict=True)
        if not held
    ]
    # Asked again, it is the same answer; the next plan fills the seat.
    assert await books.surges.hold(left, plan_id, offset=0, limit=9, at=NOW) == ((), 1, None)
    again = plan(await books.surges.problem(left, NOW))
    (pick,) = [pick for pick in again.picks if pick.line_id == f"{left}/01"]
    assert pick.person_id != who[0][1]
