"""Thin units in the books: one case while it lasts whoever looks, urged by the clock, and the boards are what the log gives."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres.commands import CommandBook, DutiesApart
from adapters.postgres.database import queries
from adapters.postgres.desk import Desk
from adapters.postgres.rebuild import rebuild
from adapters.postgres.thin import ThinBook
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from domain.secondment import Trigger
from lab.small_town import GOVERNMENT, Donor
from tests.adapters.postgres.kit import NOW, PACK, RULES, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 10, 4), Donor("PKM-2", 10, 4)) as books:
        yield books


@pytest.fixture
def thin(books: Registry) -> ThinBook:
    return ThinBook(books.database, RULES, PACK)


async def on_leave(books: Registry, people: int, *, days: int = 5, after: int = 0) -> None:
    """Let so many of those who stay be on leave from the day of `NOW`, or so many days later, on."""
    for person in books.town.staff[UNIT][9 : 9 - people : -1]:
        begins = (NOW + after * DAY).date()
        await books.execute(
            "INSERT INTO absences (person_id, kind, period) VALUES ($1, 'LEAVE', daterange($2, $3))",
            *(person, begins, begins + timedelta(days=days)),
        )


async def lent(books: Registry, people: int = 2) -> list[Seat]:
    return await books.hold(await books.surge(people), crew(books.town, UNIT, people))


async def thinned(books: Registry, thin: ThinBook) -> str:
    """A unit whose two are away while six others are on leave; the id of its case."""
    await lent(books)
    await on_leave(books, 6)
    assert await thin.look(NOW) == 1
    return str(await books.value("SELECT episode_id FROM thin_units WHERE recovered_at IS NULL"))


async def log(books: Registry) -> list[tuple[str, dict[str, Any]]]:
    async with books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT type, data FROM events WHERE case_id LIKE 'thin:%' ORDER BY seq"
        )
    return [(row["type"], row["data"]) for row in rows]


async def asked(books: Registry) -> list[tuple[str, str, int, datetime | None]]:
    """What is asked now: kind, office, how often escalated, until when."""
    async with books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT kind, capacity, escalation, due_at FROM tasks_told"
            " WHERE case_id LIKE 'thin:%' AND closed_at IS NULL ORDER BY kind, capacity DESC"
        )
    return [tuple(row) for row in rows]


async def says(
    books: Registry, episode: str, kind: CommandKind, office: Capacity, *, choice: str | None = None
) -> Command:
    """Record what an office says, and return it as answered."""
    actor = books.town.heads[UNIT] if office == Capacity.UNIT_HEAD else books.town.officers[office]
    command = Command(
        str(uuid.uuid4()), GOVERNMENT, cases.thin(episode), kind, actor, office, NOW, choice=choice
    )
    await Desk(books.database, "", RULES).record(command, command.command_id)
    return await CommandBook(books.database).find(command.command_id)


async def holds(books: Registry, at: datetime) -> None:
    """The board of thin units and their tasks are what a rebuild from the log alone gives; their surges are not in it."""
    found = await rebuild(books.database, GOVERNMENT, at)
    assert found.rows["thin"] > 0
    assert [one.sentence() for one in found.differences if one.board == "thin" or "thin:" in one.row] == []


async def test_a_unit_that_becomes_thin_is_asked_once_however_often_it_is_looked_at(
    books: Registry, thin: ThinBook
) -> None:
    await thinned(books, thin)
    assert await thin.look(NOW) == await thin.look(NOW + HOUR) == 0
    assert await asked(books) == [
        ("BACKFILL_OR_DECLINE", "UNIT_HEAD", 0, NOW + DAY),
        ("KNOW_THIN_UNIT", "COORDINATOR", 0, None),
    ]
    ((event, data),) = await log(books)
    redline = await books.value("SELECT redline FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'", UNIT)
    assert event == "UnitThinned"
    assert data["below"] == redline - (10 - 2 - 6) > 0
    assert data["surges"] == [await books.value("SELECT surge_id FROM surges")]
    told = await books.value("SELECT unit || ' ' || role FROM tasks_told WHERE kind = 'KNOW_THIN_UNIT'")
    assert told.endswith("nurse")
    await holds(books, NOW)


async def test_the_report_of_the_operation_that_it_lends_to_is_told_of_it_and_no_other_one_is(
    books: Registry, thin: ThinBook
) -> None:
    await thinned(books, thin)
    lent_to, other = await books.value("SELECT surge_id FROM surges"), await books.surge(1)
    for surge_id, told in ((lent_to, ["UnitThinned"]), (other, [])):
        async with books.database.reading() as connection:
            rows = await queries.report_entries(
                connection, operation_id=f"OP-{surge_id}", government_id=GOVERNMENT, at=NOW
            )
        assert [row["type"] for row in rows if row["case_id"].startswith("thin:")] == told


async def test_a_unit_with_enough_people_or_that_lends_nobody_is_asked_nothing(
    books: Registry, thin: ThinBook
) -> None:
    await on_leave(books, 8)
    assert await thin.look(NOW) == 0
    await books.execute("DELETE FROM absences")
    await lent(books)
    assert await thin.look(NOW) == 0


async def test_of_many_who_look_at_once_one_begins_it_and_one_ends_it(
    books: Registry, thin: ThinBook
) -> None:
    await lent(books)
    await on_leave(books, 6)
    assert sum(await asyncio.gather(*(thin.look(NOW) for _ in range(6)))) == 1
    await books.execute("DELETE FROM absences")
    assert sum(await asyncio.gather(*(thin.look(NOW + HOUR) for _ in range(6)))) == 1
    assert [event for event, _ in await log(books)] == ["UnitThinned", "UnitRecovered"]


async def test_it_begins_with_the_day_of_leave_ends_with_it_and_the_next_time_is_another_case(
    books: Registry, thin: ThinBook
) -> None:
    await lent(books)
    await on_leave(books, 6, days=2, after=1)
    assert [await thin.look(NOW + n * DAY) for n in range(4)] == [0, 1, 2, 1]
    assert [event for event, _ in await log(books)] == [
        "UnitThinned", "ThinUnitReminded", "ThinUnitEscalated", "UnitRecovered",
    ]  # fmt: skip
    assert await asked(books) == []
    await on_leave(books, 6, days=2, after=5)
    await thin.look(NOW + 5 * DAY)
    assert await books.value("SELECT count(*) FROM thin_units") == 2
    assert len(await asked(books)) == 2
    await holds(books, NOW + 5 * DAY)


async def test_who_comes_home_ends_it(books: Registry, thin: ThinBook) -> None:
    seats = await lent(books)
    await on_leave(books, 6)
    await thin.look(NOW)
    for seat in seats:
        await books.walk(seat, Trigger.DECLINE)
    await thin.look(NOW + HOUR)
    assert await asked(books) == []
    assert (await log(books))[-1][1]["state"] == "RECOVERED"
    await holds(books, NOW + HOUR)


async def test_silence_is_urged_and_the_secretary_asked_beside_the_head(
    books: Registry, thin: ThinBook
) -> None:
    await thinned(books, thin)
    assert [await thin.look(NOW + n * HOUR) for n in (11, 12, 13, 24, 25)] == [0, 1, 0, 1, 0]
    assert [event for event, _ in await log(books)][1:] == ["ThinUnitReminded", "ThinUnitEscalated"]
    assert await asked(books) == [
        ("BACKFILL_OR_DECLINE", "UNIT_HEAD", 1, NOW + 2 * DAY),
        ("BACKFILL_OR_DECLINE", "SEKDA", 1, NOW + 2 * DAY),
        ("KNOW_THIN_UNIT", "COORDINATOR", 1, None),
    ]
    await holds(books, NOW + 25 * HOUR)


@pytest.mark.parametrize(
    ("kind", "choice", "event", "again"),
    [
        (CommandKind.DRAFT_BACKFILL, None, "BackfillDrafted", "drafted_already"),
        (CommandKind.DECLINE_BACKFILL, "SOON_BACK", "BackfillDeclined", "declined_already"),
    ],
)
async def test_what_its_head_says_is_applied_where_it_is_recorded_and_settles_it(
    books: Registry, thin: ThinBook, kind: CommandKind, choice: str | None, event: str, again: str
) -> None:
    episode = await thinned(books, thin)
    told = await says(books, episode, kind, Capacity.UNIT_HEAD, choice=choice)
    assert told.state == CommandState.APPLIED
    assert [one[1] for one in await asked(books)] == ["COORDINATOR"]
    assert ((await log(books))[-1][0], (await log(books))[-1][1].get("choice")) == (event, choice)
    assert await thin.look(NOW + 3 * DAY) == 0, "who has answered is not urged"
    twice = await says(books, episode, kind, Capacity.UNIT_HEAD, choice=choice)
    assert (twice.state, twice.refusal) == (CommandState.REFUSED, again)
    await holds(books, NOW + 3 * DAY)
    await books.execute("DELETE FROM absences")
    assert await thin.look(NOW + 3 * DAY) == 1
    late = await says(books, episode, CommandKind.DRAFT_BACKFILL, Capacity.UNIT_HEAD)
    assert late.refusal == "already_ended"
    await holds(books, NOW + 3 * DAY)


async def test_the_database_lets_nobody_decline_who_let_the_unit_lend_so_far(
    books: Registry, thin: ThinBook
) -> None:
    surge_id, sekda = await books.surge(6), books.town.officers[Capacity.SEKDA]
    await books.execute(
        "INSERT INTO redline_overrides (override_id, government_id, surge_id, unit_id, role, extra, granted_by,"
        " reason_code, granted_at) VALUES (gen_random_uuid(), $1, $2, $3, 'nurse', 4, $4, 'LIFE_SAVING', $5)",
        *(GOVERNMENT, surge_id, UNIT, sekda, NOW),
    )
    assert len(await books.hold(surge_id, crew(books.town, UNIT, 6))) == 6
    await thin.look(NOW)
    episode = str(await books.value("SELECT episode_id FROM thin_units"))
    assert (await Desk(books.database, "", RULES).facts(cases.thin(episode))).proposer_id == sekda
    with pytest.raises(DutiesApart, match="own_proposal"):
        await says(books, episode, CommandKind.DECLINE_BACKFILL, Capacity.SEKDA, choice="OTHER")
    assert (
        await says(books, episode, CommandKind.DRAFT_BACKFILL, Capacity.SEKDA)
    ).state == CommandState.APPLIED


async def test_the_table_keeps_one_case_at_a_time_and_what_is_over(books: Registry, thin: ThinBook) -> None:
    await thinned(books, thin)
    again = (
        "INSERT INTO thin_units SELECT gen_random_uuid(), government_id, unit_id, role, rule_pack, state, revision,"
        " since, below, surges FROM thin_units"
    )
    with pytest.raises(asyncpg.UniqueViolationError, match="one_episode_at_a_time"):
        await books.execute(again)
    await books.execute("DELETE FROM absences")
    await thin.look(NOW + HOUR)
    with pytest.raises(asyncpg.PostgresError, match="was thin until"):
        await books.execute("UPDATE thin_units SET below = 9")
