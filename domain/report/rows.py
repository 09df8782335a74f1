"""The rows of the report's charts: roles with their need, teams with their bars, units with their slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Cause:
    """How many seats are empty for one reason; `code` is a shortfall reason or one of this report's own."""

    code: str
    seats: int
    donors: int = 0


@dataclass(frozen=True)
class RoleNeed:
    """One role: seats asked and filled, and why the rest is empty (the causes add up to what is empty)."""

    role: str
    name: str
    needed: int
    filled: int
    empty: int
    causes: tuple[Cause, ...]


class LaneKind(StrEnum):
    """How a bar of the Gantt stands."""

    LATE = "late"
    DUTY = "duty"
    GOING = "going"
    HOMEWARD = "homeward"
    AHEAD = "ahead"
    EMPTY = "empty"
    HOME = "home"


@dataclass(frozen=True)
class Lane:
    """One bar: the people of one request line who share a fate. `relief` when it follows another lane.

    Of people who are home, `end` is when the last one came and `late` how many came late.
    """

    kind: LaneKind
    people: int
    start: datetime
    end: datetime
    relief: bool = False
    late: int = 0
    due: datetime | None = None


@dataclass(frozen=True)
class Team:
    """One row of the Gantt: a role at a site, wave after wave."""

    name: str
    site: str
    people: int
    lanes: tuple[Lane, ...]
    late_by: timedelta | None = None
    handlers: tuple[str, ...] = ()
    """The offices that must bring late people home, in the order in which they were asked."""
    notes: tuple[str, ...] = ()
    shortage: str = ""

    @property
    def over(self) -> bool:
        """Everybody is home."""
        return all(lane.kind in (LaneKind.HOME, LaneKind.EMPTY) for lane in self.lanes)

    @property
    def next_due(self) -> datetime:
        """When the first people who are out are due; rows without any come after all others."""
        out = (LaneKind.LATE, LaneKind.DUTY, LaneKind.GOING, LaneKind.HOMEWARD)
        ends = [lane.end for lane in self.lanes if lane.kind in out]
        return min(ends, default=max(lane.end for lane in self.lanes))


@dataclass(frozen=True)
class DonorRole:
    """One role that a unit lends."""

    role: str
    headcount: int
    present: int
    redline: int

    @property
    def before(self) -> int:
        return self.headcount - self.redline

    @property
    def slack(self) -> int:
        """People above the redline now; below zero only by an override."""
        return self.present - self.redline


@dataclass(frozen=True)
class Donor:
    """A unit that lends, over the roles it lends."""

    unit_id: str
    name: str
    roles: tuple[DonorRole, ...]

    @property
    def headcount(self) -> int:
        return sum(role.headcount for role in self.roles)

    @property
    def present(self) -> int:
        return sum(role.present for role in self.roles)

    @property
    def redline(self) -> int:
        return sum(role.redline for role in self.roles)

    @property
    def before(self) -> int:
        return sum(role.before for role in self.roles)

    @property
    def slack(self) -> int:
        return sum(role.slack for role in self.roles)

    @property
    def tightest(self) -> int:
        """The slack of the role that is nearest to its redline: the one that decides."""
        return min(role.slack for role in self.roles)

    @property
    def lent(self) -> int:
        return self.headcount - self.present
