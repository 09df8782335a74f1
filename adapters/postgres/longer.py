"""What the roster has against a longer duty: leave and certificates are asked anew for the days that are added."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.postgres.database import Connection, queries
from domain.eligibility import Able, Longer, longer_fault, may_serve
from domain.moves import SecondmentMove
from domain.requests import Substitute
from domain.rules import RulePack

_ASKS = frozenset({"ExtensionProposed", "ExtensionAnswered", "ReassignmentProposed", "ReassignmentAnswered"})
"""When it is asked: as it is proposed, and with each that agrees, since the roster may have changed meanwhile."""


async def fault(connection: Connection, move: SecondmentMove, rules: Mapping[str, RulePack]) -> str | None:
    """Return the code of what forbids the days that a move adds to somebody's duty, or None."""
    life = move.life
    if move.fact.type not in _ASKS or life.amendment is None or life.amendment.until <= life.due_back:
        return None
    row = await queries.longer_duty(
        connection,
        placement_id=move.seat.placement_id,
        line_id=life.amendment.line_id or move.seat.line_id,
        until=life.amendment.until,
    )
    who = Able(row["home_role"], row["skills"])
    others = [Substitute(**told) for told in row["substitutes"]]
    able = may_serve(who, row["role"], others, rules[row["rule_pack"]])
    return longer_fault(Longer(away=row["away"], leaves=row["leaves"], able=able))
