"""The life of an emergency operation: statuses beside and after each other, then its end, its report, its archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain import standings
from domain.standings import EndMoved, Level, Standing, Status


class State(StrEnum):
    """MONITORING, then the strongest status that stands (siaga, transisi, tanggap), then its end and what follows."""

    MONITORING = "MONITORING"
    ALERT = "ALERT"
    RESPONSE = "RESPONSE"
    TRANSITION = "TRANSITION"
    LAPSED = "LAPSED"
    ENDED = "ENDED"
    AFTER_ACTION = "AFTER_ACTION"
    ARCHIVED = "ARCHIVED"


class Trigger(StrEnum):
    """What can move an operation: decisions of people, then its own clock."""

    DECLARE = "DECLARE"
    EXTEND = "EXTEND"
    ESCALATE = "ESCALATE"
    HAND_BACK = "HAND_BACK"
    WITHDRAW = "WITHDRAW"
    END = "END"
    FILE_REPORT = "FILE_REPORT"
    ARCHIVE = "ARCHIVE"
    BEGIN = "BEGIN"
    WARN = "WARN"
    RUN_OUT = "RUN_OUT"
    OPEN_REVIEW = "OPEN_REVIEW"
    REPORT_OVERDUE = "REPORT_OVERDUE"


BY_CLOCK = frozenset(
    {Trigger.BEGIN, Trigger.WARN, Trigger.RUN_OUT, Trigger.OPEN_REVIEW, Trigger.REPORT_OVERDUE}
)
DECLARED = frozenset({State.ALERT, State.RESPONSE, State.TRANSITION})
"""An emergency status is in force."""
RESOLUTION = timedelta.resolution
OVER = frozenset({State.ENDED, State.AFTER_ACTION, State.ARCHIVED})
"""No status can be declared any more."""


@dataclass(frozen=True)
class Clock:
    """How long before its end a status is warned of, and how long the after-action report may take."""

    warning: timedelta
    after_action: timedelta


@dataclass(frozen=True)
class Life:
    """An operation at one moment; `standings` holds the newest of each level, in force or over.

    `decreed` holds the newest of each level that was decreed ahead of its start: to come, or withdrawn.
    """

    state: State
    revision: int
    since: datetime
    standings: tuple[Standing, ...] = ()
    report: str | None = None
    overdue: bool = False
    decreed: tuple[Standing, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state == State.ARCHIVED

    @property
    def in_force(self) -> tuple[Standing, ...]:
        """What stands, the strongest first."""
        return standings.in_force(self.standings)

    @property
    def coming(self) -> tuple[Standing, ...]:
        """What is decreed and has not begun."""
        return tuple(one for one in self.decreed if one.stands)

    @property
    def ending(self) -> tuple[Standing, ...]:
        """What stands and will run out by itself: nothing of its level follows at its end, or before."""
        follows = {one.level: one.start for one in self.coming}
        return tuple(one for one in self.in_force if follows.get(one.level, one.end + RESOLUTION) > one.end)

    @property
    def until(self) -> datetime | None:
        """Until when there is cover by what stands now; None where nothing stands."""
        return standings.covered_until(self.in_force, self.coming)

    @property
    def covered_until(self) -> datetime | None:
        """Until when there is, or was, cover."""
        return standings.covered_until(self.standings, self.coming)


@dataclass(frozen=True)
class Event:
    """What is to move an operation; what a trigger has no use for stays empty. `at` is when it was decided."""

    trigger: Trigger
    at: datetime
    level: Level | None = None
    status: Status | None = None
    decree: str = ""
    start: datetime | None = None
    until: datetime | None = None
    report: str = ""
    people_held: int = 0
    surges_open: int = 0


@dataclass(frozen=True)
class Alarm:
    """The next thing that happens if nobody does anything; `level` says to which standing."""

    at: datetime
    trigger: Trigger
    level: Level | None = None


@dataclass(frozen=True)
class Moved:
    """The event stands: the life after it, the standing that it declared, and the ends that it moved."""

    life: Life
    declared: Standing | None = None
    ends: tuple[EndMoved, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The event does not stand; the code says why."""

    code: str


def next_alarm(life: Life, clock: Clock) -> Alarm | None:
    """Say what the operation does next by itself, and when; an alarm may lie in the past: then it is due now."""
    if life.state == State.ENDED:
        return Alarm(life.since, Trigger.OPEN_REVIEW)
    if life.state == State.AFTER_ACTION:
        waits = life.report is None and not life.overdue
        return Alarm(life.since + clock.after_action, Trigger.REPORT_OVERDUE) if waits else None
    # First: a status that begins when another ends leaves no gap.
    alarms = [Alarm(one.start, Trigger.BEGIN, one.level) for one in life.coming]
    alarms += [
        Alarm(one.end, Trigger.RUN_OUT, one.level)
        if one.warned
        else Alarm(max(one.start, one.end - clock.warning), Trigger.WARN, one.level)
        for one in life.ending
    ]
    return min(alarms, key=lambda alarm: alarm.at, default=None)
