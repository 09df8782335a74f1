"""`bench import`: a roster of 100,000 people, read, validated and written, beside raw COPY of the same rows.

The roster is the synthetic city's, with so many people spread over its units, in the files that `roster import` reads.
"Import" starts at the files and ends when everything is committed in an empty registry: people and their identities
apart, skills, leave, workload, with every key, check and reference of the schema. "Again" imports the same files into
what is now there. "Raw COPY" streams the same files, byte by byte, into plain logged tables of the same columns,
without a key, an index or a reference, and commits. "Guarded COPY" is raw COPY of the ready rows straight into the
registry's own tables: what its keys, checks and references cost whoever writes them. That one is the measure, since it
writes the same rows to the same place; the plain tables show how much of the time the guards are. The rounds alternate
on fresh databases of one durable server; medians are compared.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sized
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg

from adapters.feeds.roster_files import read_roster
from adapters.postgres import Database
from adapters.postgres.roster import RosterBook
from app.wiring import in_force, rule_packs
from domain.roster import Roster
from lab import databases
from lab.bench_home import bench_home, postgres
from lab.city import crowd
from lab.city_files import write

AT_MOST = 4.0
PEOPLE = 100_000
ROUNDS = 3

PLAIN = {
    "people": (
        "id uuid, nip text, name text, birth_date date, sex text, employment text, grade text, position text, "
        "unit text, role text, position_since date, service_end date, phone text, email text, home_lat float8, "
        "home_lon float8, volunteer text, exempt_code text, exempt_until date"
    ),
    "skills": "nip text, skill text, level smallint, expires date",
    "leave": "nip text, kind text, starts date, ends date",
    "workload": "unit text, role text, task text, volume bigint, minutes numeric",
    "redline": "unit text, role text, minimum integer",
}
"""The files' columns as plain tables; the files say yes and no in words, so `volunteer` is text."""

GUARDED = {
    "people": "government_id, unit_id, position_id, role, employment, grade, in_post_since, leaves_on, home_lat, "
    "home_lon, volunteer, exempt_code, exempt_until, affected_until, active, person_id",
    "person_identities": "person_id, government_id, nip, name, born_on, phone, email, salt",
    "person_skills": "person_id, skill, level, expires_on",
    "absences": "person_id, kind, period",
}
REFERRED = ("governments", "units", "positions")


@dataclass(frozen=True)
class Files:
    """The roster on disk and how many rows it has."""

    directory: Path
    people: int
    rows: int


def make_files(home: Path, people: int) -> Files:
    """Write the synthetic roster; the same number gives the same files."""
    roster, directory = crowd(7, people), home / "roster"
    write(roster, directory)
    tables: tuple[Sized, ...] = (roster.people, roster.skills, roster.leave, roster.workload, roster.redlines)
    rows = sum(len(table) for table in tables)
    return Files(directory, people, rows)


class Round:
    """One round on a server: fresh databases, three ways of writing the same rows."""

    def __init__(self, dsn: str, files: Files, number: int) -> None:
        self._dsn = dsn
        self._files = files
        self._number = number
        self._rules = in_force(rule_packs())
        self.seconds: dict[str, float] = {}

    async def run(self) -> dict[str, float]:
        """Return seconds by what was timed."""
        imported = await self._fresh("imported", template=True)
        await self._import(imported, "read", "write")
        await self._import(imported, "read again", "write again")
        await self._copy_raw(await self._fresh("raw", template=False))
        await self._copy_guarded(imported, await self._fresh("guarded", template=True))
        return self.seconds

    async def _import(self, dsn: str, read: str, write_: str) -> None:
        with self._timed(read):
            roster = read_roster(self._files.directory)
        assert isinstance(roster, Roster), roster
        database = await Database.open(dsn, size=1)
        with self._timed(write_):
            await RosterBook(database).write(roster, self._rules)
        await database.close()

    async def _copy_raw(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        for table, columns in PLAIN.items():
            await connection.execute(f"CREATE TABLE {table} ({columns})")
        with self._timed("raw"):
            async with connection.transaction():
                for table in PLAIN:
                    source = self._files.directory / f"{table}.csv"
                    await connection.copy_to_table(table, source=source, format="csv", header=True)
        for table in PLAIN:
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") > 0  # noqa: S608 - our own names
        await connection.close()

    async def _copy_guarded(self, imported: str, empty: str) -> None:
        source, target = await asyncpg.connect(imported), await asyncpg.connect(empty)
        for table in REFERRED:
            await _carry(source, target, table, "*")
        ready = {table: await _dump(source, table, columns) for table, columns in GUARDED.items()}
        with self._timed("guarded"):
            async with target.transaction():
                for table, columns in GUARDED.items():
                    await _load(target, table, ready[table], columns)
        assert await target.fetchval("SELECT count(*) FROM people") == self._files.people
        await source.close()
        await target.close()

    async def _fresh(self, name: str, *, template: bool) -> str:
        named = f"bench_{name}_{self._number}"
        copied = databases.name_of(self._dsn) if template else "template0"
        return await asyncio.to_thread(databases.create, self._dsn, named, copy_of=copied)

    def _timed(self, what: str) -> _Timed:
        return _Timed(self.seconds, what)


class _Timed:
    def __init__(self, seconds: dict[str, float], what: str) -> None:
        self._seconds, self._what = seconds, what

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._seconds[self._what] = time.perf_counter() - self._began


async def _carry(source: asyncpg.Connection, target: asyncpg.Connection, table: str, columns: str) -> None:
    await _load(target, table, await _dump(source, table, columns), columns)


async def _dump(connection: asyncpg.Connection, table: str, columns: str) -> bytes:
    pieces: list[bytes] = []

    async def keep(piece: bytes) -> None:
        pieces.append(piece)

    query = f"SELECT {columns} FROM {table}"  # noqa: S608 - our own names
    await connection.copy_from_query(query, output=keep, format="binary")
    return b"".join(pieces)


async def _load(connection: asyncpg.Connection, table: str, rows: bytes, columns: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(rows), 1 << 20):
            yield rows[at : at + (1 << 20)]

    named = None if columns == "*" else columns.replace(" ", "").split(",")
    await connection.copy_to_table(table, source=pieces(), columns=named, format="binary")


def main(people: int = PEOPLE, rounds: int = ROUNDS) -> int:
    """Print the table; 1 if importing takes more than `AT_MOST` COPYs of the same rows to the same place."""
    with bench_home() as home, postgres(home) as dsn:
        files = make_files(home, people)
        print(f"{files.people} people, {files.rows} rows in all; medians of {rounds} rounds, in seconds")
        times: dict[str, list[float]] = defaultdict(list)
        for number in range(rounds):
            for what, spent in asyncio.run(Round(dsn, files, number).run()).items():
                times[what].append(spent)
    at = {what: median(spent) for what, spent in times.items()}
    imported, again = at["read"] + at["write"], at["read again"] + at["write again"]
    print(f"  raw COPY       {at['raw']:7.2f}    the files as they are, into plain tables")
    print(f"  guarded COPY   {at['guarded']:7.2f}    ready rows, into the registry's tables")
    print(f"  import         {imported:7.2f}    read and validate {at['read']:.2f}, write {at['write']:.2f}")
    print(
        f"  import again   {again:7.2f}    read and validate {at['read again']:.2f}, write {at['write again']:.2f}"
    )
    print(f"  import / guarded COPY {imported / at['guarded']:.2f}, at most {AT_MOST:.1f} wanted")
    print(f"  import / raw COPY     {imported / at['raw']:.2f}")
    return int(imported / at["guarded"] > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
