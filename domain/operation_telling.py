"""Which decision moves an operation how, what the move is called in the log, and what is said with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain import cases
from domain.commands import Command, CommandKind
from domain.instants import instant
from domain.log import Attribution, Fact
from domain.moves import Decree, OperationMove
from domain.operation import Alarm, Clock, Event, Life, Moved, Trigger
from domain.operation_duties import EVENT_OF, operation_duties
from domain.standings import Level, Status, highest, newest

TRIGGER_OF: dict[CommandKind, Trigger] = {
    CommandKind.DECLARE_STATUS: Trigger.DECLARE,
    CommandKind.EXTEND_STATUS: Trigger.EXTEND,
    CommandKind.ESCALATE_OPERATION: Trigger.ESCALATE,
    CommandKind.HAND_BACK_STATUS: Trigger.HAND_BACK,
    CommandKind.WITHDRAW_STATUS: Trigger.WITHDRAW,
    CommandKind.END_OPERATION: Trigger.END,
    CommandKind.FILE_AFTER_ACTION: Trigger.FILE_REPORT,
    CommandKind.ARCHIVE_OPERATION: Trigger.ARCHIVE,
}
OPENED = "OperationOpened"
DECREED_AHEAD = "StatusDecreed"
"""How the log calls a declaration, or an escalation, of a status that begins later."""
ENDED_BESIDE = "StatusEnded"
"""How the log calls the end of a status where another one still stands."""


@dataclass(frozen=True)
class Telling:
    """What the log is told of a move: how it is called, what is said, and the paper that it stands on."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    decree: Decree | None = None


def event_of(command: Command, *, people_held: int = 0, surges_open: int = 0) -> Event:
    """Return what a decision is to move; raises ValueError for a level or an instant in words that no form lets through.

    `people_held` and `surges_open` are what the operation would leave behind, where the decision ends it.
    """
    said = {key: str(value) for key, value in command.details.items()}
    return Event(
        TRIGGER_OF[command.kind],
        command.decided_at,
        level=Level(said["level"]) if "level" in said else None,
        status=Status(said["status"]) if "status" in said else None,
        decree=said.get("decree", ""),
        start=_instant(said.get("start")),
        until=_instant(said.get("until")),
        report=said.get("report", ""),
        people_held=people_held,
        surges_open=surges_open,
    )


def told_by_decision(before: Life, command: Command, event: Event, moved: Moved) -> Telling:
    """Say what the log is told of a decision that stands."""
    data = dict(command.details) | _told(event, moved)
    if event.trigger == Trigger.ESCALATE:
        data["from"] = highest(before.in_force).level.value
    ahead = moved.declared in moved.life.coming
    return Telling(DECREED_AHEAD if ahead else EVENT_OF[event.trigger], data, _decree(command))


def told_by_clock(alarm: Alarm, event: Event, moved: Moved) -> Telling:
    """Say what the log is told of what the clock does."""
    beside = alarm.trigger == Trigger.RUN_OUT and moved.life.in_force
    name = ENDED_BESIDE if beside else EVENT_OF[alarm.trigger]
    return Telling(name, _told(event, moved), _decree_of(event, moved))


def move_of(  # noqa: PLR0917 - all that a move says
    operation_id: str,
    government_id: str,
    moved: Moved,
    telling: Telling,
    clock: Clock,
    by: Attribution,
    at: datetime,
) -> OperationMove:
    """Return the move with its fact and the duties that follow."""
    life = moved.life
    told = {
        **telling.data,
        "state": life.state.value,
        "until": life.until.isoformat() if life.until else None,
    }
    return OperationMove(
        operation_id,
        government_id,
        life,
        Fact(telling.name, cases.operation(operation_id), at, by, None, told),
        operation_duties(life, clock),
        telling.decree,
        moved.declared,
        moved.ends,
    )


def _told(event: Event, moved: Moved) -> dict[str, Any]:
    """What the log says of the status that an event is about: `ends` is its own end, `until` the cover's."""
    of_level = moved.life.decreed if event.trigger == Trigger.WITHDRAW else moved.life.standings
    about = moved.declared or (newest(of_level, event.level) if event.level else None)
    if about is None and event.trigger == Trigger.WITHDRAW:
        about = next((one for one in of_level if one.decree == event.decree), None)
    elif about is None and event.trigger != Trigger.END:
        numbers = {end.number for end in moved.ends}
        about = next((one for one in moved.life.standings if one.number in numbers), None)
    if about is None:
        return {}
    told = {"level": about.level.value, "status": about.status.value, "ends": about.end.isoformat()}
    if event.trigger == Trigger.BEGIN:
        told |= {"decree": about.decree, "start": about.start.isoformat()}
    return told


def _decree(command: Command) -> Decree:
    said = {key: str(value) for key, value in command.details.items()}
    return Decree(
        command.decided_at,
        said.get("decree", ""),
        said.get("decree_date"),
        said.get("area", ""),
        said.get("statement"),
    )


def _decree_of(event: Event, moved: Moved) -> Decree | None:
    """The decree by which a status that begins cuts another one short; its date stands with it."""
    began = (
        newest(moved.life.standings, event.level) if event.level and event.trigger == Trigger.BEGIN else None
    )
    return Decree(began.start, began.decree) if began else None


def _instant(text: str | None) -> datetime | None:
    return instant(text) if text else None
