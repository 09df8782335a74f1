"""Writing the moves of cases: effect, state, tasks, log and command, in one transaction, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from adapters.postgres import log, posts, requests
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.experience import write_back
from domain import cases, secondment, surge
from domain.commands import CommandKind, CommandState
from domain.lines import LineChange
from domain.log import Fact
from domain.moves import Duty, SecondmentMove, SurgeMove, Written
from domain.rebuild import said


class RevisionConflict(RuntimeError):
    """Two runs moved one case at the same time; retrying will not help, somebody must look."""


class _Forbidden(Exception):
    """A rule of the books does not let the move be; raised inside the transaction, so that nothing is written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SecondmentBook:
    """People's secondments."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
            if error.sqlstate != posts.EMPTY:
                raise
            return Written(refused="acting_head_missing")

    async def _write(self, move: SecondmentMove) -> Written:
        async with self._database.writing() as connection:
            if not await claim(connection, move.fact, move.life.revision):
                return Written(again=True, news=move.life.news)
            if move.fact.type == "ExtensionProposed" and not await _covered(connection, move):
                raise _Forbidden("reaches_past_the_status")
            if move.fact.type == "ExtensionLapsed" and await _being_ordered(connection, move):
                raise _Forbidden("order_being_made")
            await _move_placement(connection, move)
            await write_back(connection, move)
            is_news = move.life.news and await queries.raise_news(connection, surge_id=move.seat.surge_id)
            over = await posts.end_acting(connection, move)
            told = said.of_secondment(move)
            await finish(connection, move.seat.government_id, told, move.duties, also=over)
        return Written(news=bool(is_news))

    async def last_seen(self, placement_id: str) -> datetime | None:
        """Return when somebody last saw or heard the person at the site."""
        async with self._database.reading() as connection:
            seen: datetime | None = await queries.last_seen(connection, placement_id=placement_id)
        return seen


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
    if move.line:
        await _change_line(connection, move.line, move.fact)
    request = await requests.as_asked(connection, move)
    fact = said.of_surge(move.fact, move.duties or (), request)
    await finish(connection, move.government_id, fact, move.duties or ())
    return Written()


async def _change_line(connection: Connection, change: LineChange, fact: Fact) -> None:
    if change.kind == CommandKind.ADD_LINE:
        await queries.add_line(connection, command_id=fact.by.command_id)
    elif change.kind == CommandKind.CLOSE_LINE:
        await queries.close_line(connection, line_id=change.line_id, quantity=change.quantity, at=fact.at)
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
        dues=[duty.due_at for _, duty in duties],
        at=at,
    )


async def finish(
    connection: Connection, government_id: str, fact: Fact, duties: Sequence[Duty], also: Sequence[Fact] = ()
) -> None:
    """End the writing of a move: its case's tasks, its command's answer, its fact, and `also` what follows from it."""
    await queries.close_other_tasks(
        connection,
        case_id=fact.case_id,
        at=fact.at,
        command_id=fact.by.command_id,
        kinds=[duty.kind.value for duty in duties],
        assignees=[duty.assignee_id for duty in duties],
        capacities=[duty.capacity and duty.capacity.value for duty in duties],
        units=[duty.unit_id for duty in duties],
    )
    if duties:
        await open_tasks(connection, government_id, [(fact.case_id, duty) for duty in duties], fact.at)
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


async def _move_placement(connection: Connection, move: SecondmentMove) -> None:
    life, state = move.life, secondment.State
    amendment, condition, post = life.amendment, life.condition, life.post
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
        extensions=life.extensions,
        lapsed=life.lapsed,
        checklist=[item.value for item in life.checklist],
        accident=life.accident,
        acting_mandate_id=post.mandate_id if post else None,
        acting_until=post.filled_until if post else None,
        acting_asked_at=post.asked_at if post else None,
        acting_urged=post.urged if post else 0,
        departs=life.state == state.MOBILISING and move.fact.type == "Mobilised",
        # Somebody who is checked in may be told other things before the duty starts: they arrived once.
        checks_in=move.fact.type in ("CheckedIn", "ArrivalReported"),
        arrived_at=_instant(move.fact.data.get("reported_at")),
        returns=life.state == state.RETURNED,
        at=move.fact.at,
    )
    if done != "UPDATE 1":
        raise RevisionConflict(
            f"{move.fact.case_id}: revision {life.revision - 1} is not the one in the books"
        )
    if move.fact.type == "AffectedConfirmed":
        until = _instant(move.fact.data.get("until")) or life.due_back
        await queries.mark_affected(connection, placement_id=move.seat.placement_id, until=until.date())


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
