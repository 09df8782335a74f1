"""What ends with somebody's service: whoever has died decides nothing more, and nobody acts by or for them.

Whoever was dead by mistake lives in the books again, unless another case has told of the death and not taken it back. The
mandates that ended with it stay ended: whoever wrote them may write new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from adapters.postgres import log, posts
from adapters.postgres.database import Connection, queries
from adapters.postgres.mandates import mandate_of, tell_cases
from domain.log import Fact
from domain.moves import SecondmentMove
from domain.mutation.moving import MutationMove
from domain.mutation.states import Trigger


async def of_secondment(connection: Connection, move: SecondmentMove) -> None:
    """Take note where a secondment tells of a death."""
    if move.fact.type == "DeathReported":
        await queries.note_death(connection, person_id=move.seat.person_id, at=move.fact.at)
        await _end_mandates(connection, move.seat.person_id, move.fact)
    elif move.fact.type == "DeathRetracted":
        await queries.note_life(connection, person_id=move.seat.person_id)


async def of_mutation(connection: Connection, move: MutationMove) -> None:
    """Take note where a mutation tells of a death, takes it back, tells of a retirement, or has brought somebody to another government."""
    concerned = move.matter.concerned
    if move.trigger == Trigger.REPORT_DEATH:
        await queries.note_death(connection, person_id=concerned.person_id, at=move.fact.at)
    elif move.trigger == Trigger.RETRACT_DEATH:
        await queries.note_life(connection, person_id=concerned.person_id)
        return
    elif move.trigger == Trigger.REPORT_RETIREMENT:
        await queries.note_leaving(connection, person_id=concerned.person_id, at=move.fact.at)
    elif move.trigger != Trigger.TAKE_EFFECT or concerned.origin_id is None:
        return
    await _end_mandates(connection, concerned.person_id, move.fact)


async def of_roster(connection: Connection, person_ids: Sequence[str], because: Fact) -> None:
    """Take note of whom a roster names no more. Named again later, they serve again, and need a new mandate."""
    for person_id in person_ids:
        await _end_mandates(connection, person_id, because)


async def _end_mandates(connection: Connection, person_id: str, because: Fact) -> None:
    """End what they hold by a mandate, what was written for others to hold for them, and whom they let decide for somebody.

    An acting officer whom they named for another's post goes on: the office named them. The cases of a head for whom
    nobody acts any more hear of it, and ask for another; but not the own one, since whoever serves no more heads nothing.
    """
    rows = await queries.end_mandates_of(
        connection, person_id=person_id, case_id=because.case_id, at=because.at
    )
    for row in rows:
        if row["principal_id"] != person_id:
            await tell_cases(connection, mandate_of(row), because.at)
    whose = itemgetter("government_id")
    for government_id, ended in groupby(sorted(rows, key=whose), whose):
        await log.append(connection, government_id, [posts.ended(row, because) for row in ended])
