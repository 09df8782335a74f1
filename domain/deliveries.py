"""Deliveries: what is on its way to a subscriber, what may become of it, and how patiently it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.log import Fact
from domain.subscribers import Subscriber

LARGEST_EVENT = 64 * 1024
"""Bytes of a body; CloudEvents asks everybody to pass on that much, and no more."""
TOO_LARGE = "too_large"
"""No try would help: it is given up at once."""


class DeliveryState(StrEnum):
    """WAITING (also between tries), DELIVERED, DEAD (given up by us, to be seen), SKIPPED (given up by a person)."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True)
class Letter:
    """The next event of a lane, on its way to a subscriber; `attempts` counts those before.

    A lane is a person (or a case, of events that concern nobody) for one subscriber: within it events keep their order.
    """

    subscriber: Subscriber
    lane: str
    lease_id: str
    seq: int
    fact: Fact
    hash: bytes
    attempts: int


@dataclass(frozen=True)
class Posted:
    """What came of one POST: a word for the books, whether it was taken, and the rest that was asked for."""

    outcome: str
    taken: bool = False
    asked: timedelta | None = None


@dataclass(frozen=True)
class Answered:
    """What became of a letter, in a word; `due_at` is when its lane goes on."""

    letter: Letter
    state: DeliveryState
    outcome: str
    due_at: datetime


@dataclass(frozen=True)
class Patience:
    """How long to go on: `attempts` tries, the rests between them growing by `factor` from `first` to `longest`."""

    first: timedelta = timedelta(seconds=5)
    factor: float = 3.0
    longest: timedelta = timedelta(hours=6)
    attempts: int = 12

    def rest(self, attempt: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
        """Return the rest after a failed attempt (counted from 1), or None when it was the last.

        `chance` (0 to 1) shortens it by up to a half, so that those who failed together do not come back together.
        What the subscriber `asked` for is granted, up to `longest`.
        """
        if attempt >= self.attempts:
            return None
        full = min(self.longest, self.first * self.factor ** min(attempt - 1, 60))
        rest = full * (1 - chance / 2)
        return max(rest, min(asked, self.longest)) if asked else rest


PATIENCE = Patience()
"""12 tries in about a day: after 5 s, 15 s, 45 s … and then each 6 h."""


def answered(letter: Letter, posted: Posted, patience: Patience, chance: float, now: datetime) -> Answered:
    """Say what becomes of a letter after one POST: taken, to be tried again after a rest, or given up."""
    if posted.taken:
        return Answered(letter, DeliveryState.DELIVERED, posted.outcome, now)
    rest = None if posted.outcome == TOO_LARGE else patience.rest(letter.attempts + 1, chance, posted.asked)
    if rest is None:
        return Answered(letter, DeliveryState.DEAD, posted.outcome, now)
    return Answered(letter, DeliveryState.WAITING, posted.outcome, now + rest)
