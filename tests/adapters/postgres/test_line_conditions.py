"""The conditions of a line in the books: kept as asked, carried to its next turn, and told to the log as far as days need it."""

from dataclasses import asdict, replace

from adapters.postgres.closing import ClosingBook
from adapters.postgres.database import queries
from domain.conditions import Conditions, Hazard, Provider
from domain.requests import LineRequest
from lab.small_town import SITE
from tests.adapters.postgres.kit import DAY, NOW, RULES, Registry, crew, registry

GIVEN = Conditions((Hazard.WATER,), "arus deras", lodging=Provider.SITE, food=Provider.PER_DIEM)
LINE = LineRequest("health_post_nurse", 2, 1, "Pos 1", *SITE, NOW + DAY, NOW + 8 * DAY, conditions=GIVEN)


async def asked(books: Registry, line: LineRequest) -> str:
    surge_id = await books.surge(1)
    async with books.database.writing() as connection:
        await connection.execute("DELETE FROM request_lines WHERE surge_id = $1", surge_id)
        told = [line.told() | {"line_id": f"{surge_id}/01"}]
        await queries.draft_lines(connection, surge_id=surge_id, lines=told)
    return surge_id


async def test_the_next_turn_of_a_line_has_its_conditions(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surge_id = await asked(books, LINE)
        async with books.database.writing() as connection:
            await queries.add_turn(
                connection,
                line_id=f"{surge_id}/02",
                quantity=2,
                continues=f"{surge_id}/01",
                report_at=NOW + 7 * DAY,
                due_back=NOW + 14 * DAY,
                needed_until=None,
            )
            rows = await queries.surge_lines(connection, surge_id=surge_id)
            kept = [row["conditions"] for row in rows]
        assert kept == [asdict(GIVEN) | {"hazards": ["WATER"]}] * 2


async def test_an_offer_tells_the_log_who_feeds_and_nothing_else_of_them(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        told = []
        for line in (LINE, replace(LINE, conditions=Conditions())):
            surge_id = await asked(books, line)
            first = 2 * len(told)
            people = crew(books.town, "kota-kecil.PKM-1", 1, start=first)
            (seat,) = await books.hold(surge_id, people)
            said = "SELECT data FROM events WHERE case_id = $1 AND type = 'OfferSent'"
            told.append(await books.value(said, f"secondment:{seat.placement_id}"))
            placed = await ClosingBook(books.database, RULES).placed(seat.placement_id)
            assert placed.road.food == told[-1].get("food", "")
        assert [data.get("food") for data in told] == ["PER_DIEM", None]
        assert "arus" not in str(told)
        assert "WATER" not in str(told)
