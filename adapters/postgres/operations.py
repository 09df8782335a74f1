"""Writing the moves of operations: their standings and the ends of these; and whom it concerns when cover ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.postgres.commands import command_of
from adapters.postgres.cover import tell_cover
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.moves import Disbelieved, claim, finish
from domain import cases
from domain.cases import OpenCase
from domain.moves import NOT_BY_THE_BOOKS, CoverLost, OperationMove, Written
from domain.operation import Clock, Life, State
from domain.operation_believing import Books, disbelieved
from domain.rebuild import said
from domain.rules import RulePack
from domain.standings import Ending, EndMoved, Level, Standing, Status


async def open_operation(connection: Connection, operation_id: str) -> OpenCase | None:
    """Return an open operation; None where there is none such open."""
    newest = await queries.newest_standings(connection, key=operation_id)
    for row in await queries.open_operations(connection, key=operation_id):
        return operation_case(row, newest)
    return None


class OperationBook:
    """Emergency operations."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def standing(self, operation_id: str) -> OpenCase | None:
        """Return an open operation as the registry has it; None where it holds none such open."""
        async with self._database.reading() as connection:
            return await open_operation(connection, operation_id)

    async def left_open(self, operation_id: str) -> tuple[int, int]:
        """Count the people who are held or out under the operation, and its surges that have not ended."""
        async with self._database.reading() as connection:
            row = await queries.left_open(connection, operation_id=operation_id)
        return row["people"], row["surges"]

    async def write(self, move: OperationMove) -> Written:
        """Write one move; where the books do not have what it follows from, nothing is written."""
        try:
            async with self._database.writing() as connection:
                return await self._write(connection, move)
        except Disbelieved:
            return Written(refused=NOT_BY_THE_BOOKS)

    async def _write(self, connection: Connection, move: OperationMove) -> Written:
        if not await claim(connection, move.fact, move.life.revision):
            stands = await queries.operation_by_id(connection, operation_id=move.operation_id)
            # A case that has gone on since was not asked to move by whoever asks now.
            gone_on = stands is None or stands["revision"] != move.life.revision
            return Written(again=True, refused=NOT_BY_THE_BOOKS if gone_on else None)
        if await self._disbelieved(connection, move):
            raise Disbelieved(move.fact.case_id)
        return await put_down(connection, move)

    async def _disbelieved(self, connection: Connection, move: OperationMove) -> str | None:
        """Say why the books do not have what a move follows from; the operation cannot move meanwhile."""
        row = await queries.operation_before_move(connection, operation_id=move.operation_id)
        if row is None:
            return NOT_BY_THE_BOOKS
        newest = await queries.newest_standings(connection, key=move.operation_id)
        command_id = move.fact.by.command_id
        named = command_id and await queries.decision_in_office(connection, command_id=command_id)
        left = await queries.left_open(connection, operation_id=move.operation_id)
        pack = self._rules[row["rule_pack"]]
        books = Books(
            move.operation_id,
            row["government_id"],
            None if row["state"] == "DRAFT" else life_of(row, newest),
            Clock(pack.status_warning, pack.after_action),
            pack.basis("surge"),
            command_of(named) if named else None,
            row["decided_until"],
            left["people"],
            left["surges"],
        )
        return disbelieved(move, books)

    async def tell_cover(
        self, operation_id: str, covered_until: datetime, at: datetime, basis: str
    ) -> CoverLost:
        """Tell a stretch of the operation's people about its cover."""
        async with self._database.writing() as connection:
            return await tell_cover(connection, operation_id, covered_until, at=at, basis=basis)


async def put_down(connection: Connection, move: OperationMove) -> Written:
    """Write a move that is claimed and believed."""
    await _write_standings(connection, move)
    await queries.move_operation(
        connection,
        operation_id=move.operation_id,
        state=move.life.state.value,
        revision=move.life.revision,
        report=move.life.report,
        ended=move.life.state == State.ENDED,
        archived=move.life.state == State.ARCHIVED,
        at=move.fact.at,
    )
    await finish(connection, move.government_id, said.of_operation(move), move.duties)
    await queries.set_task_due(
        connection,
        case_id=move.fact.case_id,
        kinds=[duty.kind.value for duty in move.duties],
        capacities=[duty.capacity and duty.capacity.value for duty in move.duties],
        dues=[duty.due_at for duty in move.duties],
    )
    return Written()


async def _write_standings(connection: Connection, move: OperationMove) -> None:
    # Ends first: a status that follows another begins where that one is cut short.
    for moved in move.ends:
        await _move_end(connection, move, moved)
    if move.declared:
        await _declare(connection, move, move.declared)
    known = (*move.life.standings, *move.life.decreed)
    await queries.begin_standings(
        connection, operation_id=move.operation_id, numbers=[one.number for one in move.life.standings]
    )
    # The life knows the newest of each level; what was superseded just now is no longer among them.
    gone = [moved for moved in move.ends if moved.number not in {one.number for one in known}]
    await queries.mark_standings(
        connection,
        operation_id=move.operation_id,
        numbers=[*(one.number for one in known), *(moved.number for moved in gone)],
        warned=[*(one.warned for one in known), *(None for _ in gone)],
        endings=[*(one.ended and one.ended.value for one in known), *(moved.kind.value for moved in gone)],
        at=move.fact.at,
    )


async def _move_end(connection: Connection, move: OperationMove, moved: EndMoved) -> None:
    decree = move.decree
    assert decree is not None
    await queries.move_standing_end(
        connection,
        operation_id=move.operation_id,
        number=moved.number,
        kind=moved.kind.value,
        before=moved.before,
        after=moved.after,
        decree=decree.number or None,
        decree_date=date.fromisoformat(decree.date) if decree.date else None,
        decided_at=decree.decided_at,
        at=move.fact.at,
        command_id=move.fact.by.command_id,
    )


async def _declare(connection: Connection, move: OperationMove, declared: Standing) -> None:
    decree = move.decree
    assert decree is not None
    assert decree.date is not None
    await queries.add_standing(
        connection,
        operation_id=move.operation_id,
        number=declared.number,
        level=declared.level.value,
        status=declared.status.value,
        area=decree.area,
        decree=decree.number,
        decree_date=date.fromisoformat(decree.date),
        statement=decree.statement,
        start=declared.start,
        end=declared.end,
        begun=declared in move.life.standings,
        decided_at=decree.decided_at,
        at=move.fact.at,
        command_id=move.fact.by.command_id,
    )


def operation_case(row: Any, newest: Sequence[Any]) -> OpenCase:
    """Return an operation that has not ended, of its row and the newest standings of each level."""
    life = life_of(row, newest) if row["state"] != "DRAFT" else None
    case_id = cases.operation(row["operation_id"])
    return OpenCase(case_id, row["government_id"], row["command_id"], row["rule_pack"], life)


def life_of(row: Any, newest: Iterable[Any]) -> Life:
    """Return where an operation stands, of its row and the newest standings of each level: begun, and decreed ahead."""
    own = [one for one in newest if one["operation_id"] == row["operation_id"]]
    return Life(
        State(row["state"]),
        row["revision"],
        row["since"],
        tuple(_standing(one) for one in own if one["begun"]),
        row["after_action_report"],
        row["overdue"],
        tuple(_standing(one) for one in own if not one["begun"]),
    )


def _standing(row: Any) -> Standing:
    return Standing(
        row["number"],
        Level(row["level"]),
        Status(row["status"]),
        row["decree"],
        row["start"],
        row["end"],
        row["warned"],
        Ending(row["ended"]) if row["ended"] else None,
    )
