"""The log in the books: numbered in order of commit, chained; whoever tampers with a row is found at that row."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiosql
import asyncpg
import pytest

from adapters.postgres import log
from adapters.postgres.database import queries
from adapters.postgres.invariants import InvariantResult, invariants
from domain.log import Attribution, Fact
from lab.small_town import GOVERNMENT, Donor
from tests.adapters.postgres.kit import NOW, Registry, crew, registry

BY = Attribution("system:test", "SYSTEM", "2026-1#surge")


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 12, 10)) as books:
        yield books


def fact(n: int) -> Fact:
    return Fact("StaffingChanged", f"surge:SU-{n}", NOW + timedelta(seconds=n), BY, None, {"n": n})


async def append(books: Registry, *facts: Fact, fails: bool = False) -> None:
    async with books.database.writing() as connection:
        await log.append(connection, GOVERNMENT, facts)
        if fails:
            await asyncio.sleep(0.01)
            await connection.execute("SELECT 1/0")


async def chain(books: Registry) -> InvariantResult:
    return {result.code: result for result in await invariants(books.database, GOVERNMENT)}["I6"]


async def test_entries_of_many_at_once_are_gapless_and_chained_although_some_break_off(
    books: Registry,
) -> None:
    done = await asyncio.gather(
        *(append(books, fact(n), fact(n + 100), fails=n % 4 == 0) for n in range(40)), return_exceptions=True
    )
    broken = [one for one in done if one is not None]
    assert len(broken) == 10
    assert all(isinstance(one, asyncpg.DivisionByZeroError) for one in broken)
    seqs = await books.value("SELECT array_agg(seq ORDER BY seq) FROM events")
    assert seqs == list(range(1, 61))
    verdict = await chain(books)
    assert (verdict.rows, verdict.violations) == (60, 0)


async def test_real_moves_verify(books: Registry) -> None:
    await books.hold(await books.surge(3), crew(books.town, "kota-kecil.PKM-1", 3))
    verdict = await chain(books)
    assert (verdict.rows, verdict.violations) == (3, 0)


TAMPERING = {
    "data": "UPDATE events SET data = data || '{\"n\": 7}' WHERE seq = 5",
    "instant": "UPDATE events SET at = at + interval '1 microsecond' WHERE seq = 5",
    "type": "UPDATE events SET type = 'SurgeClosed' WHERE seq = 5",
    "case": "UPDATE events SET case_id = 'surge:SU-9' WHERE seq = 5",
    "actor": "UPDATE events SET actor = 'system:clock' WHERE seq = 5",
    "authority": "UPDATE events SET authority = 'SEKDA' WHERE seq = 5",
    "basis": "UPDATE events SET basis = 'another' WHERE seq = 5",
    "hash": "UPDATE events SET hash = sha256('x') WHERE seq = 5",
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_a_tampered_entry_is_located(what: str, books: Registry) -> None:
    await append(books, *map(fact, range(10)))
    assert (await chain(books)).violations == 0
    await books.execute(TAMPERING[what])
    verdict = await chain(books)
    assert verdict.violations >= 1
    assert verdict.sample[0].startswith("entry 5:")


async def test_an_entry_taken_out_is_located(books: Registry) -> None:
    await append(books, *map(fact, range(10)))
    await books.execute("DELETE FROM events WHERE seq = 5")
    assert (await chain(books)).sample[0].startswith("entry 6:")


async def test_an_end_cut_off_is_noticed(books: Registry) -> None:
    await append(books, *map(fact, range(10)))
    await books.execute("DELETE FROM events WHERE seq > 8")
    assert "its head says 10" in (await chain(books)).sample[0]


async def test_two_entries_exchanged_are_located(books: Registry) -> None:
    await append(books, *map(fact, range(10)))
    await books.execute("UPDATE events SET seq = -seq WHERE seq IN (5, 6)")
    await books.execute("UPDATE events SET seq = 11 + seq WHERE seq IN (-5, -6)")
    assert (await chain(books)).sample[0].startswith("entry 5:")


async def test_without_the_lock_on_the_head_entries_at_once_collide(
    books: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head row is read FOR UPDATE; read plainly, two transactions draw the same number and one is lost."""
    text = queries.lock_log_head.sql.replace("$1", ":government_id")
    assert "FOR UPDATE" in text
    blind = aiosql.from_str(
        "-- name: lock_log_head^\n" + text.replace("FOR UPDATE", ""),
        "asyncpg-lists",
        mandatory_parameters=False,
    )
    monkeypatch.setattr(queries, "lock_log_head", blind.lock_log_head)
    done = await asyncio.gather(*(append(books, fact(n)) for n in range(20)), return_exceptions=True)
    assert any(isinstance(one, asyncpg.UniqueViolationError) for one in done)
