"""The book of secondments: a person's moves, and what the books have against one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from adapters.postgres import departed, log, longer, moving, posts
from adapters.postgres.believing import disbelief
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.experience import write_back
from adapters.postgres.moves import claim, finish, open_tasks
from adapters.postgres.placement_moves import move_placement
from adapters.postgres.placements import life_of, seat_of
from domain import cases
from domain.log import Fact
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_SURGE, Begun, SecondmentMove, Written
from domain.openings import Opening
from domain.rebuild import said
from domain.requests import RequestKind
from domain.rules import RulePack
from domain.secondment import Item

REDLINE = "SG001"


class _Forbidden(Exception):
    """A rule of the books does not let the move be; raised inside the transaction, so that nothing is written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SecondmentBook:
    """People's secondments."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def write(self, move: SecondmentMove) -> Written:
        """Write one move of a person; where a guard of the books forbids it, nothing is written."""
        try:
            return await self._write(move)
        except _Forbidden as forbidden:
            return Written(refused=forbidden.code)
        except asyncpg.UniqueViolationError as error:
            return Written(refused=_guard(error, {"one_departure_at_a_time": "still_out_elsewhere"}))
        except asyncpg.ExclusionViolationError as error:
            return Written(refused=_guard(error, {"one_placement_at_a_time": "placed_elsewhere_then"}))
        except asyncpg.PostgresError as error:
            if error.sqlstate == posts.EMPTY:
                return Written(refused="acting_head_missing")
            # Whoever went by an override of one surge may have no place in the unit's own measure for another one.
            if error.sqlstate != REDLINE or move.successor is None:
                raise
            return Written(refused="redline")

    async def _write(self, move: SecondmentMove) -> Written:
        async with self._database.writing() as connection:
            if not await claim(connection, move.fact, move.life.revision):
                return await _again(connection, move)
            await longer.lock_person(connection, move)
            if (
                code := await self._disbelieved(connection, move)
                or await _forbidden(connection, move)
                or await longer.fault(connection, move, self._rules)
            ):
                raise _Forbidden(code)
            await move_placement(connection, move)
            if move.successor:
                await moving.open_successor(connection, move)
            await write_back(connection, move)
            is_news = move.news and await queries.raise_news(connection, surge_id=move.seat.surge_id)
            to = _line_ahead(move)
            ahead = await queries.raise_news_at(connection, line_id=to) if to else None
            over = await posts.end_acting(connection, move)
            told = said.of_secondment(move)
            await finish(connection, move.seat.government_id, told, move.duties, also=over)
            await departed.of_secondment(connection, move)
            begun = await self._begin(connection, move) if move.successor else None
        return Written(news=bool(is_news), elsewhere=ahead and ahead["surge_id"], begun=begun)

    async def _disbelieved(self, connection: Connection, move: SecondmentMove) -> str | None:
        return await disbelief(connection, move, self._rules)

    async def _begin(self, connection: Connection, move: SecondmentMove) -> Begun | None:
        """Tell of the placement that has just begun, after the end of the former one."""
        begun = await moving.begun_by(connection, move.seat.placement_id)
        assert begun is not None
        override_id = await queries.override_of(connection, placement_id=begun.seat.placement_id)
        before = await queries.duty_of_stay(connection, placement_id=move.seat.placement_id)
        food = await queries.food_of_line(connection, line_id=begun.seat.line_id)
        duties, fact = moving.told_by(begun, move, self._rules, override_id, before, food=food)
        await open_tasks(connection, begun.seat.government_id, duties, fact.at)
        await log.append(connection, begun.seat.government_id, [fact])
        return begun

    async def opening(self, placement_id: str, line_id: str | None) -> Opening | None:
        """Return a line that somebody might be moved to; without one named, of another site of the surge, with room."""
        async with self._database.reading() as connection:
            return await moving.opening(connection, placement_id, line_id, self._rules)

    async def standing(self, placement_id: str) -> Begun | None:
        """Return a secondment as the books have it, also one that has ended; None where they have none such."""
        async with self._database.reading() as connection:
            row = await queries.placement_standing(connection, placement_id=placement_id)
        return Begun(seat_of(row), life_of(row), row["rule_pack"]) if row else None

    async def last_seen(self, placement_id: str) -> datetime | None:
        """Return when somebody last saw or heard the person at the site."""
        async with self._database.reading() as connection:
            seen: datetime | None = await queries.last_seen(connection, placement_id=placement_id)
        return seen


async def _again(connection: Connection, move: SecondmentMove) -> Written:
    """The move stands; nobody knows whether those were told who must look, nor whether the case that it opens was begun.

    A case that has gone on since was not asked to move by whoever asks now.
    """
    stands = await queries.revision_of_placement(connection, placement_id=move.seat.placement_id)
    if stands != move.life.revision:
        return Written(refused=NOT_BY_THE_BOOKS)
    to = _line_ahead(move)
    surge_id = await queries.surge_of_line(connection, line_id=to) if to else None
    begun = await moving.begun_by(connection, move.seat.placement_id) if move.successor else None
    return Written(again=True, news=move.news, elsewhere=surge_id, begun=begun)


def _line_ahead(move: SecondmentMove) -> str | None:
    """The line whose surge must look, since somebody is to move there, or has."""
    amendment = move.life.amendment
    if move.successor:
        return move.successor.line_id
    return amendment.line_id if amendment and amendment.complete else None


async def _forbidden(connection: Connection, move: SecondmentMove) -> str | None:
    """Say which rule of the books does not let the move be: cover, room on the other post, the handover."""
    if move.fact.by.actor == OF_THE_SURGE and not await _said_by_its_surge(connection, move):
        return NOT_BY_THE_BOOKS
    life = move.life
    match move.fact.type:
        case "OrderCancelled" if move.fact.by.command_id is None and not await _out_elsewhere(
            connection, move
        ):
            return NOT_BY_THE_BOOKS
        case "ExtensionProposed" if not await _covered(connection, move):
            return (
                f"reaches_past_the_{'letter' if move.seat.kind == RequestKind.SERVICE_DEMAND else 'status'}"
            )
        case "ExtensionLapsed" if await _being_ordered(connection, move):
            return "order_being_made"
        case "ArrivalProved" if await queries.was_elsewhere_then(
            connection,
            placement_id=move.seat.placement_id,
            arrived_at=life.arrived_at,
            served_until=life.served_until,
        ):
            return "placed_elsewhere_then"
        case "ReassignmentProposed" | "Reassigned" | "ConditionDecided":
            placement_id, amendment = move.seat.placement_id, move.life.amendment
            to = _line_ahead(move) or (amendment.line_id if amendment else move.seat.line_id)
            at = await queries.line_of(connection, placement_id=placement_id)
            if to and to != at and not await moving.has_room(connection, placement_id, to):
                return "no_room"
        case "ChecklistSigned" | "DemobSignedOff" if Item.DATA_HANDOVER in _items(move.fact):
            if await queries.handover_owed(connection, placement_id=move.seat.placement_id):
                return "handover_note_owed"
    return None


async def _said_by_its_surge(connection: Connection, move: SecondmentMove) -> bool:
    """Say whether the books have what a signal says, whoever sent it: the order with this person on it, or the end."""
    return bool(
        await queries.said_by_its_surge(
            connection,
            event=move.fact.type,
            surge_id=move.seat.surge_id,
            placement_id=move.seat.placement_id,
            choice=str(move.fact.data.get("choice", "")),
        )
    )


async def _out_elsewhere(connection: Connection, move: SecondmentMove) -> bool:
    return bool(await queries.out_elsewhere(connection, person_id=move.seat.person_id))


def _items(fact: Fact) -> Sequence[str]:
    return str(fact.data.get("items", "")).split()


async def _covered(connection: Connection, move: SecondmentMove) -> bool:
    """Say whether an emergency status covers the longer duty to its end (S01)."""
    assert move.life.amendment is not None
    until = move.life.amendment.until
    return bool(await queries.is_covered(connection, placement_id=move.seat.placement_id, until=until))


async def _being_ordered(connection: Connection, move: SecondmentMove) -> bool:
    """Say whether a signature that was given before the duty ended prolongs it: heard, numbered or issued."""
    return bool(
        await queries.being_ordered(
            connection,
            placement_id=move.seat.placement_id,
            surge_case=cases.surge(move.seat.surge_id),
            due_back=move.life.due_back,
        )
    )


def _guard(error: asyncpg.IntegrityConstraintViolationError, codes: dict[str, str]) -> str:
    """Return the code of the guard that spoke; any other one is a fault of ours."""
    if error.constraint_name not in codes:
        raise error
    return codes[error.constraint_name]
