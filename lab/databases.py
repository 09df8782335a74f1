"""Databases that come and go on one server: made empty or as a copy, dropped when done with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

VACUUM_ENDS_WITHIN = 30.0
"""Seconds. A vacuum of the server's own may be at work in a database that is to go. The role that owns the database
may not end it, as it runs as the server's superuser; it ends by itself."""


def named(dsn: str, database: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(dsn)._replace(path=f"/{database}").geturl()


def name_of(dsn: str) -> str:
    """The name of the database at an address."""
    return urlsplit(dsn).path.strip("/")


def create(dsn: str, name: str, *, copy_of: str = "template0") -> str:
    """Make a database on the server of `dsn`, empty or as a copy of one in which nobody is; returns its address."""
    _alone(
        dsn, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(copy_of))
    )
    return named(dsn, name)


def drop(dsn: str, name: str) -> None:
    """Drop a database of the server of `dsn`, and throw out who is still in it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    patience = time.monotonic() + VACUUM_ENDS_WITHIN
    while True:
        try:
            return _alone(dsn, statement)
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > patience:
                raise
        time.sleep(0.2)


@contextmanager
def passing(dsn: str, name: str, *, copy_of: str = "template0") -> Iterator[str]:
    """A database for the time of a block, by its address."""
    made = create(dsn, name, copy_of=copy_of)
    try:
        yield made
    finally:
        drop(dsn, name)


def _alone(dsn: str, statement: sql.Composed) -> None:
    # Nobody may be in a database that is copied or dropped, not even whoever asks for it.
    with psycopg.connect(named(dsn, "template1"), autocommit=True) as connection:
        connection.execute(statement)
