"""Plays one scenario again and again: a line `SEED DSN` comes in, a line of JSON goes out. Started by `lab.runs`.

Every run has an engine of its own, since a clock cannot be set back, and a copy of one database with the roster in it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.actions import Faulty
from lab.drill import Drill, DrillStuck
from lab.engine import open_engine
from lab.measures import Measures, measures_of
from lab.officers import ScriptBroken
from lab.scenario import Scenario, read_scenario
from lab.stage import open_stage
from lab.stepping import SteppedEngine
from lab.storybook import read_storybook
from runtime import logs
from runtime.clock import SteppedClock
from runtime.ending import end_when_asked


async def play_once(scenario: Scenario, dsn: str, government_id: str) -> Measures:
    """Play a scenario in a database that has its roster, and measure it by its log."""
    with tempfile.TemporaryDirectory(prefix="siaga-run-") as place:
        async with open_engine(Path(place) / "engine.log") as environment:
            clock = SteppedClock(await environment.get_current_time())
            async with open_stage(environment.client, dsn, clock, seed=scenario.seed) as stage:
                drill = Drill(stage, SteppedEngine(environment), scenario, lambda _: None, vary=True)
                await drill.run(government_id)
                surges = [one.surge_id for one in drill.played]
                book = await read_storybook(stage, government_id, scenario.title, surges)
                found = await invariants(stage.books.database, government_id)
                found += (await boards_hold(stage.books.database, government_id, clock.now()),)
    return measures_of(book, found, scenario.seed)


def _line(error: Exception) -> str:
    words = "; ".join(str(error).splitlines())
    return (
        words if isinstance(error, (Faulty, DrillStuck, ScriptBroken)) else f"{type(error).__name__}: {words}"
    )


def main() -> int:
    """Play what comes in until nothing does; a run that fails is told in its line."""
    logs.configure("drill", level="critical")
    path, government_id = Path(sys.argv[1]), sys.argv[2]
    scenario = read_scenario(path)
    for line in sys.stdin:
        seed, dsn = line.split()
        try:
            run = asyncio.run(play_once(replace(scenario, seed=int(seed)), dsn, government_id))
            told = run.told()
        except Exception as error:  # noqa: BLE001 - whatever one run dies of, the others are still to be played
            told = {"seed": int(seed), "failed": _line(error)}
        print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    end_when_asked()
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
