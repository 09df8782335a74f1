"""The book of commands: recorded once by its key, answered once, never without a reason."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres.commands import CommandBook, KeyReused
from adapters.postgres.desk import Desk
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.log import Attribution
from domain.moves import Refusal
from lab.small_town import Donor
from tests.adapters.postgres.kit import NOW, RULES, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 6, 4)) as books:
        yield books


@pytest.fixture
def desk(books: Registry) -> Desk:
    return Desk(books.database, "", RULES)


async def acceptance(books: Registry) -> Command:
    """Somebody's yes to a real offer."""
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    return Command(
        command_id=str(uuid.uuid4()),
        government_id=books.town.government_id,
        case_id=cases.secondment(seat.placement_id),
        kind=CommandKind.ACCEPT_OFFER,
        actor_id=seat.person_id,
        capacity=Capacity.SUBJECT,
        decided_at=NOW,
    )


async def test_the_same_key_records_one_decision_however_many_ask_at_once(
    books: Registry, desk: Desk
) -> None:
    said = await acceptance(books)
    asks = [desk.record(replace(said, command_id=str(uuid.uuid4())), "key-1") for _ in range(8)]
    recorded = await asyncio.gather(*asks)
    assert len({one.command_id for one in recorded}) == 1
    assert await books.value("SELECT count(*) FROM commands") == 1


async def test_a_key_used_for_another_request_is_refused_and_records_nothing(
    books: Registry, desk: Desk
) -> None:
    said = await acceptance(books)
    await desk.record(said, "key-1")
    other = replace(said, command_id=str(uuid.uuid4()), kind=CommandKind.DECLINE_OFFER)
    with pytest.raises(KeyReused, match="'key-1' was used for another request"):
        await desk.record(other, "key-1")
    assert await books.value("SELECT count(*) FROM commands") == 1


async def test_free_text_lies_apart_from_the_decision(books: Registry, desk: Desk) -> None:
    said = await acceptance(books)
    await desk.record(said, "key-1", "Saya siap berangkat")
    assert "siap" not in await books.value("SELECT c::text FROM commands c")
    assert await books.value("SELECT body FROM notes") == "Saya siap berangkat"
    await books.execute("DELETE FROM notes")  # erased: the decision stands without it
    assert (await CommandBook(books.database).find(said.command_id)).state == CommandState.RECORDED


async def test_a_decision_is_refused_once_and_keeps_its_first_reason(books: Registry, desk: Desk) -> None:
    said = await acceptance(books)
    await desk.record(said, "key-1")
    book = CommandBook(books.database)
    by = Attribution("system:test", "SYSTEM", "refusal", said.command_id)
    reasons = ("too_late", "not_now", "already_ended")
    refusals = [Refusal(said.command_id, said.government_id, said.case_id, code, NOW, by) for code in reasons]
    written = [await book.refuse(refusal) for refusal in refusals]
    assert [one.again for one in written] == [False, True, True]
    answered = await book.find(said.command_id)
    assert (answered.state, answered.refusal) == (CommandState.REFUSED, "too_late")
    assert await books.value("SELECT count(*) FROM events WHERE type = 'CommandRefused'") == 1


async def test_a_refusal_without_a_reason_cannot_be_written(books: Registry, desk: Desk) -> None:
    await desk.record(await acceptance(books), "key-1")
    with pytest.raises(asyncpg.CheckViolationError):
        await books.execute("UPDATE commands SET state = 'REFUSED'")


async def test_what_was_decided_in_time_is_found_by_its_own_instant(books: Registry, desk: Desk) -> None:
    said = await acceptance(books)
    await desk.record(said, "key-1")
    book = CommandBook(books.database)
    assert await book.pending(said.case_id, NOW) == (said.command_id,)
    assert await book.pending(said.case_id, NOW - timedelta(microseconds=1)) == ()
    assert await book.pending(cases.secondment(str(uuid.uuid4())), NOW) == ()
    by = Attribution("system:test", "SYSTEM", "refusal", said.command_id)
    await book.refuse(Refusal(said.command_id, said.government_id, said.case_id, "not_now", NOW, by))
    assert await book.pending(said.case_id, NOW) == ()


async def test_two_relays_never_lease_the_same_decision(books: Registry, desk: Desk) -> None:
    for n, (_, person) in enumerate(crew(books.town, UNIT, 4)):
        (seat,) = await books.hold(await books.surge(1), [(UNIT, person)])
        said = Command(
            command_id=str(uuid.uuid4()),
            government_id=books.town.government_id,
            case_id=cases.secondment(seat.placement_id),
            kind=CommandKind.ACCEPT_OFFER,
            actor_id=person,
            capacity=Capacity.SUBJECT,
            decided_at=NOW,
        )
        await desk.record(said, f"key-{n}")
    book = CommandBook(books.database)
    later = NOW + timedelta(minutes=1)
    leases = await asyncio.gather(*(book.lease(now=NOW, until=later, most=10) for _ in range(4)))
    leased = [one.command_id for lease in leases for one in lease]
    assert len(leased) == len(set(leased)) == 4
    after = await book.lease(now=later + timedelta(seconds=1), until=later + timedelta(minutes=1), most=10)
    assert {one.attempts for one in after} == {2}  # a lease that ran out is taken by another
