"""Twelve months on a stepped clock: extended, recalled, a host dissolved, a month without any system; all come home."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat
from domain.secondment import State
from lab import small_town
from tests.patience import until
from tests.workflows.kit import SETTLED, case_of
from tests.workflows.test_deadlines import DAY, HOUR, SteppedTown, stepped_town

pytestmark = pytest.mark.long(40)

_K = CommandKind
MINUTE = timedelta(minutes=1)


class Year(SteppedTown):
    """A town over a year, with the road of a surge in few words."""

    async def must(self, who: str | Capacity, kind: CommandKind, case_id: str, **said: Any) -> None:
        """Let somebody decide something that stands."""
        await self.live.must(who, kind, case_id, **said)

    async def deployed(self, people: int) -> tuple[str, tuple[Seat, ...]]:
        """A surge whose people are at the site."""
        live = self.live
        operation_id = await small_town.declare(live.stage, live.town, 40 * DAY)
        surge_id = await small_town.ask(
            live.stage, live.town, operation_id, small_town.nurses(live.stage, people)
        )
        await small_town.confirm(live.stage, live.town, surge_id)
        await self.pass_to(self.clock.now() + MINUTE)
        seats = await small_town.standing(live.stage, surge_id, State.OFFERED, people)
        for seat in seats:
            await small_town.accept(live.stage, seat)
            await small_town.release(live.stage, live.town, seat)
        await self.sign(surge_id)
        await self.pass_to(self.clock.now() + 8 * HOUR)
        for seat in seats:
            await live.until_state(seat, "MOBILISING")
            await self.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat))
        await self.pass_to(self.clock.now() + DAY)
        for seat in seats:
            await live.until_state(seat, "ON_DUTY")
        return surge_id, seats

    async def sign(self, surge_id: str) -> None:
        await self.pass_to(self.clock.now() + MINUTE)
        await self.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
        await self.pass_to(self.clock.now() + MINUTE)

    async def due(self, seat: Seat) -> None:
        """Live until somebody is told to go home, seen every day."""
        ends = await self.live.value(
            "SELECT due_back FROM placements WHERE placement_id = $1", seat.placement_id
        )
        await self.seen_until(seat, ends)
        await self.pass_to(ends + MINUTE)
        await self.live.until_state(seat, "DEMOBILISING")

    async def close(self, surge_id: str) -> None:
        """Bring everybody home and close the surge."""
        await self.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
        for seat, life in await self.live.stage.boards.open_people(surge_id):
            if life.state == State.OUT_OF_CONTACT:
                await self.must(Capacity.COMMAND_POST, _K.REGAIN_CONTACT, case_of(seat))
            await self.live.until_state(seat, "DEMOBILISING")
            await self.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
            await self.must(self.live.town.heads[seat.unit_id], _K.CONFIRM_RETURN, case_of(seat))
        await self.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))
        for seat in await self.unsettled(surge_id):
            await self.live.settle(seat)
        await self.pass_to(self.clock.now() + 20 * DAY)

    async def unsettled(self, surge_id: str) -> list[Seat]:
        """Who is home and owes papers."""
        return [seat for seat, _ in await self.live.stage.boards.open_people(surge_id, settling=True)]


async def extended(year: Year) -> None:
    surge_id, (seat,) = await year.deployed(1)
    case, ends = case_of(seat), year.clock.now() + 12 * DAY
    await year.must(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case, details={"until": ends.isoformat()})
    await year.must(seat.person_id, _K.CONSENT_EXTENSION, case)
    await year.must(year.live.town.heads[seat.unit_id], _K.APPROVE_EXTENSION, case)
    await year.must(Capacity.COMMAND_POST, _K.APPROVE_EXTENSION, case)
    await year.sign(surge_id)
    await year.due(seat)
    assert year.clock.now() >= ends
    await year.close(surge_id)


async def recalled(year: Year) -> None:
    surge_id, seats = await year.deployed(2)
    for seat in seats:
        head = year.live.town.heads[seat.unit_id]
        await year.must(head, _K.RECALL, case_of(seat), choice="ESSENTIAL_SERVICE")
    await year.pass_to(year.clock.now() + 5 * DAY)  # nobody signs them off: late, and escalated
    await year.close(surge_id)


async def host_dissolved(year: Year) -> None:
    """The emergency is over and its command post with it, while people are out."""
    surge_id, seats = await year.deployed(2)
    await year.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    await year.pass_to(year.clock.now() + 9 * DAY)
    for seat in seats:
        # The command post is gone: the regional secretary signs, by the ladder.
        assert "SIGN_DEMOB SEKDA" in await year.asked(case_of(seat))
        await year.must(Capacity.SEKDA, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
        await year.must(year.live.town.heads[seat.unit_id], _K.CONFIRM_RETURN, case_of(seat))
    await year.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))
    await year.pass_to(year.clock.now() + 20 * DAY)
    for seat in await year.unsettled(surge_id):
        assert "CHASE_SETTLEMENT COORDINATOR" in await year.asked(case_of(seat))
        await year.must(Capacity.SEKDA, _K.WAIVE_SETTLEMENT, case_of(seat), choice="HOST_DISSOLVED")


async def down_for_a_month(year: Year) -> None:
    """No case runs for thirty days, across the date of return; what is taken up again knows what is due."""
    surge_id, seats = await year.deployed(2)
    for seat in seats:
        await year.live.handle(case_of(seat)).terminate("a month without a system")
    await year.pass_to(year.clock.now() + 30 * DAY)
    for seat in seats:
        assert await year.live.state(seat) == "ON_DUTY", "nothing moved meanwhile"
    await year.live.books.starter(year.live.client, year.live.queue).reconcile()
    for seat in seats:

        async def fetched(seat: Seat = seat) -> bool:
            ask = (
                "SELECT state = 'OUT_OF_CONTACT' AND leaving = 'DUE' FROM placements WHERE placement_id = $1"
            )
            return bool(await year.live.value(ask, seat.placement_id))

        await until(fetched)
    await year.pass_to(year.clock.now() + 2 * DAY)
    await year.close(surge_id)


@pytest.mark.timeout(600)
async def test_over_twelve_months_each_secondment_ends_exactly_once(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        year = Year(town.live, town.registry, town.engine, town.clock)
        began = year.clock.now()
        while year.clock.now() < began + 365 * DAY:
            for month in (extended, recalled, host_dissolved, down_for_a_month):
                await month(year)
        found = await invariants(year.live.books.database, year.live.town.government_id)
        assert [one for one in found if one.violations] == []
        ends = await year.live.value(
            """SELECT array_agg(ended) FROM (
                 SELECT count(*) FILTER (WHERE type IN ('Returned', 'Converted', 'DeathReported')) AS ended
                   FROM events WHERE case_id IN (SELECT case_id FROM events WHERE type = 'Mobilised')
                  GROUP BY case_id) AS case_ends"""
        )
        assert set(ends) == {1}
        assert await year.live.value("SELECT count(*) FROM placements WHERE held OR settles") == 0
        assert len(ends) >= 20
