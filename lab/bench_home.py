"""A home for a bench: a fresh embedded PostgreSQL and Temporal with the settings of `up`, gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.postgres import migrate
from runtime.ports import Ports
from runtime.postgres_server import PostgresServer
from runtime.temporal_server import TemporalPorts, TemporalServer


@contextmanager
def bench_home() -> Iterator[Path]:
    """A directory for servers and files."""
    with tempfile.TemporaryDirectory(prefix="siaga-bench-") as home:
        yield Path(home)


@contextmanager
def postgres(home: Path) -> Iterator[str]:
    """The DSN of a durable PostgreSQL with our schema in it."""
    port = Ports(home / "postgres-ports.json").claim("postgres")
    with PostgresServer(home / "postgres", port=port, log=home / "postgres.log") as server:
        migrate(server.dsn)
        yield server.dsn


@contextmanager
def temporal(home: Path) -> Iterator[str]:
    """The address of a dev server that keeps its cases in a file."""
    ports = Ports(home / "temporal-ports.json")
    doors = TemporalPorts(*(ports.claim(door) for door in ("grpc", "ui", "http", "metrics")))
    with TemporalServer(home / "temporal.db", ports=doors, log=home / "temporal.log") as server:
        yield server.address
