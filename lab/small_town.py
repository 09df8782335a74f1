"""The steps of the main job on a tiny synthetic government: for tests and small drills."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta

from adapters.postgres.commands import record
from app import actions
from app.actions import Decision
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState, by_system
from domain.moves import Seat
from domain.requests import LineRequest, OperationRequest, SurgeRequest
from domain.secondment import State
from lab.small_people import GOVERNMENT, SITE, TWO_CLINICS, Donor, SmallTown, build
from lab.stage import Stage

__all__ = ["TWO_CLINICS", "Donor", "SmallTown", "build"]

WAIT, ANSWER = 60.0, 120.0  # seconds of real time: for people to get where they are expected, for a decision


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
