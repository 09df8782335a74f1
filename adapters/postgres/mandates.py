"""Who decides for whom: mandates written, ended and read."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import asyncpg

from adapters.postgres import log
from adapters.postgres.boards import MOST
from adapters.postgres.commands import record
from adapters.postgres.database import Connection, Database, queries
from domain import cases
from domain.authority import Actor, Capacity, Tenure
from domain.commands import CommandKind, by_system
from domain.log import Fact
from domain.mandates import ActingAlready, Mandate, WrittenAlready
from domain.sight import OVERSEERS, holds

_KEYS = uuid.UUID("7b0c5f0e-64b1-4f0d-8b0e-0c7a6f1d2e35")


class MandateBook:
    """Mandates of a government; each that is written or ended is a fact in the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def holders(self, mandate: Mandate, at: datetime) -> frozenset[str]:
        """Return who holds the office by appointment."""
        async with self._database.reading() as connection:
            rows = await queries.holders_of_office(
                connection,
                government_id=mandate.government_id,
                capacity=mandate.capacity.value,
                unit_id=mandate.unit_id,
                at=at,
            )
        return frozenset(row["person_id"] for row in rows)

    async def serves(self, person_id: str, government_id: str) -> bool:
        """Say whether somebody is in the government's service."""
        async with self._database.reading() as connection:
            found = await queries.person_of_government(
                connection, person_id=person_id, government_id=government_id
            )
        return found is not None

    async def is_placed(self, person_id: str, starts: datetime, ends: datetime) -> bool:
        """Say whether somebody is on a surge, or promised to one, at some time of a span."""
        async with self._database.reading() as connection:
            return bool(
                await queries.on_a_surge_then(connection, person_id=person_id, starts=starts, ends=ends)
            )

    async def find(self, mandate_id: str) -> Mandate:
        """Return a mandate; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.mandate_by_id(connection, mandate_id=mandate_id)
        if row is None:
            raise LookupError(f"no such mandate: {mandate_id}")
        return mandate_of(row)

    async def write(self, mandate: Mandate, fact: Fact) -> None:
        """Write a mandate and its fact; raises ActingAlready where somebody acts in that office then.

        Raises WrittenAlready where another one says the same: whoever revoked the one would not know of it.
        """
        said = {
            "mandate_id": mandate.mandate_id,
            "government_id": mandate.government_id,
            "tenure": mandate.tenure.value,
            "substitute_id": mandate.substitute_id,
            "principal_id": mandate.principal_id,
            "capacity": mandate.capacity.value,
            "unit_id": mandate.unit_id,
            "starts": mandate.starts,
            "ends": mandate.ends,
            "scope": sorted(mandate.scope) if mandate.scope is not None else None,
        }
        async with self._database.writing() as connection:
            if mandate.tenure == Tenure.SUBSTITUTE and await queries.lets_decide_already(connection, **said):
                raise WrittenAlready(mandate.capacity)
            try:
                written = await queries.write_mandate(
                    connection, **said, written_by=mandate.written_by, letter=mandate.letter, at=fact.at
                )
            except asyncpg.ExclusionViolationError as error:
                raise ActingAlready(mandate.capacity) from error
            if written:
                await tell_cases(connection, mandate, fact.at)
                await log.append(connection, mandate.government_id, [fact])

    async def revoke(self, mandate: Mandate, by: str, fact: Fact) -> bool:
        """End a mandate before its time; False when it had ended."""
        async with self._database.writing() as connection:
            revoked = await queries.revoke_mandate(
                connection, mandate_id=mandate.mandate_id, at=fact.at, revoked_by=by
            )
            if revoked:
                await tell_cases(connection, mandate, fact.at)
                await log.append(connection, mandate.government_id, [fact])
        return revoked is not None

    async def seen_by(self, who: Actor) -> list[dict[str, Any]]:
        """Return the mandates that somebody may see: all for overseers, else one's own; the open ones first."""
        async with self._database.reading() as connection:
            rows = await queries.mandates_of(
                connection,
                government_id=who.government_id,
                person_id=who.person_id,
                everybody=holds(who, OVERSEERS | {Capacity.OPERATOR}),
                most=MOST,
            )
        return [dict(row) for row in rows]


async def tell_cases(connection: Connection, mandate: Mandate, at: datetime) -> None:
    """Tell the cases of a head who is on a surge who acts in the post now, by a command of the system."""
    if mandate.tenure != Tenure.PLH or mandate.capacity != Capacity.UNIT_HEAD:
        return
    rows = await queries.posts_otherwise_filled(
        connection, principal_id=mandate.principal_id, unit_id=mandate.unit_id, at=at
    )
    for row in rows:
        kind = CommandKind.GAIN_ACTING_HEAD if row["mandate_id"] else CommandKind.LOSE_ACTING_HEAD
        # The same mandate may be told of twice: when it is written, and when what follows it is.
        key = f"{kind.value}:{row['placement_id']}:{row['mandate_id']}:{at.isoformat()}"
        told = {"mandate_id": row["mandate_id"], "until": row["until"].isoformat()} if row["until"] else {}
        command = by_system(
            kind,
            cases.secondment(row["placement_id"]),
            row["government_id"],
            command_id=str(uuid.uuid5(_KEYS, key)),
            at=at,
            details=told,
        )
        await record(connection, command, key)


def mandate_of(row: Any) -> Mandate:
    """Return the mandate that a row holds."""
    return Mandate(
        mandate_id=row["mandate_id"],
        government_id=row["government_id"],
        tenure=Tenure(row["tenure"]),
        substitute_id=row["substitute_id"],
        principal_id=row["principal_id"],
        capacity=Capacity(row["capacity"]),
        unit_id=row["unit_id"],
        starts=row["starts"],
        ends=row["ends"],
        written_by=row["written_by"],
        letter=row["letter"],
        scope=frozenset(row["scope"]) if row["scope"] is not None else None,
    )
