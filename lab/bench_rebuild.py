"""`bench rebuild`: the boards folded from a long log, beside a plain scan of the same log.

The entries are those that the roads of people write, with all that boards need of them. "Scan" reads every entry as the
fold does, in stretches and with its values made, and does nothing with it; "fold" reads and folds, and counts every
board at the end. What the boards themselves show is not read here: that is a few queries, whatever the log's length.
"""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from statistics import median

from adapters.postgres import log
from adapters.postgres.database import Connection, queries
from adapters.postgres.rebuild import STRETCH, fold
from adapters.postgres.roster import RosterBook
from app.wiring import in_force, open_books
from domain.duties import fact_of, told
from domain.log import Attribution, Fact
from domain.moves import Duty, Seat
from domain.rebuild import said
from domain.rules import RulePack
from domain.secondment import Ask, Item, Life, Moved, State, Trigger, decide
from lab.bench_home import bench_home, postgres
from lab.small_town import Donor, build
from runtime.clock import SystemClock

AT_MOST = 2.5
"""Seconds of the fold against seconds of the plain scan."""
EVENTS = 100_000
ROUNDS = 3
BY = Attribution("system:bench", "SYSTEM", "bench")
ROAD = (
    *(Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE, Trigger.CHECK_IN),
    *(Trigger.START_DUTY, Trigger.START_REST, Trigger.END_REST, Trigger.FALL_DUE, Trigger.SIGN_DEMOB),
    Trigger.CONFIRM_RETURN,
)


def entries(rules: RulePack, government_id: str) -> Iterator[Fact]:
    """The roads of people without end, one after the other."""
    now = SystemClock().now()
    settled = Ask(items=tuple(Item))
    while True:
        seat = Seat(
            *(str(uuid.uuid4()), government_id, "SU-0000000000", "SU-0000000000/01", str(uuid.uuid4())),
            *("kota.PKM", "nurse", "health_post_nurse", "Pos 1"),
        )
        life = Life(State.OFFERED, 0, now, now, now + timedelta(days=7))
        asked: tuple[Duty, ...] = ()
        yield said.of_offer(fact_of(seat, life, "OfferSent", by=BY, at=now), life, asked, None)
        for trigger in ROAD:
            moved = decide(life, trigger, rules.clock, settled, decided_at=now, now=now)
            assert isinstance(moved, Moved), (life.state, trigger)
            life = moved.life
            yield said.of_secondment(told(seat, life, trigger, rules.clock, by=BY, at=now))


async def scan(connection: Connection, government_id: str) -> int:
    """Read the whole log as the fold does, and return how many entries there were."""
    after = 0
    while rows := await queries.read_log(connection, government_id=government_id, after=after, most=STRETCH):
        after = rows[-1]["seq"]
    return int(after)


async def measure(dsn: str, *, events: int, rounds: int) -> int:
    """Print the rounds and their medians; 1 if the goal is missed."""
    town = build((Donor("PKM", 10, 0),))
    scans, folds = [], []
    async with open_books(dsn) as books:
        rules = in_force(books.rules)
        await RosterBook(books.database).write(town.roster, rules)
        waiting = islice(entries(rules, town.government_id), events)
        while some := list(islice(waiting, STRETCH)):
            async with books.database.writing() as connection:
                await log.append(connection, town.government_id, some)
        async with books.database.reading() as connection:
            for number in range(1, rounds + 1):
                began = time.perf_counter()
                assert await scan(connection, town.government_id) == events
                scans.append(time.perf_counter() - began)
                began = time.perf_counter()
                projection = await fold(connection, town.government_id)
                people = len(projection.tables(SystemClock().now())["placement"])
                folds.append(time.perf_counter() - began)
                print(
                    f"  round {number}: scan {scans[-1]:6.2f} s   fold {folds[-1]:6.2f} s   {people} people",
                    flush=True,
                )
    return verdict(scans, folds)


def verdict(scans: list[float], folds: list[float]) -> int:
    """Print the medians beside what is wanted; 1 if the goal is missed."""
    ratio = median(folds) / median(scans)
    print(f"  plain scan   {median(scans):6.2f} s")
    print(f"  fold         {median(folds):6.2f} s")
    print(f"  fold / scan  {ratio:6.2f}, at most {AT_MOST} wanted")
    return int(ratio > AT_MOST)


def main(events: int = EVENTS, rounds: int = ROUNDS) -> int:
    """Run on a fresh durable PostgreSQL."""
    with bench_home() as home, postgres(home) as dsn:
        print(f"{events} entries; {rounds} rounds")
        return asyncio.run(measure(dsn, events=events, rounds=rounds))


if __name__ == "__main__":
    sys.exit(main())
