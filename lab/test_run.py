"""`./siaga test`: the linters, the types, the table of rooms, and all tests.

Every step runs, whatever the one before it said: one run shows all there is to mend.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.machine import install, lacking
from runtime.settings import ROOT, foreign_environment, under_ci

PROGRAMS = Path(sys.prefix, "bin")
PROCESSES = 4
"""At most so many processes test side by side: each has a database and an engine to feed."""
WAITING = 1
"""More processes than processors: a test of deadlines mostly waits for its servers."""


@dataclass(frozen=True)
class Step:
    """One program to run; `name` is how the summary calls it."""

    name: str
    command: tuple[str, ...]


CHECKS = (
    Step("ruff", ("ruff", "check", ".")),
    Step("format", ("ruff", "format", "--check", ".")),
    Step("types", ("mypy",)),
    Step("rooms", ("lint-imports", "--no-logo")),
)


def main(arguments: Sequence[str]) -> int:
    """Run everything and return the exit code; what argparse does not know goes to pytest."""
    parser = argparse.ArgumentParser(
        prog="./siaga test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--install", action="store_true", help="let apt-get install what the machine lacks (root)"
    )
    parser.add_argument("--no-checks", action="store_true", help="tests only: no linters, no types")
    own, for_pytest = parser.parse_known_args(arguments)
    if own.install or under_ci():
        problem = install(lacking())
        if problem:
            print(f"siaga: {problem}", file=sys.stderr)
            return 1
    tests = Step("tests", ("pytest", "--durations=10", *(for_pytest or _side_by_side())))
    return run([*(() if own.no_checks else CHECKS), tests])


def _side_by_side() -> tuple[str, ...]:
    """How all tests are run: by several processes, each with servers of its own, a file of tests whole in one."""
    processes = min((os.cpu_count() or PROCESSES) + WAITING, PROCESSES)
    return ("-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder")


def run(steps: Sequence[Step]) -> int:
    """Run the steps, print how each went and how long it took; returns 0 if all were well."""
    results = []
    for step in steps:
        print(f"── {step.name} {'─' * (70 - len(step.name))}", flush=True)
        began = time.monotonic()
        # Without our settings: what a user's shell may hold must not change what a test sees.
        done = subprocess.run(_words(step), check=False, cwd=ROOT, env=foreign_environment())
        results.append((step.name, done.returncode, time.monotonic() - began))
    print(f"── summary {'─' * 63}")
    for name, code, seconds in results:
        print(f"{name:<8} {'ok' if code == 0 else f'FAILED ({code})':<12} {seconds:6.1f} s")
    return 0 if all(code == 0 for _, code, _ in results) else 1


def _words(step: Step) -> list[str]:
    program, *rest = step.command
    if program == "pytest":
        return [sys.executable, "-m", "pytest", *rest]
    return [str(PROGRAMS / program), *rest]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
