"""Writing what a surge moves: its row, its lines, what it grants, in one transaction, once, and only by what the books have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from adapters.postgres import requests
from adapters.postgres.commands import command_of
from adapters.postgres.database import Connection, queries
from adapters.postgres.moves import Disbelieved, claim, finish
from adapters.postgres.surge_rows import life_of
from domain import surge
from domain.commands import CommandKind
from domain.lines import LineChange
from domain.log import Fact
from domain.moves import NOT_BY_THE_BOOKS, SurgeMove, Written
from domain.rebuild import said
from domain.rules import RulePack
from domain.surge_believing import Books, disbelieved


async def write_surge(
    connection: Connection,
    move: SurgeMove,
    rules: Mapping[str, RulePack],
    beside: dict[str, Any] | None = None,
) -> Written:
    """Write one move of a surge inside the caller's transaction, with the order that is issued beside it; raises Disbelieved."""
    if not await claim(connection, move.fact, move.life.revision):
        stands = await queries.surge_by_id(connection, surge_id=move.surge_id)
        # A case that has gone on since was not asked to move by whoever asks now.
        gone_on = stands is None or stands["revision"] != move.life.revision
        return Written(again=True, refused=NOT_BY_THE_BOOKS if gone_on else None)
    if await _disbelieved(connection, move, rules):
        raise Disbelieved(move.fact.case_id)
    return await put_down(connection, move, beside)


async def put_down(connection: Connection, move: SurgeMove, beside: dict[str, Any] | None = None) -> Written:
    """Write a move that is claimed and believed."""
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
    fact = said.of_surge(move.fact, move.duties or (), request, beside)
    await finish(connection, move.government_id, fact, move.duties or ())
    return Written()


async def _disbelieved(connection: Connection, move: SurgeMove, rules: Mapping[str, RulePack]) -> str | None:
    """Say why the books do not have what a move follows from, whoever sends it; the case cannot move meanwhile."""
    row = await queries.surge_before_move(connection, surge_id=move.surge_id)
    if row is None:
        return NOT_BY_THE_BOOKS
    request = command_of(await queries.command_by_id(connection, command_id=row["command_id"]))
    command_id = move.fact.by.command_id
    named = command_id and await queries.decision_in_office(connection, command_id=command_id)
    pack = rules[row["rule_pack"]]
    books = Books(
        move.surge_id,
        row["government_id"],
        None if row["state"] == "DRAFT" else life_of(row),
        pack.surge,
        pack.basis("surge"),
        request,
        command_of(named) if named else None,
        row["oral_at"] is not None,
        row["people_held"],
    )
    return disbelieved(move, books)


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
