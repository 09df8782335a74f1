"""The people of the example city: all invented.

Names are put together from syllables, phone numbers and addresses lead nowhere, and every NIP has a serial of 900 or
more. A likeness to anyone is chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

from domain.roster import (
    EmploymentKind,
    ExemptCode,
    LeaveKind,
    LeaveRow,
    PeopleColumns,
    Role,
    Skill,
    SkillRow,
    UnitRow,
)

AS_OF = date(2026, 11, 1)
"""The day the example roster was drawn up."""
_OLDEST = date(1969, 1, 15)  # who is older has retired

_ONSETS = (
    "Yo",
    "Mar",
    "Ad",
    "Re",
    "El",
    "Fe",
    "Ju",
    "De",
    "No",
    "Ro",
    "Vi",
    "Be",
    "Al",
    "Os",
    "Ti",
    "Wi",
    "Se",
    "Ga",
)
_MALE = (
    "nus",
    "rivan",
    "dy",
    "rto",
    "vin",
    "kson",
    "ldi",
    "bertus",
    "sten",
    "nardo",
    "ries",
    "manus",
    "fridus",
    "lian",
)
_FEMALE = (
    "lin",
    "sia",
    "rni",
    "tha",
    "vina",
    "resa",
    "ndri",
    "melia",
    "nata",
    "yanti",
    "delis",
    "rosa",
    "lestri",
)
_CLAN_HEADS = (
    "Ta",
    "Ne",
    "Bo",
    "Ma",
    "Lo",
    "Fa",
    "Na",
    "Ke",
    "Sa",
    "Oe",
    "Li",
    "Ba",
    "Mo",
    "Ha",
    "Tu",
    "Ki",
)
_CLAN_HEARTS = ("nu", "lu", "fe", "ni", "ki", "la", "bu", "so", "te", "ra", "mo", "hi")
_CLAN_TAILS = (
    "bin",
    "lek",
    "tan",
    "fin",
    "boru",
    "mauk",
    "sain",
    "loe",
    "kun",
    "nesi",
    "balo",
    "tis",
)

_GRADES = ("II/a", "II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b")
_PPPK_GRADES = ("V", "VII", "IX", "X")

_POSITIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        "Pengadministrasi Perkantoran",
        "Analis Kebijakan",
        "Pengelola Layanan Operasional",
    ),
    Role.NURSE: ("Perawat Terampil", "Perawat Ahli Pertama", "Perawat Ahli Muda"),
    Role.MIDWIFE: ("Bidan Terampil", "Bidan Ahli Pertama"),
    Role.DOCTOR: ("Dokter Ahli Pertama", "Dokter Ahli Muda"),
    Role.SANITARIAN: ("Sanitarian Terampil", "Sanitarian Ahli Pertama"),
    Role.TEACHER: ("Guru Ahli Pertama", "Guru Ahli Muda", "Guru Ahli Madya"),
    Role.SOCIAL_WORKER: ("Pekerja Sosial Ahli Pertama", "Penyuluh Sosial Terampil"),
    Role.FIELD_OFFICER: ("Petugas Lapangan", "Pengelola Ketertiban Lapangan"),
    Role.CIVIL_ENGINEER: (
        "Teknik Tata Bangunan Ahli Pertama",
        "Teknik Jalan Ahli Muda",
    ),
    Role.LOGISTICS_OFFICER: ("Pengelola Gudang", "Pengelola Barang Milik Daerah"),
    Role.DRIVER: ("Pengemudi",),
    Role.DATA_OFFICER: ("Pranata Komputer Terampil", "Statistisi Ahli Pertama"),
    Role.FIREFIGHTER: ("Pemadam Kebakaran Pemula", "Pemadam Kebakaran Terampil"),
}

# role -> (skill, chance of having it)
_SKILLS: dict[Role, tuple[tuple[Skill, float], ...]] = {
    Role.ADMINISTRATOR: (
        (Skill.SHELTER_MANAGEMENT, 0.14), (Skill.DATA_COLLECTION, 0.12), (Skill.WAREHOUSE, 0.07),
        (Skill.FIELD_KITCHEN, 0.10), (Skill.FIRST_AID, 0.06), (Skill.PSYCHOSOCIAL, 0.02),
    ),
    Role.NURSE: ((Skill.NURSING_STR, 1.0), (Skill.FIRST_AID, 0.6), (Skill.PSYCHOSOCIAL, 0.06)),
    Role.MIDWIFE: ((Skill.MIDWIFERY_STR, 1.0), (Skill.FIRST_AID, 0.5)),
    Role.DOCTOR: ((Skill.MEDICINE_STR, 1.0), (Skill.FIRST_AID, 0.8)),
    Role.SANITARIAN: ((Skill.WASH, 1.0), (Skill.DATA_COLLECTION, 0.1)),
    Role.TEACHER: (
        (Skill.PSYCHOSOCIAL, 0.07), (Skill.SHELTER_MANAGEMENT, 0.06), (Skill.FIELD_KITCHEN, 0.04),
        (Skill.FIRST_AID, 0.1),
    ),
    Role.SOCIAL_WORKER: (
        (Skill.SHELTER_MANAGEMENT, 0.6), (Skill.PSYCHOSOCIAL, 0.5), (Skill.FIELD_KITCHEN, 0.4),
        (Skill.RAPID_ASSESSMENT, 0.1),
    ),
    Role.FIELD_OFFICER: (
        (Skill.RAPID_ASSESSMENT, 0.10), (Skill.FIELD_KITCHEN, 0.12), (Skill.BOAT, 0.05), (Skill.DRIVING_SIM, 0.3),
        (Skill.FIRST_AID, 0.25), (Skill.SHELTER_MANAGEMENT, 0.10), (Skill.WASH, 0.06),
    ),
    Role.CIVIL_ENGINEER: ((Skill.RAPID_ASSESSMENT, 0.35), (Skill.WASH, 0.3), (Skill.DRIVING_SIM, 0.2)),
    Role.LOGISTICS_OFFICER: ((Skill.WAREHOUSE, 1.0), (Skill.DRIVING_SIM, 0.3)),
    Role.DRIVER: ((Skill.DRIVING_SIM, 1.0), (Skill.BOAT, 0.06)),
    Role.DATA_OFFICER: ((Skill.DATA_COLLECTION, 1.0), (Skill.RAPID_ASSESSMENT, 0.1)),
    Role.FIREFIGHTER: ((Skill.FIRST_AID, 1.0), (Skill.BOAT, 0.3), (Skill.RAPID_ASSESSMENT, 0.3)),
}  # fmt: skip

_EXPIRING = {
    Skill.NURSING_STR,
    Skill.MEDICINE_STR,
    Skill.MIDWIFERY_STR,
    Skill.FIRST_AID,
    Skill.DRIVING_SIM,
    Skill.BOAT,
}
_MOSTLY_WOMEN = {
    Role.NURSE: 0.7,
    Role.MIDWIFE: 1.0,
    Role.TEACHER: 0.65,
    Role.SOCIAL_WORKER: 0.6,
}
_MOSTLY_MEN = {
    Role.DRIVER: 0.03,
    Role.FIREFIGHTER: 0.05,
    Role.FIELD_OFFICER: 0.2,
    Role.CIVIL_ENGINEER: 0.3,
}


class Population:
    """Hires people one by one and keeps what the files will say of them."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self.people = PeopleColumns()
        self.skills: list[SkillRow] = []
        self.leave: list[LeaveRow] = []

    def hire(self, unit: UnitRow, role: Role, title: str | None = None) -> str:
        """Add a person to the unit, in the post `title` if given; the NIP."""
        rng = self._rng
        female = rng.random() < (_MOSTLY_WOMEN | _MOSTLY_MEN).get(role, 0.5)
        kind = self._employment(senior=title is not None)
        entry = self._entry(kind, senior=title is not None)
        born = self._born(entry)
        nip = self._nip(born, entry, kind, female)
        self._append(
            id=UUID(int=rng.getrandbits(128), version=4),
            nip=nip,
            name=_name(rng, female),
            birth_date=born,
            sex="F" if female else "M",
            employment=kind.value,
            grade=self._grade(kind, entry, senior=title is not None),
            position=title or rng.choice(_POSITIONS[role]),
            unit=unit.code,
            role=role.value,
            position_since=min(
                entry + timedelta(days=rng.randint(0, 2_500)),
                AS_OF - timedelta(days=30),
            ),
            service_end=self._service_end(kind, born, entry, role),
            phone=f"+62 800 0000 {len(self.people):04}",
            email=f"p{len(self.people):04}@kupang.example",
            home_lat=_near(rng, unit.lat, -10.222, -10.146),
            home_lon=_near(rng, unit.lon, 123.530, 123.680),
            volunteer=rng.random() < 0.35,
            **self._exemption(female, in_office=title is not None),
        )
        if title is None:  # who holds an office is needed in it
            self.skills += self._skills(nip, role)
            self.leave += self._leave(nip, female)
        return nip

    def _append(self, **person: object) -> None:
        for name in PeopleColumns.names():
            getattr(self.people, name).append(person[name])

    def _employment(self, *, senior: bool) -> EmploymentKind:
        if senior:
            return EmploymentKind.PNS
        kinds = (EmploymentKind.PNS, EmploymentKind.PPPK, EmploymentKind.CPNS)
        return self._rng.choices(kinds, (74, 23, 3))[0]

    def _entry(self, kind: EmploymentKind, *, senior: bool) -> date:
        first, last = {
            EmploymentKind.PNS: (1996, 2022),
            EmploymentKind.PPPK: (2021, 2025),
        }.get(kind, (2025, 2025))
        year = self._rng.randint(first, 2008 if senior else last)
        return date(year, self._rng.choice((1, 2, 3, 4, 12)), 1)

    def _born(self, entry: date) -> date:
        """Old enough to have been hired then, and not yet retired now."""
        born = entry - timedelta(days=self._rng.randint(21 * 365, 33 * 365))
        return (
            born
            if born > _OLDEST
            else _OLDEST + timedelta(days=self._rng.randint(0, 900))
        )

    def _nip(self, born: date, entry: date, kind: EmploymentKind, female: bool) -> str:
        month = 21 if kind is EmploymentKind.PPPK else entry.month
        head = f"{born:%Y%m%d}{entry.year}{month:02}{2 if female else 1}"
        nip = next(
            head + str(serial)
            for serial in range(901, 1000)
            if head + str(serial) not in self._taken
        )
        self._taken.add(nip)
        return nip

    def _grade(self, kind: EmploymentKind, entry: date, *, senior: bool) -> str:
        if senior:
            return "IV/b"
        if kind is EmploymentKind.PPPK:
            return self._rng.choice(_PPPK_GRADES)
        steps = min(
            (AS_OF.year - entry.year) // 4 + self._rng.randint(0, 3), len(_GRADES) - 1
        )
        return _GRADES[steps]

    def _service_end(
        self, kind: EmploymentKind, born: date, entry: date, role: Role
    ) -> date:
        if kind is EmploymentKind.PPPK:
            return date(max(entry.year + 5, 2026), 12, 31)
        pension = 60 if role in (Role.TEACHER, Role.DOCTOR) else 58
        return date(born.year + pension + born.month // 12, born.month % 12 + 1, 1)

    def _exemption(self, female: bool, *, in_office: bool) -> dict[str, object]:
        """Three in a hundred are exempt; one in a hundred was, until lately."""
        draw = self._rng.random()
        if draw >= 0.04 or in_office:
            return {"exempt_code": None, "exempt_until": None}
        codes = [ExemptCode.HEALTH, ExemptCode.CARER, ExemptCode.ESSENTIAL_SERVICE]
        code = self._rng.choice(codes + [ExemptCode.PREGNANCY] * female)
        days = self._rng.randint(60, 240) if draw < 0.03 else -self._rng.randint(5, 60)
        return {"exempt_code": code.value, "exempt_until": AS_OF + timedelta(days=days)}

    def _skills(self, nip: str, role: Role) -> Iterator[SkillRow]:
        rng = self._rng
        for skill, chance in _SKILLS[role]:
            if rng.random() >= chance:
                continue
            expires = None
            if skill in _EXPIRING:
                days = (
                    -rng.randint(10, 500)
                    if rng.random() < 0.1
                    else rng.randint(150, 1_800)
                )
                expires = AS_OF + timedelta(days=days)
            yield SkillRow(nip, skill, rng.choices((1, 2, 3), (35, 45, 20))[0], expires)

    def _leave(self, nip: str, female: bool) -> Iterator[LeaveRow]:
        rng = self._rng
        if rng.random() >= 0.08:
            return
        kinds = (
            [LeaveKind.ANNUAL] * 6
            + [LeaveKind.TRAINING] * 2
            + [LeaveKind.SICK, LeaveKind.IMPORTANT]
        )
        kind = rng.choice(kinds + [LeaveKind.MATERNITY] * (2 * female))
        start = AS_OF + timedelta(days=rng.randint(-20, 150))
        length = {LeaveKind.MATERNITY: 90, LeaveKind.TRAINING: 21}.get(
            kind, rng.randint(3, 12)
        )
        yield LeaveRow(nip, kind, start, start + timedelta(days=length - 1))


def _name(rng: Random, female: bool) -> str:
    given = rng.choice(_ONSETS) + rng.choice(_FEMALE if female else _MALE)
    middle = f" {rng.choice('ABDEFHJKLMNRSTY')}." if rng.random() < 0.4 else ""
    clan = rng.choice(_CLAN_HEADS) + rng.choice(_CLAN_HEARTS) + rng.choice(_CLAN_TAILS)
    return f"{given}{middle} {clan}"


def _near(rng: Random, centre: float, low: float, high: float) -> float:
    return round(min(max(rng.gauss(centre, 0.012), low), high), 4)
