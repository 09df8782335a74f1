"""Rosters that are made for a scenario: of the shape of a real place, with nobody real in them.

The places and offices are public; people, headcounts, workloads and redlines are drawn by a seed, as those of the
example city are (`lab.city`), and say nothing about how any office works.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.roster import Roster
from lab.city_files import write
from lab.rosters_central import kemendagri
from lab.rosters_gorontalo import kota_gorontalo
from lab.scenario import Scenario, ScenarioInvalid

MADE: dict[str, Callable[[], Roster]] = {
    "kota-gorontalo": kota_gorontalo,
    "kemendagri": kemendagri,
}
"""What `roster = "made:NAME"` may name."""


@contextmanager
def roster_of(scenario: Scenario) -> Iterator[Path]:
    """Give the directory of a scenario's roster: its own, or one that is made for as long as it is read.

    Raises ScenarioInvalid for a name that nobody makes.
    """
    if isinstance(scenario.roster, Path):
        yield scenario.roster
        return
    if scenario.roster not in MADE:
        known = ", ".join(f"made:{name}" for name in MADE)
        raise ScenarioInvalid(
            f"roster: found 'made:{scenario.roster}', expected a directory, or one of {known}"
        )
    with tempfile.TemporaryDirectory(prefix="siaga-roster-") as place:
        write(MADE[scenario.roster](), Path(place))
        yield Path(place)
