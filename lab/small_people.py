"""Who is who in a tiny synthetic government, for tests and small drills.

Nobody in it is a real person. Every office is held by somebody of the secretariat, so that no donor is
an office holder; each donor unit lends exactly the people that it is built to lend.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.authority import Capacity
from domain.roster import (
    AppointmentRow,
    EmploymentKind,
    Government,
    PeopleColumns,
    RedlineRow,
    Role,
    Roster,
    Skill,
    SkillRow,
    UnitKind,
    UnitRow,
    WorkloadRow,
)

GOVERNMENT = "kota-kecil"
SECRETARIAT = "SETDA"
SITE = (-10.170, 123.600)  # degrees
OFFICES = (
    Capacity.COORDINATOR,
    Capacity.SEKDA,
    Capacity.COMMAND_POST,
    Capacity.SIGNATORY,
    Capacity.AUDITOR,
    Capacity.OPERATOR,
    Capacity.APPOINTING_AUTHORITY,
    Capacity.FINANCE_OFFICER,
)
OF_MUTATION = (Capacity.PERSONNEL_AGENCY, Capacity.PERFORMANCE_REVIEW_TEAM, Capacity.LEGAL_BUREAU)
"""Offices that only a mutation asks; their holders have numbers of their own, so that everybody else stays who they are."""
_SINCE = date(2026, 1, 1)
_IDS = uuid.UUID("5f0c1f5e-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class Donor:
    """A unit of `people` with one role and one skill, of whom `lendable` may go."""

    code: str
    people: int
    lendable: int
    role: Role = Role.NURSE
    skill: Skill = Skill.NURSING_STR


TWO_CLINICS = (Donor("PKM-1", 8, 5), Donor("PKM-2", 8, 5))


@dataclass(frozen=True)
class SmallTown:
    """The roster, and who is who in it by person id."""

    roster: Roster
    officers: dict[Capacity, str]
    heads: dict[str, str]
    """Unit id -> its head."""
    staff: dict[str, tuple[str, ...]]
    """Unit id -> the people who may be asked."""

    @property
    def government_id(self) -> str:
        """Return whose town it is."""
        return self.roster.government.id


def build(donors: tuple[Donor, ...] = TWO_CLINICS, government_id: str = GOVERNMENT) -> SmallTown:
    """Return a town with these donors; the same donors give the same people."""
    people = PeopleColumns()
    officers = {office: _person(people, government_id, SECRETARIAT, Role.ADMINISTRATOR) for office in OFFICES}
    appointments = [
        AppointmentRow(people.nip[n], office, None, _SINCE, None) for n, office in enumerate(OFFICES)
    ]
    heads, staff = {}, {}
    skills: list[SkillRow] = []
    for donor in donors:
        unit_id = f"{government_id}.{donor.code}"
        heads[unit_id] = _person(people, government_id, SECRETARIAT, Role.ADMINISTRATOR)
        appointments.append(AppointmentRow(people.nip[-1], Capacity.UNIT_HEAD, donor.code, _SINCE, None))
        staff[unit_id] = tuple(
            _person(people, government_id, donor.code, donor.role) for _ in range(donor.people)
        )
        skills += [SkillRow(nip, donor.skill, 2, None) for nip in people.nip[-donor.people :]]
    for number, office in enumerate(OF_MUTATION, 1):
        officers[office] = _person(people, government_id, SECRETARIAT, Role.ADMINISTRATOR, -number)
        appointments.append(AppointmentRow(people.nip[-1], office, None, _SINCE, None))
    roster = Roster(
        government=_government(government_id),
        units=_units(donors),
        people=people,
        skills=tuple(skills),
        leave=(),
        # Measured, and nothing to do: the minimum service alone keeps people at home.
        workload=tuple(WorkloadRow(d.code, d.role, "pelayanan", 0, Decimal(1)) for d in donors),
        redlines=tuple(RedlineRow(d.code, d.role, d.people - d.lendable) for d in donors),
        appointments=tuple(appointments),
    )
    return SmallTown(roster, officers, heads, staff)


def _government(government_id: str) -> Government:
    return Government(
        id=government_id,
        name="Pemerintah Kota Kecil (contoh)",
        level="city",
        zone="Asia/Makassar",
        place="Kota Kecil",
        letterhead=(
            "PEMERINTAH KOTA KECIL",
            "BADAN PENANGGULANGAN BENCANA DAERAH",
            "Jalan Contoh 1, Kota Kecil",
        ),
        number_class="800.1.11.1",
        region_code="53.99",
        synthetic=True,
    )


def _units(donors: tuple[Donor, ...]) -> tuple[UnitRow, ...]:
    town_hall = _unit(SECRETARIAT, UnitKind.SECRETARIAT, None, *SITE)
    clinics = (
        _unit(d.code, UnitKind.PUSKESMAS, SECRETARIAT, SITE[0] + 0.01 * n, SITE[1])
        for n, d in enumerate(donors, 1)
    )
    return (town_hall, *clinics)


def _unit(code: str, kind: UnitKind, parent: str | None, lat: float, lon: float) -> UnitRow:
    return UnitRow(code, f"Unit {code}", kind, parent, lat, lon, critical=False, head_nip=None)


def _person(
    people: PeopleColumns, government_id: str, unit: str, role: Role, number: int | None = None
) -> str:
    """Add somebody, and return the person id."""
    n = number or len(people) + 1
    born = date(1985, 1, 1) + timedelta(days=n)
    person_id = uuid.uuid5(_IDS, f"{government_id}/{n}")
    row = {
        "id": person_id,
        "nip": f"{born:%Y%m%d}201001{1 + n % 2}{1 + n % 900:03}",
        "name": f"Pegawai Contoh {n:04}",
        "birth_date": born,
        "sex": "F" if n % 2 else "M",
        "employment": EmploymentKind.PNS.value,
        "grade": "III/b",
        "position": f"Jabatan {role.value}",
        "unit": unit,
        "role": role.value,
        "volunteer": False,
    }
    for name in PeopleColumns.names():
        getattr(people, name).append(row.get(name))
    return str(person_id)
