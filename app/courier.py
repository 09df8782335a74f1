"""Delivers entries of the log to subscribers: in order a person, at least once, until each is taken or given up.

One lane is one person (or one case) for one subscriber. A lane is leased with its next event, which is POSTed, and is
freed when what became of that is written; so a lane that fails rests by itself, and no other one waits for it. Several
couriers share the lanes. One that is killed leaves leases behind; they run out, and those events are sent again.
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from domain.deliveries import (
    LARGEST_EVENT,
    PATIENCE,
    TOO_LARGE,
    Answered,
    DeliveryState,
    Letter,
    Patience,
    Posted,
    answered,
)
from domain.events import MEDIA, body_of, event_id
from domain.subscribers import headers
from runtime import logs
from runtime.clock import Clock
from runtime.ending import leave
from runtime.settings import Settings

AT_ONCE = 32
"""Events on their way to one subscriber: whoever is slow takes nothing from the others."""
LEASE = timedelta(seconds=30)
"""How long one delivery may take before another courier may try."""
SPARE = timedelta(seconds=15)
"""What must be left of a lease when a POST begins; longer than a POST may take."""
KEPT_FOR = timedelta(days=90)
"""How long the record of a delivery is kept, unless a setting says otherwise."""
PRUNE_EVERY = 3_600.0  # seconds
LOOK_AGAIN = 0.5  # seconds
LAST_WORDS = 5.0  # seconds for what is in hand when we are told to stop
ALARM_AFTER = timedelta(minutes=5)

logger = logging.getLogger(__name__)


class Book(Protocol):
    """What the courier needs of the book of deliveries."""

    async def hand_out(self, now: datetime) -> bool: ...
    async def lease(
        self, *, now: datetime, until: datetime, room: int, busy: Mapping[str, int]
    ) -> tuple[Letter, ...]: ...
    async def answer(self, answers: Sequence[Answered], now: datetime) -> int: ...
    async def prune(self, before: datetime, now: datetime) -> bool: ...


class Post(Protocol):
    """POSTs once, and says what came of it."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted: ...


class Courier:
    """The loop between the book of deliveries and the subscribers."""

    def __init__(
        self,
        book: Book,
        post: Post,
        clock: Clock,
        patience: Patience = PATIENCE,
        chance: random.Random | None = None,
        *,
        kept_for: timedelta = KEPT_FOR,
    ) -> None:
        self._book = book
        self._post = post
        self._clock = clock
        self._patience = patience
        self._chance = chance or random.SystemRandom()
        self._kept_for = kept_for
        self._prune_at = 0.0
        """When to look for deliveries that are old; by the loop's clock."""
        self._busy: Counter[str] = Counter()
        """Letters in hand, by subscriber."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: list[Answered] = []
        self._stir = asyncio.Event()
        self._hand_out_at = 0.0
        """When to look for entries that nobody was handed; by the loop's clock."""

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                if not await self._turn():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_AGAIN):
                            await self._stir.wait()
        finally:
            await self._finish()

    async def _turn(self) -> bool:
        """Write what came back, hand out what is new, send what is due; False when there was nothing to do."""
        self._stir.clear()
        try:
            wrote = await self._write()
            handed = await self._hand_out()
            return await self._send() or wrote or handed or await self._prune()
        except OSError as error:
            logger.warning("book of deliveries out of reach", extra={"reason": str(error)})
            await asyncio.sleep(LOOK_AGAIN)
            return False

    async def _hand_out(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._hand_out_at:
            return False
        handed = await self._book.hand_out(self._clock.now())
        self._hand_out_at = now if handed else now + LOOK_AGAIN
        return handed

    async def _prune(self) -> bool:
        """Drop old records, a stretch at a time, when there is nothing else to do."""
        now = asyncio.get_running_loop().time()
        if now < self._prune_at:
            return False
        moment = self._clock.now()
        pruned = await self._book.prune(moment - self._kept_for, moment)
        self._prune_at = now if pruned else now + PRUNE_EVERY
        return pruned

    async def _write(self) -> bool:
        if not self._answers:
            return False
        answers, self._answers = self._answers, []
        try:
            written = await self._book.answer(answers, self._clock.now())
        except BaseException:
            self._answers = answers + self._answers  # to be written later; or their leases run out
            raise
        for one in answers:
            self._busy[one.letter.subscriber.subscriber_id] -= 1
        if written < len(answers):
            logger.warning("leases lost", extra={"count": len(answers) - written})
        return True

    async def _send(self) -> bool:
        now = self._clock.now()
        until = now + LEASE
        letters = await self._book.lease(now=now, until=until, room=AT_ONCE, busy=self._busy)
        for letter in letters:
            self._busy[letter.subscriber.subscriber_id] += 1
            task = asyncio.create_task(self._deliver(letter, until))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(letters)

    async def _deliver(self, letter: Letter, until: datetime) -> None:
        """Send one letter, and leave what became of it to be written."""
        if until - self._clock.now() < SPARE:  # somebody else may have it before the POST would end
            self._busy[letter.subscriber.subscriber_id] -= 1
            return
        try:
            posted = await self._posted(letter)
        except Exception as error:
            logger.exception("unexpected", extra={"seq": letter.seq})
            posted = Posted(f"unexpected_{type(error).__name__}")
        now = self._clock.now()
        told = answered(letter, posted, self._patience, self._chance.random(), now)
        if told.state != DeliveryState.DELIVERED:
            dead = told.state == DeliveryState.DEAD
            about = {
                "subscriber_id": letter.subscriber.subscriber_id,
                "seq": letter.seq,
                "attempts": letter.attempts + 1,
                "reason": told.outcome,
            }
            logger.log(
                logging.ERROR if dead else logging.INFO,
                "dead letter" if dead else "event not taken",
                extra=about,
            )
        self._answers.append(told)
        self._stir.set()

    async def _posted(self, letter: Letter) -> Posted:
        to = letter.subscriber
        body = body_of(to.government_id, letter.seq, letter.fact, letter.hash)
        if len(body) > LARGEST_EVENT:
            return Posted(TOO_LARGE)
        now = self._clock.now()
        signed = headers(to.secrets(now), event_id(to.government_id, letter.seq), body, now)
        return await self._post(to.url, {"content-type": MEDIA, "user-agent": "siaga", **signed}, body)

    async def _finish(self) -> None:
        """Let what is in hand come back and be written: then an ordinary restart sends nothing twice."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_WORDS)  # noqa: TID251 - no case's code
        with suppress(OSError):
            await self._write()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def main() -> None:
    """Deliver until told to stop."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    # The one process that runs this file: as a library it must not pull in what stands behind the ports.
    from app.wiring import open_books, open_courier  # noqa: PLC0415

    settings = Settings.load()
    logs.configure("courier", level=settings.log_level)
    async with (
        open_books(settings.need_database_url(), size=2) as books,
        open_courier(
            books, near=settings.near_networks, kept_for=timedelta(days=settings.deliveries_days)
        ) as courier,
    ):
        delivering = asyncio.create_task(courier.run())
        stopping = asyncio.create_task(stop.wait())
        # Whatever ends the loop but a signal ends the process: the supervisor starts it again.
        await asyncio.wait((delivering, stopping), return_when=asyncio.FIRST_COMPLETED)  # noqa: TID251 - no case's code
        stopping.cancel()
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
