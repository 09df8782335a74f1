"""Request lines that change while their surge runs: one is added, asks for more, for fewer, or for nobody any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.admission import Limits
from domain.commands import CommandKind
from domain.surge import Refused

EVENT_OF: dict[CommandKind, str] = {
    CommandKind.ADD_LINE: "LineAdded",
    CommandKind.RAISE_LINE: "LineRaised",
    CommandKind.CUT_LINE: "LineCut",
    CommandKind.CLOSE_LINE: "LineClosed",
    # The next turn of a line is a line of its own, for the same post.
    CommandKind.ASK_RELIEF: "LineAdded",
}
"""The decisions that change a line, and what the log calls each."""


@dataclass(frozen=True)
class LineFacts:
    """A line as the books know it; `taken` places are offered, filled or served. `status_until` ends its emergency.

    `serving` people of it are there now; `continued`: another line goes on with it; `next_id` would name that one.
    """

    line_id: str
    role: str
    quantity: int
    taken: int
    closed: bool
    report_at: datetime
    due_back: datetime
    status_until: datetime | None
    covered_all_along: bool = True
    serving: int = 0
    continued: bool = False
    next_id: str = ""


@dataclass(frozen=True)
class LineChange:
    """What is written: the decision's kind, the line, and how many it asks for from now on."""

    kind: CommandKind
    line_id: str
    quantity: int
    turn: Turn | None = None


@dataclass(frozen=True)
class Turn:
    """The next turn of a line: on the same post, from before that one ends."""

    continues: str
    report_at: datetime
    due_back: datetime


def told(change: LineChange) -> dict[str, str | int]:
    """Return what the log is told of a change: the line, how many it asks for now, and which line it goes on with."""
    said: dict[str, str | int] = {"line_id": change.line_id, "quantity": change.quantity}
    return said | ({"continues": change.turn.continues} if change.turn else {})


def change(
    kind: CommandKind, line: LineFacts | None, quantity: int | None, longest_duty: timedelta, *, now: datetime
) -> LineChange | Refused:
    """Say what the decision makes of the line, or why it does not stand.

    A line that is cut still has room for everybody who was offered a place of it; one that is closed lets them serve
    to the end, and asks for nobody else.
    """
    if line is None:
        return Refused("no_such_line")
    if line.closed:
        return Refused("line_is_closed")
    if kind != CommandKind.CLOSE_LINE and line.due_back <= now:
        return Refused("line_is_over")
    fault = _ADMISSIBLE[kind](line, quantity or 0, longest_duty, now)
    asked = {CommandKind.ADD_LINE: line.quantity, CommandKind.CLOSE_LINE: line.taken}.get(kind, quantity or 0)
    return Refused(fault) if fault else LineChange(kind, line.line_id, asked)


def next_turn(
    line: LineFacts | None, until: datetime | None, limits: Limits, overlap: timedelta, *, now: datetime
) -> LineChange | Refused:
    """Say what the next turn of a line is: its people are there by the overlap before those who serve now go home.

    Without a date it lasts as long as this one, or to the end of the emergency status where that is earlier.
    """
    if line is None:
        return Refused("no_such_line")
    begins = max(now, line.due_back - overlap)
    ends = until or min(begins + (line.due_back - line.report_at), line.status_until or line.due_back)
    if fault := _turn_fault(line, begins, ends, limits, now):
        return Refused(fault)
    turn = Turn(line.line_id, begins, ends)
    return LineChange(CommandKind.ASK_RELIEF, line.next_id, line.serving, turn)


def _turn_fault(
    line: LineFacts, begins: datetime, ends: datetime, limits: Limits, now: datetime
) -> str | None:
    if line.continued:
        return "relief_asked_already"
    if line.due_back <= now:
        return "line_is_over"
    if line.status_until is None:
        return "no_status_in_force"
    if ends <= line.due_back:
        return "reaches_past_the_status" if line.status_until <= line.due_back else "not_longer"
    if ends > line.status_until:
        return "reaches_past_the_status"
    if ends - begins > limits.longest_duty:
        return "longer_than_one_duty"
    return None if line.serving else "nobody_to_relieve"


def _may_add(line: LineFacts, _quantity: int, longest_duty: timedelta, now: datetime) -> str | None:
    """The same that a request must keep to (S01)."""
    if line.status_until is None:
        return "no_status_in_force"
    if line.due_back > line.status_until:
        return "reaches_past_the_status"
    if not line.covered_all_along:
        return "status_has_a_gap"
    if line.report_at < now:
        return "reports_in_the_past"
    return "longer_than_one_duty" if line.due_back - line.report_at > longest_duty else None


def _may_raise(line: LineFacts, quantity: int, _longest_duty: timedelta, _now: datetime) -> str | None:
    return None if quantity > line.quantity else "not_more"


def _may_cut(line: LineFacts, quantity: int, _longest_duty: timedelta, _now: datetime) -> str | None:
    if not 1 <= quantity < line.quantity:
        return "not_fewer"
    return "line_is_held" if quantity < line.taken else None


def _may_close(_line: LineFacts, _quantity: int, _longest_duty: timedelta, _now: datetime) -> str | None:
    return None


_ADMISSIBLE = {
    CommandKind.ADD_LINE: _may_add,
    CommandKind.RAISE_LINE: _may_raise,
    CommandKind.CUT_LINE: _may_cut,
    CommandKind.CLOSE_LINE: _may_close,
}
