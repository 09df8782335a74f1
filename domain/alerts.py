"""Public warnings as the domain sees them, and what a warning may set in motion.

The shape is that of CAP 1.2 (OASIS). A warning deploys nobody: at most it opens an operation in monitoring and drafts
a request for the coordinator. Only `Actual` messages do even that; `Test`, `Exercise`, `System` and `Draft` are kept
on record and move nothing, and neither does a message that has expired or that a later one has overtaken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Key = tuple[str, str]
"""(sender, identifier): what makes two messages the same message."""


class Status(StrEnum):
    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Urgency(StrEnum):
    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


@dataclass(frozen=True, slots=True)
class Circle:
    centre: Point
    radius_km: float


@dataclass(frozen=True, slots=True)
class Area:
    """A place that the warning is for. Polygons are closed: the first point is the last."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()  # (scheme, code)


@dataclass(frozen=True, slots=True)
class Info:
    """What the warning says, in one language. Instants are UTC."""

    language: str
    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None  # as sent: a page may link to it only if it is http or https
    contact: str | None = None
    response_types: tuple[str, ...] = ()
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, by the three values that CAP names it with."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """One CAP message. Instants are UTC."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str | None = None
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def key(self) -> Key:
        return self.sender, self.identifier

    @property
    def as_reference(self) -> Reference:
        return Reference(self.sender, self.identifier, self.sent)

    @property
    def expires(self) -> datetime | None:
        """When the last of its infos expires; None if one of them names no end, or there is none."""
        ends = [info.expires for info in self.infos]
        return None if None in ends else max((end for end in ends if end), default=None)

    def info(self, language: str = "id") -> Info | None:
        """What it says in this language, else in its first one."""
        ours = (info for info in self.infos if info.language.lower().split("-")[0] == language)
        return next(ours, self.infos[0] if self.infos else None)

    def supersedes(self, earlier: Alert) -> bool:
        """Whether it takes the place of that message.

        Only its own sender may take a message back, and a drill never takes back what is real.
        """
        return (
            self.msg_type in (MsgType.UPDATE, MsgType.CANCEL)
            and self.sender == earlier.sender
            and self.status == earlier.status
            and self.sent >= earlier.sent
            and self.key != earlier.key
            and earlier.as_reference in self.references
        )


class Effect(StrEnum):
    """What a message that came in sets in motion."""

    OPENS = "OPENS"  # an operation may be opened in monitoring, and a request drafted
    REVISES = "REVISES"  # the operation of what it supersedes goes on, with new figures
    ENDS = "ENDS"  # the warning behind an operation is taken back; people decide what becomes of it
    RECORDED = "RECORDED"  # kept, and moves nothing
    DUPLICATE = "DUPLICATE"  # the same message again: not even kept twice


@dataclass(frozen=True, slots=True)
class Reception:
    """The effect of a message, a code that says why, and the known messages whose place it takes."""

    effect: Effect
    reason: str
    superseded: tuple[Key, ...] = ()

    @property
    def may_mobilise(self) -> bool:
        """Whether a request for people may be drafted from it."""
        return self.effect in (Effect.OPENS, Effect.REVISES)


def receive(alert: Alert, known: Collection[Alert], *, now: datetime) -> Reception:
    """Say what this message sets in motion, given those that came before it; messages may come in any order."""
    twins = [earlier for earlier in known if earlier.key == alert.key]
    if twins:
        return Reception(Effect.DUPLICATE, "already_received" if alert in twins else "identifier_reused")
    superseded = tuple(sorted(earlier.key for earlier in known if alert.supersedes(earlier)))
    if alert.status is not Status.ACTUAL:
        return Reception(Effect.RECORDED, f"status_{alert.status.value.lower()}", superseded)
    if alert.msg_type in (MsgType.ACK, MsgType.ERROR):
        return Reception(Effect.RECORDED, f"message_{alert.msg_type.value.lower()}")
    if any(later.supersedes(alert) for later in known):
        return Reception(Effect.RECORDED, "overtaken", superseded)
    if alert.msg_type is MsgType.CANCEL:
        return _cancelled(superseded)
    if alert.expires is not None and alert.expires <= now:
        return Reception(Effect.RECORDED, "expired", superseded)
    if superseded:
        return Reception(Effect.REVISES, "update", superseded)
    return Reception(Effect.OPENS, "alert" if alert.msg_type is MsgType.ALERT else "update_of_unknown")


def _cancelled(superseded: tuple[Key, ...]) -> Reception:
    if superseded:
        return Reception(Effect.ENDS, "cancel", superseded)
    return Reception(Effect.RECORDED, "cancel_of_unknown")


def standing(alerts: Iterable[Alert], *, now: datetime) -> tuple[Alert, ...]:
    """The messages that are in force: actual, not superseded, not cancelled, not expired; the newest first."""
    every = list(alerts)
    in_force = (
        alert
        for alert in every
        if alert.status is Status.ACTUAL
        and alert.msg_type in (MsgType.ALERT, MsgType.UPDATE)
        and (alert.expires is None or alert.expires > now)
        and not any(later.supersedes(alert) for later in every)
    )
    return tuple(sorted(in_force, key=lambda alert: (alert.sent, alert.key), reverse=True))
