"""Make the example city: `python -m lab.city --seed 53 --out examples/kota-kupang`.

The same seed gives the same bytes. Another seed gives another city of the same shape.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from domain.authority import Capacity
from domain.mutation.kinds import Election
from domain.personnel import Personnel
from domain.roster import (
    AppointmentRow,
    EmploymentKind,
    Government,
    Role,
    Roster,
    Skill,
    SkillRow,
    UnitKind,
    UnitRow,
)
from lab.city_files import write
from lab.city_people import KUPANG_BOX, Box, Population
from lab.city_personnel import with_personnel
from lab.city_places import KUPANG, Places, units
from lab.city_profiles import POSITIONS
from lab.city_staff import Staffing, staffings

GOVERNMENT = Government(
    id="kota-kupang",
    name="Pemerintah Kota Kupang",
    level="city",
    zone="Asia/Makassar",
    place="Kupang",
    letterhead=(
        "PEMERINTAH KOTA KUPANG",
        "SEKRETARIAT DAERAH",
        "Jalan Contoh Nomor 1, Kupang (data sintetis)",
    ),
    number_class="800.1.11.1",
    region_code="53.71",
    synthetic=True,
    head_since=date(2025, 2, 20),
    elections=(Election(date(2024, 9, 22), date(2025, 2, 19)),),
)

_HEAD_TITLES = {
    UnitKind.SECRETARIAT: "Sekretaris Daerah",
    UnitKind.KECAMATAN: "Camat",
    UnitKind.KELURAHAN: "Lurah",
    UnitKind.SCHOOL: "Koordinator",
}
_HEAD_ROLES = {UnitKind.PUSKESMAS: Role.DOCTOR, UnitKind.SCHOOL: Role.TEACHER}

# Besides the heads: one person an office, since nobody may decide twice in one case under two hats.
_OFFICES: tuple[tuple[str, Role, str, Capacity], ...] = (
    ("SETDA", Role.ADMINISTRATOR, "Penjabat Wali Kota", Capacity.APPOINTING_AUTHORITY),
    ("SETDA", Role.ADMINISTRATOR, "Asisten Administrasi Umum", Capacity.SIGNATORY),
    (
        "BPBD",
        Role.ADMINISTRATOR,
        "Kepala Bidang Kedaruratan dan Logistik",
        Capacity.COMMAND_POST,
    ),
    ("ITDA", Role.ADMINISTRATOR, "Auditor Ahli Madya", Capacity.AUDITOR),
    ("KOMINFO", Role.DATA_OFFICER, "Pranata Komputer Ahli Muda", Capacity.OPERATOR),
)
_HEADS_ALSO = {
    "SETDA": Capacity.SEKDA,
    "BPBD": Capacity.COORDINATOR,
    "BKAD": Capacity.FINANCE_OFFICER,
    "BKPPD": Capacity.PERSONNEL_AGENCY,
}
# Given to people whom no surge would ask, so that no story changes by it. What the head of the personnel agency has
# proposed, its head of mutations screens.
_OFFICES_OF_MUTATION = (
    ("SETDA", "IV/a", "Kepala Bagian Hukum", Capacity.LEGAL_BUREAU),
    ("SETDA", "IV/a", "Kepala Bagian Organisasi", Capacity.PERFORMANCE_REVIEW_TEAM),
    ("BKPPD", "IV/b", "Kepala Bidang Mutasi", Capacity.PERSONNEL_AGENCY),
)
_HEADS_WHO_CAN = (("DINSOS", Skill.SHELTER_MANAGEMENT), ("DINSOS", Skill.FIELD_KITCHEN))
"""Nobody who heads a unit is picked; a coordinator may name one, who then must be able to."""
_IN_OFFICE_SINCE = date(2026, 1, 1)


@dataclass(frozen=True)
class City:
    """A city whose roster can be drawn: its government, its places, and within which box its people live."""

    government: Government = GOVERNMENT
    places: Places = KUPANG
    town: str = "kupang"
    box: Box = KUPANG_BOX


KOTA_KUPANG = City()


def build(seed: int, city: City = KOTA_KUPANG) -> Roster:
    """A roster of a city's shape, with about 4,000 invented civil servants."""
    rng = Random(seed)
    population = Population(rng, city.town, city.box)
    places = units(city.places)
    staffed = staffings(places, rng)
    heads: dict[str, str] = {}
    appointments: list[AppointmentRow] = []
    for staffing in staffed:
        _fill(staffing, population, heads, appointments)
    appointments += _offices_of_mutation(population)
    population.skills += [
        SkillRow(heads[unit], skill, 2, None) for unit, skill in _HEADS_WHO_CAN if unit in heads
    ]
    roster = Roster(
        government=city.government,
        units=tuple(replace(unit, head_nip=heads[unit.code]) for unit in places),
        people=population.people,
        skills=tuple(population.skills),
        leave=tuple(population.leave),
        workload=tuple(line for staffing in staffed for line in staffing.workload),
        redlines=tuple(staffing.floor for staffing in staffed),
        appointments=tuple(appointments),
    )
    return with_personnel(roster, seed)


def crowd(seed: int, size: int) -> Roster:
    """The same city with so many people spread over its units: for measuring, not for a story."""
    city, rng = build(seed), Random(seed)
    population, places, roles = Population(rng), units(), [*POSITIONS]
    for _ in range(size):
        population.hire(rng.choice(places), rng.choice(roles))
    return replace(
        city,
        units=tuple(places),
        people=population.people,
        skills=tuple(population.skills),
        leave=tuple(population.leave),
        appointments=(),
        personnel=Personnel(),
    )


def _fill(
    staffing: Staffing,
    population: Population,
    heads: dict[str, str],
    appointments: list[AppointmentRow],
) -> None:
    """Hire for one unit and role: its head and its other offices first, then everybody else."""
    unit, role, left = staffing.unit, staffing.role, staffing.headcount
    if role is _head_role(unit):
        nip = heads[unit.code] = population.hire(unit, role, _head_title(unit))
        appointments.append(AppointmentRow(nip, Capacity.UNIT_HEAD, unit.code, _IN_OFFICE_SINCE, None))
        if capacity := _HEADS_ALSO.get(unit.code):
            appointments.append(AppointmentRow(nip, capacity, None, _IN_OFFICE_SINCE, None))
        left -= 1
    for code, office_role, title, capacity in _OFFICES:
        if (code, office_role) == (unit.code, role):
            nip = population.hire(unit, role, title)
            appointments.append(AppointmentRow(nip, capacity, None, _IN_OFFICE_SINCE, None))
            left -= 1
    for _ in range(left):
        population.hire(unit, role)


def _offices_of_mutation(population: Population) -> Iterator[AppointmentRow]:
    """Give each office to a senior administrator of its unit without a skill that a surge asks for."""
    people, skilled = population.people, {row.nip for row in population.skills}
    for unit, grade, title, capacity in _OFFICES_OF_MUTATION:
        at = next(
            at
            for at, (nip, *of) in enumerate(
                zip(people.nip, people.unit, people.role, people.employment, people.grade, strict=True)
            )
            if of == [unit, Role.ADMINISTRATOR, EmploymentKind.PNS, grade]
            and nip not in skilled and people.position[at] in POSITIONS[Role.ADMINISTRATOR]
        )  # fmt: skip
        people.position[at] = title
        yield AppointmentRow(people.nip[at], capacity, None, _IN_OFFICE_SINCE, None)


def _head_role(unit: UnitRow) -> Role:
    return Role.DOCTOR if unit.code == "RSUD" else _HEAD_ROLES.get(unit.kind, Role.ADMINISTRATOR)


def _head_title(unit: UnitRow) -> str:
    """What the head of the unit is called: Camat Alak, Kepala Dinas Sosial, Inspektur Daerah."""
    special = {
        "ITDA": "Inspektur Daerah",
        "BPBD": "Kepala Pelaksana BPBD",
        "RSUD": "Direktur RSUD",
    }
    if unit.code in special:
        return special[unit.code]
    if unit.kind is UnitKind.SECRETARIAT:
        return _HEAD_TITLES[unit.kind]
    title = _HEAD_TITLES.get(unit.kind)
    if title is None:
        return f"Kepala {unit.name}"
    place = unit.name.removeprefix("Kecamatan ").removeprefix("Kelurahan ")
    return f"{title} {place}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the example city, deterministically.")
    parser.add_argument("--seed", type=int, default=53)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    roster = build(options.seed)
    write(roster, options.out)
    print(f"{len(roster.units)} units, {len(roster.people)} people, written to {options.out}")


if __name__ == "__main__":
    main()
