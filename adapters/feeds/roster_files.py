"""Reading a roster directory: each file, then what must hold between them. All or nothing.

`units.csv`, `people.csv` and `government.toml` must be there; `skills`, `leave`, `workload`, `redline` and
`appointments` may be, and so may the tables of `roster_personnel`. Each table may be an XLSX instead.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.feeds import roster_personnel
from adapters.feeds.government_file import read_government
from adapters.feeds.roster_people import read_people
from adapters.feeds.roster_rows import (
    read_appointments,
    read_leave,
    read_redlines,
    read_skills,
    read_units,
    read_workload,
)
from adapters.feeds.tables import Complaints, Table, open_table
from domain.roster import PeopleColumns, Roster, RosterErrors

TABLES = (
    "units",
    "people",
    "skills",
    "leave",
    "workload",
    "redline",
    "appointments",
    *roster_personnel.TABLES,
)
REQUIRED = ("units", "people")
SUFFIXES = (".csv", ".xlsx")


def read_roster(directory: Path) -> Roster | RosterErrors:
    """The roster in this directory, or everything that is wrong with it. Raises nothing for bad input."""
    with _collector_resting():
        return _read(directory, Complaints())


def _read(directory: Path, complaints: Complaints) -> Roster | RosterErrors:
    if not directory.is_dir():
        complaints.add(str(directory), 0, "", "no directory", "a directory of roster files")
    government = read_government(directory / "government.toml", complaints)
    tables = _open_tables(directory, complaints)

    codes = _codes(tables.get("units"))
    people = read_people(tables["people"], codes) if "people" in tables else PeopleColumns()
    nips = frozenset(people.nip) if "people" in tables else None
    units = read_units(tables["units"], nips) if "units" in tables else ()
    skills = read_skills(tables["skills"], nips) if "skills" in tables else ()
    leave = read_leave(tables["leave"], nips) if "leave" in tables else ()
    workload = read_workload(tables["workload"], codes) if "workload" in tables else ()
    redlines = read_redlines(tables["redline"], codes) if "redline" in tables else ()
    offices = read_appointments(tables["appointments"], nips, codes) if "appointments" in tables else ()

    personnel = roster_personnel.read_personnel(tables, nips, codes)

    if errors := complaints.verdict():
        return errors
    assert government is not None, "its absence is a complaint"
    unread = tuple((table.file, header) for table in tables.values() for header in table.unread)
    return Roster(government, units, people, skills, leave, workload, redlines, offices, unread, personnel)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep the garbage collector still: a million new values and no cycle, a third of the time would be its own."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _open_tables(directory: Path, complaints: Complaints) -> dict[str, Table]:
    """The tables that could be opened, by name; a table that nobody would read is a complaint, not passed over."""
    present = sorted(path for path in directory.glob("*") if path.suffix.lower() in (*SUFFIXES, ".xls"))
    for path in present:
        if path.stem.lower() not in TABLES:
            complaints.add(
                path.name, 0, "", "a table of this name", f"one of {', '.join(TABLES)} (.csv or .xlsx)"
            )
    tables = {}
    for name in TABLES:
        paths = [path for path in present if path.stem.lower() == name]
        if len(paths) > 1:
            found = " and ".join(path.name for path in paths)
            complaints.add(paths[0].name, 0, "", f"{found}", "only one of them")
        elif paths and (table := open_table(paths[0], name, complaints)):
            tables[name] = table
        elif not paths and name in REQUIRED:
            complaints.add(f"{name}.csv", 0, "", "no such file", f"a table of {name}, CSV or XLSX")
    return tables


def _codes(units: Table | None) -> frozenset[str] | None:
    if units is None:
        return None
    return frozenset(code for code in units.column("code", str) if code)
