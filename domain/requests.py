"""What a coordinator asks for: an operation to be opened, people to be found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.authority import Capacity


@dataclass(frozen=True)
class OperationRequest:
    """Open an operation for a hazard; `alert` is (sender, identifier) of the warning behind it, if any."""

    title: str
    hazard: str
    alert: tuple[str, str] | None = None

    def told(self) -> list[Any]:
        """Return the request as plain JSON values, to compare it with itself."""
        return [self.title, self.hazard, list(self.alert or ())]


class WarningTaken(RuntimeError):
    """Another operation has been opened for this warning meanwhile."""


@dataclass(frozen=True)
class LineRequest:
    """So many people of one role, at one site, from when until when."""

    role: str
    quantity: int
    priority: int
    site: str
    lat: float
    lon: float
    report_at: datetime
    due_back: datetime
    wave: int = 1


class RequestKind(StrEnum):
    """Why people are asked for: an emergency, or one unit that has more to do than it can."""

    DISASTER = "disaster"
    SERVICE_DEMAND = "service_demand"


@dataclass(frozen=True)
class Letter:
    """The letter that a demand for service stands on: for which unit, and until when it may have help."""

    number: str
    dated: date
    office: str
    unit_id: str
    until: datetime


@dataclass(frozen=True)
class OralOrder:
    """An order by word of mouth, as whoever asks for people heard it; in which office it was given is looked up."""

    by: str
    given_at: datetime
    capacity: Capacity | None = None


@dataclass(frozen=True)
class SurgeRequest:
    """A request for people, and the fund that pays them: under an operation, or by a letter without one."""

    operation_id: str | None
    title: str
    funding: str
    lines: tuple[LineRequest, ...]
    letter: Letter | None = None
    oral: OralOrder | None = None

    @property
    def kind(self) -> RequestKind:
        """Say why people are asked for."""
        return RequestKind.SERVICE_DEMAND if self.letter else RequestKind.DISASTER

    def told(self) -> list[Any]:
        """Return the request as plain JSON values, to compare it with itself."""
        lines = [
            asdict(line) | {"report_at": line.report_at.isoformat(), "due_back": line.due_back.isoformat()}
            for line in self.lines
        ]
        told: list[Any] = [self.operation_id, self.title, self.funding, lines]
        if self.letter:
            letter = self.letter
            told.append([letter.number, letter.dated.isoformat(), letter.office, letter.unit_id])
            told.append(letter.until.isoformat())
        if self.oral:
            told.append([self.oral.by, self.oral.given_at.isoformat()])
        return told

    def faults(self, roles: frozenset[str]) -> tuple[str, ...]:
        """Say what is wrong with the request, each as `where: what`; empty when it can be asked."""
        found = [] if self.lines else ["lines: at least one is needed"]
        if (self.operation_id is None) != (self.letter is not None):
            found.append("operation_id: expected for a disaster, and not for a demand for service")
        if self.letter and self.oral:
            found.append("oral_order: only a disaster is answered by word of mouth")
        found += ["funding: a source is needed (S10)"] if not self.funding.strip() else []
        for number, line in enumerate(self.lines, 1):
            at = f"lines[{number}]"
            if line.role not in roles:
                found.append(f"{at}.role: {line.role!r} is not one of {', '.join(sorted(roles))}")
            if line.quantity < 1:
                found.append(f"{at}.quantity: {line.quantity}, expected 1 or more")
            if not 1 <= line.priority <= 5:
                found.append(f"{at}.priority: {line.priority}, expected 1 (most urgent) to 5")
            if line.due_back <= line.report_at:
                found.append(f"{at}.due_back: not after report_at")
            if not (-90 <= line.lat <= 90 and -180 <= line.lon <= 180):
                found.append(f"{at}: lat {line.lat}, lon {line.lon} is not a place on earth")
        return tuple(found)
