"""Whether the books have what a move of a secondment follows from, whoever sends it: a decision, the surge, or a deadline.

What reaches the books comes through an engine that others may reach too. So nothing is taken from a move that the books
can tell themselves: the life after it, the fact and the duties are worked out again from the life that stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeGuard

from domain import cases
from domain.authority import MAY
from domain.commands import Command, CommandKind, CommandState
from domain.duties import said_by, told
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_CLOCK, OF_THE_SURGE, Seat, SecondmentMove
from domain.openings import Opening
from domain.secondment import (
    NOTHING,
    TRIGGER_OF,
    Ask,
    Clock,
    Life,
    Moved,
    Refused,
    Trigger,
    arrival_of,
    ask_of,
    corrected,
    decide,
    moved_on,
    next_alarm,
)

_TOLD_BY_THE_SURGE = frozenset({Trigger.ORDER_ISSUED, Trigger.MOVE_ON, Trigger.STAND_DOWN})
_TAKEN = "still_out_elsewhere"
"""Why an order cannot be followed, as the books say it."""


@dataclass(frozen=True)
class Books:
    """What the books say of a secondment before a move: `command` is the decision that the move names, if it names one.

    `opening` is the post that the decision is about, where it is about one.
    """

    seat: Seat
    life: Life
    clock: Clock
    basis: str
    command: Command | None = None
    opening: Opening | None = None


def named_line(move: SecondmentMove, command: Command | None) -> str | None:
    """Return the line of another post that a decision is about, for the books to look up."""
    if command is None or command.kind not in (CommandKind.GRANT_CONDITION, CommandKind.PROPOSE_REASSIGNMENT):
        return None
    if command.kind == CommandKind.GRANT_CONDITION:
        return move.seat.line_id
    line_id = command.details.get("line_id")
    return str(line_id) if line_id else None


def disbelieved(move: SecondmentMove, books: Books) -> str | None:
    """Return the code of why a move is not believed, or None."""
    expected = _expected(move, books)
    if isinstance(expected, Refused):
        return expected.code
    return None if expected == _but_seen(move, books.life) else NOT_BY_THE_BOOKS


def decided(command: Command | None, case_id: str, by: Attribution) -> TypeGuard[Command]:
    """Say whether it is a decision of this case that waits for its answer, by whom and for whom the move says, in an office that may."""
    return (
        command is not None
        and command.capacity in MAY.get(command.kind, ())
        and command.state == CommandState.RECORDED
        and command.case_id == case_id
        and (command.actor_id, command.authority, command.on_behalf_of)
        == (by.actor, by.authority, by.on_behalf_of)
    )


def _expected(move: SecondmentMove, books: Books) -> SecondmentMove | Refused:
    """Work the move out again, from what the books have."""
    by, at = move.fact.by, move.fact.at
    if by.basis != books.basis:
        return Refused(NOT_BY_THE_BOOKS)
    if by.command_id is not None:
        return _by_decision(move, books)
    if by.authority != "SYSTEM" or by.on_behalf_of is not None:
        return Refused(NOT_BY_THE_BOOKS)
    if by.actor == OF_THE_SURGE:
        trigger = _heard(move, books.life)
        said = (
            {"choice": move.fact.data.get("choice")}
            if trigger in (Trigger.ORDER_ISSUED, Trigger.MOVE_ON)
            else {}
        )
    elif by.actor == OF_THE_CLOCK:
        trigger = _rung(books.life, books.clock, at)
        said = said_by(next_alarm(books.life, books.clock), books.life) if trigger else {}  # type: ignore[arg-type]
    else:
        trigger, said = None, {}
    if trigger is not None:
        found = _told(move, books, trigger, NOTHING, at, said)
        if not isinstance(found, Refused) and found.fact.type == move.fact.type:
            return found
    if move.fact.type == "OrderCancelled":
        return _told(move, books, Trigger.FIND_TAKEN, NOTHING, at, {"reason": _TAKEN})
    return Refused(NOT_BY_THE_BOOKS)


def _by_decision(move: SecondmentMove, books: Books) -> SecondmentMove | Refused:
    command, life = books.command, books.life
    if not decided(command, cases.secondment(books.seat.placement_id), move.fact.by):
        return Refused(NOT_BY_THE_BOOKS)
    ask = ask_of(command)
    if command.kind not in TRIGGER_OF or isinstance(ask, Refused):
        return Refused(NOT_BY_THE_BOOKS)
    trigger = arrival_of(life, TRIGGER_OF[command.kind], move.fact.at)
    if books.opening is not None and not (
        trigger == Trigger.GRANT_CONDITION and (life.condition is None or life.condition.code != "OTHER_SITE")
    ):
        ask = replace(ask, opening=books.opening)
    # Working days are counted by a calendar that is not at hand; what it said is believed.
    ask = replace(ask, report_by=move.life.settling.report_by, claim_by=move.life.settling.claim_by)
    said = corrected(life, trigger, command.said)
    found = _told(move, books, trigger, ask, command.decided_at, said)
    # The post may have been taken since the case looked; that is told as it is.
    return found if not isinstance(found, Refused) or ask.opening else Refused(NOT_BY_THE_BOOKS)


def _told(  # noqa: PLR0917 - all that a move depends on
    move: SecondmentMove,
    books: Books,
    trigger: Trigger,
    ask: Ask,
    decided_at: datetime,
    said: Mapping[str, object],
) -> SecondmentMove | Refused:
    verdict = decide(books.life, trigger, books.clock, ask, decided_at=decided_at, now=move.fact.at)
    if not isinstance(verdict, Moved):
        return Refused(verdict.code)
    seat = books.seat
    if trigger == Trigger.GRANT_CONDITION and ask.opening:
        seat = replace(seat, line_id=ask.opening.line_id, site=ask.opening.site)
    found = told(seat, verdict.life, trigger, books.clock, by=move.fact.by, at=move.fact.at, said=dict(said))
    if trigger == Trigger.MOVE_ON and move.successor:
        there = moved_on(books.life, books.clock, move.fact.at)
        to = books.life.moving_to or ""
        found = replace(found, successor=replace(move.successor, line_id=to, life=there))
    return _but_seen(found, books.life)


def _heard(move: SecondmentMove, life: Life) -> Trigger | None:
    """Return what a signal of the surge moves; whether the books have what it says is asked elsewhere."""
    if move.fact.type == "Recalled":
        return Trigger.STAND_DOWN
    return Trigger.MOVE_ON if life.moving_to else Trigger.ORDER_ISSUED


def _rung(life: Life, clock: Clock, at: datetime) -> Trigger | None:
    """Return what is due by the clock."""
    alarm = next_alarm(life, clock)
    return alarm.trigger if alarm and alarm.at <= at else None


def _but_seen(move: SecondmentMove, before: Life) -> SecondmentMove:
    """The move without the last sign of life where it only repeats one: the case may not have heard of the newest."""
    seen = move.life.seen_at
    if seen is not None and seen < move.fact.at:
        return replace(move, life=replace(move.life, seen_at=before.seen_at))
    return move
