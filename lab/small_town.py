"""A tiny synthetic government, and the steps of the main job on it: for tests and small drills.

Nobody in it is a real person. Every office is held by somebody of the secretariat, so that no donor is
an office holder; each donor unit lends exactly the people that it is built to lend.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from adapters.postgres.commands import record
from app import actions
from app.actions import Decision
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState, by_system
from domain.moves import Seat
from domain.requests import LineRequest, OperationRequest, SurgeRequest
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
from domain.secondment import State
from lab.stage import Stage

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
OF_MUTATION = (Capacity.PERSONNEL_AGENCY, Capacity.PERFORMANCE_REVIEW_TEAM, Capacity.LEGAL_BUREAU)  # drawn last
_SINCE = date(2026, 1, 1)
_IDS = uuid.UUID("5f0c1f5e-0000-4000-8000-000000000000")
WAIT, ANSWER = 60.0, 120.0  # seconds of real time: for people to get where they are expected, for a decision


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
    for office in OF_MUTATION:
        officers[office] = _person(people, government_id, SECRETARIAT, Role.ADMINISTRATOR)
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


def _person(people: PeopleColumns, government_id: str, unit: str, role: Role) -> str:
    """Add somebody, and return the person id."""
    n = len(people) + 1
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


# ── the main job, step by step ────────────────────────────────────────────────────────────────────────────────────


async def decide(
    stage: Stage, person_id: str, decision: Decision, government_id: str = GOVERNMENT
) -> Command:
    """Let somebody decide something through the ordinary action."""
    who = await stage.actor(person_id, government_id)
    return await actions.decide(stage.house, who, decision)


async def must(stage: Stage, person_id: str, decision: Decision, government_id: str = GOVERNMENT) -> Command:
    """Let somebody decide something that has to stand; raises RuntimeError when it does not."""
    return _stands(await answered(stage, await decide(stage, person_id, decision, government_id)))


async def answered(stage: Stage, command: Command) -> Command:
    """Wait for an answer longer than people are told to wait: a busy machine may take its time."""
    return await stage.books.desk.answer(command.command_id, ANSWER)


async def declare(stage: Stage, town: SmallTown, lasts: timedelta = timedelta(days=30)) -> str:
    """Open an operation and declare a status; return the operation's id."""
    coordinator = await stage.actor(town.officers[Capacity.COORDINATOR], town.government_id)
    request = OperationRequest("Banjir Kota Kecil", "flood")
    opened = _stands(await answered(stage, await actions.open_operation(stage.house, coordinator, request)))
    now = stage.clock.now()
    details: dict[str, str | int | float] = {
        "status": "RESPONSE",
        "level": "REGENCY_CITY",
        "area": "Kota Kecil",
        "decree": "360/1/2026",
        "decree_date": now.date().isoformat(),
        "until": (now + lasts).isoformat(),
    }
    declared = Decision(CommandKind.DECLARE_STATUS, opened.case_id, details=details)
    await must(stage, town.officers[Capacity.SEKDA], declared, town.government_id)
    return cases.parse(opened.case_id).key


def nurses(
    stage: Stage, people: int, *, after: timedelta = timedelta(hours=30), duty: timedelta = timedelta(days=7)
) -> LineRequest:
    """Return a line that asks for so many nurses."""
    report_at = stage.clock.now() + after
    return LineRequest("health_post_nurse", people, 1, "Pos Kesehatan 1", *SITE, report_at, report_at + duty)


async def ask(stage: Stage, town: SmallTown, operation_id: str, *lines: LineRequest) -> str:
    """Ask for people; return the surge's id."""
    coordinator = await stage.actor(town.officers[Capacity.COORDINATOR], town.government_id)
    request = SurgeRequest(operation_id, "Tenaga kesehatan", "BTT", lines)
    asked = await answered(stage, await actions.request_surge(stage.house, coordinator, request))
    return cases.parse(_stands(asked).case_id).key


async def confirm(stage: Stage, town: SmallTown, surge_id: str) -> str:
    """Approve a surge, plan it and confirm the plan; return the plan's id."""
    case_id = cases.surge(surge_id)
    coordinator = town.officers[Capacity.COORDINATOR]
    approval = Decision(CommandKind.APPROVE_SURGE, case_id)
    await must(stage, town.officers[Capacity.SEKDA], approval, town.government_id)
    await must(stage, coordinator, Decision(CommandKind.PLAN_SURGE, case_id), town.government_id)
    plan_id = str((await stage.boards.surge(surge_id))["plan_id"])
    confirmation = Decision(CommandKind.CONFIRM_PLAN, case_id, choice=plan_id)
    await must(stage, coordinator, confirmation, town.government_id)
    return plan_id


async def offered(stage: Stage, town: SmallTown, *lines: LineRequest) -> tuple[str, tuple[Seat, ...]]:
    """Walk the whole way to the offers of one surge: its id, and who was asked."""
    operation_id = await declare(stage, town)
    surge_id = await ask(stage, town, operation_id, *lines)
    await confirm(stage, town, surge_id)
    return surge_id, await standing(stage, surge_id, State.OFFERED, sum(line.quantity for line in lines))


async def standing(stage: Stage, surge_id: str, state: State, people: int) -> tuple[Seat, ...]:
    """Wait until at least so many open secondments of a surge stand there; raises TimeoutError."""
    deadline = asyncio.get_running_loop().time() + WAIT
    while True:
        found = tuple(seat for seat, life in await stage.boards.open_people(surge_id) if life.state == state)
        if len(found) >= people:
            return found
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"{surge_id}: {len(found)} of {people} are {state}")
        await asyncio.sleep(0.05)


async def accept(stage: Stage, seat: Seat) -> Command:
    """Let the person of a seat accept the offer."""
    case_id = cases.secondment(seat.placement_id)
    return await must(stage, seat.person_id, Decision(CommandKind.ACCEPT_OFFER, case_id), seat.government_id)


async def release(stage: Stage, town: SmallTown, seat: Seat) -> Command:
    """Let the home head release the person of a seat."""
    case_id = cases.secondment(seat.placement_id)
    return await must(
        stage, town.heads[seat.unit_id], Decision(CommandKind.RELEASE, case_id), town.government_id
    )


async def tell_cover(stage: Stage, seat: Seat, until: datetime | None) -> None:
    """Tell a person's case, as the operation does, until when a status covers the duty; None: all of it again."""
    kind = CommandKind.REGAIN_COVER if until is None else CommandKind.LOSE_COVER
    told = until or stage.clock.now()
    command = by_system(
        kind,
        cases.secondment(seat.placement_id),
        seat.government_id,
        command_id=str(uuid.uuid4()),
        at=stage.clock.now(),
        details={"covered_until": told.isoformat()},
    )
    async with stage.books.database.writing() as connection:
        await record(connection, command, command.command_id)


def _stands(command: Command) -> Command:
    if command.state != CommandState.APPLIED:
        raise RuntimeError(f"{command.kind} of {command.case_id}: {command.state} {command.refusal or ''}")
    return command
