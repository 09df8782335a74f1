"""What the relay says of a decision that stays unanswered: at once, and then ever more rarely."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.relay import ALARM_AFTER, Relay
from domain.commands import CommandKind

NOW = datetime(2027, 2, 1, tzinfo=UTC)
TRIES = 40


@dataclass(frozen=True)
class Waiting:
    """A decision on its way for the nth time."""

    attempts: int
    decided_at: datetime
    command_id: str = "c-1"
    case_id: str = "operation:OP-1"
    kind: CommandKind = CommandKind.OPEN_OPERATION
    government_id: str = "kota"


@dataclass
class Book:
    """Gives out the same decision again and again, and says when that was often enough."""

    decided_at: datetime
    given: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def lease(self, **_: Any) -> tuple[Waiting, ...]:
        if self.given == TRIES:
            return ()
        self.given += 1
        return (Waiting(self.given, self.decided_at),)

    async def postpone(self, *_: Any) -> None:
        if self.given == TRIES:
            self.enough.set()


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


class Never:
    """Begins nothing in time."""

    async def begin(self, *_: Any) -> None:
        raise TimeoutError

    async def tell_again(self, *_: Any) -> None:
        raise TimeoutError


async def soon(_within: float) -> None:
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("waits", "told"), [(ALARM_AFTER, []), (ALARM_AFTER + timedelta(seconds=1), [1, 2, 4, 8, 16, 32])]
)
async def test_an_unanswered_decision_is_told_at_once_and_then_ever_more_rarely(
    caplog: pytest.LogCaptureFixture, waits: timedelta, told: list[int]
) -> None:
    book = Book(NOW - waits)
    relay = asyncio.create_task(Relay(None, book, Never(), soon, Still()).run())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR, "app.relay"):
        await book.enough.wait()
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    said = [one for one in caplog.records if one.message == "decision unanswered"]
    assert [one.attempts for one in said] == told  # type: ignore[attr-defined]
