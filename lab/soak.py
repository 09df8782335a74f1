"""`./siaga soak NAME`: the program under whatever may come, for as long as asked; what it finds is a fault of ours."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.postgres import migrate
from lab.engine import open_engine
from lab.soak_findings import Findings
from lab.soak_surge import open_soak
from lab.stepping import SteppedEngine
from runtime import logs
from runtime.ports import Ports
from runtime.postgres_server import PostgresServer

EXAMPLE = """examples:
  ./siaga soak surge                          200 people, 20 rounds, a seed drawn by the clock
  ./siaga soak surge --people 500 --seed 7    the same story again, with more people

Each person is one sequence of events: right and wrong people decide, early, late, twice and after the end, while days
pass and runs hand over. Starts a database and an engine of its own and leaves nothing behind; exit code 1 when anything
was broken, dropped or left unfinished."""


def main(arguments: Sequence[str]) -> int:
    """Run one soak; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="./siaga soak",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=("surge",), help="what to soak")
    parser.add_argument("--people", type=int, default=200, help="sequences at once (default: 200)")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of decisions and time (default: 20)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="tells the same story again")
    given = parser.parse_args(arguments)
    if not (1 <= given.people <= 2_000 and 1 <= given.rounds <= 1_000):
        parser.error("expected 1 to 2000 people and 1 to 1000 rounds")
    logs.configure("soak", level="critical")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    began = time.monotonic()
    found = asyncio.run(_soak(given.people, given.rounds, given.seed))
    _print(found, given.seed, time.monotonic() - began)
    return 1 if found.faults else 0


async def _soak(people: int, rounds: int, seed: int) -> Findings:
    with tempfile.TemporaryDirectory(prefix="siaga-soak-") as place:
        home = Path(place)
        port = Ports(home / "ports.json").claim("postgres")
        with PostgresServer(home / "server", port=port, log=home / "server.log", throwaway=True) as postgres:
            migrate(postgres.dsn)
            async with open_engine(home / "engine.log") as environment:
                engine = SteppedEngine(environment)
                async with open_soak(
                    environment.client, engine, postgres.dsn, people=people, seed=seed, say=_say
                ) as soak:
                    return await soak.run(people, rounds)


def _print(found: Findings, seed: int, seconds: float) -> None:
    print(f"seed {seed}: {found.people} people, {found.decisions} decisions in {seconds:.0f} s")
    print(f"  {found.applied} applied, {found.refused} refused, {found.turned_away} turned away at the door")
    print(
        f"  {found.steps} steps, each a cell of the table; {found.handed_over} of 10 went on in a fresh run"
    )
    print("  " + ", ".join(f"{state} {n}" for state, n in sorted(found.ends.items())))
    for one in found.invariants:
        print(
            f"  {one.code}  {one.rows if one.checked else 'not checked yet':>8}  {one.violations} violations"
        )
    for fault in found.faults:
        print(f"FAULT  {fault}")


def _say(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
