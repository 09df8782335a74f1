"""The next turn of a line: asked for, or planned by the surge itself where the line is needed longer than it lasts.

Where nobody has said until when a line is needed, or no turn can follow, the coordinator must say a word before its
places fall empty: relieve, extend, or let them end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.admission import Limits
from domain.commands import CommandKind
from domain.lines import LineChange, LineFacts, Turn
from domain.relief_rules import ReliefRules
from domain.surge import Refused


@dataclass(frozen=True)
class Unsettled:
    """A line whose places fall empty at an instant, and the code of why nobody takes over."""

    line_id: str
    falls_empty_at: datetime
    why: str


UNTIL_UNSAID, NOBODY_FOUND = "until_unsaid", "nobody_found"
"""Nobody has said until when it is needed; the next turn is asked for, and nobody is found for it."""


def next_turn(
    line: LineFacts | None, until: datetime | None, limits: Limits, rules: ReliefRules, *, now: datetime
) -> LineChange | Refused:
    """Say what the next turn of a line is: its people are there by the overlap before those who serve now go home.

    Without a date it lasts as long as this one, or to the end of the emergency status or of the need where that is earlier.
    It relieves those who leave first; whoever stays a good while longer keeps the place.
    """
    if line is None:
        return Refused("no_such_line")
    begins = max(now, line.end - rules.overlap)
    ends = until or _as_long(line, begins, limits, rules)
    leaving = line.serving - line.staying
    if fault := _turn_fault(line, begins, ends, limits, now, anybody=leaving):
        return Refused(fault)
    return _turn(line, begins, ends, leaving)


def by_itself(
    line: LineFacts, limits: Limits, rules: ReliefRules, *, now: datetime
) -> LineChange | Refused | None:
    """Say which turn the surge plans by itself now; None where none is due, a refusal where none can follow.

    It is for as many as the line asks for, but those who stay longer than the first of them.
    """
    needed = _needed_longer(line, max(line.end, line.due_back))
    if line.closed or line.continued or not needed or now < opens_at(line, rules):
        return None
    if 2 * line.serving < line.taken:
        # Most of those who have a place have not left home yet: nobody could be named whom another one relieves.
        return None
    begins = max(now, line.end - rules.overlap)
    ends = _as_long(line, begins, limits, rules)
    quantity = line.quantity - line.staying
    fault = _turn_fault(line, begins, ends, limits, now, anybody=quantity)
    if fault is None and ends - begins < rules.shortest:
        # What follows a turn that was that short is as short, however long it is needed.
        fault = "duty_too_short" if _bound(line) - begins >= rules.shortest else "turn_too_short"
    return Refused(fault) if fault else _turn(line, begins, ends, quantity)


def opens_at(line: LineFacts, rules: ReliefRules) -> datetime:
    """Return from when on it must be settled who takes over: the lead before the end, and not before the duty began."""
    return max(line.end - rules.lead, line.report_at)


def near(line: LineFacts, rules: ReliefRules, *, now: datetime) -> bool:
    """Whether the line is so near the end of a place that it must be settled what follows."""
    return now >= max(min(line.end, line.unrelieved_at or line.end) - rules.lead, line.report_at)


def look_at(lines: Iterable[LineFacts], rules: ReliefRules, *, now: datetime) -> datetime | None:
    """Return when one of the lines next comes so near its end, or to it."""
    instants = [at for line in lines for at in (opens_at(line, rules), line.end)]
    return min((at for at in instants if at > now), default=None)


def unsettled(line: LineFacts, limits: Limits, rules: ReliefRules, *, now: datetime) -> Unsettled | None:
    """Say that the coordinator must settle what becomes of the line's places; None where nothing need be said."""
    at = line.unrelieved_at or line.end
    if line.closed or now < max(at - rules.lead, line.report_at):
        return None
    why = _why(line, at, limits, rules, now)
    return Unsettled(line.line_id, at, why) if why else None


def _why(line: LineFacts, at: datetime, limits: Limits, rules: ReliefRules, now: datetime) -> str | None:
    # Where it was said that a line ends with its duty, a place that is left before stays empty.
    ends_here = line.needed_until is not None and line.needed_until <= max(at, line.due_back)
    if ends_here:
        return None
    if line.continued:
        return NOBODY_FOUND if line.relief_lacking and line.unrelieved_at else None
    if line.needed_until is not None:
        found = by_itself(line, limits, rules, now=now)
        return found.code if isinstance(found, Refused) else None
    # Where no status goes on, nobody can follow: whether it does is asked of others, by the operation.
    goes_on = line.status_until is not None and line.status_until > at
    return UNTIL_UNSAID if line.unrelieved_at and goes_on else None


def settle_by(
    lines: Iterable[LineFacts], limits: Limits, rules: ReliefRules, *, now: datetime
) -> datetime | None:
    """Return when the first place falls empty of which the coordinator must say what becomes of it."""
    found = (unsettled(line, limits, rules, now=now) for line in lines)
    return min((one.falls_empty_at for one in found if one), default=None)


def _needed_longer(line: LineFacts, than: datetime) -> bool:
    return line.needed_until is not None and line.needed_until > than


def _bound(line: LineFacts) -> datetime:
    """Return how long the next turn may last at most: as long as there is need and cover."""
    cover = line.status_until or line.end
    return min(line.needed_until, cover) if _needed_longer(line, line.end) and line.needed_until else cover


def _as_long(line: LineFacts, begins: datetime, limits: Limits, rules: ReliefRules) -> datetime:
    """As long as this turn, but not beyond need and cover; what would be left over for another one is not left over."""
    bound = _bound(line)
    ends = min(begins + (line.due_back - line.report_at), bound)
    sliver = bound == line.needed_until and bound - ends < rules.overlap + rules.shortest
    return bound if sliver and bound - begins <= limits.longest_duty else ends


def _turn(line: LineFacts, begins: datetime, ends: datetime, quantity: int) -> LineChange:
    needed = max(line.needed_until, ends) if _needed_longer(line, line.end) and line.needed_until else None
    turn = Turn(line.line_id, begins, ends)
    return LineChange(CommandKind.ASK_RELIEF, line.next_id, quantity, turn, needed)


def _turn_fault(
    line: LineFacts,
    begins: datetime,
    ends: datetime,
    limits: Limits,
    now: datetime,
    *,
    anybody: int,
) -> str | None:
    if line.continued:
        return "relief_asked_already"
    if line.end <= now:
        return "line_is_over"
    if line.status_until is None:
        return "no_status_in_force"
    if ends <= line.end:
        return "reaches_past_the_status" if line.status_until <= line.end else "not_longer"
    if ends > line.status_until:
        return "reaches_past_the_status"
    if ends - begins > limits.longest_duty:
        return "longer_than_one_duty"
    return None if anybody else "nobody_to_relieve"
