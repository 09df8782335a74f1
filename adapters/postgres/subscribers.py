"""The administrator's book: who is told of events; dead letters sent again or given up. Each act is a fact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.postgres import log
from adapters.postgres.boards import MOST
from adapters.postgres.database import Database, queries
from domain.deliveries import DeliveryState
from domain.log import Fact
from domain.subscribers import Subscriber, SubscriberState


class SubscriberBook:
    """Subscribers of a government."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscriber: Subscriber, added_by: str, fact: Fact, *, from_start: bool) -> bool:
        """Add a subscriber; False when it is there already. `from_start`: told of all that is in the log."""
        async with self._database.writing() as connection:
            added = await queries.add_subscriber(
                connection,
                subscriber_id=subscriber.subscriber_id,
                government_id=subscriber.government_id,
                url=subscriber.url,
                types=list(subscriber.types) if subscriber.types is not None else None,
                secret=subscriber.secret,
                added_by=added_by,
                from_start=from_start,
                now=fact.at,
            )
            if added:
                await log.append(connection, subscriber.government_id, [fact])
        return added is not None

    async def turn(self, subscriber_id: str, government_id: str, to: SubscriberState, fact: Fact) -> bool:
        """Pause an active subscriber, or resume a paused one; False when it does not stand so.

        Whoever resumes knows that it answers again: what rests after a failure does not wait for hours any more.
        """
        was = {
            SubscriberState.PAUSED: SubscriberState.ACTIVE,
            SubscriberState.ACTIVE: SubscriberState.PAUSED,
        }[to]
        async with self._database.writing() as connection:
            turned = await queries.turn_subscriber(
                connection,
                subscriber_id=subscriber_id,
                government_id=government_id,
                to=to.value,
                was=was.value,
                now=fact.at,
            )
            if turned:
                if to == SubscriberState.ACTIVE:
                    await queries.wake_lanes(connection, subscriber_id=subscriber_id, now=fact.at)
                await log.append(connection, government_id, [fact])
        return turned is not None

    async def remove(self, subscriber_id: str, government_id: str, fact: Fact) -> bool:
        """End a subscriber, and erase its address and secrets; False when it has ended."""
        async with self._database.writing() as connection:
            removed = await queries.remove_subscriber(
                connection, subscriber_id=subscriber_id, government_id=government_id, now=fact.at
            )
            if removed:
                await log.append(connection, government_id, [fact])
        return removed is not None

    async def rotate(
        self, subscriber_id: str, government_id: str, secret: bytes, old_until: datetime, fact: Fact
    ) -> bool:
        """Let a new secret sign, and the one before it until then; False when the subscriber has ended."""
        async with self._database.writing() as connection:
            rotated = await queries.rotate_secret(
                connection,
                subscriber_id=subscriber_id,
                government_id=government_id,
                secret=secret,
                old_until=old_until,
                now=fact.at,
            )
            if rotated:
                await log.append(connection, government_id, [fact])
        return rotated is not None

    async def revive(
        self, subscriber_id: str, government_id: str, to: DeliveryState, fact: Fact, seq: int | None
    ) -> tuple[int, ...]:
        """Send dead letters again (WAITING) or give them up (SKIPPED), all or one; return the entries they are of."""
        async with self._database.writing() as connection:
            dead = await queries.dead_letters(
                connection, subscriber_id=subscriber_id, government_id=government_id, seq=seq
            )
            if not dead:
                return ()
            seqs = sorted(row["seq"] for row in dead)
            await queries.revive_deliveries(connection, subscriber_id=subscriber_id, seqs=seqs, to=to.value)
            await queries.unstop_lanes(
                connection,
                subscriber_id=subscriber_id,
                lanes=[row["lane"] for row in dead],
                to=to.value,
                now=fact.at,
            )
            facts = [
                Fact(fact.type, fact.case_id, fact.at, fact.by, None, {**fact.data, "seq": one})
                for one in seqs
            ]
            await log.append(connection, government_id, facts)
        return tuple(seqs)

    async def board(self, government_id: str, subscriber_id: str | None = None) -> list[dict[str, Any]]:
        """Return the subscribers of a government, or one of them, with the counts of their deliveries."""
        async with self._database.reading() as connection:
            rows = await queries.subscriber_rows(
                connection, government_id=government_id, subscriber_id=subscriber_id
            )
        return [dict(row) for row in rows]

    async def history(self, subscriber_id: str, government_id: str) -> list[dict[str, Any]]:
        """Return what was done to a subscriber and to its dead letters, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.subscriber_history(
                connection, government_id=government_id, case_id=f"subscriber:{subscriber_id}", most=MOST
            )
        return [dict(row) for row in rows]

    async def deliveries(
        self, government_id: str, *, subscriber_id: str | None, state: DeliveryState | None, most: int
    ) -> list[dict[str, Any]]:
        """Return deliveries of a government, the newest first."""
        async with self._database.reading() as connection:
            rows = await queries.deliveries_of(
                connection,
                government_id=government_id,
                subscriber_id=subscriber_id,
                state=state.value if state else None,
                most=most,
            )
        return [dict(row) for row in rows]
