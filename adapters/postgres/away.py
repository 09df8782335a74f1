"""What says that the database is out of reach for the moment, as opposed to wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg


class DatabaseAway(ConnectionError):
    """The database does not answer now; trying again makes sense."""


AWAY: tuple[type[Exception], ...] = (ConnectionError, TimeoutError)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the driver's many words for a lost server into the one that everybody knows."""
    try:
        yield
    except (
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,
        asyncpg.InterfaceError,
    ) as error:
        raise DatabaseAway(type(error).__name__) from error
