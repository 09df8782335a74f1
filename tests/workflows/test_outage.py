"""Twenty people accept in time while the engine is dead, and it comes back only after their deadline: all twenty count.

Beside them, in the same outage, a town whose cases do not ask the books before they take silence for an answer: it
loses people, so the guard is what saves them.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from lab import databases
from lab.small_town import Donor
from runtime.clock import SystemClock
from runtime.ports import Ports
from runtime.settings import Settings
from runtime.temporal import connect
from runtime.temporal_server import TemporalPorts, TemporalServer
from tests.patience import until
from tests.workflows.kit import DeafBook, LiveTown, case_of, live_town, rules

PEOPLE = 20
OFFER = timedelta(seconds=15)
CLINIC = Donor("PKM-1", 30, 25)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> TemporalServer:
    """A server that this module may kill."""
    home = tmp_path_factory.mktemp("outage")
    ports = Ports(home / "ports.json")
    doors = TemporalPorts(*(ports.claim(door) for door in ("grpc", "ui", "http", "metrics")))
    return TemporalServer(home / "temporal.db", ports=doors, log=home / "server.log")


@pytest.fixture(scope="module")
def two_databases(postgres_dsn: str, migrated_template: str, database: str) -> tuple[str, str]:
    """The module's database, and a second one beside it that ends with the session's server."""
    second = database + "_deaf"
    databases.create(postgres_dsn, databases.name_of(second), copy_of=migrated_template)
    return database, second


@pytest.fixture(scope="module")
async def after_the_outage(
    own_server: TemporalServer, two_databases: tuple[str, str]
) -> AsyncIterator[tuple[LiveTown, LiveTown]]:
    """Two towns that lived through it: as it is, and without the guard."""
    packs = rules(offer=OFFER, offer_reminder=OFFER / 2)
    with own_server:
        client = await connect(Settings.load(temporal_address=own_server.address))
        async with AsyncExitStack() as stack:
            towns = [
                await stack.enter_async_context(live_town(client, dsn, CLINIC, packs=packs, working=False))
                for dsn in two_databases
            ]
            sound, deaf = towns
            deaf.books = replace(deaf.books, commands=DeafBook(deaf.books.database))
            await live_through_an_outage(own_server, towns)
            yield sound, deaf


async def live_through_an_outage(server: TemporalServer, towns: list[LiveTown]) -> None:
    for town in towns:
        town.start_worker()
        town.start_relay()
    asked = await asyncio.gather(*(town.offered(PEOPLE) for town in towns))
    for town in towns:
        await town.stop_relay()
        await town.stop_worker()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    for town, (_, seats) in zip(towns, asked, strict=True):
        await accept_in_time(town, seats)
    deadline = max([await last_answer(town) for town in towns])
    await asyncio.sleep((deadline - SystemClock().now()).total_seconds() + 1)
    server.start()
    for town in towns:
        town.start_worker()
    # The deadlines ring now, before any decision is delivered; the relay comes after them.
    await asyncio.gather(*(until(lambda town=town: nobody_is_asked(town)) for town in towns))
    for town in towns:
        town.start_relay()
    await asyncio.gather(*(until(lambda town=town: all_answered(town)) for town in towns))


async def accept_in_time(town: LiveTown, seats: tuple[Seat, ...]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.actions.ANSWER_WITHIN", 0)  # nobody is there to answer: "recorded", at once
        answers = [
            await town.decide(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat)) for seat in seats
        ]
    assert [answer.state for answer in answers] == [CommandState.RECORDED] * PEOPLE
    assert max(answer.decided_at for answer in answers) < await last_answer(town), "the machine was too slow"


async def last_answer(town: LiveTown) -> datetime:
    offered_at: datetime = await town.value("SELECT min(offered_at) FROM placements")
    return offered_at + OFFER


async def nobody_is_asked(town: LiveTown) -> bool:
    return not await town.value("SELECT count(*) FROM placements WHERE state = 'OFFERED' AND revision < 2")


async def all_answered(town: LiveTown) -> bool:
    return (await town.books.commands.waiting())[0] == 0


async def outcome(town: LiveTown) -> Counter[str]:
    """How the acceptances ended and where those people stand."""
    async with town.books.database.reading() as connection:
        rows = await connection.fetch(
            """SELECT c.state || coalesce(' ' || c.refusal, '') || ', ' || p.state AS ended
                 FROM commands c JOIN placements p ON c.case_id = 'secondment:' || p.placement_id
                WHERE c.kind = 'ACCEPT_OFFER'"""
        )
    return Counter(row["ended"] for row in rows)


async def test_all_twenty_timely_acceptances_count(after_the_outage: tuple[LiveTown, LiveTown]) -> None:
    assert await outcome(after_the_outage[0]) == {"APPLIED, RELEASE_PENDING": PEOPLE}
    assert await after_the_outage[0].value("SELECT count(*) FROM events WHERE type = 'OfferLapsed'") == 0


async def test_without_asking_the_books_timely_acceptances_are_lost(
    after_the_outage: tuple[LiveTown, LiveTown],
) -> None:
    lost = (await outcome(after_the_outage[1]))["REFUSED already_ended, NO_RESPONSE"]
    assert lost > 0
