"""Where everyone and everything stood at an instant, folded from the log entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from domain import cases
from domain.facts import MOVED_IN
from domain.report.source import Entry, Line, Source
from domain.secondment import FILLED, HOME, HOMEWARD, LET_GO, ON_SITE, OUT, State

WAITING = frozenset({State.RELEASE_PENDING, State.RELEASED, State.ORDER_SIGNED})
"""Said yes and has not yet left."""
_OVER = ("STOOD_DOWN", "CLOSED", "CANCELLING", "CANCELLED")
"""States in which a surge asks nobody any more."""


@dataclass(frozen=True)
class Person:
    """One seat's person at the instant: opaque, only the team and the unit are known."""

    placement_id: str
    line: Line
    unit_id: str
    home_role: str
    overridden: bool
    state: State
    due_back: datetime
    home_by: datetime | None
    departed_at: datetime | None = None
    returned_at: datetime | None = None
    escalation: int = 0
    served: bool = True
    """Did not leave before the end that was ordered."""

    @property
    def held(self) -> bool:
        """Counts as lent by the home unit: from the offer on, until it ends."""
        return self.state not in LET_GO

    @property
    def seated(self) -> bool:
        """Fills a seat, or has filled it and come home."""
        # Whoever is still looked for when the duty is over fills the seat only where it was served to its end.
        over = HOMEWARD | HOME | {State.OUT_OF_CONTACT}
        return self.state in FILLED - over or (self.served and self.state in over)

    @property
    def out(self) -> bool:
        return self.state in OUT

    @property
    def on_site(self) -> bool:
        return self.state in ON_SITE

    @property
    def going(self) -> bool:
        return self.state == State.MOBILISING

    @property
    def waiting(self) -> bool:
        return self.state in WAITING

    @property
    def homeward(self) -> bool:
        return self.state in HOMEWARD

    @property
    def returned(self) -> bool:
        return self.state in HOME

    def late_by(self, now: datetime) -> timedelta | None:
        """How long the person is past the date of return; None while there is still time to travel home.

        Whoever has been sent home is late after the hours the rules give for the way; whoever still sits there
        is late at once.
        """
        limit = self.home_by if self.homeward and self.home_by else self.due_back
        return now - min(self.due_back, limit) if self.out and now > limit else None

    @property
    def came_late_by(self) -> timedelta | None:
        """How late somebody came home who is home now; None when it was in time."""
        limit = self.home_by or self.due_back
        if self.returned_at is None or self.returned_at <= limit:
            return None
        return self.returned_at - min(self.due_back, limit)


@dataclass(frozen=True)
class Decree:
    """A status as decreed, from one instant to another."""

    status: str
    decree: str
    start: datetime
    end: datetime
    level: str = ""


@dataclass(frozen=True)
class Short:
    """What the last plan left empty of a line, why, and by which plan."""

    missing: int
    reason: str
    plan_id: str


@dataclass(frozen=True)
class Standing:
    """The operation at the instant."""

    at: datetime
    people: tuple[Person, ...]
    lines: tuple[Line, ...]
    surges: dict[str, str]
    shorts: dict[str, Short]
    decrees: tuple[Decree, ...]
    status: str
    until: datetime | None
    opened_at: datetime | None

    @cached_property
    def by_line(self) -> dict[str, tuple[Person, ...]]:
        """Everyone of each line."""
        found: dict[str, list[Person]] = {line.line_id: [] for line in self.lines}
        for person in self.people:
            found[person.line.line_id].append(person)
        return {line_id: tuple(people) for line_id, people in found.items()}

    def seated(self, line: Line) -> int:
        """How many seats of a line are or were filled."""
        return sum(person.seated for person in self.by_line[line.line_id])

    def empty(self, line: Line) -> int:
        """How many seats of a line nobody fills."""
        return max(0, line.quantity - self.seated(line))

    def open(self, line: Line) -> bool:
        """Whether an empty seat of the line can still be filled."""
        return line.due_back > self.at and self.surges[line.surge_id] not in _OVER


def fold(source: Source) -> Standing:
    """Return how everything stood at `source.at`; entries must come in the order of the log."""
    surges = _surges(source.entries)
    lines = {
        line.line_id: line for line in source.lines if surges.get(line.surge_id, "REJECTED") != "REJECTED"
    }
    decrees, status, until, opened_at = _statuses(source.entries)
    if until and until <= source.at:
        # Nobody prolonged it: it has ended, whether or not the log says so yet.
        status, until = "LAPSED", None
    return Standing(
        at=source.at,
        people=_people(source, lines),
        lines=tuple(lines.values()),
        surges=surges,
        shorts=_shorts(source.entries, lines),
        decrees=decrees,
        status=status,
        until=until,
        opened_at=opened_at,
    )


def _surges(entries: Iterable[Entry]) -> dict[str, str]:
    """The state of each surge that was asked for by then."""
    states = {}
    for entry in entries:
        name = cases.parse(entry.case_id)
        if name.kind == cases.CaseKind.SURGE and entry.data.get("state"):
            states[name.key] = str(entry.data["state"])
    return states


def _people(source: Source, lines: dict[str, Line]) -> tuple[Person, ...]:
    seats = {
        cases.secondment(placement.placement_id): placement
        for placement in source.placements
        if placement.line_id in lines
    }
    found: dict[str, Person] = {}
    for entry in source.entries:
        seat = seats.get(entry.case_id)
        if seat is None or "state" not in entry.data:
            continue
        before = found.get(entry.case_id) or Person(
            seat.placement_id,
            lines[seat.line_id],
            seat.unit_id,
            seat.home_role,
            seat.overridden,
            State.OFFERED,
            seat.due_back,
            seat.home_by,
        )
        found[entry.case_id] = _after(before, entry)
    return tuple(found.values())


def _after(person: Person, entry: Entry) -> Person:
    due_back = entry.data.get("due_back")
    return replace(
        person,
        state=State(entry.data["state"]),
        due_back=datetime.fromisoformat(due_back) if due_back else person.due_back,
        departed_at=entry.at if entry.type in ("Mobilised", MOVED_IN) else person.departed_at,
        returned_at=entry.at if entry.type == "Returned" else person.returned_at,
        escalation=int(entry.data.get("escalation", 0)),
        served=bool(entry.data.get("fills", True)),
    )


def _shorts(entries: Iterable[Entry], lines: dict[str, Line]) -> dict[str, Short]:
    """The last known reason of each line: a plan no longer asks about a line that is over, and clears the others."""
    shorts: dict[str, Short] = {}
    for entry in entries:
        if entry.type != "PlanMade":
            continue
        surge_id = cases.parse(entry.case_id).key
        for line in lines.values():
            if line.surge_id == surge_id and line.due_back > entry.at:
                shorts.pop(line.line_id, None)
        plan_id = str(entry.data.get("plan_id", ""))
        for row in entry.data.get("short", ()):
            shorts[row["line_id"]] = Short(int(row["missing"]), str(row["reason"]), plan_id)
    return shorts


def _statuses(
    entries: Sequence[Entry],
) -> tuple[tuple[Decree, ...], str, datetime | None, datetime | None]:
    decrees: list[Decree] = []
    status, until, opened_at = "MONITORING", None, None
    for entry in entries:
        if cases.parse(entry.case_id).kind != cases.CaseKind.OPERATION or "state" not in entry.data:
            continue
        opened_at = opened_at or entry.at
        status = str(entry.data["state"])
        until = datetime.fromisoformat(entry.data["until"]) if entry.data.get("until") else None
        _decree(decrees, entry, until)
    return tuple(decrees), status, until, opened_at


def _decree(decrees: list[Decree], entry: Entry, until: datetime | None) -> None:
    """Follow what an entry says of one level's status: `ends` is its own end, `until` that of all that stand."""
    data = entry.data
    level = str(data.get("level", decrees[-1].level if decrees else ""))
    end = datetime.fromisoformat(data["ends"]) if data.get("ends") else until
    status, decree = str(data.get("status", data["state"])), str(data.get("decree", ""))
    if entry.type in ("StatusDeclared", "StatusEscalated", "StatusBegan") and end:
        start = datetime.fromisoformat(data["start"]) if data.get("start") else entry.at
        _cut_short(decrees, start, level)
        decrees.append(Decree(status, decree, start, end, level))
    elif entry.type == "StatusExtended" and end:
        before = [one.end for one in decrees if one.level == level]
        decrees.append(Decree(status, decree, max(before, default=entry.at), end, level))
    elif entry.type == "StatusHandedBack":
        _cut_short(decrees, end or entry.at, level)
    elif entry.type == "OperationEnded":
        for each in {one.level for one in decrees}:
            _cut_short(decrees, entry.at, each)


def _cut_short(decrees: list[Decree], at: datetime, level: str) -> None:
    """A new status of a level, or the end of the operation, ends the one before it, whatever its own end was."""
    kept = [one for one in decrees if one.level != level or one.start < at]
    decrees[:] = [replace(one, end=at) if one.level == level and one.end > at else one for one in kept]
