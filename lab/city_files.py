"""Write a roster as the directory of files that `roster import` reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from enum import Enum
from pathlib import Path

from domain.personnel import Personnel
from domain.roster import Government, Roster

# File -> its headers. Those of people.csv are the ones that SIASN exports use, as far as it has them.
_HEADERS = {
    "units.csv": ("kode unit", "nama unit", "jenis unit", "kode induk", "lintang", "bujur", "kritis", "nip kepala"),
    "people.csv": (
        "id", "nip", "nama", "tgl lahir", "jenis kelamin", "jenis pegawai", "golongan", "jabatan nama", "kode unit",
        "rumpun jabatan", "tmt jabatan", "tgl pensiun/kontrak berakhir", "no hp", "email", "lintang rumah",
        "bujur rumah", "sukarela", "kode pengecualian", "pengecualian sampai",
    ),
    "skills.csv": ("nip", "keahlian", "tingkat", "berlaku sampai"),
    "leave.csv": ("nip", "jenis cuti", "mulai", "selesai"),
    "workload.csv": ("kode unit", "rumpun jabatan", "uraian tugas", "volume per tahun", "menit per kegiatan"),
    "redline.csv": ("kode unit", "rumpun jabatan", "layanan minimum"),
    "appointments.csv": ("nip", "kapasitas", "kode unit", "mulai", "selesai"),
    "careers.csv": ("nip", "tmt pns", "tingkat pendidikan", "tgl bebas temuan"),
    "ratings.csv": ("nip", "tahun", "predikat"),
    "processes.csv": ("nip", "jenis proses", "selesai"),
    "study_ties.csv": ("nip", "jenis ikatan", "selesai"),
    "relations.csv": ("nip", "nip keluarga", "hubungan"),
    "position_map.csv": (
        "kode unit", "jabatan nama", "rumpun jabatan", "jenis jabatan", "kelas jabatan", "memimpin unit",
        "kebutuhan", "syarat pendidikan", "syarat kompetensi", "golongan terendah", "golongan tertinggi",
    ),
}  # fmt: skip


def write(roster: Roster, out: Path) -> None:
    """Write all files of the roster into `out`, replacing those that are there."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "government.toml").write_text(_toml(roster.government), encoding="utf-8")
    people = (_person(row) for row in roster.people.rows())
    units = ((u.code, u.name, u.kind, u.parent, u.lat, u.lon, u.critical, u.head_nip) for u in roster.units)
    _table(out, "units.csv", units)
    _table(out, "people.csv", people)
    _table(out, "skills.csv", ((s.nip, s.skill, s.level, s.expires) for s in roster.skills))
    _table(out, "leave.csv", ((a.nip, a.kind, a.start, a.end) for a in roster.leave))
    tasks = ((w.unit, w.role, w.task, w.volume, w.minutes_each) for w in roster.workload)
    _table(out, "workload.csv", tasks)
    _table(out, "redline.csv", ((r.unit, r.role, r.minimum) for r in roster.redlines))
    offices = ((a.nip, a.capacity, a.unit, a.start, a.end) for a in roster.appointments)
    _table(out, "appointments.csv", offices)
    for name, rows in _personnel(roster.personnel).items():
        _table(out, f"{name}.csv", rows)


def _personnel(personnel: Personnel) -> dict[str, Iterable[tuple[object, ...]]]:
    return {
        "careers": ((c.nip, c.pns_since, c.education, c.inspectorate_cleared_on) for c in personnel.careers),
        "ratings": ((r.nip, r.year, r.rating) for r in personnel.ratings),
        "processes": ((p.nip, p.charge, p.until) for p in personnel.processes),
        "study_ties": ((t.nip, t.tie, t.until) for t in personnel.ties),
        "relations": ((r.nip, r.other, r.kinship) for r in personnel.relations),
        "position_map": (
            (
                p.unit, p.position, p.role, p.kind, p.job_class, p.heads_unit, p.need, p.education,
                ";".join(p.competences), p.lowest_grade, p.highest_grade,
            )
            for p in personnel.positions
        ),
    }  # fmt: skip


def _person(row: tuple[object, ...]) -> tuple[object, ...]:
    """With the sex as Indonesian files write it: L (laki-laki), P (perempuan)."""
    return (*row[:4], {"M": "L", "F": "P"}.get(str(row[4])), *row[5:])


def _table(out: Path, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    with (out / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADERS[name])
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _toml(government: Government) -> str:
    """The government's own file; JSON strings and arrays of them are TOML as well."""
    g = government
    lines = [
        "# Made by lab.city: a synthetic government, no real person is in its files.",
        f"synthetic = {str(g.synthetic).lower()}",
    ]
    fields = ("id", "name", "level", "region_code", "zone", "place", "number_class")
    told = {name: getattr(g, name) for name in fields}
    lines += [f"{name} = {json.dumps(value)}" for name, value in told.items() if value is not None]
    lines.append(f"letterhead = {json.dumps(list(g.letterhead))}")
    if g.head_since:
        lines.append(f"head_since = {g.head_since}")
    for one in g.elections:
        lines += ["", "[[elections]]", f"candidates_on = {one.candidates_on}", f"term_ends = {one.term_ends}"]
    return "\n".join(lines) + "\n"
