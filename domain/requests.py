"""What a coordinator asks for: an operation to be opened, people to be found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True)
class SurgeRequest:
    """A request for people under an operation, and the fund that pays them."""

    operation_id: str
    title: str
    funding: str
    lines: tuple[LineRequest, ...]

    def told(self) -> list[Any]:
        """Return the request as plain JSON values, to compare it with itself."""
        lines = [
            asdict(line) | {"report_at": line.report_at.isoformat(), "due_back": line.due_back.isoformat()}
            for line in self.lines
        ]
        return [self.operation_id, self.title, self.funding, lines]

    def faults(self, roles: frozenset[str]) -> tuple[str, ...]:
        """Say what is wrong with the request, each as `where: what`; empty when it can be asked."""
        found = [] if self.lines else ["lines: at least one is needed"]
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
