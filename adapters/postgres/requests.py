"""Requests for people as they are written down: drafted with all their lines, changed when they were sent back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from adapters.postgres.database import Connection, queries
from domain.admission import Brief
from domain.authority import Capacity
from domain.commands import Command
from domain.moves import SurgeMove
from domain.rebuild import said
from domain.rebuild.sealed import sealed
from domain.requests import Letter, LineRequest, OralOrder, RequestKind, SurgeRequest

_REQUEST: TypeAdapter[SurgeRequest] = TypeAdapter(SurgeRequest)
_ASKING = {"RequestSubmitted", "OralOrderGiven", "RequestRejected", "RequestResubmitted", "LineAdded"}
"""Entries that say which lines there are: a case may be rejected at once, and then nothing else has said it."""


_WORDS = (
    *("title", "funding", "letter_number", "letter_date"),
    *("letter_office", "letter_until", "unit_id"),
)
_OF_LINE = (
    *("wave", "priority", "site", "lat", "lon", "substitutes", "max_km"),
    *("shift_on", "shift_off", "mode", "team", "continues", "conditions"),
)


async def draft(connection: Connection, command: Command, request: SurgeRequest, rule_pack: str) -> None:
    """Draft a surge inside the caller's transaction."""
    surge_id = _surge(command)
    head: dict[str, Any] = {
        "surge_id": surge_id,
        "government_id": command.government_id,
        "title": request.title,
        "rule_pack": rule_pack,
        "funding": request.funding,
        "requested_by": command.actor_id,
        "at": command.decided_at,
    }
    if request.letter:
        await queries.draft_service_surge(connection, **head, **_letter(request.letter))
    else:
        await queries.draft_surge(connection, operation_id=request.operation_id, **head)
    if request.oral and request.oral.capacity:
        await queries.note_oral_order(
            connection,
            surge_id=surge_id,
            oral_by=request.oral.by,
            oral_capacity=request.oral.capacity.value,
            oral_at=request.oral.given_at,
        )
    await draft_lines(connection, surge_id, request.lines)


async def draft_lines(connection: Connection, surge_id: str, lines: Sequence[LineRequest]) -> None:
    """Draft the lines of a surge."""
    await queries.draft_lines(
        connection,
        surge_id=surge_id,
        lines=[line.told() | {"line_id": f"{surge_id}/{number:02}"} for number, line in enumerate(lines, 1)],
    )


async def keep_change(connection: Connection, command: Command, request: SurgeRequest) -> None:
    """Keep a request as a command wants to change it; the case puts it in force or refuses it."""
    await queries.keep_revision(
        connection,
        command_id=command.command_id,
        surge_id=_surge(command),
        request=_REQUEST.dump_python(request, mode="json"),
    )


async def change(connection: Connection, command_id: str) -> SurgeRequest:
    """Return a request as a command would change it; raises LookupError."""
    row = await queries.revision_of(connection, command_id=command_id)
    if row is None:
        raise LookupError(f"no changed request: {command_id}")
    return _REQUEST.validate_python(row["request"])


async def put_in_force(connection: Connection, surge_id: str, command_id: str) -> None:
    """Replace the request of a surge by the changed one."""
    request = await change(connection, command_id)
    await queries.change_surge(
        connection,
        surge_id=surge_id,
        title=request.title,
        funding=request.funding,
        **_letter(request.letter),
    )
    await queries.drop_lines(connection, surge_id=surge_id)
    await draft_lines(connection, surge_id, request.lines)


async def as_asked(connection: Connection, move: SurgeMove) -> dict[str, Any] | None:
    """Put in force what the move changes of the request; return what the log is to say of it, None for nothing new."""
    command_id = move.fact.by.command_id
    if move.fact.type == "RequestResubmitted" and command_id:
        await put_in_force(connection, move.surge_id, command_id)
    if move.fact.type not in _ASKING | {"LetterProlonged"}:
        return None
    surge = await queries.surge_told(connection, surge_id=move.surge_id)
    if move.fact.type == "LetterProlonged":
        return {said.DRAFTED: asked_of(surge)}
    rows = await queries.lines_told(connection, surge_id=move.surge_id)
    added = move.line and move.line.line_id
    return {
        "operation_id": surge["operation_id"],
        said.DRAFTED: asked_of(surge),
        said.LINES: [
            {
                "line_id": row["line_id"],
                "role": row["role"],
                "quantity": row["quantity"],
                "report_at": row["report_at"].isoformat(),
                "due_back": row["due_back"].isoformat(),
                "asked_sha256": line_sha256(row),
            }
            | ({"needed_until": row["needed_until"].isoformat()} if row["needed_until"] else {})
            for row in rows
            if added in (None, row["line_id"])
        ],
    }


def asked_of(row: Any) -> dict[str, Any]:
    """Return who asked for a surge, as the log says it of a row; in which words and by which letter, by their hash."""
    return {
        **{name: row[name] for name in ("requested_by", "rule_pack", "kind", "oral_by", "oral_capacity")},
        "requested_at": row["requested_at"].isoformat(),
        "oral_at": row["oral_at"] and row["oral_at"].isoformat(),
        "words_sha256": sealed(row["asker_salt"], row, _WORDS),
    }


def line_sha256(row: Any) -> str:
    """Return the hash of what a line asks for besides its role, its places and its times; nobody is in it."""
    return sealed("", row, _OF_LINE)


async def brief(
    connection: Connection, surge_id: str, changed_by: str | None = None, at: datetime | None = None
) -> Brief:
    """Return what the request stands on, from `at` on, or would as a command changes it; raises LookupError."""
    row = await queries.surge_brief(connection, surge_id=surge_id, at=at)
    if row is None:
        raise LookupError(f"no such surge, or it asks for nobody: {surge_id}")
    told = dict(row)
    by, given_at, capacity = told.pop("oral_by"), told.pop("oral_at"), told.pop("oral_capacity")
    oral = OralOrder(by, given_at, Capacity(capacity)) if by else None
    stands = Brief(**told | {"kind": RequestKind(told["kind"]), "oral": oral})
    return _as_changed(stands, await change(connection, changed_by)) if changed_by else stands


def _as_changed(brief: Brief, request: SurgeRequest) -> Brief:
    lines = request.lines
    return replace(
        brief,
        people=sum(line.quantity for line in lines),
        first_report=min(line.report_at for line in lines),
        last_due_back=max(line.due_back for line in lines),
        longest_duty=max(line.due_back - line.report_at for line in lines),
        letter_until=request.letter.until if request.letter else None,
        needed_until=max((line.needed_until for line in lines if line.needed_until), default=None),
    )


def _letter(letter: Letter | None) -> dict[str, Any]:
    return {
        "letter_number": letter and letter.number,
        "letter_date": letter and letter.dated,
        "letter_office": letter and letter.office,
        "letter_until": letter and letter.until,
        "unit_id": letter and letter.unit_id,
    }


def _surge(command: Command) -> str:
    return command.case_id.partition(":")[2]
