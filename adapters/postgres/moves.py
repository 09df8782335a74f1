"""Writing the moves of cases: effect, state, tasks, log and command, in one transaction, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from adapters.postgres import log, requests
from adapters.postgres.database import Connection, queries
from domain import surge
from domain.commands import CommandKind, CommandState
from domain.lines import LineChange
from domain.log import Fact
from domain.moves import Duty, SurgeMove, Written
from domain.rebuild import said


async def write_surge(connection: Connection, move: SurgeMove) -> Written:
    """Write one move of a surge inside the caller's transaction."""
    if not await claim(connection, move.fact, move.life.revision):
        return Written(again=True)
    await _move_surge(connection, move)
    if move.override:
        await queries.add_override(
            connection,
            command_id=move.fact.by.command_id,
            government_id=move.government_id,
            surge_id=move.surge_id,
            unit_id=move.override.unit_id,
            role=move.override.role,
            extra=move.override.extra,
            granted_by=move.fact.by.actor,
            reason_code=move.override.reason_code,
            at=move.fact.at,
        )
    if move.fact.type == "YearlyCapWaived":
        await queries.waive_yearly_cap(
            connection,
            command_id=move.fact.by.command_id,
            government_id=move.government_id,
            surge_id=move.surge_id,
            person_id=move.fact.person_id,
            days=move.fact.data["days"],
            granted_by=move.fact.by.actor,
            reason_code=move.fact.data["choice"],
            at=move.fact.at,
        )
    if move.fact.type == "LetterProlonged":
        await queries.prolong_letter(
            connection,
            surge_id=move.surge_id,
            letter_number=move.fact.data["letter"],
            letter_date=date.fromisoformat(move.fact.data["dated"]),
            letter_until=move.life.letter_until,
        )
    if move.line:
        for change in move.line.each:
            await _change_line(connection, change, move.fact)
    request = await requests.as_asked(connection, move)
    fact = said.of_surge(move.fact, move.duties or (), request)
    await finish(connection, move.government_id, fact, move.duties or ())
    return Written()


async def _change_line(connection: Connection, change: LineChange, fact: Fact) -> None:
    if change.turn:
        await queries.add_turn(
            connection,
            line_id=change.line_id,
            quantity=change.quantity,
            continues=change.turn.continues,
            report_at=change.turn.report_at,
            due_back=change.turn.due_back,
            needed_until=change.needed_until,
        )
    elif change.kind == CommandKind.ADD_LINE:
        await queries.add_line(connection, command_id=fact.by.command_id)
    elif change.kind == CommandKind.CLOSE_LINE:
        await queries.close_line(connection, line_id=change.line_id, quantity=change.quantity, at=fact.at)
    elif change.needed_until:
        await queries.need_line_until(connection, line_id=change.line_id, needed_until=change.needed_until)
    else:
        await queries.set_line_quantity(connection, line_id=change.line_id, quantity=change.quantity)


async def _move_surge(connection: Connection, move: SurgeMove) -> None:
    life, oral = move.life, move.life.oral
    ratified = move.fact.type == "OralOrderRatified"
    approved = ratified or move.fact.type == "RequestApproved"
    await queries.move_surge(
        connection,
        surge_id=move.surge_id,
        state=life.state.value,
        revision=life.revision,
        plan_id=life.plan_id,
        since=life.since,
        signing_since=life.signing_since,
        sign_by=life.sign_by,
        sign_warned=life.sign_warned,
        letter_warned=life.letter_warned,
        relief_by=life.relief_by,
        relief_warned=life.relief_warned,
        proposed_until=life.proposed_until,
        unmet_since=life.unmet and life.unmet.since,
        idle=life.unmet is not None and life.unmet.idle,
        unmet_escalation=life.unmet.escalation if life.unmet else 0,
        unmet_notices=life.unmet.notices if life.unmet else 0,
        escalation=life.escalation,
        notices=life.notices,
        approved=approved,
        actor=move.fact.by.actor if approved else None,
        paper_by=oral.paper_by if oral else None,
        oral_notices=oral.notices if oral else 0,
        ratified=ratified,
        closed=life.state in surge.ENDS,
        at=move.fact.at,
    )


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
