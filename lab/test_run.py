"""`./siaga test`: the linters, the types, the table of rooms, and all tests.

Every step runs, whatever the one before it said: one run shows all there is to mend.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lab.machine import install, lacking
from runtime.settings import ROOT, foreign_environment, under_ci

PROGRAMS = Path(sys.prefix, "bin")


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

SHARES = (
    ("tests/workflows", "tests/lab"),
    ("tests/adapters", "tests/app", "--ignore=tests/app/cli"),
    ("tests/app/cli",),
    ("tests/audit", "tests/domain", "tests/house", "tests/planning", "tests/runtime"),
)
"""Tests that take about as long together, for they wait more than they work; a test sees that none is left out."""


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
    checks = [(step,) for step in CHECKS if not own.no_checks]
    return run([*checks, _tests(for_pytest)])


def _tests(for_pytest: Sequence[str]) -> tuple[Step, ...]:
    """All tests in shares side by side, each with servers of its own; what is asked for by name runs alone."""
    if for_pytest:
        return (Step("tests", ("pytest", "--durations=10", *for_pytest)),)
    return tuple(
        Step(f"tests {number}", ("pytest", "--durations=10", *share))
        for number, share in enumerate(SHARES, 1)
    )


def run(groups: Sequence[tuple[Step, ...]]) -> int:
    """Run the groups one after another, the steps of each side by side; returns 0 if all were well.

    Of a group the first step speaks as it goes, the others when they have ended.
    """
    results: list[tuple[str, int, float]] = []
    for first, *others in groups:
        with ThreadPoolExecutor(max_workers=max(1, len(others))) as beside:
            waiting = [(step, beside.submit(_quietly, step)) for step in others]
            _head(first)
            began = time.monotonic()
            # Without our settings: what a user's shell may hold must not change what a test sees.
            done = subprocess.run(_words(first), check=False, cwd=ROOT, env=foreign_environment())
            results.append((first.name, done.returncode, time.monotonic() - began))
            for step, answer in waiting:
                said, code, seconds = answer.result()
                _head(step)
                print(said, flush=True)
                results.append((step.name, code, seconds))
    print(f"── summary {'─' * 63}")
    for name, code, seconds in results:
        print(f"{name:<8} {'ok' if code == 0 else f'FAILED ({code})':<12} {seconds:6.1f} s")
    return 0 if all(code == 0 for _, code, _ in results) else 1


def _head(step: Step) -> None:
    print(f"── {step.name} {'─' * (70 - len(step.name))}", flush=True)


def _quietly(step: Step) -> tuple[str, int, float]:
    """Run a step and return what it said, its exit code and its seconds."""
    began = time.monotonic()
    done = subprocess.run(
        _words(step),
        check=False,
        cwd=ROOT,
        env=foreign_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout, done.returncode, time.monotonic() - began


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
