"""What the books keep of emergency statuses: every end and how it moved, and no way round the decree that moves it."""

import uuid
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres.boards import Boards
from adapters.postgres.commands import CommandBook, record
from adapters.postgres.database import queries
from domain import cases
from domain.authority import Capacity
from domain.commands import SYSTEM_ACTOR, Command, CommandKind
from domain.log import Attribution, Fact
from domain.moves import Decree, OperationMove
from domain.operation import Event, Life, Moved, State, Trigger
from domain.operation_rules import decide
from domain.secondment import Trigger as Step
from domain.standings import Level, Status
from lab.small_town import Donor
from tests.adapters.postgres.kit import DAY, NOW, RULES, Registry, crew, registry
from tests.undecided import CredulousOperations

HOUR = timedelta(hours=1)
CITY, PROVINCE, _ = Level
DECREE_DAY = "2026-11-22"


class Operation:
    """One operation, moved as its workflow would move it."""

    def __init__(self, books: Registry, operation_id: str) -> None:
        self.books, self.id = books, operation_id
        self.book = CredulousOperations(books.database, RULES)
        self.life = Life(State.MONITORING, 0, NOW)

    async def move(
        self, event: Event, *, area: str = "Kota Kecil", recorded_at: datetime | None = None
    ) -> None:
        """Apply an event that stands, and write it."""
        at = recorded_at or event.at
        verdict = decide(self.life, event, now=at)
        assert isinstance(verdict, Moved), verdict
        decree = Decree(event.at, event.decree, DECREE_DAY, area)
        fact = Fact("Test", cases.operation(self.id), at, Attribution("system:test", "SYSTEM", "test"))
        government = self.books.town.government_id
        await self.book.write(
            OperationMove(self.id, government, verdict.life, fact, (), decree, verdict.declared, verdict.ends)
        )
        self.life = verdict.life

    async def declare(self, status: Status = Status.RESPONSE, level: Level = CITY, **said: Any) -> None:
        said = {"at": NOW, "decree": "D1", "until": NOW + 14 * DAY} | said
        await self.move(Event(Trigger.DECLARE, level=level, status=status, **said))

    async def extend(self, until: datetime, *, at: datetime, decree: str = "D2") -> None:
        await self.move(Event(Trigger.EXTEND, at, CITY, decree=decree, until=until))


@pytest.fixture
async def operation(fresh_database: str) -> AsyncIterator[Operation]:
    async with registry(fresh_database, Donor("PKM-1", 8, 5)) as books:
        surge_id = await books.surge(3)
        yield Operation(books, f"OP-{surge_id}")


async def refused(operation: Operation, statement: str) -> str:
    """The constraint that a statement breaks."""
    with pytest.raises(asyncpg.PostgresError) as caught:
        await operation.books.execute(statement)
    return str(getattr(caught.value, "constraint_name", None))


async def test_statuses_of_one_level_never_overlap_and_those_of_two_do(operation: Operation) -> None:
    await operation.declare()
    await operation.declare(level=PROVINCE)
    again = """INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, period,
                                      declared_end, decided_at, recorded_at)
               SELECT operation_id, 9, level, status, area, decree, decree_date, period, declared_end, decided_at,
                      recorded_at FROM standings WHERE level = 'PROVINCE'"""
    assert await refused(operation, again) == "one_standing_a_level"


async def test_a_status_that_follows_begins_where_the_one_before_was_cut_short(operation: Operation) -> None:
    await operation.declare()
    at = NOW + 3 * DAY
    await operation.declare(Status.TRANSITION, at=at, decree="D2", until=at + 9 * DAY)
    rows = await standings(operation, at)
    assert [(row["status"], row["ends_at"], row["declared_end"]) for row in rows] == [
        ("RESPONSE", at, NOW + 14 * DAY),
        ("TRANSITION", at + 9 * DAY, at + 9 * DAY),
    ]
    ended = await operation.books.value("SELECT array_agg(ended ORDER BY number) FROM standings")
    assert ended == ["SUPERSEDED", None]


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE standings SET period = tstzrange(lower(period), upper(period) + interval '7 d')", "decreed"),
        ("UPDATE standings SET status = 'TRANSITION'", "decreed"),
        ("UPDATE standings SET declared_end = declared_end + interval '1 d'", "decreed"),
        ("DELETE FROM standings", "decreed"),
        ("UPDATE standing_ends SET decree = 'forged'", "decreed"),
        ("DELETE FROM standing_ends", "decreed"),
    ],
)
async def test_what_was_decreed_is_not_rewritten(operation: Operation, statement: str, guard: str) -> None:
    await operation.declare()
    await operation.extend(NOW + 21 * DAY, at=NOW + DAY)
    assert await refused(operation, statement) == guard
    assert await operation.books.value("SELECT upper(period) FROM standings") == NOW + 21 * DAY


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"decided_at": NOW + 14 * DAY}, "extended_in_time"),
        ({"decree": None}, "by_a_decree"),
        ({"after": NOW + 10 * DAY}, "extended_in_time"),
        ({"kind": "SUPERSEDED"}, "later_only_by_an_extension"),
        ({"before": NOW + 13 * DAY}, "end_of_standing"),
    ],
)
async def test_an_end_moves_to_later_only_by_an_extension_with_a_decree_made_before_it(
    operation: Operation, change: dict[str, Any], guard: str
) -> None:
    await operation.declare()
    row = {
        "operation_id": operation.id,
        "number": 1,
        "kind": "EXTENDED",
        "before": NOW + 14 * DAY,
        "after": NOW + 21 * DAY,
        "decree": "D2",
        "decree_date": date(2026, 11, 23),
        "decided_at": NOW + DAY,
        "at": NOW + DAY,
        "command_id": None,
    }
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with operation.books.database.writing() as connection:
            await queries.move_standing_end(connection, **(row | change))
    assert caught.value.constraint_name == guard  # type: ignore[attr-defined]
    async with operation.books.database.writing() as connection:
        await queries.move_standing_end(connection, **row)
    assert await operation.books.value("SELECT upper(period) FROM standings") == NOW + 21 * DAY


async def standings(operation: Operation, known_at: datetime) -> list[dict[str, Any]]:
    return await Boards(operation.books.database).standings(operation.id, known_at)


async def test_the_books_tell_what_was_known_when(operation: Operation) -> None:
    await operation.declare()
    decided, recorded = NOW + 10 * DAY, NOW + 10 * DAY + 2 * HOUR
    longer = Event(Trigger.EXTEND, decided, CITY, decree="D2", until=NOW + 21 * DAY)
    await operation.move(longer, recorded_at=recorded)
    assert await standings(operation, NOW - HOUR) == []
    ends = [
        (await standings(operation, at))[0]["ends_at"]
        for at in (NOW, recorded - HOUR, recorded, recorded + DAY)
    ]
    assert ends == [NOW + 14 * DAY, NOW + 14 * DAY, NOW + 21 * DAY, NOW + 21 * DAY]
    (now,) = await standings(operation, recorded)
    assert [(end["kind"], end["decided_at"], end["decree"]) for end in now["ends"]] == [
        ("EXTENDED", decided, "D2")
    ]
    assert (await standings(operation, NOW + 22 * DAY))[0]["in_force"] is False


async def test_every_decree_is_a_stretch_of_time_of_its_own(operation: Operation) -> None:
    await operation.declare()
    await operation.extend(NOW + 21 * DAY, at=NOW + DAY)
    await operation.declare(Status.TRANSITION, at=NOW + 16 * DAY, decree="D3", until=NOW + 30 * DAY)
    rows = await operation.books.value(
        "SELECT array_agg(decree || ' ' || (upper(period) - lower(period)) ORDER BY number) FROM operation_statuses"
    )
    assert rows == ["D1 14 days", "D2 2 days", "D3 14 days"]


async def test_the_registry_takes_an_operation_up_where_it_stood(operation: Operation) -> None:
    from adapters.postgres.registry import Registry as OpenCases

    await operation.books.execute(
        f"""INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, capacity, decided_at,
                                  idempotency_key, request_sha256)
            SELECT '{uuid.uuid4()}', government_id, 'operation:{operation.id}', 'OPEN_OPERATION',
                   '{operation.books.town.officers[Capacity.COORDINATOR]}', 'COORDINATOR', opened_at, 'k', 's'
              FROM operations WHERE operation_id = '{operation.id}'"""
    )
    await operation.declare(until=NOW + 6 * DAY)
    await operation.declare(Status.ALERT, PROVINCE, decree="D2", until=NOW + 9 * DAY)
    await operation.extend(NOW + 7 * DAY, at=NOW + DAY, decree="D3")
    await operation.move(Event(Trigger.WARN, NOW + 4 * DAY, CITY))
    await operation.move(Event(Trigger.RUN_OUT, NOW + 7 * DAY, CITY))
    found = (await OpenCases(operation.books.database, RULES).open_case(cases.operation(operation.id))).life
    assert isinstance(found, Life)
    assert (found.state, found.revision) == (operation.life.state, operation.life.revision)
    assert sorted(found.standings, key=lambda one: one.number) == sorted(
        operation.life.standings, key=lambda one: one.number
    )


async def test_an_archived_operation_cannot_be_changed(operation: Operation) -> None:
    await operation.declare()
    await operation.move(Event(Trigger.END, NOW + DAY))
    await operation.move(Event(Trigger.OPEN_REVIEW, NOW + DAY))
    await operation.move(Event(Trigger.FILE_REPORT, NOW + DAY, report="LAP/1"))
    await operation.move(Event(Trigger.ARCHIVE, NOW + DAY))
    assert await operation.books.value("SELECT after_action_report FROM operations") == "LAP/1"
    assert await refused(operation, "UPDATE operations SET title = 'other'") == "archived"
    assert await refused(operation, "DELETE FROM operations") == "archived"


# ── cover ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def held(operation: Operation, people: int) -> list[Any]:
    surge_id = operation.id.removeprefix("OP-")
    town = operation.books.town
    return await operation.books.hold(surge_id, crew(town, f"{town.government_id}.PKM-1", people))


async def told(operation: Operation) -> list[tuple[str, str]]:
    async with operation.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT kind, details FROM commands WHERE capacity = 'SYSTEM' ORDER BY position"
        )
    return [(row["kind"], row["details"]["covered_until"]) for row in rows]


async def test_whose_duty_reaches_past_the_cover_is_told_of_each_end_once(operation: Operation) -> None:
    """The line's duty ends eight days after NOW."""
    await operation.declare()
    seats = await held(operation, 3)
    short, long = NOW + 5 * DAY, NOW + 20 * DAY

    async def tell(until: datetime, hours: int) -> tuple[int, int]:
        lost = regained = 0
        while True:
            now = NOW + hours * HOUR
            one = await operation.book.tell_cover(operation.id, until, now, "test")
            lost, regained = lost + one.lost, regained + one.regained
            if not one.more:
                return lost, regained

    assert [await tell(short, 1), await tell(short, 2)] == [(3, 0), (0, 0)]
    assert await tell(short + DAY, 3) == (3, 0)
    assert await tell(long, 4) == (0, 3)
    assert await tell(short, 5) == (3, 0)  # an end that it had before, lost anew
    assert [kind for kind, _ in await told(operation)] == [
        *["LOSE_COVER"] * 6,
        *["REGAIN_COVER"] * 3,
        *["LOSE_COVER"] * 3,
    ]
    events = "SELECT count(*)::int FROM events WHERE type = $1 AND case_id = $2"
    case_id = cases.secondment(seats[0].placement_id)
    assert await operation.books.value(events, "UncoveredDuty", case_id) == 3
    assert await operation.books.value(events, "DutyCovered", case_id) == 1


async def test_a_line_that_no_status_covers_is_offered_to_nobody(operation: Operation) -> None:
    await operation.declare(until=NOW + 5 * DAY)
    assert await held(operation, 3) == []
    surge_id = operation.id.removeprefix("OP-")
    assert (await operation.books.surges.tally(surge_id, NOW)).empty == 0
    await operation.extend(NOW + 8 * DAY, at=NOW + DAY)
    assert (await operation.books.surges.tally(surge_id, NOW)).empty == 3
    assert len(await held(operation, 3)) == 3


async def test_whoever_is_on_the_way_home_is_told_nothing(operation: Operation) -> None:
    await operation.declare()
    (seat,) = await held(operation, 1)
    await operation.books.walk(seat, Step.STAND_DOWN)
    one = await operation.book.tell_cover(operation.id, NOW + 5 * DAY, NOW, "test")
    assert (one.lost, one.more) == (0, False)


async def test_what_the_system_decides_is_nobodys_and_its_key_is_taken_once(operation: Operation) -> None:
    await operation.declare()
    (seat,) = await held(operation, 1)
    command = Command(
        command_id=str(uuid.uuid4()),
        government_id=operation.books.town.government_id,
        case_id=cases.secondment(seat.placement_id),
        kind=CommandKind.LOSE_COVER,
        actor_id=SYSTEM_ACTOR,
        capacity=Capacity.SYSTEM,
        decided_at=NOW,
        details={"covered_until": NOW.isoformat()},
    )
    async with operation.books.database.writing() as connection:
        first = await record(connection, command, "key")
    async with operation.books.database.writing() as connection:
        again = await record(connection, Command(**{**vars(command), "command_id": str(uuid.uuid4())}), "key")
    assert again.command_id == first.command_id
    taken, conflict = await CommandBook(operation.books.database).take(first.command_id, first.case_id) or (
        first,
        "",
    )
    assert (taken.actor_id, taken.authority, conflict) == (SYSTEM_ACTOR, "SYSTEM", None)
    borrowed = f"UPDATE commands SET capacity = 'SEKDA' WHERE command_id = '{first.command_id}'"
    assert await refused(operation, borrowed) == "by_somebody"
