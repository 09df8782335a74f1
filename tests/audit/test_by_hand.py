"""What the owner of the database changes by hand, triggers or not, the audit finds and names."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql
from temporalio.testing import WorkflowEnvironment

from adapters.postgres import Database
from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import rebuild
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.findings import Rule
from lab import databases
from lab.small_people import GOVERNMENT
from tests.audit.changes_by_hand import BY_HAND
from tests.workflows.mutation_kit import LEFT, road
from tests.workflows.test_case_papers import list_handover

pytestmark = pytest.mark.long

LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
async def moved(temporal_env: WorkflowEnvironment, database: str, postgres_dsn: str) -> str:
    """The books of a town in which one was moved by a decree, and another's case was taken back after a rule was overridden."""
    async with road(temporal_env.client, database) as case:
        await case.whole_way()
        await list_handover(case, case.live.town.heads[LEFT])
        await case.reported()
        case.person = case.live.town.staff[LEFT][1]
        async with case.live.books.database.writing() as connection:
            new = "UPDATE people SET in_post_since = CURRENT_DATE - 30 WHERE person_id = $1"
            await connection.execute(new, case.person)
        await case.propose()
        await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.RECEIVE_MUTATION)
        said = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": Rule.M02.value}}
        await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.OVERRIDE_MUTATION_RULE, **said)
        await case.must(case.live.town.heads[LEFT], CommandKind.WITHDRAW_MUTATION)
    with psycopg.connect(
        postgres_dsn, autocommit=True
    ) as owner:  # who still listens keeps it from being copied
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [databases.name_of(database)],
        )
    return database


@pytest.fixture
def copy(postgres_dsn: str, moved: str) -> Iterator[str]:
    """A copy of those books, to be spoilt."""
    with databases.passing(
        postgres_dsn, f"copy_{uuid.uuid4().hex[:12]}", copy_of=databases.name_of(moved)
    ) as copied:
        yield copied


async def audited(dsn: str) -> list[str]:
    """Everything that the audit has to say: the rebuild, and the promises of the books."""
    database = await Database.open(dsn, size=2)
    try:
        found = await rebuild(database, GOVERNMENT, LATER)
        broken = [one for one in await invariants(database, GOVERNMENT) if one.violations]
    finally:
        await database.close()
    return [*found.faults, *(f"{one.code} {one.promise}" for one in broken)]


async def test_books_that_nobody_touched_are_what_the_log_gives(copy: str) -> None:
    assert await audited(copy) == []


@pytest.mark.parametrize("what", BY_HAND)
async def test_what_is_changed_by_hand_is_found_and_named(copy: str, what: str) -> None:
    statement, named = BY_HAND[what]
    with psycopg.connect(copy) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        owner.execute(statement)
    found = await audited(copy)
    assert [one for one in found if named in one], found
