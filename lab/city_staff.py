"""How the example city is staffed and how loaded it is: people per role, and the work that fills their year.

The spread is meant: some units overloaded, some idle, and nearly every nurse needed where she is, so that a flood can
be answered from two dozen units and still runs short of nurses.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from domain.roster import RedlineRow, Role, UnitKind, UnitRow, WorkloadRow

EFFECTIVE_MINUTES = 75_000

A, B, C, D, E = (1.02, 1.30), (0.90, 1.00), (0.71, 0.88), (0.51, 0.68), (0.30, 0.48)
"""Load ratios of the five grades, from overloaded to idle."""

Range = tuple[int, int]
ADMIN, DATA, DRIVER, FIELD = (
    Role.ADMINISTRATOR,
    Role.DATA_OFFICER,
    Role.DRIVER,
    Role.FIELD_OFFICER,
)
SOCIAL, ENGINEER, LOGISTICS = (
    Role.SOCIAL_WORKER,
    Role.CIVIL_ENGINEER,
    Role.LOGISTICS_OFFICER,
)

BY_KIND: dict[UnitKind, dict[Role, Range]] = {
    UnitKind.SECRETARIAT: {ADMIN: (128, 134), DATA: (8, 10), DRIVER: (12, 14), LOGISTICS: (4, 6)},
    UnitKind.AGENCY: {ADMIN: (22, 34), DATA: (2, 4), DRIVER: (1, 2), FIELD: (6, 11)},
    UnitKind.KECAMATAN: {ADMIN: (13, 17), FIELD: (5, 7), DATA: (1, 2), DRIVER: (1, 1)},
    UnitKind.KELURAHAN: {ADMIN: (5, 7), FIELD: (2, 4)},
    UnitKind.PUSKESMAS: {
        Role.NURSE: (12, 17), Role.MIDWIFE: (8, 13), Role.DOCTOR: (3, 5), Role.SANITARIAN: (2, 3),
        ADMIN: (7, 10), DATA: (1, 2), DRIVER: (1, 2),
    },
    UnitKind.SCHOOL: {Role.TEACHER: (35, 48), ADMIN: (3, 5)},
}  # fmt: skip

BY_UNIT: dict[str, dict[Role, Range]] = {
    "BPBD": {ADMIN: (10, 12), FIELD: (20, 24), LOGISTICS: (6, 8), DATA: (3, 4), DRIVER: (4, 5)},
    "DINSOS": {ADMIN: (14, 16), SOCIAL: (22, 26), LOGISTICS: (5, 7), DATA: (3, 4), DRIVER: (2, 3)},
    "DINKES": {
        ADMIN: (26, 30), Role.NURSE: (5, 6), Role.MIDWIFE: (3, 4), Role.DOCTOR: (3, 4),
        Role.SANITARIAN: (9, 11), DATA: (4, 6), LOGISTICS: (3, 4), DRIVER: (3, 4),
    },
    "SATPOLPP": {ADMIN: (10, 12), FIELD: (96, 104), DRIVER: (4, 5)},
    "DAMKAR": {ADMIN: (8, 10), Role.FIREFIGHTER: (58, 66), DRIVER: (8, 10)},
    "PUPR": {ADMIN: (24, 28), ENGINEER: (30, 36), FIELD: (18, 22), DATA: (3, 4), DRIVER: (5, 7)},
    "PERKIM": {ADMIN: (18, 22), ENGINEER: (14, 18), FIELD: (8, 10), DRIVER: (1, 2)},
    "DLH": {ADMIN: (18, 20), Role.SANITARIAN: (6, 8), FIELD: (42, 50), DRIVER: (14, 18)},
    "DUKCAPIL": {ADMIN: (20, 24), DATA: (22, 26), DRIVER: (1, 2)},
    "KOMINFO": {ADMIN: (16, 20), DATA: (18, 22), DRIVER: (1, 2)},
    "PERHUBUNGAN": {ADMIN: (16, 18), FIELD: (48, 56), DRIVER: (7, 9)},
    "P3AP2KB": {ADMIN: (16, 18), SOCIAL: (13, 16), FIELD: (22, 28), DRIVER: (1, 2)},
    "DIKBUD": {ADMIN: (48, 54), Role.TEACHER: (12, 14), DATA: (5, 6), LOGISTICS: (2, 3), DRIVER: (2, 3)},
    "PERINDAG": {ADMIN: (20, 24), FIELD: (8, 10), LOGISTICS: (4, 6), DRIVER: (1, 2)},
    "PERTANIAN": {ADMIN: (20, 24), FIELD: (24, 30), LOGISTICS: (4, 5), DRIVER: (2, 3)},
    "BKAD": {ADMIN: (36, 40), LOGISTICS: (6, 8), DATA: (3, 4), DRIVER: (1, 2)},
    "RSUD": {
        Role.NURSE: (92, 98), Role.MIDWIFE: (26, 30), Role.DOCTOR: (22, 26), Role.SANITARIAN: (3, 4),
        ADMIN: (38, 42), LOGISTICS: (4, 5), DRIVER: (5, 6),
    },
    "FARMASI": {ADMIN: (4, 5), LOGISTICS: (6, 8), DRIVER: (2, 2)},
}  # fmt: skip

MOODS: dict[UnitKind, tuple[tuple[Range | tuple[float, float], ...], tuple[int, ...]]] = {
    UnitKind.SECRETARIAT: ((B, C, D), (2, 5, 3)),
    UnitKind.AGENCY: ((A, B, C, D, E), (12, 22, 28, 24, 14)),
    UnitKind.KECAMATAN: ((B, C, D), (4, 4, 2)),
    UnitKind.KELURAHAN: ((A, B, C, D), (30, 40, 25, 5)),
    UnitKind.PUSKESMAS: ((A, B), (4, 6)),
    UnitKind.SCHOOL: ((A, B, C, D), (10, 40, 35, 15)),
    UnitKind.UPTD: ((A, B), (3, 7)),
}

# Where the story needs a certain load: who is drowning, who is idle, who could help.
FIXED_MOODS: dict[tuple[str, Role], tuple[float, float]] = {
    ("DUKCAPIL", ADMIN): A, ("DUKCAPIL", DATA): A, ("RSUD", Role.NURSE): A, ("KOMINFO", DATA): D,
    ("DINKES", Role.NURSE): D, ("DINKES", Role.SANITARIAN): D, ("DINSOS", SOCIAL): D, ("P3AP2KB", SOCIAL): D,
    ("PUPR", ENGINEER): C, ("PERKIM", ENGINEER): D, ("SATPOLPP", FIELD): C, ("PERHUBUNGAN", FIELD): C,
    ("ARPUS", ADMIN): E, ("DISPORA", ADMIN): D, ("BKAD", LOGISTICS): D, ("PERINDAG", LOGISTICS): D,
    ("PKM06", Role.NURSE): D, ("PKM07", Role.NURSE): D, ("PKM11", Role.NURSE): D,
}  # fmt: skip

# Puskesmas that may spare one or two nurses; all the others stand exactly at their redline.
SPARE_NURSES = {"PKM06": 1, "PKM07": 2, "PKM11": 1, "DINKES": 2}

# role -> (task, minutes each, share of the year)
TASKS: dict[Role, tuple[tuple[str, str, float], ...]] = {
    ADMIN: (("Surat masuk dan keluar", "25", 0.3), ("Pelayanan loket", "18", 0.45), ("Laporan bulanan", "420", 0.25)),
    Role.NURSE: (("Asuhan keperawatan", "35", 0.6), ("Kunjungan rumah", "90", 0.25), ("Pencatatan", "12.5", 0.15)),
    Role.MIDWIFE: (("Pemeriksaan ibu hamil", "40", 0.55), ("Persalinan", "360", 0.2), ("Posyandu", "180", 0.25)),
    Role.DOCTOR: (("Pemeriksaan pasien", "15", 0.7), ("Tindakan medis", "45", 0.2), ("Rujukan", "20", 0.1)),
    Role.SANITARIAN: (("Inspeksi sanitasi", "120", 0.6), ("Uji kualitas air", "75", 0.4)),
    Role.TEACHER: (("Mengajar", "40", 0.7), ("Penilaian", "22.5", 0.2), ("Wali kelas", "60", 0.1)),
    SOCIAL: (("Pendampingan keluarga", "150", 0.55), ("Asesmen sosial", "90", 0.3), ("Verifikasi bantuan", "35", 0.15)),
    FIELD: (("Patroli dan pengawasan", "240", 0.6), ("Penertiban lapangan", "180", 0.25), ("Laporan", "30", 0.15)),
    ENGINEER: (("Survei teknis", "300", 0.4), ("Gambar dan perhitungan", "480", 0.4), ("Pengawasan proyek", "240", 0.2)),
    LOGISTICS: (("Penerimaan barang", "45", 0.4), ("Distribusi", "120", 0.4), ("Stok opname", "600", 0.2)),
    DRIVER: (("Pengantaran", "75", 0.8), ("Perawatan kendaraan", "90", 0.2)),
    DATA: (("Perekaman data", "12", 0.5), ("Pengolahan data", "150", 0.3), ("Dukungan aplikasi", "45", 0.2)),
    Role.FIREFIGHTER: (("Siaga regu", "720", 0.7), ("Pemadaman", "180", 0.2), ("Latihan", "120", 0.1)),
}  # fmt: skip


@dataclass(frozen=True)
class Staffing:
    """How many a unit has in a role, the tasks of their year, and the minimum that must stay."""

    unit: UnitRow
    role: Role
    headcount: int
    workload: tuple[WorkloadRow, ...]
    floor: RedlineRow


def staffings(units: list[UnitRow], rng: Random) -> list[Staffing]:
    found = []
    for unit in units:
        ranges = BY_UNIT.get(unit.code) or BY_KIND[unit.kind]
        for role, (low, high) in ranges.items():
            headcount = rng.randint(low, high)
            found.append(_staffing(unit, role, headcount, rng))
    return found


def _staffing(unit: UnitRow, role: Role, headcount: int, rng: Random) -> Staffing:
    moods, weights = MOODS[unit.kind]
    mood = FIXED_MOODS.get((unit.code, role)) or rng.choices(moods, weights)[0]
    minutes = rng.uniform(*mood) * headcount * EFFECTIVE_MINUTES
    lines = tuple(
        WorkloadRow(unit.code, role, task, round(minutes * share / float(each)), Decimal(each))
        for task, each, share in TASKS[role]
    )
    return Staffing(unit, role, headcount, lines, _floor(unit, role, headcount, rng))


def _floor(unit: UnitRow, role: Role, headcount: int, rng: Random) -> RedlineRow:
    """The minimum service. Where an emergency is met every day, all stay; elsewhere about half."""
    if unit.critical:
        return RedlineRow(unit.code, role, headcount)
    if role is Role.NURSE:
        return RedlineRow(unit.code, role, headcount - SPARE_NURSES.get(unit.code, 0))
    if role in (Role.MIDWIFE, Role.DOCTOR):
        return RedlineRow(unit.code, role, headcount - 1)
    if headcount < 3 and rng.random() < 0.5:
        return RedlineRow(unit.code, role, headcount)
    return RedlineRow(unit.code, role, max(1, round(headcount * rng.uniform(0.4, 0.55))))
