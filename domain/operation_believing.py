"""Whether the books have what a move of an operation follows from, whoever sends it: a decision, or a deadline.

What a move says is not taken over: the life after it, the entry, the papers and the tasks are worked out again from where
the books have the operation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.believing import decided
from domain.commands import Command, CommandKind
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_CLOCK, OperationMove
from domain.operation import OVER, Clock, Event, Life, Moved, State, next_alarm
from domain.operation_rules import decide
from domain.operation_telling import (
    OPENED,
    TRIGGER_OF,
    Telling,
    event_of,
    move_of,
    told_by_clock,
    told_by_decision,
)
from domain.standings import Standing


@dataclass(frozen=True)
class Books:
    """What the books say of an operation before a move: `life` is None while nobody has taken up its opening.

    `command` is the decision that the move names, if it names one. A move of the clock is due where its time has come, or
    lies before `decided_until`: the newest decision that waits is judged by what stood when it was made.
    `people_held` and `surges_open` are what the operation would leave behind.
    """

    operation_id: str
    government_id: str
    life: Life | None
    clock: Clock
    basis: str
    command: Command | None
    decided_until: datetime | None = None
    people_held: int = 0
    surges_open: int = 0


def disbelieved(move: OperationMove, books: Books) -> str | None:
    """Return the code of why a move is not believed, or None."""
    expected = _expected(move, books)
    before = books.life
    if expected is None or expected.fact.by != move.fact.by:
        return NOT_BY_THE_BOOKS
    return None if _comparable(expected, before) == _comparable(move, before) else NOT_BY_THE_BOOKS


def _expected(move: OperationMove, books: Books) -> OperationMove | None:
    """Work the move out again, from what the books have."""
    by = move.fact.by
    if by.basis != books.basis:
        return None
    found = _by_decision(move, books) if by.command_id is not None else _by_clock(move, books)
    if found is None:
        return None
    moved, telling = found
    return move_of(books.operation_id, books.government_id, moved, telling, books.clock, by, move.fact.at)


def _by_decision(move: OperationMove, books: Books) -> tuple[Moved, Telling] | None:
    command, life = books.command, books.life
    if not decided(command, move.fact.case_id, move.fact.by):
        return None
    if life is None:
        opened = Moved(Life(State.MONITORING, 0, move.life.since))
        return (opened, Telling(OPENED)) if command.kind == CommandKind.OPEN_OPERATION else None
    if command.kind not in TRIGGER_OF:
        return None
    try:
        event = event_of(command, people_held=books.people_held, surges_open=books.surges_open)
    except ValueError:
        return None
    verdict = decide(life, event, now=move.fact.at)
    return (verdict, told_by_decision(life, command, event, verdict)) if isinstance(verdict, Moved) else None


def _by_clock(move: OperationMove, books: Books) -> tuple[Moved, Telling] | None:
    by, life = move.fact.by, books.life
    if life is None or (by.actor, by.authority, by.on_behalf_of) != (OF_THE_CLOCK, "SYSTEM", None):
        return None
    alarm = next_alarm(life, books.clock)
    due_until = max(move.fact.at, books.decided_until or move.fact.at)
    if alarm is None or alarm.at > due_until:
        return None
    event = Event(alarm.trigger, max(alarm.at, due_until), level=alarm.level)
    verdict = decide(life, event, now=move.fact.at)
    return (verdict, told_by_clock(alarm, event, verdict)) if isinstance(verdict, Moved) else None


def _comparable(move: OperationMove, before: Life | None) -> OperationMove:
    """The move without what the books keep in another order, or not at all.

    Since when an operation is in a state they know once it is over, when its report falls due; and of what was
    decreed ahead, only what is to come.
    """
    life = move.life
    since = life.since if life.state in OVER or before is None else before.since
    return replace(
        move,
        life=replace(
            life,
            since=since,
            standings=_in_order(life.standings),
            decreed=_in_order(life.coming),
        ),
        ends=tuple(sorted(move.ends, key=lambda end: end.number)),
    )


def _in_order(standings: tuple[Standing, ...]) -> tuple[Standing, ...]:
    return tuple(sorted(standings, key=lambda one: one.number))
