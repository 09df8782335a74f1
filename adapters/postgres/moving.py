"""Moving somebody to another post: the room there, and the placement that begins as the former one ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.postgres.database import Connection, queries
from adapters.postgres.placements import life_of, rest_columns, seat_of
from domain import cases
from domain.distance import whole_km
from domain.duties import duties_of, fact_of
from domain.eligibility import Able, may_serve
from domain.facts import MOVED_IN
from domain.log import Fact
from domain.moves import Begun, Duty, SecondmentMove
from domain.openings import Opening
from domain.rebuild import said
from domain.requests import Substitute
from domain.rules import RulePack


async def opening(
    connection: Connection, placement_id: str, line_id: str | None, rules: Mapping[str, RulePack]
) -> Opening | None:
    """Return a line that somebody might be moved to; without one named, of another site in reach, with room."""
    rows = await queries.openings_of(connection, placement_id=placement_id, line_id=line_id)
    openings = (_opening(dict(row), rules) for row in rows)
    return next((one for one in openings if line_id or not one.too_far), None)


def _opening(row: dict[str, Any], rules: Mapping[str, RulePack]) -> Opening:
    home, site = ((row.pop(f"{where}_lat"), row.pop(f"{where}_lon")) for where in ("home", "site"))
    who = Able(row.pop("home_role"), row.pop("skills"), row.pop("exempt"))
    others = [Substitute(**told) for told in row.pop("substitutes")]
    pack = rules[row.pop("rule_pack")]
    fits = row.pop("same_role") or may_serve(who, row["role"], others, pack)
    return Opening(**row, fits=fits, km=whole_km(home, site))


async def has_room(connection: Connection, placement_id: str, line_id: str) -> bool:
    """Say whether a line has a place for somebody, and let nobody else take it before this transaction ends."""
    await queries.lock_lines(connection, line_ids=[line_id])
    room = await queries.room_on(connection, placement_id=placement_id, line_id=line_id)
    return bool(room and room > 0)


async def open_successor(connection: Connection, move: SecondmentMove) -> None:
    """Open the placement on the other post; the former one has just been ended, and lets the person go."""
    assert move.successor is not None
    life = move.successor.life
    await queries.move_on(
        connection,
        placement_id=move.successor.placement_id,
        moved_from=move.seat.placement_id,
        line_id=move.successor.line_id,
        order_id=move.fact.data["choice"],
        state=life.state.value,
        at=life.since,
        report_at=life.report_at,
        due_back=life.due_back,
        extensions=life.extensions,
        stay_from=life.stay_from,
        **rest_columns(life.rest),
    )
    handed = {
        "order_id": move.fact.data["choice"],
        "placement_id": move.successor.placement_id,
        "moved_from": move.seat.placement_id,
    }
    await queries.hand_extract_on(connection, **handed)
    await queries.hand_travel_order_on(connection, **handed)


def told_by(
    begun: Begun,
    move: SecondmentMove,
    rules: Mapping[str, RulePack],
    override_id: str | None,
    duty_before: int,
    *,
    food: str | None,
) -> tuple[list[tuple[str, Duty]], Fact]:
    """Return what the new placement asks of whom, as (case, duty), and its first entry of the log."""
    seat, life = begun.seat, begun.life
    case_id, clock = cases.secondment(seat.placement_id), rules[begun.rule_pack].clock_of(seat.kind)
    words = {
        "order_id": move.fact.data["choice"],
        "moved_from": move.seat.placement_id,
        "duty_before": duty_before,
        # Where the new line does not say, the site feeds, whatever the one before said.
        "food": food or "",
    }
    fact = fact_of(seat, life, MOVED_IN, by=move.fact.by, at=life.since, said=words)
    duties = duties_of(seat, life, clock)
    return [(case_id, duty) for duty in duties], said.of_offer(fact, life, duties, override_id)


async def begun_by(connection: Connection, placement_id: str) -> Begun | None:
    """Return the placement that somebody was moved on to, if they were, as it is now."""
    moved = await queries.moved_to(connection, placement_id=placement_id)
    if moved is None:
        return None
    (row,) = await queries.placements_by_id(connection, placement_ids=[moved["placement_id"]])
    return Begun(seat_of(row), life_of(row), moved["rule_pack"])
