"""The clock of everything outside a workflow: API, boards, commands, relay. The only place that asks the machine.

Inside a case the only clock is `workflow.now()`; the database never says what time it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class SteppedClock:
    """A clock that stands still until a drill or a test moves it. It never goes back."""

    instant: datetime

    def __post_init__(self) -> None:
        self.instant = _in_utc(self.instant)

    def now(self) -> datetime:
        """The instant it was last set to, in UTC."""
        return self.instant

    def set(self, instant: datetime) -> None:
        """Move to `instant` (aware). Raises ValueError if that lies before now: time in a case only passes."""
        later = _in_utc(instant)
        if later < self.instant:
            msg = f"the clock stands at {self.instant.isoformat()}; it cannot go back to {later.isoformat()}"
            raise ValueError(msg)
        self.instant = later

    def step(self, duration: timedelta) -> None:
        """Let `duration` pass."""
        self.set(self.instant + duration)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        msg = f"a clock needs an aware instant, not {instant.isoformat()}"
        raise ValueError(msg)
    return instant.astimezone(UTC)
