"""The view of a report: frozen figures, ready to be said and drawn. Counts are people unless named otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.report.fold import Decree


@dataclass(frozen=True)
class Figures:
    """The figures of the head. `filled` = `waiting` + `going` + `on_site` + `homeward` + `returned`.

    `due_soon` are out, due back within seven days and not late; it is `relieved` (a successor has said yes) +
    `unrelieved` (a successor was asked for and the seat is empty) + `done` (nobody was asked to follow).
    """

    needed: int
    filled: int
    empty: int
    roles: int
    sites: int
    waves: int
    waiting: int
    going: int
    on_site: int
    homeward: int
    returned: int
    due_soon: int
    relieved: int
    unrelieved: int
    done: int
    late: int
    latest: timedelta | None
    came_late: int
    came_latest: timedelta | None
    empty_open: int
    offered: int

    @property
    def out(self) -> int:
        """Away from home: travelling there, there, or travelling back."""
        return self.going + self.on_site + self.homeward


class Urgency(StrEnum):
    """Late; soon or at a limit; waiting for somebody."""

    LATE = "late"
    SOON = "soon"
    WAITING = "waiting"


@dataclass(frozen=True)
class Action:
    """Something somebody must do now: the finding, what lies behind it, who acts and until when."""

    urgency: Urgency
    finding: str
    detail: str
    who: str
    due: str = ""


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


@dataclass(frozen=True)
class Site:
    """A numbered place of work."""

    number: int
    name: str
    lat: float
    lon: float
    needed: int
    filled: int


@dataclass(frozen=True)
class Origin:
    """A unit on the map, and how many it sent."""

    unit_id: str
    name: str
    lat: float
    lon: float
    people: int


@dataclass(frozen=True)
class Flow:
    """People from one unit to one site (its number)."""

    unit_id: str
    site: int
    people: int


@dataclass(frozen=True)
class Place:
    """A district's name at the mean of its villages' offices."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Map:
    """What the schematic map shows: nothing but points the registry has."""

    sites: tuple[Site, ...]
    origins: tuple[Origin, ...]
    flows: tuple[Flow, ...]
    places: tuple[Place, ...]
    villages: tuple[tuple[float, float], ...]


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
    handler: str = ""
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


@dataclass(frozen=True)
class Happening:
    """One line of the story. A decision is filled, something late is marked."""

    at: datetime
    text: str
    decision: bool = False
    alarm: bool = False


@dataclass(frozen=True)
class ReportView:
    """Everything the report says, as of `as_of`."""

    operation_id: str
    title: str
    government: str
    zone: str
    synthetic: bool
    as_of: datetime
    last_entry: int
    fingerprint: str
    status: str
    status_since: datetime | None
    status_until: datetime | None
    orders_past_status: int
    figures: Figures
    actions: tuple[Action, ...]
    roles: tuple[RoleNeed, ...]
    map: Map
    decrees: tuple[Decree, ...]
    teams: tuple[Team, ...]
    donors: tuple[Donor, ...]
    story: tuple[Happening, ...]
