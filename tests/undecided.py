"""Books whose guards against what nobody decided are dropped: how a case came to stand somewhere is not what such a test is about."""

from collections.abc import Iterable
from typing import Any

from adapters.postgres import Database, surge_moves
from adapters.postgres.database import Connection
from adapters.postgres.moves import claim
from adapters.postgres.operations import OperationBook
from adapters.postgres.orders import OrderBook
from adapters.postgres.secondments import SecondmentBook
from adapters.postgres.surges import SurgeBook
from domain.moves import OperationMove, SecondmentMove, SurgeMove, Written

GUARDS = {
    "placements": ("placements_decided", "offers_planned", "papers_decided"),
    "surges": ("surges_decided",),
    "request_lines": ("lines_decided",),
    "redline_overrides": ("override_decided",),
    "yearly_cap_waivers": ("waiver_decided",),
    "orders": ("orders_decided",),
    "operations": ("operations_decided",),
    "standings": ("standings_decided",),
    "standing_ends": ("ends_decided",),
    "commands": ("kept_as_decided",),
}
"""The triggers, by their tables."""


class CredulousBook(SecondmentBook):
    """Writes whatever it is given."""

    async def _disbelieved(self, _connection: Connection, _move: SecondmentMove) -> str | None:
        return None


class CredulousSurges(SurgeBook):
    """Writes whatever it is given, and offers whatever plan."""

    async def write(self, move: SurgeMove) -> Written:
        async with self._database.writing() as connection:
            return await put_down(connection, move)


class CredulousOperations(OperationBook):
    """Writes whatever it is given."""

    async def _disbelieved(self, _connection: Connection, _move: OperationMove) -> str | None:
        return None


class CredulousOrders(OrderBook):
    """Issues whatever it is given."""

    async def _write(self, connection: Connection, move: SurgeMove, beside: dict[str, Any]) -> Written:
        return await put_down(connection, move, beside)

    @staticmethod
    def _signed_by(_move: SurgeMove, _stands: object) -> bool:
        return True


async def put_down(connection: Connection, move: SurgeMove, beside: dict[str, Any] | None = None) -> Written:
    """Write a surge's move inside the caller's transaction, once, whatever stands behind it."""
    if not await claim(connection, move.fact, move.life.revision):
        return Written(again=True)
    return await surge_moves.put_down(connection, move, beside)


def dropping(tables: Iterable[str] = GUARDS) -> list[str]:
    """Return the statements that drop the guards of these tables, in this database alone."""
    return [f"ALTER TABLE {table} DISABLE TRIGGER {guard}" for table in tables for guard in GUARDS[table]]


async def let_undecided(database: Database, *tables: str) -> None:
    """Let these tables, or all, take what nobody decided."""
    async with database.writing() as connection:
        for statement in dropping(tables or GUARDS):
            await connection.execute(statement)
