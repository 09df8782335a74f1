"""A new plan of a running surge, on the real engine: who stands is kept, and no seat is filled twice."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from adapters.postgres.surges import SurgeBook
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat
from domain.secondment import State
from lab import small_town
from lab.small_town import Donor
from planning.keeping import plan_keeping
from tests.patience import until
from tests.workflows.kit import LiveTown, case_of, live_town
from tests.workflows.test_surge_duties import an_office

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("brisk")]
COORDINATOR, SEKDA = Capacity.COORDINATOR, Capacity.SEKDA
_K = CommandKind
DECLINES = {"choice": "OTHER"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 12, 8),)
    async with live_town(temporal_env.client, fresh_database, *clinics) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        found += (await boards_hold(town.books.database, town.town.government_id, town.stage.clock.now()),)
        assert [one for one in found if one.violations] == []


async def planned(live: LiveTown, surge_id: str) -> str:
    """Ask for a new plan; return its id."""
    await live.must(COORDINATOR, _K.PLAN_SURGE, cases.surge(surge_id))
    return str((await live.stage.boards.surge(surge_id))["plan_id"])


async def picks(live: LiveTown, plan_id: str) -> set[str]:
    """Whom a plan picks."""
    kept = await live.stage.boards.plan(plan_id)
    assert kept
    return {pick["person_id"] for pick in kept["plan"]["picks"]}


async def held(live: LiveTown) -> set[str]:
    return set(await live.value("SELECT array_agg(person_id::text) FROM placements WHERE held"))


async def looked(live: LiveTown, surge_id: str) -> None:
    """Wait until the surge has looked at what its people did."""

    async def no_news() -> bool:
        return not await live.value("SELECT news FROM surges WHERE surge_id = $1", surge_id)

    await until(no_news)


async def decided(live: LiveTown, surge_id: str, kind: CommandKind, **said: Any) -> Any:
    decision = await live.decide(COORDINATOR, kind, cases.surge(surge_id), **said)
    return await small_town.answered(live.stage, decision)


async def refused(live: LiveTown, surge_id: str, plan_id: str) -> Any:
    return (await decided(live, surge_id, _K.CONFIRM_PLAN, choice=plan_id)).refusal


async def decline(live: LiveTown, *seats: Seat) -> None:
    for seat in seats:
        await live.must(seat.person_id, _K.DECLINE_OFFER, case_of(seat), **DECLINES)


async def test_seats_that_fall_empty_are_settled_together_and_who_stands_is_kept(live: LiveTown) -> None:
    surge_id, seats = await live.offered(4)
    case = cases.surge(surge_id)
    await small_town.accept(live.stage, seats[0])
    await planned(live, surge_id)
    await decline(live, *seats[2:])
    more = {"line_id": f"{surge_id}/01", "quantity": 5}
    await live.must(SEKDA, _K.RAISE_LINE, case, details=more)
    await looked(live, surge_id)
    # Three seats are empty, and nobody was asked by itself; the line asks for another plan than the one that was seen.
    assert await held(live) == {seats[0].person_id, seats[1].person_id}
    assert await live.value("SELECT plan_id FROM surges") is None
    plan_id = await planned(live, surge_id)
    new = await picks(live, plan_id)
    assert len(new) == 3
    assert not new & {seat.person_id for seat in seats}
    await live.must(COORDINATOR, _K.CONFIRM_PLAN, case, choice=plan_id)
    await small_town.standing(live.stage, surge_id, State.OFFERED, 4)
    assert await held(live) == new | {seats[0].person_id, seats[1].person_id}
    # Confirmed, it is offered once; and what falls empty now is offered by itself again.
    assert await refused(live, surge_id, plan_id) == "no_plan_waits"
    await decline(live, seats[1])
    await small_town.standing(live.stage, surge_id, State.OFFERED, 4)
    assert len(await held(live)) == 5


async def test_a_plan_that_is_taken_back_lets_the_next_best_be_asked_at_once(live: LiveTown) -> None:
    surge_id, seats = await live.offered(3)
    case = cases.surge(surge_id)
    assert (await decided(live, surge_id, _K.WITHDRAW_PLAN)).refusal == "no_plan_waits"
    plan_id = await planned(live, surge_id)
    await decline(live, *seats[1:])
    await looked(live, surge_id)
    assert await held(live) == {seats[0].person_id}
    await live.must(COORDINATOR, _K.WITHDRAW_PLAN, case)
    await small_town.standing(live.stage, surge_id, State.OFFERED, 3)
    assert not await held(live) & {seat.person_id for seat in seats[1:]}
    assert await live.value("SELECT proposed_until FROM surges") is None
    assert await refused(live, surge_id, plan_id) == "no_plan_waits"
    assert (await decided(live, surge_id, _K.WITHDRAW_PLAN)).refusal == "no_plan_waits"


async def stands(live: LiveTown, surge_id: str, plan_id: str) -> None:
    """Let a plan be the one that stands."""
    async with live.books.database.writing() as connection:
        await connection.execute("UPDATE surges SET plan_id = $2 WHERE surge_id = $1", surge_id, plan_id)


async def test_a_plan_whose_seat_is_taken_meanwhile_is_refused_and_overfills_nothing(live: LiveTown) -> None:
    surge_id, seats = await live.offered(3)
    await planned(live, surge_id)
    await decline(live, *seats[1:])
    await looked(live, surge_id)
    plan_id = await planned(live, surge_id)
    # As if the next best had been asked by itself between the plan and its confirmation.
    book, now, quick = (
        SurgeBook(live.books.database, live.books.rules),
        live.stage.clock.now(),
        str(uuid.uuid4()),
    )
    free = "SELECT person_id::text FROM people WHERE role = 'nurse' AND person_id <> ALL ($1::uuid[])"
    busy = [*(seat.person_id for seat in seats), *await picks(live, plan_id)]
    keep = ((await live.value(free, busy), f"{surge_id}/01"),)
    await book.keep_plan(surge_id, quick, plan_keeping(await book.problem(surge_id, now), keep), now)
    await stands(live, surge_id, quick)
    await book.hold(surge_id, quick, offset=0, limit=1, at=now)
    await stands(live, surge_id, plan_id)
    assert await refused(live, surge_id, plan_id) == "places_filled_meanwhile"
    # The guard under it: what is held all the same finds the line full.
    _, left_out, _ = await book.hold(surge_id, plan_id, offset=0, limit=9, at=now)
    assert (len(await held(live)), left_out) == (3, 1)
    await live.books.starter(live.client, live.queue).reconcile()


async def test_a_plan_that_nobody_confirms_lapses_and_the_next_best_are_asked_again(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        live = town.live
        line = small_town.nurses(live.stage, 1)
        surge_id = await small_town.ask(live.stage, live.town, await town.operation(), line)
        await small_town.confirm(live.stage, live.town, surge_id)
        (seat,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
        plan_id = await planned(live, surge_id)
        asked_at = town.clock.now()
        await decline(live, seat)
        await town.pass_to(asked_at + 50 * MINUTE)
        assert await live.value("SELECT count(*) FROM placements") == 1
        assert await town.asked(cases.surge(surge_id)) == ["CONFIRM_PLAN COORDINATOR"]
        await town.pass_to(asked_at + 61 * MINUTE)
        (other,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
        assert other.person_id != seat.person_id
        assert await town.asked(cases.surge(surge_id)) == []
        assert "PlanLapsed" in [what for what, _ in await town.told(cases.surge(surge_id))]
        assert await refused(live, surge_id, plan_id) == "no_plan_waits"
        await town.sound()
