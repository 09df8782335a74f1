"""What whoever decides is told of it with the task: until when, to which post, on which condition, why it came back."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.postgres.asks import requests_back
from adapters.postgres.database import queries
from adapters.postgres.secondments import SecondmentBook
from adapters.postgres.tasks import TaskBook, TasksWanted
from domain import cases, surge
from domain.authority import Actor, Appointment, Capacity
from domain.commands import CommandKind
from domain.duties import told
from domain.log import Attribution, Fact
from domain.moves import Seat, SurgeMove
from domain.requests import LineRequest
from domain.secondment import Ask, Moved, Party, Trigger, decide
from lab.small_town import SITE, Donor
from tests.adapters.postgres.kit import CLOCK, NOW, RULES, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"
DAY = timedelta(days=1)
TO_SITE = (Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE, Trigger.CHECK_IN)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 8, 5), Donor("PKM-2", 8, 5)) as books:
        yield books


async def asked_of(books: Registry, capacity: Capacity, kind: str) -> Any:
    """What the one open task of a kind asks of an office, in the list as in the task itself."""
    unit = UNIT if capacity == Capacity.UNIT_HEAD else None
    who = Actor(str(uuid.uuid4()), books.town.government_id, appointments=(Appointment(capacity, unit),))
    book = TaskBook(books.database, RULES)
    (task,) = [row for row in await book.page(who, TasksWanted(), NOW) if row["kind"] == kind]
    assert (await book.find(str(task["task_id"])))["asks"] == task["asks"]
    return task["asks"]


async def seated(books: Registry, *triggers: Trigger) -> Seat:
    (seat,) = await books.hold(await books.surge(2), crew(books.town, UNIT, 1))
    await books.walk(seat, *triggers)
    return seat


async def other_site(books: Registry, surge_id: str) -> str:
    """Another line of a surge, of the same role at another site."""
    line = LineRequest("health_post_nurse", 2, 1, "Pos 2", *SITE, NOW + DAY, NOW + 8 * DAY)
    async with books.database.writing() as connection:
        rows = [line.told() | {"line_id": f"{surge_id}/02"}]
        await queries.draft_lines(connection, surge_id=surge_id, lines=rows)
    return f"{surge_id}/02"


async def say(books: Registry, seat: Seat, trigger: Trigger, ask: Ask) -> None:
    """Let the case make one move, as its workflow would write it."""
    verdict = decide(await books.life(seat), trigger, CLOCK, ask, decided_at=NOW, now=NOW)
    assert isinstance(verdict, Moved), verdict
    by = Attribution("system:test", "SYSTEM", "test")
    assert not (await books.people.write(told(seat, verdict.life, trigger, CLOCK, by=by, at=NOW))).refused


async def test_a_longer_duty_says_until_when_and_who_has_agreed(books: Registry) -> None:
    seat = await seated(books, *TO_SITE)
    longer = (await books.life(seat)).due_back + 2 * DAY
    await say(books, seat, Trigger.PROPOSE_EXTENSION, Ask(until=longer, party=Party.HOST))
    await say(books, seat, Trigger.AGREE_EXTENSION, Ask(party=Party.PERSON))
    asks = await asked_of(books, Capacity.UNIT_HEAD, "ANSWER_EXTENSION")
    assert asks == {"until": longer, "agreed": ["PERSON"]}


async def test_another_post_says_which_and_until_when(books: Registry) -> None:
    seat = await seated(books, *TO_SITE)
    line_id = await other_site(books, seat.surge_id)
    opening = await SecondmentBook(books.database, RULES).opening(seat.placement_id, line_id)
    assert opening is not None
    ends = (await books.life(seat)).due_back
    await say(
        books,
        seat,
        Trigger.PROPOSE_REASSIGNMENT,
        Ask(opening=replace(opening, covered_until=ends), party=Party.HOST),
    )
    await say(books, seat, Trigger.OBJECT_REASSIGNMENT, Ask(party=Party.PERSON))
    asks = await asked_of(books, Capacity.COMMAND_POST, "ANSWER_REASSIGNMENT")
    assert (asks["line_id"], asks["site"], asks["until"]) == (line_id, "Pos 2", ends)
    assert (asks["heard"], asks["agreed"]) == ("OBJECTS", ["HOME"]), "who objects has not agreed"


async def test_a_condition_says_which_and_from_when(books: Registry) -> None:
    seat = await seated(books)
    later = NOW + 3 * DAY
    await say(books, seat, Trigger.ACCEPT_ON_CONDITION, Ask("LATER_DATE", report_at=later))
    asks = await asked_of(books, Capacity.COORDINATOR, "ANSWER_CONDITION")
    assert asks == {"condition": "LATER_DATE", "report_at": later}


async def test_another_site_as_condition_says_where_the_person_would_be_sent(books: Registry) -> None:
    seat = await seated(books)
    await say(books, seat, Trigger.ACCEPT_ON_CONDITION, Ask("OTHER_SITE"))
    asks = await asked_of(books, Capacity.COORDINATOR, "ANSWER_CONDITION")
    assert asks == {"condition": "OTHER_SITE", "report_at": None}, "nowhere has room"
    line_id = await other_site(books, seat.surge_id)
    asks = await asked_of(books, Capacity.COORDINATOR, "ANSWER_CONDITION")
    assert (asks["line_id"], asks["site"]) == (line_id, "Pos 2")


async def test_a_duty_without_cover_says_since_when(books: Registry) -> None:
    seat = await seated(books, *TO_SITE)
    lapses = NOW + 3 * DAY
    await say(books, seat, Trigger.LOSE_COVER, Ask(until=lapses))
    assert await asked_of(books, Capacity.COORDINATOR, "COVER_DUTY") == {"uncovered_from": lapses}


async def test_the_newest_answer_to_a_request_is_told_with_its_words(books: Registry) -> None:
    surge_id = await books.surge(1)
    assert await requests_back_of(books, surge_id) is None
    for n, (event, code, words) in enumerate(
        (("RequestReturned", "TOO_MANY", "cukup dua"), ("RequestRejected", "NO_FUNDS", None)), 1
    ):
        command_id = await books.command(cases.surge(surge_id), CommandKind.RETURN_SURGE)
        if words:
            await books.execute(
                "INSERT INTO notes SELECT $1, actor_id, $2 FROM commands WHERE command_id = $1",
                command_id,
                words,
            )
            await books.execute("UPDATE commands SET note_id = command_id WHERE command_id = $1", command_id)
        by = Attribution("somebody", "SEKDA", "2026-1#surge.request", command_id)
        fact = Fact(event, cases.surge(surge_id), NOW, by, None, {"choice": code})
        life = surge.Life(surge.State.RETURNED, n, NOW)
        await books.surges.write(SurgeMove(surge_id, books.town.government_id, life, fact))
        back = await requests_back_of(books, surge_id)
        assert (back["type"], back["code"], back["note"], back["by"]) == (event, code, words, "SEKDA")


async def requests_back_of(books: Registry, surge_id: str) -> Any:
    async with books.database.reading() as connection:
        return (await requests_back(connection, [surge_id])).get(surge_id)
