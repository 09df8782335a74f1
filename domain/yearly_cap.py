"""The yearly cap on days of duty (S05), and its waiver: by name, for one person, once within a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


class Cap(Protocol):
    """How many days somebody serves within a year, and by how many more the cap may be raised."""

    @property
    def yearly_duty(self) -> timedelta: ...

    @property
    def yearly_waiver(self) -> timedelta: ...


@dataclass(frozen=True)
class Served:
    """Days on duty, on postings that ended within the year; and by how many days the cap was raised in it."""

    duty: int
    raised: int = 0

    def reached(self, cap: Cap) -> bool:
        """Whether the cap that stands for everybody is reached: only a waiver lets them be asked."""
        return self.duty >= cap.yearly_duty.days


def waiver_fault(served: Served | None, days: int, cap: Cap) -> str | None:
    """Say why the cap of somebody is not raised by so many days, or None.

    Whoever may be asked anyway needs no waiver, and one that leaves them at the raised cap would be none.
    """
    if served is None:
        return "nobody_of_that_name"
    if days > cap.yearly_waiver.days:
        return "waiver_too_long"
    if served.raised:
        return "waived_already"
    if not served.reached(cap):
        return "cap_not_reached"
    return "still_at_the_cap" if served.duty >= cap.yearly_duty.days + days else None
