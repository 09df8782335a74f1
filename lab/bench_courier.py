"""`bench courier`: events delivered to a subscriber on loopback, beside plain sequential POSTs to the same subscriber.

"Delivered" begins when a courier is started on a log of so many new entries and ends when the books say that every one
was delivered: handing the log out, leases, envelope, signature, POST, answer and what is written of it are inside, on a
durable PostgreSQL. The entries are of so many people, and each person's are delivered one after the other. "Plain" is
the courier's own HTTP client, POSTing the same bodies one after the other over one connection, signing and writing
nothing; that is the measure, since nothing but the courier differs. "httpx" does the same with what most programs
would take. The subscriber is one process of its own that reads, answers 204 and judges nothing. The rounds alternate;
medians are compared.
"""

from __future__ import annotations

import asyncio
import ipaddress
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median

import httpx

from adapters.postgres import log
from adapters.postgres.roster import RosterBook
from adapters.webhooks.poster import Poster
from app import subscribers
from app.subscribers import Desk, Wish
from app.wiring import Books, in_force, open_books, open_courier
from domain.authority import Actor, Appointment, Capacity
from domain.events import MEDIA, body_of
from domain.log import Attribution, Fact
from lab.bench_home import bench_home, postgres
from lab.small_town import Donor, SmallTown, build
from runtime.clock import SystemClock

AT_LEAST = 0.25
"""Delivered a second against plain POSTs a second."""
EVENTS = 2_000
PEOPLE = 100
ROUNDS = 3
WITHIN = 300.0  # seconds for one measurement
NEAR = (ipaddress.ip_network("127.0.0.0/8"),)
BY = Attribution("system:bench", "SYSTEM", "bench")
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            writer.write(ANSWER)
            await writer.drain()


def _subscriber(port: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


@contextmanager
def subscriber() -> Iterator[str]:
    """A subscriber in a process of its own; its address."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_subscriber, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/"
    finally:
        process.terminate()
        process.join()


def facts(town: SmallTown, number: int) -> list[Fact]:
    """So many check-ins of the town's people, one after the other and then from the first again."""
    people = next(iter(town.staff.values()))[:PEOPLE]
    now = SystemClock().now()
    cases = {person: f"secondment:{uuid.uuid4()}" for person in people}
    data = {
        "state": "CHECKED_IN",
        "surge_id": "SU-0000000000",
        "unit_id": "kota.PKM",
        "role": "health_post_nurse",
        "site": "Pos 1",
        "due_back": now.isoformat(),
    }
    order = [people[n % len(people)] for n in range(number)]
    return [Fact("CheckedIn", cases[person], now, BY, person, data) for person in order]


async def plain(url: str, bodies: list[bytes]) -> float:
    """Return the seconds that our own client takes to POST these bodies one after the other."""
    poster = Poster(NEAR)
    began = time.perf_counter()
    for body in bodies:
        assert (await poster.post(url, {"content-type": MEDIA}, body)).taken
    seconds = time.perf_counter() - began
    await poster.close()
    return seconds


async def by_httpx(url: str, bodies: list[bytes]) -> float:
    """Return the seconds that httpx takes for the same."""
    async with httpx.AsyncClient(trust_env=False) as client:
        began = time.perf_counter()
        for body in bodies:
            (await client.post(url, content=body, headers={"content-type": MEDIA})).raise_for_status()
        return time.perf_counter() - began


async def delivered(books: Books, town: SmallTown, url: str, told: list[Fact]) -> float:
    """Return the seconds in which a courier delivers these facts, to the last one's entry in the books."""
    house = books.house()
    administrator = Actor(
        town.officers[Capacity.COORDINATOR], town.government_id, (Appointment(Capacity.OPERATOR),)
    )
    desk = Desk(house, books.subscribers, NEAR)
    subscriber_id, _ = await subscribers.add(desk, administrator, Wish(url))
    async with books.database.writing() as connection:
        await log.append(connection, town.government_id, told)
    began = time.perf_counter()
    async with _running(books):
        while await _count(books, subscriber_id) < len(told):
            await asyncio.sleep(0.02)
            if time.perf_counter() - began > WITHIN:
                raise TimeoutError(f"not delivered within {WITHIN:.0f} s")
        seconds = time.perf_counter() - began
    await subscribers.remove(desk, administrator, subscriber_id)
    return seconds


@asynccontextmanager
async def _running(books: Books) -> AsyncIterator[None]:
    async with open_courier(books, near=NEAR) as courier:
        task = asyncio.create_task(courier.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _count(books: Books, subscriber_id: str) -> int:
    statement = "SELECT count(*) FROM deliveries WHERE subscriber_id = $1 AND state = 'DELIVERED'"
    async with books.database.reading() as connection:
        return int(await connection.fetchval(statement, subscriber_id))


async def measure(dsn: str, url: str, *, events: int, rounds: int) -> int:
    """Print the rounds and their medians; 1 if the goal is missed."""
    town = build((Donor("PKM", PEOPLE, 0),))
    posts, others, deliveries = [], [], []
    async with open_books(dsn) as books:
        await RosterBook(books.database).write(town.roster, in_force(books.rules))
        for number in range(1, rounds + 1):
            told = facts(town, events)
            bodies = [body_of(town.government_id, n, fact, bytes(32)) for n, fact in enumerate(told, 1)]
            posts.append(events / await plain(url, bodies))
            others.append(events / await by_httpx(url, bodies))
            deliveries.append(events / await delivered(books, town, url, told))
            print(
                f"  round {number}: plain {posts[-1]:7.1f}/s   httpx {others[-1]:7.1f}/s   "
                f"delivered {deliveries[-1]:7.1f}/s",
                flush=True,
            )
    return verdict(posts, others, deliveries)


def verdict(posts: list[float], others: list[float], deliveries: list[float]) -> int:
    """Print the medians beside what is wanted; 1 if the goal is missed."""
    rate = median(deliveries)
    ratio = rate / median(posts)
    print(f"  plain sequential POSTs {median(posts):7.1f} a second")
    print(f"  the same by httpx      {median(others):7.1f} a second")
    print(f"  delivered events       {rate:7.1f} a second")
    print(f"  delivered / plain      {ratio:7.2f}, at least {AT_LEAST} wanted")
    print(f"  delivered / httpx      {rate / median(others):7.2f}")
    return int(ratio < AT_LEAST)


def main(events: int = EVENTS, rounds: int = ROUNDS) -> int:
    """Run on a fresh durable PostgreSQL."""
    with bench_home() as home, postgres(home) as dsn, subscriber() as url:
        print(f"{events} events of {PEOPLE} people; {rounds} rounds")
        return asyncio.run(measure(dsn, url, events=events, rounds=rounds))


if __name__ == "__main__":
    sys.exit(main())
