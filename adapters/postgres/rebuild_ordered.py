"""What the books say of requests for people, and of the orders and travel orders of a surge, as the fold of the log has them."""

from __future__ import annotations

from typing import Any

from adapters.postgres.database import Connection, queries
from adapters.postgres.orders import reserved_of
from adapters.postgres.requests import asked_of, line_sha256
from adapters.postgres.travel_orders import numbered_sha256
from domain.rebuild import Tables

_ORDER = (
    *("surge_id", "number", "state", "people", "void_reason"),
    *("facts_sha256", "file_sha256", "code", "kept", "papers"),
)


async def asked(
    connection: Connection, government_id: str
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return, by surge, who asked for it and approved it, and by line the hash of what it asks for."""
    of = {"government_id": government_id}
    surges = await queries.rebuild_surges(connection, **of)
    lines = await queries.rebuild_lines(connection, **of)
    return (
        {
            row["surge_id"]: asked_of(row) | {name: row[name] for name in ("approved_by", "closed_at")}
            for row in surges
        },
        {row["line_id"]: {"asked_sha256": line_sha256(row)} for row in lines},
    )


async def ordered(connection: Connection, government_id: str) -> Tables:
    """Return the orders with the hashes of their files, and the travel orders that were numbered for each."""
    of = {"government_id": government_id}
    orders = await queries.rebuild_orders(connection, **of)
    travel = await queries.rebuild_travel_orders(connection, **of)
    return {
        "order": {row["order_id"]: {name: row[name] for name in _ORDER} | reserved_of(row) for row in orders},
        "travel orders": {row["order_id"]: {"sha256": numbered_sha256(row)} for row in travel},
    }
