"""The book of secondments: a person's moves, and what the books have against one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import asyncpg

from adapters.postgres import log, longer, moving, posts
from adapters.postgres.believing import disbelief
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.experience import write_back
from adapters.postgres.moves import claim, finish, open_tasks
from adapters.postgres.placements import life_of, rest_columns, seat_of
from domain import cases, secondment
from domain.facts import ARRIVALS
from domain.log import Fact
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_SURGE, Begun, SecondmentMove, Written
from domain.openings import Opening
from domain.rebuild import said
from domain.requests import RequestKind
from domain.rules import RulePack
from domain.secondment import Item

REDLINE = "SG001"
_GONE = (secondment.LET_GO | secondment.ABSENT | secondment.HOMEWARD) - {secondment.State.DEMOBILISING}
"""Not at the site any more."""


class RevisionConflict(RuntimeError):
    """Two runs moved one case at the same time; retrying will not help, somebody must look."""


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
            if (
                code := await self._disbelieved(connection, move)
                or await _forbidden(connection, move)
                or await longer.fault(connection, move, self._rules)
            ):
                raise _Forbidden(code)
            await _move_placement(connection, move)
            if move.successor:
                await moving.open_successor(connection, move)
            await write_back(connection, move)
            is_news = move.news and await queries.raise_news(connection, surge_id=move.seat.surge_id)
            to = _line_ahead(move)
            ahead = await queries.raise_news_at(connection, line_id=to) if to else None
            over = await posts.end_acting(connection, move)
            told = said.of_secondment(move)
            await finish(connection, move.seat.government_id, told, move.duties, also=over)
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


async def _move_placement(connection: Connection, move: SecondmentMove) -> None:
    life, state = move.life, secondment.State
    amendment, condition, post = life.amendment, life.condition, life.post
    proves = move.fact.type == "ArrivalProved"
    done = await queries.move_placement(
        connection,
        placement_id=move.seat.placement_id,
        state=life.state.value,
        revision=life.revision,
        since=life.since,
        home_by=life.home_by,
        notices=life.notices,
        escalation=life.escalation,
        report_at=life.report_at,
        due_back=life.due_back,
        held=life.held,
        out=life.out,
        fills=life.fills,
        leaving=life.leaving and life.leaving.value,
        seen_at=life.seen_at,
        uncovered_from=life.uncovered_from,
        condition_code=condition.code if condition else None,
        condition_report_at=condition.report_at if condition else None,
        extend_until=amendment.until if amendment else None,
        extend_agreed=[party.value for party in amendment.agreed] if amendment else [],
        extend_waiver=bool(amendment and amendment.waiver),
        extend_by=list(amendment.by) if amendment else [],
        extend_side=amendment.side if amendment else None,
        extensions=life.extensions,
        lapsed=life.lapsed,
        checklist=[item.value for item in life.checklist],
        accident=life.accident,
        accident_by=life.accident_by,
        acting_mandate_id=post.mandate_id if post else None,
        acting_until=post.filled_until if post else None,
        acting_asked_at=post.asked_at if post else None,
        acting_urged=post.urged if post else 0,
        **rest_columns(life.rest),
        departs=life.state == state.MOBILISING and move.fact.type == "Mobilised",
        handed_over=life.handed_over,
        extend_line_id=amendment.line_id if amendment else None,
        extend_since=amendment.since if amendment else None,
        hearing=amendment.heard if amendment else None,
        line_id=move.seat.line_id,
        leaves=life.state in _GONE,
        served_until=life.served_until,
        left_at=life.served_until if proves and life.state not in secondment.DEPLOYED else None,
        # Somebody who is checked in may be told other things before the duty starts: they arrived once.
        checks_in=move.fact.type in ARRIVALS,
        arrived_at=_instant(move.fact.data.get("reported_at")),
        # What is told of somebody who is back moves no return.
        returns=move.fact.type == "Returned",
        settles=life.settles,
        received=[paper.value for paper in life.settling.received],
        waived=[paper.value for paper in life.settling.waived],
        owed=[paper.value for paper in life.settling.owed],
        report_by=life.settling.report_by,
        claim_by=life.settling.claim_by,
        urge_at=life.settling.urge_at,
        papers_urged=life.settling.urged,
        at=move.fact.at,
    )
    if done != "UPDATE 1":
        raise RevisionConflict(
            f"{move.fact.case_id}: revision {life.revision - 1} is not the one in the books"
        )
    if move.fact.type == "ClaimSettled":
        await _note_claim(connection, move)
    if move.fact.type == "AffectedConfirmed":
        until = _instant(move.fact.data.get("until")) or life.due_back
        await queries.mark_affected(connection, placement_id=move.seat.placement_id, until=until.date())


async def _note_claim(connection: Connection, move: SecondmentMove) -> None:
    """Keep by which document the claim was settled, and how much it says was paid."""
    said = move.fact.data
    await queries.settle_claim(
        connection,
        placement_id=move.seat.placement_id,
        reference=said["reference"],
        dated=date.fromisoformat(said["dated"]),
        amount=int(said["amount"]),
    )


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


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
