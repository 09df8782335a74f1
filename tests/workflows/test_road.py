"""The whole road of one surge on the real engine: declined, backfilled, ordered, sent, brought home, closed."""

import pytest
from temporalio.testing import WorkflowEnvironment

from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.secondment import State
from lab import small_town
from tests.workflows.kit import case_of, live_town

pytestmark = pytest.mark.usefixtures("brisk")


async def test_a_surge_is_staffed_backfilled_ordered_and_closes_only_when_everyone_is_home(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, seats = await live.offered(3)
        first = seats[0]
        await live.must(first.person_id, CommandKind.DECLINE_OFFER, case_of(first), choice="CARER")
        seats = await small_town.standing(live.stage, surge_id, State.OFFERED, 3)
        assert first.person_id not in {seat.person_id for seat in seats}
        for seat in seats:
            await small_town.accept(live.stage, seat)
            await small_town.release(live.stage, live.town, seat)
        await live.must(Capacity.SIGNATORY, CommandKind.SIGN_ORDER, cases.surge(surge_id))
        for seat in seats:
            await live.until_state(seat, "MOBILISING")
            await live.must(Capacity.COMMAND_POST, CommandKind.CHECK_IN, case_of(seat))
        await live.must(Capacity.COORDINATOR, CommandKind.STAND_DOWN, cases.surge(surge_id))
        early = await live.decide(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, cases.surge(surge_id))
        assert (early.state, early.refusal) == (CommandState.REFUSED, "secondments_open")
        for seat in seats:
            await live.until_state(seat, "DEMOBILISING")
            await live.bring_home(seat)
        await live.must(Capacity.COORDINATOR, CommandKind.CLOSE_SURGE, cases.surge(surge_id))
        assert await live.handle(cases.surge(surge_id)).result() == "CLOSED"
        for seat in seats:
            assert await live.state(seat) == "RETURNED", "the surge is closed, and papers are owed"
            await live.settle(seat)
            assert await live.handle(case_of(seat)).result() == "CLOSED"
        assert await live.value("SELECT sum(lent) FROM unit_roles") == 0
        assert await live.value("SELECT array_agg(state) FROM orders") == ["ISSUED"]
