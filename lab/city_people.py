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
    Sex,
    SkillRow,
    UnitRow,
)
from lab.city_names import invented
from lab.city_profiles import EXPIRING, GRADES, MOSTLY_MEN, MOSTLY_WOMEN, POSITIONS, PPPK_GRADES, SKILLS

AS_OF = date(2026, 11, 1)
"""The day the example roster was drawn up."""
MALE, FEMALE = Sex.MALE.value, Sex.FEMALE.value
Box = tuple[tuple[float, float], tuple[float, float]]
"""From which latitude to which, and from which longitude to which."""
KUPANG_BOX: Box = ((-10.222, -10.146), (123.530, 123.680))
_OLDEST = date(1969, 1, 15)  # who is older has retired


class Population:
    """Hires people one by one and keeps what the files will say of them."""

    def __init__(self, rng: Random, town: str = "kupang", box: Box = KUPANG_BOX) -> None:
        """`town` stands in addresses that lead nowhere; everybody lives within the box (degrees)."""
        self._rng = rng
        self._town, self._box = town, box
        self._taken: set[str] = set()
        self.people = PeopleColumns()
        self.skills: list[SkillRow] = []
        self.leave: list[LeaveRow] = []

    def hire(self, unit: UnitRow, role: Role, title: str | None = None) -> str:
        """Add a person to the unit, in the post `title` if given; the NIP."""
        rng = self._rng
        sex = FEMALE if rng.random() < (MOSTLY_WOMEN | MOSTLY_MEN).get(role, 0.5) else MALE
        kind = self._employment(senior=title is not None)
        entry = self._entry(kind, senior=title is not None)
        born = self._born(entry)
        nip = self._nip(born, entry, kind, sex)
        self._append(
            id=UUID(int=rng.getrandbits(128), version=4),
            nip=nip,
            name=invented(rng, female=sex == FEMALE),
            birth_date=born,
            sex=sex,
            employment=kind.value,
            grade=self._grade(kind, entry, senior=title is not None),
            position=title or rng.choice(POSITIONS[role]),
            unit=unit.code,
            role=role.value,
            position_since=min(
                entry + timedelta(days=rng.randint(0, 2_500)),
                AS_OF - timedelta(days=30),
            ),
            service_end=self._service_end(kind, born, entry, role),
            phone=f"+62 800 0000 {len(self.people):04}",
            email=f"p{len(self.people):04}@{self._town}.example",
            home_lat=_near(rng, unit.lat, *self._box[0]),
            home_lon=_near(rng, unit.lon, *self._box[1]),
            volunteer=rng.random() < 0.35,
            **self._exemption(sex, in_office=title is not None),
        )
        if title is None:  # who holds an office is needed in it
            self.skills += self._skills(nip, role)
            self.leave += self._leave(nip, sex)
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
        return born if born > _OLDEST else _OLDEST + timedelta(days=self._rng.randint(0, 900))

    def _nip(self, born: date, entry: date, kind: EmploymentKind, sex: str) -> str:
        month = 21 if kind is EmploymentKind.PPPK else entry.month
        head = f"{born:%Y%m%d}{entry.year}{month:02}{2 if sex == FEMALE else 1}"
        nip = next(head + str(serial) for serial in range(901, 1000) if head + str(serial) not in self._taken)
        self._taken.add(nip)
        return nip

    def _grade(self, kind: EmploymentKind, entry: date, *, senior: bool) -> str:
        if senior:
            return "IV/b"
        if kind is EmploymentKind.PPPK:
            return self._rng.choice(PPPK_GRADES)
        steps = min((AS_OF.year - entry.year) // 4 + self._rng.randint(0, 3), len(GRADES) - 1)
        return GRADES[steps]

    def _service_end(self, kind: EmploymentKind, born: date, entry: date, role: Role) -> date:
        if kind is EmploymentKind.PPPK:
            return date(max(entry.year + 5, 2026), 12, 31)
        pension = 60 if role in (Role.TEACHER, Role.DOCTOR) else 58
        return date(born.year + pension + born.month // 12, born.month % 12 + 1, 1)

    def _exemption(self, sex: str, *, in_office: bool) -> dict[str, object]:
        """Three in a hundred are exempt; one in a hundred was, until lately."""
        draw = self._rng.random()
        if draw >= 0.04 or in_office:
            return {"exempt_code": None, "exempt_until": None}
        codes = [ExemptCode.HEALTH, ExemptCode.CARER, ExemptCode.ESSENTIAL_SERVICE]
        code = self._rng.choice(codes + [ExemptCode.PREGNANCY] * (sex == FEMALE))
        days = self._rng.randint(60, 240) if draw < 0.03 else -self._rng.randint(5, 60)
        return {"exempt_code": code.value, "exempt_until": AS_OF + timedelta(days=days)}

    def _skills(self, nip: str, role: Role) -> Iterator[SkillRow]:
        rng = self._rng
        for skill, chance in SKILLS[role]:
            if rng.random() >= chance:
                continue
            expires = None
            if skill in EXPIRING:
                days = -rng.randint(10, 500) if rng.random() < 0.1 else rng.randint(150, 1_800)
                expires = AS_OF + timedelta(days=days)
            yield SkillRow(nip, skill, rng.choices((1, 2, 3), (35, 45, 20))[0], expires)

    def _leave(self, nip: str, sex: str) -> Iterator[LeaveRow]:
        rng = self._rng
        if rng.random() >= 0.08:
            return
        kinds = [LeaveKind.ANNUAL] * 6 + [LeaveKind.TRAINING] * 2 + [LeaveKind.SICK, LeaveKind.IMPORTANT]
        kind = rng.choice(kinds + [LeaveKind.MATERNITY] * (2 * (sex == FEMALE)))
        start = AS_OF + timedelta(days=rng.randint(-20, 150))
        length = {LeaveKind.MATERNITY: 90, LeaveKind.TRAINING: 21}.get(kind, rng.randint(3, 12))
        yield LeaveRow(nip, kind, start, start + timedelta(days=length - 1))


def _near(rng: Random, centre: float, low: float, high: float) -> float:
    return round(min(max(rng.gauss(centre, 0.012), low), high), 4)
