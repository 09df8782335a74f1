"""The rest between two duties (S05) where two surges want the same person: in one instant, or one for longer than before."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from app import actions, refusals
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.moves import Seat
from domain.secondment import State
from lab import small_town
from lab.small_town import Donor
from tests.patience import until
from tests.workflows.kit import LiveTown, case_of, live_town

pytestmark = [pytest.mark.long(40), pytest.mark.usefixtures("brisk")]
DAY = timedelta(days=1)
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 8, 6), Donor("PKM-2", 8, 6))
    async with live_town(temporal_env.client, fresh_database, *clinics) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        assert [one for one in found if one.violations] == []


async def asking_for(live: LiveTown, person_id: str, begins: datetime, days: int = 7) -> tuple[str, str]:
    """A surge of one nurse that is planned to ask somebody by name, and not confirmed: its id and its plan's."""
    line = small_town.nurses(live.stage, 1, after=begins - live.stage.clock.now(), duty=days * DAY)
    operation_id = await small_town.declare(live.stage, live.town)
    surge_id = await small_town.ask(live.stage, live.town, operation_id, line)
    await live.must(Capacity.SEKDA, _K.APPROVE_SURGE, cases.surge(surge_id))
    officer = live.town.officers[Capacity.COORDINATOR]
    coordinator = await live.stage.actor(officer, live.town.government_id)
    keep = [(person_id, f"{surge_id}/01")]
    await small_town.answered(
        live.stage, await actions.make_plan(live.stage.house, coordinator, surge_id, keep)
    )
    return surge_id, str((await live.stage.boards.surge(surge_id))["plan_id"])


async def confirmed(live: LiveTown, surge_id: str, plan_id: str) -> Command:
    return await live.must(Capacity.COORDINATOR, _K.CONFIRM_PLAN, cases.surge(surge_id), choice=plan_id)


async def asked(live: LiveTown, surge_id: str) -> Seat:
    (seat,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    return seat


async def test_two_surges_that_are_confirmed_in_one_instant_ask_somebody_once_and_somebody_else_for_the_other_seat(
    live: LiveTown,
) -> None:
    person, now = live.town.staff["kota-kecil.PKM-1"][0], live.stage.clock.now()
    plans = [await asking_for(live, person, now + days * DAY) for days in (2, 12)]
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    async def both_look() -> bool:
        return int(await live.value(waiting)) >= len(plans)

    async with live.books.database.writing() as connection:
        # Neither can write its hold before the other has looked.
        await connection.execute("SELECT FROM unit_roles FOR UPDATE")
        confirming = [asyncio.create_task(confirmed(live, *plan)) for plan in plans]
        await until(both_look)
    await asyncio.gather(*confirming)
    seats = [await asked(live, surge_id) for surge_id, _ in plans]
    assert [seat.person_id for seat in seats].count(person) == 1


async def test_nobody_is_prolonged_into_the_rest_before_a_duty_that_another_surge_asks_for(
    live: LiveTown,
) -> None:
    _, (seat,) = await live.on_site(1)
    due = "SELECT due_back FROM placements WHERE placement_id = $1"
    due_back: datetime = await live.value(due, seat.placement_id)
    surge_id, plan_id = await asking_for(live, seat.person_id, due_back + 10 * DAY)
    await confirmed(live, surge_id, plan_id)
    later = await asked(live, surge_id)
    assert later.person_id == seat.person_id

    async def proposed(days: int) -> Command:
        details: dict[str, str | int | float] = {"until": (due_back + days * DAY).isoformat()}
        said = await live.decide(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case_of(seat), details=details)
        return await small_town.answered(live.stage, said)

    refused = await proposed(4)
    assert refused.refusal == "too_near_the_next_duty"
    told = await refusals.told(live.books, refused)
    assert told.endswith(
        f": line {surge_id}/01 begins 10 d after the duty ends as ordered, and needs 7 d of rest before it"
    )
    await live.must(seat.person_id, _K.DECLINE_OFFER, case_of(later), choice="HEALTH")
    assert (await proposed(4)).refusal is None
