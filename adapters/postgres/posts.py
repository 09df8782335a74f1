"""What becomes of an acting head's mandate once the head's secondment has ended: it ends, in the same transaction."""

from __future__ import annotations

from typing import Any

from adapters.postgres.database import Connection, queries
from domain.log import Attribution, Fact
from domain.moves import SecondmentMove

EMPTY = "SG003"
"""What the trigger on `placements` raises where a post would be left without an acting head."""


async def end_acting(connection: Connection, move: SecondmentMove) -> list[Fact]:
    """End the mandates that were written for a secondment which this move ends; return the facts.

    One that stood before the person was asked was written for something else, and goes on.
    """
    if move.life.held or move.life.post is None:
        return []
    rows = await queries.end_acting_mandates(
        connection, placement_id=move.seat.placement_id, case_id=move.fact.case_id, at=move.fact.at
    )
    return [ended(row, move.fact) for row in rows]


def ended(row: Any, because: Fact) -> Fact:
    """Return the fact that a mandate has ended with what another fact tells."""
    data = {
        "tenure": row["tenure"],
        "substitute_id": row["substitute_id"],
        "principal_id": row["principal_id"],
        "capacity": row["capacity"],
        "unit_id": row["unit_id"],
        "starts": row["starts"].isoformat(),
        "ends": because.at.isoformat(),
        "letter": row["letter"],
    }
    by = Attribution(because.by.actor, because.by.authority, because.by.basis)
    return Fact("MandateRevoked", f"mandate:{row['mandate_id']}", because.at, by, None, data)
