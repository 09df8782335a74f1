"""`./siaga bench NAME`: what the program does, timed beside the least that could be done, in the same run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

EXAMPLE = """examples:
  ./siaga bench planning     the planner beside the bare solve of its network
  ./siaga bench engine       people offered by a surge beside bare workflows, on a real server
  ./siaga bench import       a roster of 100,000 people beside raw COPY
  ./siaga bench courier      events delivered to a subscriber beside plain sequential POSTs
  ./siaga bench rebuild      the boards folded from 100,000 entries of the log beside a plain scan of it
  ./siaga bench decree       a decree set and signed, beside WeasyPrint and the least signature

Each starts what it needs, leaves nothing behind, and ends with exit code 1 when a goal is missed. Other work on the
machine shows in the seconds and less in the ratios, which is what the goals are about."""


def main(arguments: Sequence[str]) -> int:
    """Run one bench; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="./siaga bench",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=sorted(BENCHES), help="what to time")
    parser.add_argument(
        "--rounds",
        type=_rounds,
        metavar="N",
        help="rounds, of which the median counts (planning aside: 3)",
    )
    given = parser.parse_args(arguments)
    if given.name == "planning" and given.rounds:
        parser.error("planning has rounds of its own, more for the town than for the province")
    return BENCHES[given.name](given.rounds)


def _rounds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 9:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a whole number from 1 to 9")
    return int(text)


# Each bench loads what only it needs.


def _planning(_: int | None) -> int:
    from lab import bench_planning  # noqa: PLC0415

    return bench_planning.main()


def _engine(rounds: int | None) -> int:
    from lab import bench_engine  # noqa: PLC0415

    if sys.dont_write_bytecode:
        print(
            "PYTHONDONTWRITEBYTECODE is set: every case compiles its file anew, and all below is slower for it"
        )
    return bench_engine.main(rounds=rounds or bench_engine.ROUNDS)


def _import(rounds: int | None) -> int:
    from lab import bench_import  # noqa: PLC0415

    return bench_import.main(rounds=rounds or bench_import.ROUNDS)


def _courier(rounds: int | None) -> int:
    from lab import bench_courier  # noqa: PLC0415

    return bench_courier.main(rounds=rounds or bench_courier.ROUNDS)


def _rebuild(rounds: int | None) -> int:
    from lab import bench_rebuild  # noqa: PLC0415

    return bench_rebuild.main(rounds=rounds or bench_rebuild.ROUNDS)


def _decree(rounds: int | None) -> int:
    from lab import bench_decree  # noqa: PLC0415

    return bench_decree.main(rounds=rounds or bench_decree.ROUNDS)


BENCHES: dict[str, Callable[[int | None], int]] = {
    "planning": _planning,
    "engine": _engine,
    "import": _import,
    "courier": _courier,
    "rebuild": _rebuild,
    "decree": _decree,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
