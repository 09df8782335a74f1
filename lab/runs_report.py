"""What many runs leave behind: the chart of how they spread, and their numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.web.rehearsal import MeasureView, RehearsalView, ends_of, render, written
from lab.measures import Measures, Spread
from lab.outputs import MARK, Folder
from lab.runs import SHARES, Result, spreads, table
from lab.scenario import Scenario

NAMES = {
    "filled": ("Kursi yang terisi", "%"),
    "hours": ("Jam sampai 90 % gelombang pertama di lokasi", "jam"),
    "breaches": ("Orang di bawah batas layanan", ""),
    "late": ("Pulang lewat tanggal", ""),
    "declined": ("Menolak", ""),
    "silent": ("Tidak menjawab", ""),
    "no_shows": ("Tidak datang", ""),
}
"""Each measure in the words of the page, and its unit."""


def write_runs(folder: Folder, scenario: Scenario, result: Result) -> None:
    """Write the chart, the table, and each run's numbers."""
    folder.write("latihan.html", render(view_of(scenario, result)))
    folder.write("latihan.txt", "\n".join(table(result.measured)) + "\n")
    folder.write("runs.jsonl", "".join(json.dumps(run.told()) + "\n" for run in result.measured))
    folder.write(
        MARK, json.dumps({"runs": len(result.measured), "violations": _violations(result.measured)}) + "\n"
    )


def view_of(scenario: Scenario, result: Result) -> RehearsalView:
    """Return what the page tells."""
    runs = result.measured
    found = spreads(runs)
    return RehearsalView(
        title=scenario.title,
        government=result.government.name,
        synthetic=result.government.synthetic,
        runs=len(runs),
        seeds=(runs[0].seed, runs[-1].seed),
        finding=_finding(found),
        heading=_heading(found["hours"], len(runs)),
        measures=tuple(_measure(name, one) for name, one in found.items()),
        violations=_violations(runs),
    )


def _measure(name: str, one: Spread) -> MeasureView:
    words, unit = NAMES[name]
    low, middle, high = (one.percentile(share) for share in SHARES)
    note = f"Tidak tercapai dalam {one.lacking} dari {one.runs} latihan" if one.lacking else ""
    return MeasureView(words, unit, one.values, ends_of(one.values, unit), low, middle, high, note)


def _finding(found: dict[str, Spread]) -> str:
    """The first sentence: what nine of ten runs reach."""
    filled, late = found["filled"], found["late"]
    return (
        f"Sembilan dari sepuluh latihan mengisi sedikitnya {written(filled.percentile(10), '%')} kursi;"
        f" di sembilan dari sepuluh paling banyak {written(late.percentile(90), '')} orang pulang lewat tanggal."
    )


def _heading(hours: Spread, runs: int) -> str:
    if hours.lacking * 2 >= runs:
        return (
            f"Dalam {hours.lacking} dari {runs} latihan, 90 % gelombang pertama tidak pernah berada di lokasi"
        )
    return f"Separuh latihan menempatkan 90 % gelombang pertama dalam {written(hours.percentile(50), 'jam')}"


def _violations(runs: Sequence[Measures]) -> int:
    return sum(run.violations for run in runs)
