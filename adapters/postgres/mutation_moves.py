"""Writing what a mutation moves: its row, what its file brings, the override it grants, the positions it exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.postgres import case_papers, errata, leaving, payroll, restoring
from adapters.postgres.database import Connection, queries
from adapters.postgres.mutation_rows import LIFE, drafted_of, life_sha256
from domain import cases
from domain.log import Fact
from domain.mutation.moving import MOVED_MEANWHILE, MutationMove
from domain.mutation.reasons import PositionLoss
from domain.mutation.states import Trigger
from domain.rebuild import said

POSITION_TAKEN = "SG003"
"""What the trigger raises that keeps a place for one case."""


class Forbidden(Exception):
    """The books do not let the move be; raised inside the transaction, so that nothing is written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fact_of(move: MutationMove, beside: dict[str, Any]) -> Fact:
    """Return the move's fact with what the log must say of the life that follows, and of what was written beside it."""
    return said.of_mutation(move, life_sha256(LIFE.dump_python(move.life, mode="json")), beside)


async def apply(connection: Connection, move: MutationMove) -> dict[str, Any]:
    """Write one move inside the caller's transaction, without its fact, its tasks and its answer.

    Returns what the fact must say of what was written beside the life (`domain.rebuild.said`).
    """
    if move.trigger == Trigger.RESUBMIT:
        await _mend(connection, move)
    await _allow(connection, move)
    row = await _move(connection, move)
    beside: dict[str, Any] = {}
    if move.life.revision == 1 or move.trigger == Trigger.RESUBMIT:
        beside[said.DRAFTED] = drafted_of(row)
    if owes := await case_papers.owe(connection, move):
        beside[said.OWES] = owes
    if move.trigger == Trigger.OVERRIDE_RULE:
        await _override(connection, move)
    if move.trigger == Trigger.TAKE_EFFECT:
        beside[said.IN_POST_SINCE] = await _exchange(connection, move)
    return beside


async def no_place_taken_twice(connection: Connection, moves: Sequence[MutationMove]) -> None:
    """Forbid what would put two people in one place; asked once everybody who moves together has moved."""
    for move in moves:
        if await queries.overfilled(connection, position_id=move.life.position_id):
            raise Forbidden("position_not_free")


async def _move(connection: Connection, move: MutationMove) -> Any:
    """Write where the case stands; return its whole row, with the key under which it was asked for."""
    life = move.life
    done = await queries.move_mutation(
        connection,
        mutation_id=move.matter.mutation_id,
        state=life.state.value,
        revision=life.revision,
        life=LIFE.dump_python(life, mode="json"),
        since=life.since,
        position_id=life.position_id,
        open=not life.ended,
        reserves=life.reserves,
        undone=life.undone,
        group_case=cases.group(life.group) if life.group else None,
        at=move.fact.at,
    )
    if done is None:
        raise Forbidden(MOVED_MEANWHILE)
    return done


async def _allow(connection: Connection, move: MutationMove) -> None:
    """Raise Forbidden where the books know what the case cannot."""
    if move.trigger == Trigger.ISSUE_ERRATUM and (code := await errata.fault(connection, move)):
        raise Forbidden(code)
    if move.trigger == Trigger.RETRACT_DEATH and await queries.told_the_death(
        connection, case_id=move.fact.case_id, command_id=move.fact.by.command_id
    ):
        raise Forbidden("own_report")
    if move.trigger == Trigger.LET_STAND and await queries.keeps_partner(
        connection, mutation_id=move.matter.mutation_id
    ):
        # Its effect would be refused each hour, for ever.
        raise Forbidden("partner_stays")


async def _mend(connection: Connection, move: MutationMove) -> None:
    """Take what a file that is sent again brings; it may name another position, of the same government."""
    position, matter = move.life.position_id, move.matter
    if position == matter.from_position:
        raise Forbidden("same_post")
    unit = await queries.unit_of_position(
        connection, position_id=position, government_id=matter.government_id
    )
    if unit is None:
        raise Forbidden("no_such_position")
    if move.life.reverses and "position_id" in move.fact.data:
        lost = move.life.because in set(PositionLoss)
        if code := await restoring.fault(connection, move.life.reverses, position, lost=lost):
            raise Forbidden(code)
    if more := str(move.fact.data.get("documents", "")).split():
        await queries.hand_in(connection, mutation_id=matter.mutation_id, documents=more)


async def _override(connection: Connection, move: MutationMove) -> None:
    await queries.add_rule_override(
        connection,
        mutation_id=move.matter.mutation_id,
        rule=move.fact.data["rule"],
        ground=move.fact.data["choice"],
        command_id=move.fact.by.command_id,
        at=move.fact.at,
    )


async def _exchange(connection: Connection, move: MutationMove) -> str:
    """Give the person the new position, and both units what follows: who is counted there, and who heads them.

    Returns the day since when the person holds it.
    """
    matter, person, at = move.matter, move.matter.concerned.person_id, move.fact.at
    assert move.life.decree is not None
    taken = await queries.take_position(
        connection,
        person_id=person,
        from_position=matter.from_position,
        position_id=move.life.position_id,
        effective_at=move.life.decree.effective_at,
    )
    if taken is None:
        raise Forbidden("holds_another_position")
    for position, change in ((matter.from_position, -1), (move.life.position_id, 1)):
        await queries.count_heads(connection, position_id=position, change=change, rule_pack=matter.pack)
    await queries.end_headship(
        connection,
        person_id=person,
        unit_id=matter.concerned.releasing_unit,
        government_id=matter.government_id,
        at=at,
    )
    if origin_id := matter.concerned.origin_id:
        # Asked once the person's row is held: nobody is offered a secondment meanwhile.
        if code := await leaving.forbids(connection, move):
            raise Forbidden(code)
        await leaving.leave(connection, move, origin_id)
    await queries.begin_headship(connection, person_id=person, position_id=move.life.position_id, at=at)
    await payroll.notice(connection, move)
    since: str = taken["in_post_since"].isoformat()
    return since
