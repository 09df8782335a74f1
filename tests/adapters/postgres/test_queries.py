"""Every named statement is understood by the schema as migrated: one that drifted fails here and not in a case."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
from aiosql.types import SQLOperationType

from adapters.postgres import Database
from adapters.postgres.database import HERE, Connection, queries

NAMES = sorted({name for name in queries.available_queries if not name.endswith("_cursor")})
SCRIPTS = [name for name in NAMES if getattr(queries, name).operation == SQLOperationType.SCRIPT]
"""Several statements in one: they cannot be prepared, so they are run."""


@pytest.fixture(scope="module")
async def connection(database: str) -> AsyncIterator[Connection]:
    opened = await Database.open(database, size=1)
    async with opened.writing() as connection:
        for name in sorted(SCRIPTS, key=lambda name: "CREATE TEMP" not in getattr(queries, name).sql):
            await getattr(queries, name)(connection)  # some statements read what COPY has put there
        yield connection
    await opened.close()


def test_every_name_in_the_files_is_a_query() -> None:
    written = [
        line.removeprefix("-- name:").strip().rstrip("^$!#*<")
        for path in (HERE / "sql").glob("*.sql")
        for line in path.read_text().splitlines()
        if line.startswith("-- name:")
    ]
    assert sorted(written) == NAMES  # also: no name twice
    assert len(NAMES) > 80


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(SCRIPTS)))
async def test_the_schema_understands(name: str, connection: Connection) -> None:
    statement = getattr(queries, name).sql
    prepared = await connection.prepare(statement)  # parsed, its types found, never executed
    asked = {int(number) for number in re.findall(r"\$(\d+)", statement)}
    assert len(prepared.get_parameters()) == len(asked)


async def test_a_statement_that_drifted_is_noticed(connection: Connection) -> None:
    drifted = queries.surge_by_id.sql.replace("surge_id", "surge_key")
    with pytest.raises(asyncpg.UndefinedColumnError, match="surge_key"):
        async with connection.transaction():
            await connection.prepare(drifted)


@pytest.mark.parametrize("name", NAMES)
def test_every_query_says_what_it_is_for(name: str) -> None:
    said = (getattr(queries, name).__doc__ or "").strip()
    assert said.endswith((".", ";")) or "." in said, f"{name}: a sentence above its statement is missing"
