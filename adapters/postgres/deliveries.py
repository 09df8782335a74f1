"""The courier's book: what is to be delivered next, and what became of it.

Three transactions, none of which waits for a subscriber: a stretch of the log is put into a subscriber's deliveries;
lanes that are due are leased, each with its next event; and what became of those events frees their lanes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.postgres import log
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.log import fact_of_row
from domain.deliveries import Answered, DeliveryState, Letter
from domain.events import SENSITIVE
from domain.log import Attribution, Fact, canonical
from domain.subscribers import Subscriber

STRETCH = 1_000
"""Entries of the log that are put into deliveries at once."""


class DeliveryBook:
    """Deliveries of all governments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hand_out(self, now: datetime) -> bool:
        """Put a stretch of the log into the deliveries of one subscriber; False when none is behind.

        The log is numbered in the order of commits, so what lies below its head is all there is.
        """
        async with self._database.writing() as connection:
            found = await queries.subscriber_behind(connection)
            if found is None:
                return False
            stretch = {
                "subscriber_id": found["subscriber_id"],
                "government_id": found["government_id"],
                "types": found["types"],
                "sensitive": sorted(SENSITIVE),
                "after": found["cursor"],
                "upto": min(found["head"], found["cursor"] + STRETCH),
            }
            await queries.open_lanes(connection, now=now, **stretch)
            await queries.queue_deliveries(connection, **stretch)
            await queries.keep_place(
                connection, subscriber_id=found["subscriber_id"], upto=stretch["upto"], now=now
            )
        return True

    async def lease(
        self, *, now: datetime, until: datetime, room: int, busy: Mapping[str, int]
    ) -> tuple[Letter, ...]:
        """Take the next event of lanes that are due: at most `room` a subscriber, of which `busy` are taken."""
        lease_id = str(uuid.uuid4())
        async with self._database.writing() as connection:
            told = {
                row["subscriber_id"]: _subscriber(row) for row in await queries.subscribers_told(connection)
            }
            rooms = {one: left for one in told if (left := room - busy.get(one, 0)) > 0}
            if not rooms:
                return ()
            held = await queries.lease_lanes(
                connection,
                subscribers=list(rooms),
                rooms=list(rooms.values()),
                now=now,
                leased_until=until,
                lease_id=lease_id,
            )
            heads = await queries.heads_of_lanes(
                connection,
                subscribers=[row["subscriber_id"] for row in held],
                lanes=[row["lane"] for row in held],
            )
        return tuple(
            Letter(
                told[row["subscriber_id"]],
                row["lane"],
                lease_id,
                row["seq"],
                fact_of_row(row),
                row["hash"],
                row["attempts"],
            )
            for row in heads
        )

    async def answer(self, answers: Sequence[Answered], now: datetime) -> int:
        """Write what became of letters, and return for how many: one whose lease has passed on is not ours any more."""
        async with self._database.writing() as connection:
            held = await queries.lanes_still_held(
                connection,
                subscribers=[one.letter.subscriber.subscriber_id for one in answers],
                lanes=[one.letter.lane for one in answers],
                leases=[one.letter.lease_id for one in answers],
            )
            ours = {(row["subscriber_id"], row["lane"]) for row in held}
            mine = [one for one in answers if (one.letter.subscriber.subscriber_id, one.letter.lane) in ours]
            subscribers = [one.letter.subscriber.subscriber_id for one in mine]
            states = [one.state.value for one in mine]
            await queries.answer_deliveries(
                connection,
                subscribers=subscribers,
                seqs=[one.letter.seq for one in mine],
                states=states,
                outcomes=[one.outcome for one in mine],
                now=now,
            )
            await queries.free_lanes(
                connection,
                subscribers=subscribers,
                lanes=[one.letter.lane for one in mine],
                states=states,
                dues=[one.due_at for one in mine],
            )
            await _bury(connection, [one for one in mine if one.state == DeliveryState.DEAD], now)
        return len(mine)

    async def prune(self, before: datetime, now: datetime) -> bool:
        """Drop a stretch of one subscriber's oldest deliveries that were settled before then; False when none was.

        What they were stays in the log: how many, up to which entry, and the hash of their records.
        """
        async with self._database.writing() as connection:
            found = await queries.prunable(connection, before=before, most=STRETCH)
            if found is None:
                return False
            told = {"subscriber_id": found["subscriber_id"], "upto": found["upto"]}
            rows = sorted(await queries.prune_deliveries(connection, **told), key=lambda row: row["seq"])
            delivered = sum(row["state"] == DeliveryState.DELIVERED for row in rows)
            await queries.keep_pruned(connection, delivered=delivered, **told)
            await log.append(connection, found["government_id"], [_pruned(found, rows, delivered, now)])
        return True

    async def late(self, before: datetime) -> tuple[int, int]:
        """Return how many lanes, and how many subscribers, have been due since before then with nobody at work."""
        async with self._database.reading() as connection:
            row = await queries.deliveries_late(connection, before=before)
        return row["lanes"], row["subscribers"]


async def _bury(connection: Connection, dead: Sequence[Answered], now: datetime) -> None:
    """Log each dead letter: nothing is given up without an entry that says so."""
    for government_id in sorted({one.letter.subscriber.government_id for one in dead}):
        facts = [
            Fact(
                "DeliveryDied",
                f"subscriber:{one.letter.subscriber.subscriber_id}",
                now,
                Attribution("system:courier", "SYSTEM", "delivery"),
                None,
                {
                    "seq": one.letter.seq,
                    "type": one.letter.fact.type,
                    "attempts": one.letter.attempts + 1,
                    "outcome": one.outcome,
                },
            )
            for one in dead
            if one.letter.subscriber.government_id == government_id
        ]
        await log.append(connection, government_id, facts)


def _pruned(found: Any, rows: Sequence[Any], delivered: int, now: datetime) -> Fact:
    records = [
        [row["seq"], row["state"], row["position"], row["tried_at"].isoformat(), row["outcome"]]
        for row in rows
    ]
    data = {
        "first": rows[0]["seq"],
        "upto": found["upto"],
        "delivered": delivered,
        "skipped": len(rows) - delivered,
        "records_sha256": hashlib.sha256(canonical(records)).hexdigest(),
    }
    by = Attribution("system:courier", "SYSTEM", "delivery")
    return Fact("DeliveryRecordsPruned", f"subscriber:{found['subscriber_id']}", now, by, None, data)


def _subscriber(row: Any) -> Subscriber:
    return Subscriber(
        subscriber_id=row["subscriber_id"],
        government_id=row["government_id"],
        url=row["url"],
        types=tuple(row["types"]) if row["types"] is not None else None,
        secret=row["secret"],
        since=row["since"],
        old_secret=row["old_secret"],
        old_until=row["old_until"],
    )
