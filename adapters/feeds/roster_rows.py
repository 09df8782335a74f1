"""The smaller tables of a roster: units, skills, leave, workload, redlines, appointments.

Each reader complains about what it cannot take and returns the rows it could build; with a complaint made, the whole
roster is refused, so those rows are never used without the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from adapters.feeds import cells
from adapters.feeds.cross_checks import Keys, complain_of_repeats, keys_of, known
from adapters.feeds.tables import Table
from domain.authority import Capacity
from domain.roster import (
    APPOINTABLE,
    AppointmentRow,
    LeaveKind,
    LeaveRow,
    RedlineRow,
    Role,
    Skill,
    SkillRow,
    UnitKind,
    UnitRow,
    WorkloadRow,
)

UNIT, NIP = "unit code of units.csv", "NIP of people.csv"


def read_units(table: Table, nips: Keys) -> tuple[UnitRow, ...]:
    """Units whose heads are known people, and whose parents exist and form no circle."""
    codes = table.column("code", cells.text, blank=False)
    complain_of_repeats(table, "code", codes, "each code")
    parents = table.column("parent", known({code for code in codes if code}, "code of this file"))
    _complain_of_circles(table, codes, parents)
    columns = (
        codes,
        table.column("name", cells.text, blank=False),
        table.column("kind", cells.word("unit_kind", UnitKind), blank=False),
        parents,
        table.column("lat", cells.latitude, blank=False),
        table.column("lon", cells.longitude, blank=False),
        table.column("critical", cells.yes_no),
        table.column("head_nip", known(nips, NIP, cells.nip)),
    )
    return tuple(
        UnitRow(code, name, kind, parent, lat, lon, bool(critical), head)
        for code, name, kind, parent, lat, lon, critical, head in zip(*columns, strict=True)
        if None not in (code, name, kind, lat, lon)
    )


def _complain_of_circles(table: Table, codes: Sequence[str | None], parents: Sequence[str | None]) -> None:
    above = dict(zip(codes, parents, strict=True))
    rooted: set[str | None] = {None}
    for index, code in enumerate(codes):
        path: list[str | None] = []
        step: str | None = code
        while step not in rooted and step not in path:
            path.append(step)
            step = above.get(step)
        if step in rooted:
            rooted.update(path)
        elif step == code:
            table.complain(index, "parent", "a circle of parents", "a tree of units")


def read_skills(table: Table, nips: Keys) -> tuple[SkillRow, ...]:
    people = table.column("nip", known(nips, NIP, cells.nip), blank=False)
    skills = table.column("skill", cells.word("skill", Skill), blank=False)
    levels = table.column("level", cells.whole(1, 3), blank=False)
    expiries = table.column("expires", cells.day)
    complain_of_repeats(table, "skill", keys_of(people, skills), "each skill of a person")
    return tuple(
        SkillRow(nip, skill, level, expires)
        for nip, skill, level, expires in zip(people, skills, levels, expiries, strict=True)
        if nip and skill and level
    )


def read_leave(table: Table, nips: Keys) -> tuple[LeaveRow, ...]:
    """Absences; those of one person may not overlap."""
    people = table.column("nip", known(nips, NIP, cells.nip), blank=False)
    kinds = table.column("kind", cells.word("leave_kind", LeaveKind), blank=False)
    starts = table.column("start", cells.day, blank=False)
    ends = table.column("end", cells.day, blank=False)
    spans: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    rows = []
    for index, (nip, kind, start, end) in enumerate(zip(people, kinds, starts, ends, strict=True)):
        if start and end and end < start:
            table.complain(index, "end", end.isoformat(), f"a day not before {start.isoformat()}")
        elif nip and kind and start and end:
            spans[nip].append((start, end, index))
            rows.append(LeaveRow(nip, kind, start, end))
    for absences in spans.values():
        absences.sort()
        for (_, end, before), (start, _, index) in pairwise(absences):
            if start <= end:
                expected = f"no overlap with the absence in row {table.numbers[before]}"
                table.complain(index, "start", start.isoformat(), expected)
    return tuple(rows)


def read_workload(table: Table, units: Keys) -> tuple[WorkloadRow, ...]:
    codes, roles = _unit_and_role(table, units)
    tasks = table.column("task", cells.text, blank=False)
    volumes = table.column("volume", cells.whole(0, 100_000_000), blank=False)
    minutes: list[Decimal | None] = table.column("minutes_each", cells.amount, blank=False)
    complain_of_repeats(table, "task", keys_of(codes, roles, tasks), "each task of a unit and role")
    return tuple(
        WorkloadRow(code, role, task, volume, each)
        for code, role, task, volume, each in zip(codes, roles, tasks, volumes, minutes, strict=True)
        if code and role and task and volume is not None and each is not None
    )


def read_redlines(table: Table, units: Keys) -> tuple[RedlineRow, ...]:
    codes, roles = _unit_and_role(table, units)
    minima = table.column("minimum", cells.whole(0, 100_000), blank=False)
    criticals = table.column("critical", cells.yes_no)
    complain_of_repeats(table, "minimum", keys_of(codes, roles), "each unit and role")
    return tuple(
        RedlineRow(code, role, minimum, bool(critical))
        for code, role, minimum, critical in zip(codes, roles, minima, criticals, strict=True)
        if code and role and minimum is not None
    )


def read_appointments(table: Table, nips: Keys, units: Keys) -> tuple[AppointmentRow, ...]:
    """Offices; the head of a unit needs the unit, the others may do without."""
    people = table.column("nip", known(nips, NIP, cells.nip), blank=False)
    capacities = table.column("capacity", cells.word("capacity", Capacity), blank=False)
    codes = table.column("unit", known(units, UNIT))
    starts = table.column("start", cells.day, blank=False)
    ends = table.column("end", cells.day)
    complain_of_repeats(table, "capacity", keys_of(people, capacities, codes, starts), "each appointment")
    rows = []
    for index, (nip, capacity, unit, start, end) in enumerate(
        zip(people, capacities, codes, starts, ends, strict=True)
    ):
        if start and end and end < start:
            table.complain(index, "end", end.isoformat(), f"a day not before {start.isoformat()}")
        if capacity == Capacity.UNIT_HEAD and unit is None:
            table.complain(index, "unit", "no unit", f"a {UNIT}, since the office is that of a unit's head")
        if nip and capacity in APPOINTABLE and start:
            rows.append(AppointmentRow(nip, capacity, unit, start, end))
    return tuple(rows)


def _unit_and_role(table: Table, units: Keys) -> tuple[list[str | None], list[Role | None]]:
    codes = table.column("unit", known(units, UNIT), blank=False)
    return codes, table.column("role", cells.word("role", Role), blank=False)
