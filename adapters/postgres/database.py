"""The pool, the named queries and the migrations."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter
from yoyo import get_backend, read_migrations

from adapters.postgres.away import told_plainly

HERE = Path(__file__).parent
OLDEST_SERVER = 18


class _Lists(AsyncPGAdapter):
    """aiosql's asyncpg driver, but a query of many rows gives a list instead of a generator.

    To aiosql it is not asynchronous: then its functions hand our coroutines through as they are.
    """

    is_aio_driver = False

    async def select(  # type: ignore[no-untyped-def]
        self,
        conn,
        query_name,
        sql,
        parameters,
        record_class=None,  # noqa: ARG002 - aiosql's signature
    ):
        return await conn.fetch(sql, *self.maybe_order_params(query_name, parameters))  # type: ignore[no-untyped-call]


aiosql.register_adapter("asyncpg-lists", _Lists)  # type: ignore[arg-type]  # see its docstring
queries: Any = aiosql.from_path(HERE / "sql", "asyncpg-lists", mandatory_parameters=False)
"""Every statement of the program, by the name in its .sql file."""

Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[Any]"


def migrate(dsn: str) -> int:
    """Bring the schema up to date and return how many migrations were applied; safe to run at once from many."""
    backend = get_backend(_psycopg(dsn))
    try:
        with backend.lock():
            todo = backend.to_apply(read_migrations(str(HERE / "migrations")))
            backend.apply_migrations(todo)
            return len(todo)
    finally:
        backend.connection.close()


def _psycopg(dsn: str) -> str:
    scheme, _, rest = dsn.partition("://")
    if scheme not in ("postgres", "postgresql"):
        msg = f"DATABASE_URL: expected postgresql://…, found {scheme}://…"
        raise ValueError(msg)
    return f"postgresql+psycopg://{rest}"


class Database:
    """A pool of connections that speak our types: JSON as Python values, UUIDs as text."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, dsn: str, *, size: int = 10) -> Database:
        """Connect; raises OSError when nobody answers, RuntimeError when the server is too old."""
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=size, init=_speak_our_types, command_timeout=30
        )
        async with pool.acquire() as connection:
            major = connection.get_server_version().major
        if major < OLDEST_SERVER:
            await pool.close()
            msg = f"DATABASE_URL: PostgreSQL {OLDEST_SERVER} or newer is needed, found {major}"
            raise RuntimeError(msg)
        return cls(pool)

    async def close(self) -> None:
        """Give all connections back."""
        await self._pool.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection for statements that stand alone."""
        with told_plainly():
            async with self._pool.acquire() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Lend a connection inside one transaction: all or nothing."""
        with told_plainly():
            async with self._pool.acquire() as connection, connection.transaction():
                yield connection


async def _speak_our_types(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    await connection.set_type_codec(
        "uuid", encoder=_uuid_bytes, decoder=_uuid_text, schema="pg_catalog", format="binary"
    )


def _uuid_bytes(value: str | UUID) -> bytes:
    return value.bytes if isinstance(value, UUID) else UUID(value).bytes


def _uuid_text(value: bytes) -> str:
    return str(UUID(bytes=value))
