"""An opening: a place that somebody might be moved to — a line of a request, here or of another surge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Opening:
    """A line as somebody sees it who looks for room on it.

    `room` are its places that nobody fills, is offered or is on the way to; `asking`: its surge is being staffed and
    the line is not closed; `fits`: it asks for the surge role in which the person serves now, or for another one that they may serve in as well. `km` is how
    far it is from where the person lives, or else works; `max_km` how far people may come from; `by_letter` says that a letter
    covers it, and no emergency status.
    """

    line_id: str
    surge_id: str
    role: str
    site: str
    report_at: datetime
    due_back: datetime
    covered_until: datetime
    room: int
    asking: bool
    fits: bool
    km: int = 0
    max_km: int | None = None
    by_letter: bool = False

    @property
    def too_far(self) -> bool:
        """Whether people may not come from so far."""
        return self.max_km is not None and self.km > self.max_km
