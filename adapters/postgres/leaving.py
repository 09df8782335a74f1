"""Leaving one government for another: what goes along with the person, what stays behind, and what each log says of it."""

from __future__ import annotations

from dataclasses import replace

from adapters.postgres import log
from adapters.postgres.database import Connection, queries
from domain import cases
from domain.log import Fact
from domain.mutation.moving import MutationMove
from domain.mutation.states import Trigger


async def forbids(connection: Connection, move: MutationMove) -> str | None:
    """Return the code of why somebody cannot leave their government now, or None."""
    person = move.matter.concerned.person_id
    if await queries.on_secondment(connection, person_id=person):
        return "on_secondment"
    known = await queries.known_there(connection, person_id=person, government_id=move.matter.government_id)
    return "number_known_there" if known else None


async def leave(connection: Connection, move: MutationMove, origin_id: str) -> None:
    """Take name, number and tokens along, and leave every office of the former government behind."""
    person = {"person_id": move.matter.concerned.person_id}
    await queries.bring_identity(connection, **person, government_id=move.matter.government_id)
    await queries.bring_tokens(connection, **person, government_id=move.matter.government_id)
    await queries.drop_later_offices(connection, **person, government_id=origin_id, at=move.fact.at)
    await queries.end_offices(connection, **person, government_id=origin_id, at=move.fact.at)


async def tell_origin(connection: Connection, move: MutationMove) -> None:
    """Tell the log of the government that has let somebody go: the case itself stands in the other one's."""
    origin_id = move.matter.concerned.origin_id
    if origin_id is None or move.trigger != Trigger.TAKE_EFFECT:
        return
    # The decision, where there is one, is answered in the log of the case.
    by, person = replace(move.fact.by, command_id=None), move.matter.concerned.person_id
    data = {"position_id": move.matter.from_position}
    case_id = cases.mutation(move.matter.mutation_id)
    fact = Fact("GovernmentChanged", case_id, move.fact.at, by, person, data)
    await log.append(connection, origin_id, [fact])
