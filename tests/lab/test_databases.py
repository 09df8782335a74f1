"""A database goes when it is told to, whoever is in it."""

import threading
import uuid

import psycopg
import pytest

from lab import databases
from runtime.postgres_server import PostgresServer


def exists(dsn: str, name: str) -> bool:
    with psycopg.connect(dsn) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


@pytest.fixture
def name() -> str:
    return f"passing_{uuid.uuid4().hex[:8]}"


def test_it_is_there_for_the_block_and_gone_after_it(postgres_dsn: str, name: str) -> None:
    with databases.passing(postgres_dsn, name) as made, psycopg.connect(made) as guest:
        assert databases.name_of(made) == name
        guest.execute("SELECT 1")
    assert not exists(postgres_dsn, name)


def test_one_whom_the_owner_may_not_throw_out_is_waited_for(postgres: PostgresServer, name: str) -> None:
    made = databases.create(postgres.dsn, name)
    # Like a vacuum that the server runs: a session of the superuser, which ends by itself.
    vacuum = psycopg.connect(databases.named(postgres.superuser_dsn, name))
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(postgres.dsn, autocommit=True) as own,
    ):
        own.execute(f"DROP DATABASE {name} WITH (FORCE)")
    threading.Timer(0.5, vacuum.close).start()
    databases.drop(made, name)
    assert not exists(postgres.dsn, name)
