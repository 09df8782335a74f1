"""Request lines that change while their surge runs: one is added, asks for more, for fewer, or for nobody any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.commands import CommandKind
from domain.surge import Refused

EVENT_OF: dict[CommandKind, str] = {
    CommandKind.ADD_LINE: "LineAdded",
    CommandKind.RAISE_LINE: "LineRaised",
    CommandKind.CUT_LINE: "LineCut",
    CommandKind.CLOSE_LINE: "LineClosed",
    # The next turn of a line is a line of its own, for the same post.
    CommandKind.ASK_RELIEF: "LineAdded",
    CommandKind.NEED_UNTIL: "LineNeeded",
}
"""The decisions that change a line, and what the log calls each."""


@dataclass(frozen=True)
class LineFacts:
    """A line as the books know it; `taken` places are offered, filled or served. `status_until` ends its emergency.

    `serving` people of it are there now; `continued`: another line goes on with it, and `relief_lacking` says that this
    one finds or asks for nobody more; `next_id` would name it. `needed_until` where it was said. The first of those who
    serve leaves at `ends_at`, `staying` of them a good while later; `unrelieved_at` is when the first leaves whom nobody
    was asked to relieve, and who is not to stay longer.
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
    relief_lacking: bool = False
    next_id: str = ""
    needed_until: datetime | None = None
    ends_at: datetime | None = None
    staying: int = 0
    unrelieved_at: datetime | None = None

    @property
    def end(self) -> datetime:
        """When the first of its places falls empty, or the line ends on which nobody serves."""
        return self.ends_at or self.due_back


ALL = "all_lines"
"""Stands in the details of a decision about every line of a surge."""


@dataclass(frozen=True)
class LineChange:
    """What is written: the decision's kind, the line, and how many it asks for from now on; `others` change with it."""

    kind: CommandKind
    line_id: str
    quantity: int
    turn: Turn | None = None
    needed_until: datetime | None = None
    others: tuple[LineChange, ...] = ()

    @property
    def each(self) -> tuple[LineChange, ...]:
        """This line and those that change with it."""
        return self, *self.others


@dataclass(frozen=True)
class Turn:
    """The next turn of a line: on the same post, from before that one ends."""

    continues: str
    report_at: datetime
    due_back: datetime


def told(change: LineChange) -> dict[str, Any]:
    """Return what the log is told of a change: the line, how many it asks for now, which line it goes on with, until when."""
    said: dict[str, Any] = {"line_id": change.line_id, "quantity": change.quantity}
    if change.turn:
        said["continues"] = change.turn.continues
    if change.needed_until:
        said["needed_until"] = change.needed_until.isoformat()
    if change.others:
        said["others"] = [told(one) for one in change.others]
    return said


_BY_LETTER = {
    "reaches_past_the_status": "reaches_past_the_letter",
    "needed_past_the_status": "needed_past_the_letter",
}


def of_letter(verdict: LineChange | Refused) -> LineChange | Refused:
    """Say of a demand for service what ends it: its letter, and no emergency status."""
    return Refused(_BY_LETTER.get(verdict.code, verdict.code)) if isinstance(verdict, Refused) else verdict


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


def need_until(line: LineFacts | None, until: datetime | None, *, now: datetime) -> LineChange | Refused:
    """Say until when a line is needed from now on; without a date, until its people leave: nobody takes over.

    Whoever leaves before the line's own end lets a place fall empty, and does not end the need of the others.
    """
    if line is None:
        return Refused("no_such_line")
    if line.closed:
        return Refused("line_is_closed")
    if line.end <= now:
        return Refused("line_is_over")
    ends = until or max(line.end, line.due_back)
    if ends < line.due_back:
        return Refused("needed_less_than_its_duty")
    if until and line.continued:
        return Refused("relief_asked_already")
    if until and (fault := _needed_past_cover(line, until)):
        return Refused(fault)
    return LineChange(CommandKind.NEED_UNTIL, line.line_id, line.quantity, needed_until=ends)


def end_all(lines: Iterable[LineFacts], *, now: datetime) -> LineChange | Refused:
    """Let every line of a surge that goes on end with its people's duty, in one change."""
    found = [need_until(line, None, now=now) for line in lines]
    ends = [one for one in found if isinstance(one, LineChange)]
    return replace(ends[0], others=tuple(ends[1:])) if ends else Refused("no_line_goes_on")


def _needed_past_cover(line: LineFacts, until: datetime) -> str | None:
    if line.status_until is None:
        return "no_status_in_force"
    return "needed_past_the_status" if until > line.status_until else None


def _may_add(line: LineFacts, _quantity: int, longest_duty: timedelta, now: datetime) -> str | None:
    """The same that a request must keep to (S01)."""
    if line.status_until is None:
        return "no_status_in_force"
    if line.due_back > line.status_until:
        return "reaches_past_the_status"
    if not line.covered_all_along:
        return "status_has_a_gap"
    if line.needed_until and line.needed_until > line.status_until:
        return "needed_past_the_status"
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
