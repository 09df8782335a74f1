"""What a report is made of: rows of the registry, and the log up to the instant that is asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Operation:
    """The operation, and the government whose zone its days are told in."""

    operation_id: str
    title: str
    government: str
    zone: str
    synthetic: bool


@dataclass(frozen=True)
class Line:
    """One request line: how many people of a role, where, from when until when; the codes of who feeds them, and of the
    hazards that were named. `continued`: another line goes on with it.
    """

    line_id: str
    surge_id: str
    wave: int
    role: str
    quantity: int
    site: str
    lat: float
    lon: float
    report_at: datetime
    due_back: datetime
    needed_until: datetime | None = None
    food: str | None = None
    hazards: tuple[str, ...] = ()
    continued: bool = False


@dataclass(frozen=True)
class Placement:
    """One person's seat. What changes with time is not here: it is folded from the log."""

    placement_id: str
    line_id: str
    unit_id: str
    home_role: str
    overridden: bool
    due_back: datetime
    home_by: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of the log that concerns the operation."""

    seq: int
    type: str
    at: datetime
    case_id: str
    authority: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """A unit and its place."""

    unit_id: str
    name: str
    kind: str
    parent_id: str | None
    lat: float
    lon: float


@dataclass(frozen=True)
class Floor:
    """What a unit has of a role and must keep; `lent_elsewhere` are held by other operations at the instant."""

    unit_id: str
    role: str
    headcount: int
    redline: int
    lent_elsewhere: int = 0


@dataclass(frozen=True)
class Task:
    """Something that somebody was asked to do and had not done at the instant."""

    kind: str
    case_id: str
    due_at: datetime | None
    capacity: str | None = None
    unit_id: str | None = None


@dataclass(frozen=True)
class Warned:
    """A public warning that reached the operation."""

    event: str
    received_at: datetime


@dataclass(frozen=True)
class Blocked:
    """The donors that a plan found at their redline while a line stayed short."""

    plan_id: str
    line_id: str
    unit_ids: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Everything a report is counted from, as of `at`; `last_entry` and `last_hash` name the log's newest entry."""

    at: datetime
    operation: Operation
    lines: tuple[Line, ...] = ()
    placements: tuple[Placement, ...] = ()
    entries: tuple[Entry, ...] = ()
    units: tuple[Unit, ...] = ()
    floors: tuple[Floor, ...] = ()
    tasks: tuple[Task, ...] = ()
    warnings: tuple[Warned, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    last_entry: int = 0
    last_hash: str = ""
    role_names: dict[str, str] = field(default_factory=dict)
