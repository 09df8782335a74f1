"""What the books have from which a secondment's move follows, whoever sends it."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.postgres import moving
from adapters.postgres.commands import command_of
from adapters.postgres.database import Connection, queries
from adapters.postgres.placements import life_of, seat_of
from domain.believing import Books, disbelieved, named_line
from domain.moves import NOT_BY_THE_BOOKS, SecondmentMove
from domain.rules import RulePack


async def disbelief(
    connection: Connection, move: SecondmentMove, rules: Mapping[str, RulePack]
) -> str | None:
    """Say why the books do not have what a move follows from, or None."""
    row = await queries.placement_standing(connection, placement_id=move.seat.placement_id)
    if row is None:
        return NOT_BY_THE_BOOKS
    seat, pack = seat_of(row), rules[row["rule_pack"]]
    command_id, command, opening = move.fact.by.command_id, None, None
    if command_id and (named := await queries.decision_in_office(connection, command_id=command_id)):
        command = command_of(named)
    if (line_id := named_line(move, command)) and line_id != seat.line_id:
        opening = await moving.opening(connection, seat.placement_id, line_id, rules)
    books = Books(seat, life_of(row), pack.clock_of(seat.kind), pack.basis("surge"), command, opening)
    return disbelieved(move, books)
