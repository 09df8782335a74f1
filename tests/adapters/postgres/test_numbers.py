"""Numbers of orders: unique, gapless, bound to their decision; a void one keeps its reason."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiosql
import asyncpg
import pytest

from adapters.postgres import database
from domain import cases
from domain.moves import Seat
from domain.secondment import Trigger
from lab.small_town import Donor
from tests.adapters.postgres.kit import NOW, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"
MANY = 12


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 40, 30)) as books:
        yield books


async def released(books: Registry, people: int, start: int = 0) -> tuple[str, list[Seat]]:
    """A surge with so many people who wait for their order."""
    surge_id = await books.surge(people)
    seats = await books.hold(surge_id, crew(books.town, UNIT, people, start=start))
    for seat in seats:
        await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    return surge_id, seats


async def reserve(
    books: Registry, surge_id: str, *, order_id: str | None = None, at: datetime = NOW
) -> tuple[str, str | None, int]:
    command_id = await books.command(cases.surge(surge_id))
    return await books.orders.reserve(surge_id, command_id, order_id or str(uuid.uuid4()), at)


async def reserve_and_break_off(books: Registry, surge_id: str, taken: str) -> None:
    """Draw a number and fail after it: the order's id is another order's."""
    with pytest.raises(asyncpg.UniqueViolationError):
        await reserve(books, surge_id, order_id=taken)


async def reserve_at_once(books: Registry) -> list[int]:
    """Many reservations at the same time, every other one broken off and asked again; the sequences drawn."""
    surges = [(await released(books, 1, start=n))[0] for n in range(MANY)]
    first, _, _ = await reserve(books, surges[0])

    async def one(n: int) -> None:
        if n % 2:
            await reserve_and_break_off(books, surges[n], first)
        await reserve(books, surges[n])

    await asyncio.gather(*(one(n) for n in range(1, MANY)))
    drawn = await books.value("SELECT array_agg(sequence ORDER BY sequence) FROM orders")
    return [int(number) for number in drawn]


async def test_numbers_are_gapless_over_reservations_at_once_and_broken_off(books: Registry) -> None:
    assert await reserve_at_once(books) == list(range(1, MANY + 1))


async def test_with_a_sequence_in_place_of_the_register_there_are_gaps(
    books: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await books.execute("CREATE SEQUENCE careless")
    careless = """-- name: next_number^
    SELECT nextval('careless')::int AS last, :government_id::text, :register::text, :year::int;"""
    blind = aiosql.from_str(careless, "asyncpg-lists", mandatory_parameters=False)
    monkeypatch.setattr(database.queries, "next_number", blind.next_number)
    drawn = await reserve_at_once(books)
    assert len(drawn) == MANY
    assert drawn[-1] > MANY


async def test_asked_twice_for_one_decision_the_number_is_the_same(books: Registry) -> None:
    surge_id, _ = await released(books, 3)
    command_id = await books.command(cases.surge(surge_id))
    asked = [books.orders.reserve(surge_id, command_id, str(uuid.uuid4()), NOW) for _ in range(2)]
    first = await asked[0]
    assert first[1:] == ("800.1.11.1/1/BPBD/XI/2026", 3)
    assert await asked[1] == first
    assert await books.value("SELECT last FROM registers") == 1


async def test_nobody_to_order_draws_no_number(books: Registry) -> None:
    surge_id = await books.surge(1)
    _, number, people = await reserve(books, surge_id)
    assert (number, people) == (None, 0)
    assert await books.value("SELECT count(*) FROM registers") == 0


async def test_a_void_number_keeps_its_reason_and_its_people_are_ordered_again(books: Registry) -> None:
    surge_id, _ = await released(books, 2)
    order_id, _, _ = await reserve(books, surge_id)
    await books.orders.void(order_id, "incomplete: funding_source")
    again, number, people = await reserve(books, surge_id)
    assert (number, people) == ("800.1.11.1/2/BPBD/XI/2026", 2)
    assert again != order_id
    await books.orders.void(order_id, "asked again: nothing more to void")
    kept = "SELECT array_agg(state || ' ' || coalesce(void_reason, '-') ORDER BY sequence) FROM orders"
    assert await books.value(kept) == ["VOID incomplete: funding_source", "RESERVED -"]
    assert await books.value("SELECT count(*) FROM placements WHERE order_id = $1::uuid", again) == 2


async def test_a_void_number_without_a_reason_cannot_be_written(books: Registry) -> None:
    order_id, _, _ = await reserve(books, (await released(books, 1))[0])
    with pytest.raises(asyncpg.CheckViolationError):
        await books.execute("UPDATE orders SET state = 'VOID' WHERE order_id = $1", order_id)


async def test_an_issued_order_cannot_be_voided_and_keeps_its_people(books: Registry) -> None:
    surge_id, _ = await released(books, 2)
    order_id, _, _ = await reserve(books, surge_id)
    await books.issue(surge_id, order_id)
    await books.orders.void(order_id, "too late")
    assert await books.value("SELECT state FROM orders") == "ISSUED"
    assert await books.value("SELECT count(*) FROM placements WHERE order_id IS NOT NULL") == 2
    assert len(await books.orders.unserved(surge_id)) == 2


async def test_the_year_of_a_number_is_that_of_the_signatorys_zone(books: Registry) -> None:
    """Half past midnight on New Year's Day in Makassar is still the old year in Greenwich."""
    eve = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    _, before, _ = await reserve(books, (await released(books, 1))[0], at=eve)
    _, after, _ = await reserve(books, (await released(books, 1, start=1))[0], at=new_year)
    assert (before, after) == ("800.1.11.1/1/BPBD/XII/2026", "800.1.11.1/1/BPBD/I/2027")
