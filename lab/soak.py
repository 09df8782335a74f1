"""`./siaga soak NAME`: the program under whatever may come, for as long as asked; what it finds is a fault of ours."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from adapters.postgres import migrate
from adapters.postgres.invariants import InvariantResult
from lab.bench_home import bench_home, temporal
from lab.bench_home import postgres as durable_postgres
from lab.crowd import Crowd, open_road
from lab.engine import open_engine
from lab.soak_findings import Findings
from lab.soak_surge import open_soak
from lab.stepping import SteppedEngine
from runtime import logs
from runtime.ending import end_when_asked
from runtime.ports import Ports
from runtime.postgres_server import PostgresServer
from runtime.settings import Settings
from runtime.temporal import connect

EXAMPLE = """examples:
  ./siaga soak surge                          200 people, 20 rounds, a seed drawn by the clock
  ./siaga soak surge --people 500 --seed 7    the same story again, with more people
  ./siaga soak crowd                          2,500 people of one surge, all the way home
  ./siaga soak flips                          1,000 bytes of a signed decree changed, one at a time
  ./siaga soak numbers                        100,000 numbers of decrees drawn by 32 writers over New Year

surge: each person is one sequence of events: right and wrong people decide, early, late, twice and after the end, while
days pass and runs hand over. crowd: everybody goes and comes home, and the histories and payloads that it took are
measured. flips: whoever has the record of a decree or an extract finds every change; what the file alone shows is told. numbers: writers draw them over New Year in three
zones, while transactions fail and writers are killed; each register has 1 to n, none twice. Starts a database and an engine of its own and leaves nothing behind; exit code 1 when anything was broken,
dropped, left unfinished or too large."""


def main(arguments: Sequence[str]) -> int:
    """Run one soak; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="./siaga soak",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    soaks = parser.add_subparsers(required=True, metavar="NAME")
    surge = soaks.add_parser("surge", help="whatever may come, in any order, at any time")
    surge.add_argument("--people", type=_up_to(2_000), default=200, help="sequences at once (default: 200)")
    surge.add_argument("--rounds", type=_up_to(1_000), default=20, help="of decisions and time (default: 20)")
    surge.add_argument("--seed", type=int, default=int(time.time()), help="tells the same story again")
    surge.set_defaults(soak=lambda given: _surge(given.people, given.rounds, given.seed))
    crowd = soaks.add_parser("crowd", help="thousands go and come home; how large it all becomes")
    crowd.add_argument("--people", type=_up_to(5_000), default=2_500, help="how many (default: 2500)")
    crowd.set_defaults(soak=lambda given: _crowd(given.people))
    flips = soaks.add_parser("flips", help="bytes of a signed decree are changed; each must be found")
    flips.add_argument("--extract", action="store_true", help="of a sealed extract, in place of the decree")
    flips.add_argument("--count", type=_up_to(100_000), default=1_000, help="how many (default: 1000)")
    flips.add_argument("--seed", type=int, default=int(time.time()), help="the same flips again")
    flips.set_defaults(soak=lambda given: _flips(given.count, given.seed, extract=given.extract))
    numbers = soaks.add_parser("numbers", help="numbers of decrees, drawn by many who fail and are killed")
    numbers.add_argument(
        "--numbers", type=_up_to(1_000_000), default=100_000, help="how many (default: 100000)"
    )
    numbers.add_argument("--writers", type=_up_to(64), default=32, help="processes at once (default: 32)")
    numbers.add_argument("--seed", type=int, default=int(time.time()), help="the same decisions again")
    numbers.set_defaults(soak=lambda given: _numbers(given.numbers, given.writers, given.seed))
    given = parser.parse_args(arguments)
    logs.configure("soak", level="critical")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return int(given.soak(given))


def _up_to(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r}, expected a whole number from 1 to {most}")
        return int(text)

    return number


def _surge(people: int, rounds: int, seed: int) -> int:
    began = time.monotonic()
    found = asyncio.run(_soak(people, rounds, seed))
    _print(found, seed, time.monotonic() - began)
    return 1 if found.faults else 0


def _crowd(people: int) -> int:
    with bench_home() as home, durable_postgres(home) as dsn, temporal(home) as address:
        crowd = asyncio.run(_walk(address, dsn, people))
    print_crowd(crowd)
    return 1 if crowd.faults else 0


def _flips(count: int, seed: int, *, extract: bool) -> int:
    from lab.soak_flips import (  # noqa: PLC0415 - the others sign nothing
        flips,
        look_at,
        sealed_extract,
        signed_decree,
    )

    began = time.monotonic()
    with sealed_extract() if extract else signed_decree() as signed:
        drawn = flips(len(signed.pdf), count, seed)
        found = look_at(signed, drawn, processes=os.cpu_count() or 1)
    missed = [one for one in found if not one.with_record]
    silent = [one for one in found if not one.alone]
    elsewhere = [one for one in silent if one.flip[0] not in signed.open_bytes]
    print(f"seed {seed}: {count:,} flips in {len(signed.pdf):,} bytes, {time.monotonic() - began:.0f} s")
    print(f"  with its record     {count - len(missed):6,} found")
    print(
        f"  by the file alone   {count - len(silent):6,} found; of the others {len(silent) - len(elsewhere):,}"
    )
    print("                             lay in the last stamp itself, which nothing covers")
    for one in missed:
        print(f"FAULT  byte {one.flip[0]} ^ {one.flip[1]:#04x} was found by nobody")
    for one in elsewhere:
        print(f"FAULT  byte {one.flip[0]} ^ {one.flip[1]:#04x} was found by the record alone")
    return int(bool(missed or elsewhere))


def _numbers(numbers: int, writers: int, seed: int) -> int:
    from lab.soak_numbers import print_numbers, soak  # noqa: PLC0415 - the others draw none

    with _throwaway() as dsn:
        drawn = soak(dsn, numbers=numbers, writers=writers, seed=seed, say=_say)
    print(f"seed {seed}, {writers} writers")
    print_numbers(drawn)
    return int(bool(drawn.faults))


@contextmanager
def _throwaway() -> Iterator[str]:
    """The DSN of a database with our schema in it, that need not outlive its server."""
    with tempfile.TemporaryDirectory(prefix="siaga-soak-") as place:
        home = Path(place)
        port = Ports(home / "ports.json").claim("postgres")
        with PostgresServer(home / "server", port=port, log=home / "server.log", throwaway=True) as postgres:
            migrate(postgres.dsn)
            yield postgres.dsn


async def _walk(address: str, dsn: str, people: int) -> Crowd:
    client = await connect(Settings.load(temporal_address=address))
    async with open_road(client, dsn, people, _say) as road:
        return await road.walk()


async def _soak(people: int, rounds: int, seed: int) -> Findings:
    with _throwaway() as dsn, tempfile.TemporaryDirectory(prefix="siaga-soak-") as home:
        async with open_engine(Path(home) / "engine.log") as environment:
            engine = SteppedEngine(environment)
            async with open_soak(environment.client, engine, dsn, people=people, seed=seed, say=_say) as soak:
                return await soak.run(people, rounds)


def _print(found: Findings, seed: int, seconds: float) -> None:
    print(f"seed {seed}: {found.people} people, {found.decisions} decisions in {seconds:.0f} s")
    print(f"  {found.applied} applied, {found.refused} refused, {found.turned_away} turned away at the door")
    print(
        f"  {found.steps} steps, each a cell of the table; {found.handed_over} of 10 went on in a fresh run"
    )
    print("  " + ", ".join(f"{state} {n}" for state, n in sorted(found.ends.items())))
    _print_what_was_checked(found.invariants, found.faults)


def print_crowd(crowd: Crowd) -> None:
    print(f"{crowd.home} of {crowd.people} people home")
    for name, seconds in crowd.stretches:
        print(f"  {seconds:7.1f} s  {name}")
    for kind in ("operation", "surge", "secondment"):
        sizes = [size for size in crowd.sizes if size.case_id.startswith(f"{kind}:")]
        print(
            f"  {kind}: {len(sizes)} histories, the longest {max(size.events for size in sizes)} events,"
            f" the largest {max(size.bytes for size in sizes):,} bytes,"
            f" the largest payload {max(size.payload for size in sizes):,} bytes"
        )
    _print_what_was_checked(crowd.invariants, crowd.faults)


def _print_what_was_checked(found: Sequence[InvariantResult], faults: Sequence[str]) -> None:
    for one in found:
        print(
            f"  {one.code}  {one.rows if one.checked else 'not checked yet':>8}  {one.violations} violations"
        )
    for fault in faults:
        print(f"FAULT  {fault}")


def _say(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    end_when_asked()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
