"""Travel orders: numbered once with the assignment order, in the order of its list; what they say of the journey stays."""

import uuid
from collections.abc import AsyncIterator

import pytest

from adapters.documents.typesetter import Typesetter
from adapters.postgres.boards import Boards
from adapters.postgres.travel_orders import TravelOrderBook
from app.travelling import Travelling
from domain.moves import Seat
from domain.secondment import Trigger
from lab.small_town import Donor
from tests.adapters.postgres.kit import DAY, NOW, RULES, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 40, 30)) as books:
        yield books


async def reserved(books: Registry, people: int, start: int = 0) -> tuple[str, str, list[Seat]]:
    """(surge, order, seats) of so many who are released and stand on an order with a number."""
    surge_id = await books.surge(people)
    seats = await books.hold(surge_id, crew(books.town, UNIT, people, start=start))
    for seat in seats:
        await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    return surge_id, await books.reserve(surge_id), seats


async def numbers(books: Registry, order_id: str) -> list[str]:
    found = await books.value(
        "SELECT array_agg(number ORDER BY sequence) FROM travel_orders WHERE order_id = $1::uuid", order_id
    )
    return list(found or ())


async def test_whoever_an_order_names_has_a_number_of_their_own_once_it_is_issued(books: Registry) -> None:
    surge_id, order_id, _ = await reserved(books, 3)
    assert await numbers(books, order_id) == []
    await books.issue(surge_id, order_id)
    await books.issue(surge_id, order_id)  # the activity that issued it was tried again
    assert await numbers(books, order_id) == [f"094/{nth}/SPD/XI/2026" for nth in (1, 2, 3)]
    told = "SELECT data FROM events WHERE type = 'TravelOrdersNumbered'"
    assert await books.value(f"SELECT count(*) FROM ({told})") == 1
    data = await books.value(told)
    assert {key: data[key] for key in data if key != "stands"} == {"year": 2026, "first": 1, "last": 3}
    another_surge, another, _ = await reserved(books, 1, start=3)
    await books.issue(another_surge, another)
    assert await numbers(books, another) == ["094/4/SPD/XI/2026"]


async def test_an_order_that_is_given_up_draws_none(books: Registry) -> None:
    surge_id, order_id, seats = await reserved(books, 2)
    await books.orders.keep_file(order_id, seats[0].placement_id, b"typeset")
    await books.walk(seats[0], Trigger.STAND_DOWN)
    await books.issue(surge_id, order_id)
    assert await books.value("SELECT state FROM orders") == "VOID"
    assert await books.value("SELECT count(*) FROM travel_orders") == 0
    assert await books.value("SELECT count(*) FROM registers WHERE register = 'surat-perjalanan-dinas'") == 0


async def test_the_paper_is_set_once_and_says_the_journey_of_the_order(books: Registry) -> None:
    surge_id, order_id, seats = await reserved(books, 1)
    book = TravelOrderBook(books.database, RULES)
    travelling = Travelling(book, Typesetter())
    (seat,) = seats
    assert await travelling.fetch(order_id, seat.placement_id) is None
    await books.issue(surge_id, order_id)
    paper = await book.paper(order_id, seat.placement_id)
    assert paper
    assert (paper.person.starts_at, paper.person.ends_at) == (NOW + DAY, NOW + 8 * DAY)
    assert (paper.leaves_from, paper.person.site) == (paper.person.home_unit, "Pos 1")
    first = await travelling.fetch(order_id, seat.placement_id)
    assert first
    assert first.startswith(b"%PDF-")
    # Whatever is amended later, and whatever the person is called then: the paper that went along stays.
    await books.execute("UPDATE placements SET due_back = due_back + interval '3 days'")
    await books.execute("UPDATE person_identities SET name = 'Orang Lain'")
    assert await travelling.fetch(order_id, seat.placement_id) == first
    later = await book.paper(order_id, seat.placement_id)
    assert later
    assert later.person.ends_at == NOW + 8 * DAY
    assert [one["file"] for one in await travelling.of(seat.placement_id)] == [first]


async def test_whoever_stays_longer_still_has_the_papers_of_the_first_order(books: Registry) -> None:
    surge_id, order_id, (seat,) = await reserved(books, 1)
    await books.orders.keep_file(order_id, seat.placement_id, b"extract")
    await books.issue(surge_id, order_id)
    boards = Boards(books.database)
    # The order that prolongs the duty takes the first one's place at the placement.
    await books.execute("UPDATE placements SET order_id = NULL")
    found = await boards.person_on_order(order_id, person_id=seat.person_id)
    assert found
    assert str(found["placement_id"]) == seat.placement_id
    assert await boards.person_on_order(str(uuid.uuid4()), person_id=seat.person_id) is None
    assert [one["people"] for one in await boards.orders(surge_id)] == [1], "the paper names them still"
