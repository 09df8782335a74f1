"""Who decides: a person with the offices held at an instant, or the system."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.postgres.database import Connection, queries
from domain.authority import Actor, Appointment, Capacity, Tenure
from domain.commands import Command


async def author(connection: Connection, command: Command, serves: str | None) -> Actor:
    """Return who decided, of the government where they serve, with the offices held then; for what no person decides, the system."""
    if command.capacity == Capacity.SYSTEM:
        return Actor(command.actor_id, command.government_id, (Appointment(Capacity.SYSTEM),))
    return await actor(connection, command.actor_id, serves or command.government_id, command.decided_at)


async def actor(connection: Connection, person_id: str, government_id: str, at: datetime) -> Actor:
    """Return a person with the offices held at an instant."""
    rows = await queries.appointments_of(connection, person_id=person_id, at=at)
    died = await queries.has_died(connection, person_id=person_id, at=at)
    return Actor(person_id, government_id, tuple(_office(row) for row in rows), died=bool(died))


def _office(row: Any) -> Appointment:
    return Appointment(
        Capacity(row["capacity"]),
        row["unit_id"],
        Tenure(row["tenure"]),
        row["principal_id"],
        row["written_by"],
        row["mandate_id"],
        frozenset(row["scope"]) if row["scope"] is not None else None,
    )
