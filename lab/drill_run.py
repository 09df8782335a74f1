"""`./siaga drill SCENARIO.toml`: play a scenario on the real workflows, tell it, and leave its papers behind."""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from temporalio.service import RPCError

from adapters.postgres import migrate
from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.actions import Faulty
from app.wiring import in_force, rule_packs
from domain.rules import RulePack
from lab.drill import Drill, DrillStuck
from lab.engine import open_engine
from lab.officers import ScriptBroken
from lab.outcome import Outcome, Wanted, faults_of, outcome_of
from lab.outputs import Folder, FolderTaken, invariants_table, write_all
from lab.rosters import roster_of
from lab.runs import Result, RunsFailed, cores, play_many, table
from lab.runs_report import write_runs
from lab.scenario import Scenario, ScenarioInvalid, read_scenario
from lab.stage import Stage, load_roster, open_stage
from lab.stepping import SteppedEngine
from lab.story import tell
from lab.storybook import read_storybook
from lab.told import told
from runtime import logs
from runtime.clock import SteppedClock
from runtime.ending import end_when_asked
from runtime.ports import Ports
from runtime.postgres_files import PostgresError
from runtime.postgres_server import PostgresServer

TICK = 5.0  # seconds of real time between signs of life


def main(arguments: Sequence[str]) -> int:
    """Play the scenario that the arguments name; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="./siaga drill",
        description="Play a scenario on the real workflows with a clock that is stepped, and tell what happened.",
        epilog="example: ./siaga drill examples/banjir-kota-kupang.toml --seed 7 --out out-7\n"
        "The format of a scenario is described in docs/scenarios.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", type=Path, help="a scenario file (TOML)")
    add_options(parser)
    parser.add_argument(
        "--runs", type=_count, help="play it under so many seeds, and tell how the outcomes spread"
    )
    parser.add_argument(
        "--jobs", type=_count, default=cores(), help="runs at once (default: one a core, here %(default)s)"
    )
    options = parser.parse_args(arguments)
    if options.runs:
        return play_file_often(options.scenario, options.seed, options.out, options.runs, options.jobs)
    return play_file(options.scenario, options.seed, options.out)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what `drill` and `demo` have in common."""
    parser.add_argument(
        "--seed", type=_seed, help="another number tells another story (default: the scenario's)"
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the papers (default: out)")


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, found {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def play_file_often(path: Path, seed: int | None, out: Path, runs: int, jobs: int) -> int:
    """Play a scenario file under many seeds; what stands in the way is told in one line."""
    try:
        scenario = read_scenario(path, seed=seed)
        check_roles(path, scenario, in_force(rule_packs()))
        with Folder(out) as folder:
            _sign(f"{scenario.title}: {runs} runs from seed {scenario.seed}, {min(jobs, runs)} at once")
            result = asyncio.run(play_many(path, scenario, runs, jobs))
            write_runs(folder, scenario, result)
            return _farewell_of_many(folder, result)
    except (ScenarioInvalid, FolderTaken, Faulty, PostgresError, RunsFailed) as error:
        print(f"siaga: {'; '.join(str(error).splitlines())}", file=sys.stderr)
        return 2 if isinstance(error, ScenarioInvalid | FolderTaken | Faulty) else 1


def _farewell_of_many(folder: Folder, result: Result) -> int:
    folder.publish()
    for line in table(result.measured):
        print(line)
    print(f"\nIn {folder.path}/: " + ", ".join(folder.contents()))
    faults = [
        f"seed {run.seed}: {run.violations} violations of invariants"
        for run in result.measured
        if run.violations
    ]
    for fault in (*faults, *result.failed):
        print(f"FAILED  {fault}")
    bad = bool(faults or result.failed)
    print(f"{'failed' if bad else 'done'} in {result.seconds:.0f} s", flush=True)
    return 1 if bad else 0


def play_file(path: Path, seed: int | None, out: Path, wanted: Wanted | None = None) -> int:
    """Play a scenario file; what stands in the way is told in one line."""
    logs.configure("drill", level="error")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what Ctrl-C breaks off is no news
    try:
        scenario = read_scenario(path, seed=seed)
        check_roles(path, scenario, in_force(rule_packs()))
        with Folder(out) as folder:
            return asyncio.run(play(scenario, folder, wanted))
    except (ScenarioInvalid, FolderTaken, Faulty, PostgresError, DrillStuck, ScriptBroken, RPCError) as error:
        print(f"siaga: {'; '.join(str(error).splitlines())}", file=sys.stderr)
        return 2 if isinstance(error, ScenarioInvalid | FolderTaken | Faulty) else 1


def check_roles(path: Path, scenario: Scenario, rules: RulePack) -> None:
    """Raise ScenarioInvalid when a need asks for a role that the rule pack does not know."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for need in scenario.needs:
        if need.role not in rules.roles:
            at = next(
                n
                for n, line in enumerate(lines, 1)
                if re.match(rf"""\s*role\s*=\s*["']{re.escape(need.role)}""", line)
            )
            known = ", ".join(sorted(rules.roles))
            raise ScenarioInvalid(
                f"{path}, line {at}: need.role: found {need.role!r}, expected one of {known}"
            )


async def play(scenario: Scenario, folder: Folder, wanted: Wanted | None = None) -> int:
    """Play a scenario, print its story and the invariants, leave the papers; 0 when all is as it must be."""
    began = time.monotonic()
    _sign(f"{scenario.title}, seed {scenario.seed}: starting a database and an engine of its own")
    async with _house(scenario) as (stage, engine):
        government_id = await _roster(stage, scenario)
        drill = Drill(stage, engine, scenario, _sign)
        async with (
            told(stage, government_id, scenario.starts) as heard,
            _signs_of_life(stage, government_id),
        ):
            await drill.run(government_id)
            await heard.settled()
        book = await read_storybook(
            stage, government_id, scenario.title, [one.surge_id for one in drill.played]
        )
        found = await invariants(stage.books.database, government_id)
        found += (await boards_hold(stage.books.database, government_id, stage.clock.now()),)
        for line in (*tell(book), "", *invariants_table(found)):
            print(line)
        outcome = outcome_of(book)
        faults = [
            f"{result.code}: {result.rows} rows checked, {result.violations} violations"
            for result in found
            if not result.holds
        ]
        faults += heard.faults(book)
        faults += faults_of(outcome, wanted) if wanted else ()
        await write_all(folder, stage, book, found, drill)
        folder.write("cloudevents.jsonl", b"".join(body + b"\n" for body in heard.bodies))
    return _farewell(folder, outcome, faults, time.monotonic() - began)


def _farewell(folder: Folder, outcome: Outcome, faults: Sequence[str], seconds: float) -> int:
    folder.publish()
    print(f"\n{outcome.sentence()}")
    print(f"In {folder.path}/: " + ", ".join(folder.contents()))
    for fault in faults:
        print(f"FAILED  {fault}")
    print(f"{'failed' if faults else 'done'} in {seconds:.0f} s", flush=True)
    return 1 if faults else 0


async def _roster(stage: Stage, scenario: Scenario) -> str:
    try:
        with roster_of(scenario) as directory:
            roster = await load_roster(stage.books, directory)
    except ValueError as error:
        raise ScenarioInvalid(f"roster of the scenario: {error}") from error
    _sign(f"roster of {roster.government.name}: {len(roster.people):,} people, {len(roster.units)} units")
    return roster.government.id


@asynccontextmanager
async def _house(scenario: Scenario) -> AsyncIterator[tuple[Stage, SteppedEngine]]:
    """Open a house whose database and engine end with it."""
    with tempfile.TemporaryDirectory(prefix="siaga-drill-") as place:
        home = Path(place)
        port = Ports(home / "ports.json").claim("postgres")
        with PostgresServer(home / "server", port=port, log=home / "server.log", throwaway=True) as postgres:
            migrate(postgres.dsn)
            async with open_engine(home / "engine.log") as environment:
                clock = SteppedClock(await environment.get_current_time())
                async with open_stage(environment.client, postgres.dsn, clock, seed=scenario.seed) as stage:
                    yield stage, SteppedEngine(environment)


@asynccontextmanager
async def _signs_of_life(stage: Stage, government_id: str) -> AsyncIterator[None]:
    """Say every few seconds how far the story has come."""

    async def tick() -> None:
        while True:
            await asyncio.sleep(TICK)
            entries = await stage.boards.log_position(government_id)
            _sign(f"{stage.clock.now():%a %d %b %H:%M} UTC, {entries:,} entries in the log")

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking


def _sign(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    end_when_asked()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
