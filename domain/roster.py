"""The roster of one government, as its files say it: checked, but not yet written anywhere.

Reading a roster is all or nothing: a reader returns a `Roster`, or `RosterErrors` that name every cell at fault.
People come as parallel columns and not as objects, because a province has 100,000 of them and COPY wants columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from domain.authority import Capacity
from domain.mutation.kinds import Election
from domain.personnel import Personnel


class UnitKind(StrEnum):
    """What a unit of a regional government is (perangkat daerah and what hangs below it)."""

    SECRETARIAT = "secretariat"
    AGENCY = "agency"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    PUSKESMAS = "puskesmas"
    SCHOOL = "school"
    UPTD = "uptd"


class EmploymentKind(StrEnum):
    """The three kinds of civil servant (jenis pegawai)."""

    PNS = "PNS"
    CPNS = "CPNS"
    PPPK = "PPPK"


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class Role(StrEnum):
    """Job families: what a person is in the home unit. Workload and redline are kept per unit and role."""

    ADMINISTRATOR = "administrator"
    NURSE = "nurse"
    MIDWIFE = "midwife"
    DOCTOR = "doctor"
    SANITARIAN = "sanitarian"
    TEACHER = "teacher"
    SOCIAL_WORKER = "social_worker"
    FIELD_OFFICER = "field_officer"
    CIVIL_ENGINEER = "civil_engineer"
    LOGISTICS_OFFICER = "logistics_officer"
    DRIVER = "driver"
    DATA_OFFICER = "data_officer"
    FIREFIGHTER = "firefighter"
    OTHER = "other"  # counted, but never asked to go


class Skill(StrEnum):
    """What a person can do beside the job, each with a level of 1 to 3 and often an expiry."""

    NURSING_STR = "nursing_str"
    MEDICINE_STR = "medicine_str"
    MIDWIFERY_STR = "midwifery_str"
    FIRST_AID = "first_aid"
    FIELD_KITCHEN = "field_kitchen"
    SHELTER_MANAGEMENT = "shelter_management"
    DATA_COLLECTION = "data_collection"
    RAPID_ASSESSMENT = "rapid_assessment"
    WAREHOUSE = "warehouse"
    WASH = "wash"
    PSYCHOSOCIAL = "psychosocial"
    DRIVING_SIM = "driving_sim"
    BOAT = "boat"


class LeaveKind(StrEnum):
    """Kinds of absence; `IMPORTANT` is cuti alasan penting, `UNPAID` cuti di luar tanggungan negara."""

    ANNUAL = "annual"
    LONG = "long"
    SICK = "sick"
    MATERNITY = "maternity"
    IMPORTANT = "important"
    UNPAID = "unpaid"
    STUDY = "study"
    TRAINING = "training"


class ExemptCode(StrEnum):
    """Why a person is not sent, coded: no diagnosis is ever stored (UU 27/2022 on specific data)."""

    HEALTH = "HEALTH"
    PREGNANCY = "PREGNANCY"
    CARER = "CARER"
    ESSENTIAL_SERVICE = "ESSENTIAL_SERVICE"


# Nobody is appointed to be the subject of a case, or to be the system.
APPOINTABLE = tuple(c for c in Capacity if c not in (Capacity.SUBJECT, Capacity.SYSTEM))


@dataclass(frozen=True, slots=True)
class Government:
    """`government.toml`: whose roster this is and what its letters look like."""

    id: str
    name: str
    level: str  # province | regency | city
    zone: str  # IANA name, e.g. Asia/Makassar
    place: str  # where letters are dated
    letterhead: tuple[str, ...]
    number_class: str  # classification code in letter numbers, e.g. 800.1.11.1 for assignment orders
    region_code: str | None = None  # Kemendagri code, e.g. 53.71
    synthetic: bool = False
    head_since: date | None = None  # when its head was sworn in
    elections: tuple[Election, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A line of `units.csv`. Latitude and longitude in degrees, WGS 84."""

    code: str
    name: str
    kind: UnitKind
    parent: str | None
    lat: float
    lon: float
    critical: bool
    head_nip: str | None


@dataclass(slots=True)
class PeopleColumns:
    """`people.csv` as parallel columns: entry i of every list is the same person.

    The field order is the order of `rows()`, so that a writer can hand `rows()` to COPY as it is.
    """

    id: list[UUID | None] = field(default_factory=list)  # SIASN's opaque id, where the file has one
    nip: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    birth_date: list[date | None] = field(default_factory=list)
    sex: list[str | None] = field(default_factory=list)  # "M" | "F"
    employment: list[str] = field(default_factory=list)  # EmploymentKind
    grade: list[str] = field(default_factory=list)  # golongan, "III/b"; PPPK: "IX"
    position: list[str | None] = field(default_factory=list)  # jabatan nama
    unit: list[str] = field(default_factory=list)  # UnitRow.code
    role: list[str] = field(default_factory=list)  # Role
    position_since: list[date | None] = field(default_factory=list)  # TMT jabatan
    service_end: list[date | None] = field(default_factory=list)  # pension, or end of the PPPK contract
    phone: list[str | None] = field(default_factory=list)
    email: list[str | None] = field(default_factory=list)
    home_lat: list[float | None] = field(default_factory=list)
    home_lon: list[float | None] = field(default_factory=list)
    volunteer: list[bool] = field(default_factory=list)  # standing willingness to be sent
    exempt_code: list[str | None] = field(default_factory=list)  # ExemptCode
    exempt_until: list[date | None] = field(default_factory=list)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Column names in the order of `rows()`."""
        return tuple(cls.__dataclass_fields__)

    def columns(self) -> tuple[list[Any], ...]:
        return tuple(getattr(self, name) for name in self.names())

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Each person as a tuple in the order of `names()`."""
        return zip(*self.columns(), strict=True)

    def __len__(self) -> int:
        return len(self.nip)


@dataclass(frozen=True, slots=True)
class SkillRow:
    nip: str
    skill: Skill
    level: int  # 1 knows, 2 does, 3 leads
    expires: date | None


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Absent from `start` to `end`, both days included."""

    nip: str
    kind: LeaveKind
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """One task of a unit and role in its workload analysis (ABK)."""

    unit: str
    role: Role
    task: str
    volume: int  # times a year
    minutes_each: Decimal

    @property
    def minutes(self) -> Fraction:
        return self.volume * Fraction(self.minutes_each)


@dataclass(frozen=True, slots=True)
class RedlineRow:
    """The minimum service of a unit and role: so many must stay, whatever the workload says; of what is critical, all."""

    unit: str
    role: Role
    minimum: int
    critical: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """Who acts in which capacity, for which unit (None: the whole government), from when until when."""

    nip: str
    capacity: Capacity
    unit: str | None
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that a roster directory says, cross-checked."""

    government: Government
    units: tuple[UnitRow, ...]
    people: PeopleColumns
    skills: tuple[SkillRow, ...]
    leave: tuple[LeaveRow, ...]
    workload: tuple[WorkloadRow, ...]
    redlines: tuple[RedlineRow, ...]
    appointments: tuple[AppointmentRow, ...]
    unread_columns: tuple[tuple[str, str], ...] = ()  # (file, header) that mean nothing to the reader
    personnel: Personnel = field(default_factory=Personnel)

    def critical(self) -> frozenset[tuple[str, str]]:
        """Return each (unit code, role) of which nobody goes: of critical units, and roles that are critical in theirs."""
        units = {unit.code for unit in self.units if unit.critical}
        rows = {(row.unit, row.role.value) for row in self.redlines if row.critical}
        return frozenset(rows | {key for key in self.headcounts() if key[0] in units})

    def headcounts(self) -> dict[tuple[str, str], int]:
        """People per (unit code, role)."""
        counts: dict[tuple[str, str], int] = {}
        for key in zip(self.people.unit, self.people.role, strict=True):
            counts[key] = counts.get(key, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class RosterError:
    """One cell at fault. `row` counts as a spreadsheet does, from 1; 0 means the file as a whole."""

    file: str
    row: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}" + (f", row {self.row}" if self.row else "")
        where += f", column {self.column}" if self.column else ""
        return f"{where}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class RosterErrors:
    """Why a roster was refused: the first errors, and how many there are in all."""

    errors: tuple[RosterError, ...]
    total: int

    def __str__(self) -> str:
        lines = [str(error) for error in self.errors]
        if self.total > len(self.errors):
            lines.append(f"... and {self.total - len(self.errors)} more")
        return "\n".join(lines)
