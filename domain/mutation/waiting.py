"""What is waited for, and how whoever is asked is urged: reminded, then the office above, level by level.

A case may wait for several things at once: for a step, for each clearance, for the answer to an objection. Each has a
`Wait` of its own. Terms are mostly working days, which a calendar counts outside; here are only the instants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Wait:
    """Until when each level has time, and when it is reminded; the last level stays asked, reminded every `repeat`.

    `level` is how far up it went, `notices` how often that level was reminded.
    """

    due: tuple[datetime, ...]
    remind: tuple[datetime, ...]
    repeat: timedelta
    level: int = 0
    notices: int = 0

    def __post_init__(self) -> None:
        if not self.due or len(self.due) != len(self.remind) or self.repeat <= timedelta(0):
            raise ValueError("each level needs a term and a reminder, and the last one a repeat")

    @property
    def until(self) -> datetime:
        """Until when the level that is asked now has time."""
        return self.due[self.level]

    @property
    def rings(self) -> datetime:
        """When it is urged next: a reminder, the next level, or the last one again."""
        if self.notices == 0:
            return self.remind[self.level]
        if self.level + 1 < len(self.due):
            return self.until
        return self.until + self.repeat * (self.notices - 1)

    def urged(self, now: datetime) -> Wait:
        """Return it after it has rung; what a long outage missed is not told many times over."""
        if self.notices and self.level + 1 < len(self.due):
            return replace(self, level=self.level + 1, notices=0)
        missed = max(now - self.rings, timedelta(0)) // self.repeat if self.notices else 0
        return replace(self, notices=self.notices + 1 + missed)
