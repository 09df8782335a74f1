"""The view of a report: frozen figures, ready to be said and drawn. Counts are people unless named otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.report.fold import Decree
from domain.report.rows import Donor, RoleNeed, Team


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
