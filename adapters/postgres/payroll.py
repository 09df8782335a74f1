"""The notice to whoever pays: what somebody holds from which day on, as an event of its own in the log."""

from __future__ import annotations

from dataclasses import replace

from adapters.postgres import log
from adapters.postgres.database import Connection, queries
from domain import cases
from domain.log import Fact
from domain.mutation.moving import MutationMove


async def notice(connection: Connection, move: MutationMove) -> None:
    """Tell the log which post and class somebody is paid for from now on; this house pays nobody itself."""
    matter, decree = move.matter, move.life.decree
    assert decree is not None
    post = await queries.kind_of_post(connection, position_id=move.life.position_id)
    data = {
        "from_unit": matter.concerned.releasing_unit,
        "from_position": matter.from_position,
        "to_unit": matter.concerned.receiving_unit,
        "to_position": move.life.position_id,
        "paid_from": decree.effective_at.isoformat(),
    } | ({"job_class": post["job_class"]} if post else {})
    # The decision, where there is one, is answered by the move itself.
    by, person = replace(move.fact.by, command_id=None), matter.concerned.person_id
    case_id = cases.mutation(matter.mutation_id)
    await log.append(
        connection,
        matter.government_id,
        [Fact("PayrollNoticed", case_id, move.fact.at, by, person, data)],
    )
