"""What the books have against a longer duty: leave, certificates and the rest before the next duty, asked anew for the days that
are added.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.postgres.database import Connection, queries
from adapters.postgres.fitting import resting
from domain.eligibility import TOO_NEAR, Able, Longer, longer_fault, may_serve
from domain.moves import SecondmentMove
from domain.requests import Substitute
from domain.rules import RulePack

_ASKS = frozenset({"ExtensionProposed", "ExtensionAnswered", "ReassignmentProposed", "ReassignmentAnswered"})
"""When it is asked: as it is proposed, and with each that agrees, since the books may have changed meanwhile."""

_MOVES_AN_OFFER = "ConditionDecided"
"""Another site that is granted may be one where the duty ends later."""

_LOCKS = _ASKS | {_MOVES_AN_OFFER, "AffectedConfirmed", "DeathReported", "DeathRetracted"}
"""What takes more of somebody's time; and what writes of the person once the placement is written, since a hold locks the person
first.
"""


async def lock_person(connection: Connection, move: SecondmentMove) -> None:
    """Let nobody else take the person's time before the transaction ends, where the move takes some of it."""
    if move.fact.type in _LOCKS:
        await queries.lock_people(connection, people=[move.seat.person_id])


async def fault(connection: Connection, move: SecondmentMove, rules: Mapping[str, RulePack]) -> str | None:
    """Return the code of what forbids the days that a move adds to somebody's duty, or None."""
    life = move.life
    if move.fact.type == _MOVES_AN_OFFER:
        surge = await queries.surge_by_id(connection, surge_id=move.seat.surge_id)
        until, pack = life.due_back, rules[surge["rule_pack"]]
        near = await queries.next_too_near(
            connection, placement_id=move.seat.placement_id, until=until, **resting(pack)
        )
        return TOO_NEAR if near else None
    if move.fact.type not in _ASKS or life.amendment is None or life.amendment.until <= life.due_back:
        return None
    asked = {"placement_id": move.seat.placement_id, "until": life.amendment.until}
    line_id = life.amendment.line_id or move.seat.line_id
    row = await queries.longer_duty(connection, line_id=line_id, **asked)
    who, pack = Able(row["home_role"], row["skills"]), rules[row["rule_pack"]]
    others = [Substitute(**told) for told in row["substitutes"]]
    able = may_serve(who, row["role"], others, pack)
    near = await queries.next_too_near(connection, **asked, **resting(pack))
    return longer_fault(Longer(away=row["away"], near=bool(near), leaves=row["leaves"], able=able))
