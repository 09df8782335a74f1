"""A subscriber for a drill: it listens on loopback while the story is played, and is told all of it by a courier.

The story's clock is stepped by hours while a delivery is under way; so the courier runs on the machine's own clock.
"""

from __future__ import annotations

import asyncio
import ipaddress
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from app import subscribers
from app.subscribers import Desk, Wish
from app.wiring import open_courier
from domain.authority import Capacity
from domain.events import OWN, SENSITIVE, event_id
from lab.loopback import Ear, listening
from lab.stage import Stage
from lab.storybook import StoryBook
from runtime.clock import SteppedClock, SystemClock

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
ID = str(uuid.UUID(int=1))
"""A drill has one subscriber, and the same one in every run."""
WITHIN = 60.0  # seconds for what is still under way at the end


@dataclass(frozen=True)
class Told:
    """Who listens to a drill; `ear` is None where the roster appoints no operator who could ask for it."""

    stage: Stage
    government_id: str
    ear: Ear | None

    async def settled(self) -> None:
        """Wait until all that is in the log was told; what was not by then, the invariants and `faults` will say."""
        for _ in range(int(WITHIN / 0.05)):
            board = await self.stage.books.subscribers.board(self.government_id)
            if all(row["behind"] == row["waiting"] == 0 for row in board):
                return
            await asyncio.sleep(0.05)

    def faults(self, book: StoryBook) -> list[str]:
        """Return what the subscriber complains of: a wrong signature, shape or order, or an entry it never heard of."""
        if self.ear is None:
            return []
        heard = {event["id"] for event in self.ear.events}
        happened = {
            event_id(self.government_id, entry["seq"])
            for entry in book.entries
            if not entry["case_id"].startswith(OWN) and entry["type"] not in SENSITIVE
        }
        lost = sorted(happened - heard)
        return self.ear.faults[:3] + [f"{one} was not told" for one in lost[:3]]

    @property
    def bodies(self) -> Sequence[bytes]:
        """Return what was received, once each, in order of arrival."""
        return self.ear.bodies if self.ear else ()


@asynccontextmanager
async def told(stage: Stage, government_id: str, starts: datetime) -> AsyncIterator[Told]:
    """Let somebody on loopback be told of a drill from its start on."""
    officers = await stage.boards.officers(government_id, starts)
    operator = next((one["person_id"] for one in officers if one["capacity"] == Capacity.OPERATOR), None)
    if operator is None:
        yield Told(stage, government_id, None)
        return
    who = await stage.books.desk.actor(operator, government_id, starts)
    house = replace(stage.house, clock=SteppedClock(starts), new_id=lambda: ID)
    async with (
        listening(Ear(now=lambda: SystemClock().now().timestamp())) as ear,
        open_courier(stage.books, near=LOOPBACK) as courier,
    ):
        desk = Desk(house, stage.books.subscribers, LOOPBACK)
        _, ear.secret = await subscribers.add(desk, who, Wish(ear.url))
        delivering = asyncio.create_task(courier.run())
        try:
            yield Told(stage, government_id, ear)
        finally:
            delivering.cancel()
            with suppress(asyncio.CancelledError):
                await delivering
