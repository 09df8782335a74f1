"""`./siaga demo`: the flood of Kota Kupang, played as a drill; it must show all that it promises."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lab.drill_run import add_options, play_file
from lab.outcome import Wanted
from runtime.ending import end_when_asked
from runtime.settings import ROOT

SCENARIO = ROOT / "examples" / "banjir-kota-kupang.toml"

PROMISED = Wanted(
    went=120,
    roles=8,
    units=20,
    waves=2,
    days=14,
    declined=15,
    silent=10,
    passed_over=1,
    fetched_back=1,
    short_role="health_post_nurse",
)
"""What a newcomer is told that the demo shows; less than that fails it."""


def main(arguments: Sequence[str]) -> int:
    """Play the example; returns the exit code."""
    if arguments[:1] == ["mutation"]:
        from lab.demo_mutation import main as of_mutation  # noqa: PLC0415 - the other demo needs none of it

        return of_mutation(arguments[1:])
    parser = argparse.ArgumentParser(
        prog="./siaga demo",
        description="A flood of Kota Kupang from the alert to everyone home, on the real workflows, in about a minute.",
        epilog="example: ./siaga demo --seed 7   (`./siaga demo mutation`: a dozen moves by decree)",
    )
    add_options(parser)
    options = parser.parse_args(arguments)
    return play_file(SCENARIO, options.seed, options.out, PROMISED)


if __name__ == "__main__":
    end_when_asked()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
