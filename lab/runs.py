"""`./siaga drill SCENARIO.toml --runs N`: play a scenario under N seeds, and tell how what came of it spreads.

One PostgreSQL serves all runs; the roster is imported once, into a database of which each run gets a copy. Engines
are not shared: their clock cannot be set back. As many runs go on at once as there are `jobs`. A run that does not reach
its end, because its engine broke down on a busy machine, is played once more under the same seed, and that is said.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.postgres import migrate
from app.wiring import open_books
from domain.roster import Government
from lab import databases
from lab.measures import Measures, Spread, spread
from lab.rosters import roster_of
from lab.scenario import Scenario
from lab.stage import load_roster
from runtime.ports import Ports
from runtime.postgres_server import PostgresServer
from runtime.settings import ROOT, foreign_environment

TABLE: tuple[tuple[str, str, str], ...] = (
    ("filled", "seats that somebody came to", "{:.0%}"),
    ("hours", "hours to 90 % of the first wave", "{:.1f}"),
    ("breaches", "people below a redline", "{:.0f}"),
    ("late", "late returns", "{:.0f}"),
    ("declined", "declined", "{:.0f}"),
    ("silent", "stayed silent", "{:.0f}"),
    ("no_shows", "did not come", "{:.0f}"),
)
"""What is told: the measure, in words, and how its number is written."""
SHARES = (10, 50, 90)


class RunsFailed(RuntimeError):
    """No run could be measured, or a worker ended before its work."""


@dataclass(frozen=True)
class Result:
    """All runs: those that were measured, by seed, and what the others died of."""

    government: Government
    measured: tuple[Measures, ...]
    failed: tuple[str, ...]
    seconds: float


def spreads(runs: Sequence[Measures]) -> dict[str, Spread]:
    """Return how each measure spreads."""
    return {name: spread(runs, name) for name, _, _ in TABLE}


def table(runs: Sequence[Measures]) -> list[str]:
    """Return the distribution as lines of text."""
    lines = [f"{f'{len(runs)} runs':<34}{'p10':>8}{'p50':>8}{'p90':>8}"]
    for name, words, written in TABLE:
        one = spread(runs, name)
        cells = [one.percentile(share) for share in SHARES]
        told = "".join(f"{'–' if cell is None else written.format(cell):>8}" for cell in cells)
        lacking = f"  never in {one.lacking} of {one.runs} runs" if one.lacking else ""
        lines.append(f"  {words:<32}{told}{lacking}")
    return lines


async def play_many(path: Path, scenario: Scenario, runs: int, jobs: int) -> Result:
    """Play a scenario under as many seeds, from its own on; raises RunsFailed when none could be measured."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="siaga-runs-") as place, _postgres(Path(place)) as server:
        government = await _prepare(server.dsn, scenario)
        rehearsal = _Rehearsal(path, server.dsn, government.id, runs)
        seeds = iter(range(scenario.seed, scenario.seed + runs))
        await asyncio.gather(*(rehearsal.work(seeds) for _ in range(min(jobs, runs))))
    if not rehearsal.measured:
        raise RunsFailed(f"none of {runs} runs came to its end: {rehearsal.failed[0]}")
    measured = sorted(rehearsal.measured, key=lambda run: run.seed)
    return Result(government, tuple(measured), tuple(rehearsal.failed), time.monotonic() - began)


@contextmanager
def _postgres(home: Path) -> Iterator[PostgresServer]:
    port = Ports(home / "ports.json").claim("postgres")
    with PostgresServer(home / "server", port=port, log=home / "server.log", throwaway=True) as server:
        yield server


async def _prepare(dsn: str, scenario: Scenario) -> Government:
    """Make the database of which every run gets a copy: the schema, and the roster."""
    migrate(dsn)
    async with open_books(dsn, size=2) as books:
        with roster_of(scenario) as directory:
            return (await load_roster(books, directory)).government


class _Rehearsal:
    """Workers at one list of seeds."""

    def __init__(self, path: Path, dsn: str, government_id: str, runs: int) -> None:
        self._path = path.absolute()
        self._dsn = dsn
        self._government_id = government_id
        self._runs = runs
        self._began = time.monotonic()
        self.measured: list[Measures] = []
        self.failed: list[str] = []

    async def work(self, seeds: Iterator[int]) -> None:
        """Let one worker play seed after seed, each in a copy of the database."""
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "lab.runs_worker", str(self._path), self._government_id),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**foreign_environment(), "PYTHONPATH": str(ROOT)},
        )
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            for seed in seeds:
                told = await self._play(worker.stdin, worker.stdout, seed)
                if "failed" in told:
                    _say(f"seed {seed}: {told['failed']}; once more")
                    told = await self._play(worker.stdin, worker.stdout, seed)
                self._note(told)
        finally:
            worker.stdin.close()
            if worker.returncode is None:
                await _end(worker)

    async def _play(
        self, to: asyncio.StreamWriter, back: asyncio.StreamReader, seed: int
    ) -> dict[str, object]:
        """Let a worker play one seed in a copy of the database."""
        name = f"run_{seed}"
        copy = await asyncio.to_thread(
            databases.create, self._dsn, name, copy_of=databases.name_of(self._dsn)
        )
        to.write(f"{seed} {copy}\n".encode())
        await to.drain()
        line = await back.readline()
        if not line:
            raise RunsFailed(f"the worker of seed {seed} ended before its work")
        await asyncio.to_thread(databases.drop, self._dsn, name)
        told: dict[str, object] = json.loads(line)
        return told

    def _note(self, told: dict[str, object]) -> None:
        if "failed" in told:
            self.failed.append(f"seed {told['seed']}: {told['failed']}")
        else:
            self.measured.append(Measures(**told))  # type: ignore[arg-type]
        done = len(self.measured) + len(self.failed)
        spent = time.monotonic() - self._began
        left = spent / done * (self._runs - done)
        _say(f"{done} of {self._runs} runs in {spent:.0f} s, about {left:.0f} s left")


async def _end(worker: asyncio.subprocess.Process) -> None:
    """Wait for a worker whose input has ended; one that is at work is stopped."""
    try:
        async with asyncio.timeout(10):
            await worker.wait()
    except TimeoutError:
        worker.terminate()
        await worker.wait()


def _say(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)


def cores() -> int:
    """Return how many runs may go on at once by default: a core each."""
    return len(os.sched_getaffinity(0))
