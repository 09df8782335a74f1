"""Who loses cover, and who has it again: flagged, logged and told by a command, all in one transaction."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from adapters.postgres import log
from adapters.postgres.commands import record
from adapters.postgres.database import Connection, queries
from domain import cases
from domain.commands import CommandKind, by_system
from domain.log import Attribution, Fact
from domain.moves import OF_THE_CLOCK, CoverLost
from domain.secondment import DEPLOYED, NOT_YET_OUT

MOST = 200
"""People told in one transaction: short enough that nobody waits long for the log."""
_KEYS = uuid.UUID("2f6b7d52-5f3a-4d0e-9a53-1c0f6e9b7a10")


async def tell_cover(
    connection: Connection, operation_id: str, covered_until: datetime, *, at: datetime, basis: str
) -> CoverLost:
    """Tell a stretch of an operation's people until when there is, or was, cover.

    The flag on the placement is the cover's end that was told: with the same end, nobody is told twice.
    """
    rows = await queries.lock_cover_changed(
        connection,
        operation_id=operation_id,
        covered_until=covered_until,
        on_duty=sorted(NOT_YET_OUT | DEPLOYED),
        most=MOST,
    )
    if not rows:
        surges = await queries.open_surges_of_operation(connection, operation_id=operation_id)
        return CoverLost(0, 0, tuple(row["surge_id"] for row in surges), more=False)
    await queries.set_cover(
        connection,
        placement_ids=[row["placement_id"] for row in rows],
        since=[covered_until if row["uncovered"] else None for row in rows],
    )
    for row in rows:
        await _command(connection, row, covered_until, at)
    facts = [_fact(row, operation_id, covered_until, at, basis) for row in rows]
    await log.append(connection, rows[0]["government_id"], facts)
    lost = sum(row["uncovered"] for row in rows)
    return CoverLost(lost, len(rows) - lost, (), more=True)


async def _command(connection: Connection, row: Any, covered_until: datetime, at: datetime) -> None:
    kind = CommandKind.LOSE_COVER if row["uncovered"] else CommandKind.REGAIN_COVER
    told = covered_until.isoformat()
    # Cover may come back to an end that it had before: that is another telling, of another moment.
    key = f"{kind.value}:{row['placement_id']}:{told}:{at.isoformat()}"
    command = by_system(
        kind,
        cases.secondment(row["placement_id"]),
        row["government_id"],
        command_id=str(uuid.uuid5(_KEYS, key)),
        at=at,
        details={"covered_until": told},
    )
    await record(connection, command, key)


def _fact(row: Any, operation_id: str, covered_until: datetime, at: datetime, basis: str) -> Fact:
    data = {
        "operation_id": operation_id,
        "surge_id": row["surge_id"],
        "unit_id": row["unit_id"],
        "covered_until": covered_until.isoformat(),
        "due_back": row["due_back"].isoformat(),
    }
    type_ = "UncoveredDuty" if row["uncovered"] else "DutyCovered"
    by = Attribution(OF_THE_CLOCK, "SYSTEM", basis)
    return Fact(type_, cases.secondment(row["placement_id"]), at, by, row["person_id"], data)
