"""A case whose workflow is gone is taken up again where the registry knows it, and goes on to its end."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from lab import small_town
from schemas.secondment import SecondmentView
from tests.workflows.kit import LiveTown, case_of, live_town
from workflows.secondment import SecondmentWorkflow
from workflows.surge import SurgeWorkflow

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.surge.GATHER_NEWS", timedelta(milliseconds=100))


async def reconcile(live: LiveTown) -> tuple[str, ...]:
    return await live.books.starter(live.client, live.queue).reconcile()


async def test_a_secondment_whose_workflow_was_ended_by_force_is_taken_up_and_returns(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, (seat, other) = await live.on_site(2)
        case_id = case_of(seat)
        await live.until_state(seat, "ON_DUTY")
        before: SecondmentView = await live.handle(case_id).query(SecondmentWorkflow.view)
        await live.handle(case_id).terminate("by hand")
        assert not await live.runs(case_id)
        # Without the reconciler nobody carries it: what is decided about it stays unanswered.
        assert await reconcile(live) == (case_id,)
        after: SecondmentView = await live.handle(case_id).query(SecondmentWorkflow.view)
        assert after == before
        assert await reconcile(live) == ()
        await live.close(surge_id)
        assert (await live.state(seat), await live.state(other)) == ("RETURNED", "RETURNED")
        await live.settle(seat)
        assert await live.handle(case_id).result() == "CLOSED"
        returned = "SELECT count(*) FROM events WHERE type = 'Returned' AND case_id = $1"
        assert await live.value(returned, case_id) == 1


async def test_a_surge_whose_workflow_was_ended_by_force_is_taken_up_and_closes(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, seats = await live.on_site(2)
        case_id = cases.surge(surge_id)
        before = (await live.handle(case_id).query(SurgeWorkflow.view)).life
        await live.handle(case_id).terminate("by hand")
        taken_up = await reconcile(live)
        assert case_id in taken_up
        assert set(taken_up) == {case_id}
        after = (await live.handle(case_id).query(SurgeWorkflow.view)).life
        assert (after.plan_id, after.offering) == (before.plan_id, None)
        assert after.revision >= before.revision
        assert [await live.runs(case_of(seat)) for seat in seats] == [True, True]
        await live.close(surge_id)
        assert await live.handle(case_id).result() == "CLOSED"


async def test_an_operation_whose_workflow_was_ended_by_force_is_taken_up_and_archived(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        case_id = cases.operation(await small_town.declare(live.stage, live.town))
        await live.handle(case_id).terminate("by hand")
        assert await reconcile(live) == (case_id,)
        await live.must(Capacity.SEKDA, CommandKind.END_OPERATION, case_id)
        await live.archive(case_id)
        assert await live.handle(case_id).result() == "ARCHIVED"
        assert await reconcile(live) == ()


async def test_whoever_is_offered_while_the_surge_is_gone_still_has_a_case(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    """A surge that died between holding people and beginning their cases leaves holds without workflows."""
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, seats = await live.offered(2)
        await live.handle(cases.surge(surge_id)).terminate("by hand")
        for seat in seats:
            if await live.known(case_of(seat)):
                await live.handle(case_of(seat)).terminate("by hand")
        assert set(await reconcile(live)) == {cases.surge(surge_id), *map(case_of, seats)}
        for seat in seats:
            await live.must(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))


async def test_a_case_that_has_ended_is_left_alone(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        _, (seat,) = await live.offered(1)
        await live.must(seat.person_id, CommandKind.DECLINE_OFFER, case_of(seat), choice="CARER")
        await live.handle(case_of(seat)).result()
        assert case_of(seat) not in await reconcile(live)
        assert not await live.runs(case_of(seat))


async def test_whoever_had_no_case_when_the_surge_was_stood_down_is_called_home_when_taken_up(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, (seat,) = await live.on_site(1)
        await live.handle(case_of(seat)).terminate("by hand")
        await live.must(Capacity.COORDINATOR, CommandKind.STAND_DOWN, cases.surge(surge_id))
        assert await reconcile(live) == (case_of(seat),)
        await live.until_state(seat, "DEMOBILISING")
