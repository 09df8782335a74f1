"""Books that are copied, spoilt by their owner's hand, and audited."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from adapters.postgres import Database
from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import rebuild
from lab import databases
from lab.small_people import GOVERNMENT

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def let_alone(postgres_dsn: str, dsn: str) -> str:
    """End every connection to a database, for who still listens keeps it from being copied; the database again."""
    with psycopg.connect(postgres_dsn, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [databases.name_of(dsn)],
        )
    return dsn


@contextmanager
def copied(postgres_dsn: str, dsn: str) -> Iterator[str]:
    """A copy of books, to be spoilt."""
    with databases.passing(
        postgres_dsn, f"copy_{uuid.uuid4().hex[:12]}", copy_of=databases.name_of(dsn)
    ) as copy:
        yield copy


def changed(dsn: str, statement: str) -> None:
    """Do what the owner can: every trigger off, and then whatever it is."""
    with psycopg.connect(dsn) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        owner.execute(statement)  # type: ignore[arg-type]  # a test's own words


async def audited(dsn: str) -> list[str]:
    """Everything that the audit has to say: the rebuild, and the promises of the books."""
    database = await Database.open(dsn, size=2)
    try:
        found = await rebuild(database, GOVERNMENT, LATER)
        broken = [one for one in await invariants(database, GOVERNMENT) if one.violations]
    finally:
        await database.close()
    return [*found.faults, *(f"{one.code} {one.promise}" for one in broken)]
