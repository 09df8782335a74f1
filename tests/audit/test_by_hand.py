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
from domain.commands import CommandKind
from lab import databases
from lab.small_people import GOVERNMENT
from tests.workflows.mutation_kit import LEFT, road

pytestmark = pytest.mark.long

LATER = datetime(2030, 1, 1, tzinfo=UTC)
_MOVED = "(SELECT person_id FROM mutations WHERE state = 'REPORTED')"
_OTHER = "(SELECT person_id FROM people WHERE role = 'administrator' ORDER BY person_id LIMIT 1)"

BY_HAND = {
    "where a case stands": ("UPDATE mutations SET state = 'CLOSED' WHERE state = 'REPORTED'", "state is CLOSED"),
    "that a case has ended": ("UPDATE mutations SET open = false WHERE state = 'REPORTED'", "open is False"),
    "who decided": (
        f"UPDATE mutations SET life = jsonb_set(life, '{{decided_by}}', to_jsonb({_OTHER}::text)) WHERE state = 'REPORTED'",
        "life_sha256 is",
    ),
    "what somebody said when heard": (
        "UPDATE mutations SET life = jsonb_set(life, '{heard,0,outcome}', '\"OBJECTS\"') WHERE state = 'REPORTED'",
        "life_sha256 is",
    ),
    "until when one may object": (
        "UPDATE mutations SET life = jsonb_set(life, '{objection_until}', '\"2026-01-01T00:00:00Z\"') WHERE state = 'REPORTED'",
        "life_sha256 is",
    ),
    "whom a case is about": (f"UPDATE mutations SET person_id = {_OTHER} WHERE state = 'REPORTED'", "person_id is"),
    "where a case is to": (
        "UPDATE mutations SET position_id = (SELECT min(position_id) FROM positions) WHERE state = 'REPORTED'",
        "position_id is",
    ),
    "a case that nobody proposed": (
        """INSERT INTO mutations SELECT (jsonb_populate_record(m, '{"mutation_id": "MU-0000000000"}')).* FROM mutations m
            WHERE state = 'WITHDRAWN'""",
        "mutation MU-0000000000: only in the books",
    ),
    "a place that is reserved": (
        "UPDATE mutations SET reserves = true, open = true WHERE state = 'WITHDRAWN'",
        "reserves is True",
    ),
    "the number of a decree": ("UPDATE decrees SET number = '821.2/7/BKPSDM/I/2026'", "number is 821.2/7/BKPSDM"),
    "a decree that was issued": ("UPDATE decrees SET state = 'VOID', void_reason = 'by hand'", "state is VOID"),
    "what a decree says": ("UPDATE decrees SET facts_sha256 = repeat('0', 64)", "facts_sha256 is 0000"),
    "which file a decree is": ("UPDATE decrees SET file_sha256 = repeat('0', 64)", "file_sha256 is 0000"),
    "the file itself": ("UPDATE decree_papers SET file = 'x' WHERE paper = 'DECREE'", "kept is"),
    "that there is a file": ("DELETE FROM decree_papers WHERE paper = 'DECREE'", "kept is None"),
    "the extract that was served": ("UPDATE decree_papers SET file = 'x' WHERE paper = 'EXTRACT'", "/EXTRACT/"),
    "a paper of the case": ("UPDATE case_paper_files SET file = 'x' WHERE paper = 'DUTY_START'", "/DUTY_START/"),
    "the code of a decree": ("UPDATE decrees SET verification_code = 'AAAA'", "code is AAAA"),
    "whose decree it is": ("DELETE FROM decree_members", "people is 0"),
    "that there is a decree": ("DELETE FROM decree_papers; DELETE FROM decree_members; DELETE FROM decrees", ": only in the log"),
    "which position somebody holds": (
        f"UPDATE people SET position_id = (SELECT from_position FROM mutations WHERE state = 'REPORTED') WHERE person_id = {_MOVED}",
        "position_id is",
    ),
    "what an entry says": (
        "UPDATE events SET data = jsonb_set(data, '{state}', '\"REJECTED\"') WHERE type = 'MutationDecided'",
        "chain",
    ),
    "who decided by an entry": (
        f"UPDATE events SET actor = {_OTHER}::text WHERE type = 'MutationDecided'",
        "chain",
    ),
    "that something happened": ("DELETE FROM outbox; DELETE FROM events WHERE type = 'MutationDecided'", "is missing"),
    "what happened last": (
        "DELETE FROM outbox; DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "is missing",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
async def moved(temporal_env: WorkflowEnvironment, database: str, postgres_dsn: str) -> str:
    """The books of a town in which one was moved by a decree, and another's case was taken back."""
    async with road(temporal_env.client, database) as case:
        await case.whole_way()
        await case.reported()
        case.person = case.live.town.staff[LEFT][1]
        await case.propose()
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
        for table in ("mutations", "decrees", "decree_papers", "people", "events"):
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        owner.execute(statement)
    found = await audited(copy)
    assert [one for one in found if named in one], found
