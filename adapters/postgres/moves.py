"""Writing the moves of cases: effect, state, tasks, log and command, in one transaction, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from adapters.postgres import log
from adapters.postgres.database import Connection, queries
from domain.commands import CommandState
from domain.log import Fact
from domain.moves import Duty


class Disbelieved(Exception):
    """The books do not have what the move follows from; raised inside the transaction, so that nothing is written."""


async def claim(connection: Connection, fact: Fact, revision: int) -> bool:
    """Say whether this move is still to be written: its command's id, or its case and revision, is the key."""
    key = fact.by.command_id or f"{fact.case_id}#{revision}"
    outcome = {"type": fact.type, "state": fact.data.get("state")}
    taken = await queries.take_effect(
        connection, effect_key=key, command_id=fact.by.command_id, outcome=outcome
    )
    return taken is not None


async def claim_command(connection: Connection, command_id: str, event: str) -> bool:
    """Say whether what a command does is still to be written, before it is known where that leads."""
    taken = await queries.take_effect(
        connection, effect_key=command_id, command_id=command_id, outcome={"type": event, "state": None}
    )
    return taken is not None


async def open_tasks(
    connection: Connection, government_id: str, duties: Sequence[tuple[str, Duty]], at: datetime
) -> None:
    """Open the duties of cases, given as (case id, duty)."""
    await queries.open_tasks(
        connection,
        government_id=government_id,
        case_ids=[case_id for case_id, _ in duties],
        kinds=[duty.kind.value for _, duty in duties],
        assignees=[duty.assignee_id for _, duty in duties],
        capacities=[duty.capacity and duty.capacity.value for _, duty in duties],
        units=[duty.unit_id for _, duty in duties],
        governments=[duty.government_id for _, duty in duties],
        dues=[duty.due_at for _, duty in duties],
        at=at,
    )


async def finish(
    connection: Connection, government_id: str, fact: Fact, duties: Sequence[Duty], also: Sequence[Fact] = ()
) -> None:
    """End the writing of a move: its case's tasks, its command's answer, its fact, and `also` what follows from it."""
    await follow(connection, government_id, fact, duties)
    if fact.by.command_id:
        await queries.answer_command(
            connection,
            command_id=fact.by.command_id,
            state=CommandState.APPLIED.value,
            refusal=None,
            at=fact.at,
        )
    # The log's head is one row for all: it is locked last, and so for the shortest time.
    await log.append(connection, government_id, [fact, *also])


async def follow(connection: Connection, government_id: str, fact: Fact, duties: Sequence[Duty]) -> None:
    """Ask what a case asks for now, and nothing else any more."""
    await queries.close_other_tasks(
        connection,
        case_id=fact.case_id,
        at=fact.at,
        command_id=fact.by.command_id,
        kinds=[duty.kind.value for duty in duties],
        assignees=[duty.assignee_id for duty in duties],
        capacities=[duty.capacity and duty.capacity.value for duty in duties],
        units=[duty.unit_id for duty in duties],
        governments=[duty.government_id for duty in duties],
    )
    if duties:
        await open_tasks(connection, government_id, [(fact.case_id, duty) for duty in duties], fact.at)
