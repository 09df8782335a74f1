"""A ministry that sends a contingent: the offices of the Ministry of Home Affairs and the campuses of its academy.

Offices and campuses are public; every person is invented, cadets among them, and so are the numbers of staff. Cadets
(praja) stand in the roster as field officers of their campus: civil-servant candidates whom it may lend.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from domain.authority import Capacity
from domain.roster import (
    AppointmentRow,
    Government,
    RedlineRow,
    Role,
    Roster,
    Skill,
    SkillRow,
    UnitKind,
    UnitRow,
    WorkloadRow,
)
from lab.city_people import Box, Population

SEED = 11
_SINCE = date(2026, 1, 1)
_BOX: Box = ((-7.0, 6.0), (95.0, 141.0))
_SECRETARIAT = "SETJEN"

# code, name, latitude, longitude, cadets, staff
_UNITS: tuple[tuple[str, str, float, float, int, int], ...] = (
    ("SETJEN", "Sekretariat Jenderal", -6.174, 106.827, 0, 60),
    ("ITJEN", "Inspektorat Jenderal", -6.175, 106.829, 0, 20),
    ("ADWIL", "Ditjen Bina Administrasi Kewilayahan", -6.176, 106.827, 0, 60),
    ("OTDA", "Ditjen Otonomi Daerah", -6.174, 106.826, 0, 40),
    ("POLPUM", "Ditjen Politik dan Pemerintahan Umum", -6.175, 106.826, 0, 40),
    ("BANGDA", "Ditjen Bina Pembangunan Daerah", -6.263, 106.838, 0, 40),
    ("KEUDA", "Ditjen Bina Keuangan Daerah", -6.176, 106.829, 0, 40),
    ("PEMDES", "Ditjen Bina Pemerintahan Desa", -6.283, 106.827, 0, 60),
    ("DUKCAPIL", "Ditjen Kependudukan dan Pencatatan Sipil", -6.283, 106.826, 0, 60),
    ("BPSDM", "Badan Pengembangan Sumber Daya Manusia", -6.213, 106.858, 0, 40),
    ("IPDN-JTN", "IPDN Kampus Jatinangor", -6.928, 107.772, 1240, 80),
    ("IPDN-SBR", "IPDN Kampus Sumatera Barat", -0.287, 100.462, 110, 20),
    ("IPDN-CLK", "IPDN Kampus Cilandak", -6.290, 106.800, 60, 20),
)  # fmt: skip

_CADET_SKILLS = (
    (Skill.WASH, 0.75), (Skill.SHELTER_MANAGEMENT, 0.30), (Skill.DATA_COLLECTION, 0.40), (Skill.WAREHOUSE, 0.25),
    (Skill.FIELD_KITCHEN, 0.25), (Skill.RAPID_ASSESSMENT, 0.08),
)  # fmt: skip
_STAFF_SKILLS = ((Skill.RAPID_ASSESSMENT, 0.15), (Skill.DATA_COLLECTION, 0.30), (Skill.WAREHOUSE, 0.10))
_OFFICES = (
    (_SECRETARIAT, Capacity.SEKDA, "Sekretaris Jenderal"),
    (_SECRETARIAT, Capacity.APPOINTING_AUTHORITY, "Pejabat Pembina Kepegawaian"),
    (_SECRETARIAT, Capacity.SIGNATORY, "Kepala Biro Kepegawaian"),
    ("ADWIL", Capacity.COORDINATOR, "Direktur Manajemen Penanggulangan Bencana"),
    ("ADWIL", Capacity.COMMAND_POST, "Kepala Posko Lapangan"),
    ("ITJEN", Capacity.AUDITOR, "Auditor Ahli Madya"),
    ("SETJEN", Capacity.OPERATOR, "Pranata Komputer Ahli Muda"),
)

_GOVERNMENT = Government(
    id="kemendagri",
    name="Kementerian Dalam Negeri",
    level="national",
    zone="Asia/Jakarta",
    place="Jakarta",
    letterhead=("KEMENTERIAN DALAM NEGERI", "SEKRETARIAT JENDERAL", "Jalan Contoh Nomor 1, Jakarta (data sintetis)"),
    number_class="800.1.11.1",
    synthetic=True,
)  # fmt: skip


def kemendagri() -> Roster:
    """Return the roster: the same in every call."""
    rng = Random(SEED)
    population = Population(rng, "kemendagri", _BOX)
    units, heads, appointments = [], {}, []
    floors: list[RedlineRow] = []
    for code, name, lat, lon, cadets, staff in _UNITS:
        kind, parent = (
            (UnitKind.SECRETARIAT, None) if code == _SECRETARIAT else (UnitKind.AGENCY, _SECRETARIAT)
        )
        unit = UnitRow(code, name, kind, parent, lat, lon, critical=False, head_nip=None)
        units.append(unit)
        heads[code] = population.hire(unit, Role.ADMINISTRATOR, f"Kepala {name}")
        appointments.append(AppointmentRow(heads[code], Capacity.UNIT_HEAD, code, _SINCE, None))
        if code == _SECRETARIAT:
            appointments.append(AppointmentRow(heads[code], Capacity.FINANCE_OFFICER, None, _SINCE, None))
        for office_unit, capacity, title in _OFFICES:
            if office_unit == code:
                nip = population.hire(unit, Role.ADMINISTRATOR, title)
                appointments.append(AppointmentRow(nip, capacity, None, _SINCE, None))
        _hire(population, rng, unit, Role.FIELD_OFFICER, cadets)
        _hire(population, rng, unit, Role.ADMINISTRATOR, staff)
        floors += [
            RedlineRow(code, role, minimum)
            for role, minimum in ((Role.FIELD_OFFICER, cadets // 20), (Role.ADMINISTRATOR, staff // 2))
            if minimum
        ]
    return Roster(
        government=_GOVERNMENT,
        units=tuple(replace(unit, head_nip=heads[unit.code]) for unit in units),
        people=population.people,
        skills=tuple({(row.nip, row.skill): row for row in population.skills}.values()),
        leave=tuple(population.leave),
        # Measured, and nothing to do: the minimum service alone keeps people at home.
        workload=tuple(WorkloadRow(row.unit, row.role, "Dinas harian", 0, Decimal(1)) for row in floors),
        redlines=tuple(floors),
        appointments=tuple(appointments),
    )


def _hire(population: Population, rng: Random, unit: UnitRow, role: Role, many: int) -> None:
    chances = _CADET_SKILLS if role == Role.FIELD_OFFICER else _STAFF_SKILLS
    for _ in range(many):
        nip = population.hire(unit, role)
        if role == Role.FIELD_OFFICER:
            population.people.position[-1] = "Praja"
        population.skills += [
            SkillRow(nip, skill, 2, None) for skill, chance in chances if rng.random() < chance
        ]
