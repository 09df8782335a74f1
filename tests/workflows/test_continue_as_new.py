"""A surge hands over to fresh runs while its people are out: nobody's case ends with a run, and nothing is done twice."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from adapters.temporal.messenger import Messenger
from app.wiring import in_force
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from lab import small_town
from schemas.base import Message
from schemas.commands import CommandRef
from schemas.secondment import SecondmentStart
from schemas.surge import ShardOffered, SurgeRef
from tests.patience import until
from tests.undecided import let_undecided
from tests.workflows.kit import LiveTown, case_of, live_town
from workflows import offering
from workflows.secondment import SecondmentWorkflow
from workflows.surge import SurgeWorkflow

pytestmark = pytest.mark.usefixtures("brisk")


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look of a case is the last one of its run."""
    monkeypatch.setattr("workflows.policies.RUN_EVENTS", 5)


async def runs_of(live: LiveTown, case_id: str) -> int:
    """How many runs a case has had."""
    count, run_id = 0, None
    while run_id is None or run_id:
        history = await live.client.get_workflow_handle(case_id, run_id=run_id).fetch_history()
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        count += 1
    return count


async def hand_over(live: LiveTown, surge_id: str, seat: Any) -> None:
    """Let something happen in a surge, and wait for the run after it."""
    before = (await live.handle(cases.surge(surge_id)).describe()).run_id
    await live.handle(cases.surge(surge_id)).signal(
        SurgeWorkflow.secondment_moved, {"placement_id": seat.placement_id, "state": "RELEASED"}
    )

    async def fresh() -> bool:
        return bool((await live.handle(cases.surge(surge_id)).describe()).run_id != before)

    await until(fresh)


async def still_running(live: LiveTown, seats: Any) -> int:
    return sum([await live.runs(case_of(seat)) for seat in seats])


@pytest.mark.usefixtures("short_runs")
async def test_a_surge_that_continues_as_new_with_people_out_ends_nobodys_case(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, seats = await live.on_site(3)
        before = await runs_of(live, cases.surge(surge_id))
        for _ in range(2):
            await hand_over(live, surge_id, seats[0])
            assert await still_running(live, seats) == 3
        assert await runs_of(live, cases.surge(surge_id)) >= before + 2
        assert await live.value("SELECT count(*) FROM placements WHERE departed_at IS NOT NULL AND held") == 3
        await live.close(surge_id)
        assert await live.handle(cases.surge(surge_id)).result() == "CLOSED"


async def terminated(live: LiveTown, case_id: str) -> bool:
    """Whether a case was begun, and ended by force."""
    try:
        found = await live.handle(case_id).describe()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return False
    return found.status == WorkflowExecutionStatus.TERMINATED


class Starts(Message):
    """The cases that a surge would begin as its children."""

    starts: tuple[SecondmentStart, ...]


@pytest.mark.usefixtures("short_runs")
async def test_with_children_of_the_default_kind_continuing_as_new_ends_their_cases(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the surge avoids by letting an activity begin people's cases: the guard of the test above, dropped."""
    async with live_town(temporal_env.client, fresh_database, working=False) as live:
        pack = in_force(live.books.rules)

        @activity.defn(name="test.starts")
        async def starts(surge_id: str) -> Starts:
            people = await live.stage.boards.open_people(surge_id)
            return Starts(
                starts=tuple(
                    SecondmentStart(seat=seat, life=life, clock=pack.clock, basis="test")
                    for seat, life in people
                )
            )

        async def begin_nobody(*_: Any) -> None:
            return None

        offer = offering.offer_shard

        async def offer_as_children(ref: SurgeRef, pack: str, life: Any) -> ShardOffered:
            shard = await offer(ref, pack, life)
            found = await workflow.execute_activity(
                "test.starts",
                ref.surge_id,
                result_type=Starts,
                start_to_close_timeout=timedelta(seconds=10),
            )
            for start in found.starts:
                await workflow.start_child_workflow(
                    SecondmentWorkflow.run, start, id=cases.secondment(start.seat.placement_id)
                )
            return shard

        monkeypatch.setattr(Messenger, "begin_secondment", begin_nobody)
        monkeypatch.setattr("workflows.surge.offering.offer_shard", offer_as_children)
        live.more_activities = [starts]
        live.start_worker()
        live.start_relay()
        _, seats = await live.offered(3)

        async def all_ended() -> bool:
            ended = [await terminated(live, case_of(seat)) for seat in seats]
            return all(ended)

        await until(all_ended)
        assert await live.value("SELECT count(*) FROM placements WHERE held") == 3


# ── the same decision, delivered again ────────────────────────────────────────────────────────────────────────────


async def updates_heard(live: LiveTown, case_id: str) -> set[str]:
    """The ids of the updates that the newest run of a case has accepted."""
    history = await live.handle(case_id).fetch_history()
    accepted = [event.workflow_execution_update_accepted_event_attributes for event in history.events]
    return {one.accepted_request.meta.update_id for one in accepted}


async def plan_then_deliver_again(live: LiveTown) -> tuple[Any, int]:
    """Plan a surge, let it hand over to a fresh run, deliver the same decision to that: (its answer, plans written)."""
    operation_id = await small_town.declare(live.stage, live.town)
    line = small_town.nurses(live.stage, 2)
    surge_id = await small_town.ask(live.stage, live.town, operation_id, line)
    case_id = cases.surge(surge_id)
    await live.must(Capacity.SEKDA, CommandKind.APPROVE_SURGE, case_id)
    command = await live.must(Capacity.COORDINATOR, CommandKind.PLAN_SURGE, case_id)

    async def unheard() -> bool:
        return command.command_id not in await updates_heard(live, case_id)

    await until(unheard)
    ref = CommandRef(command_id=command.command_id)
    again = await live.handle(case_id).execute_update(SurgeWorkflow.decide, ref, id=command.command_id)
    return again, await live.value("SELECT count(*) FROM events WHERE type = 'PlanMade'")


@pytest.mark.usefixtures("short_runs")
async def test_a_decision_delivered_again_to_the_next_run_is_applied_once(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        again, plans = await plan_then_deliver_again(live)
        assert (again.state, plans) == (CommandState.APPLIED, 1)
        assert await live.value("SELECT count(*) FROM plans") == 1


@pytest.mark.usefixtures("short_runs")
async def test_without_any_guard_a_decision_delivered_again_is_applied_twice(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case asks whether the decision was answered; the books claim its effect, and ask what it follows from. None does here."""

    async def claim_blindly(*_: Any) -> bool:
        return True

    async def believe(*_: Any) -> None:
        return None

    monkeypatch.setattr("workflows.decisions.answered", lambda *_: None)
    monkeypatch.setattr("adapters.postgres.surge_moves.claim", claim_blindly)
    monkeypatch.setattr("adapters.postgres.surge_moves._disbelieved", believe)
    async with live_town(temporal_env.client, fresh_database) as live:
        await let_undecided(live.books.database)
        _, plans = await plan_then_deliver_again(live)
        assert plans == 2


@pytest.mark.usefixtures("short_runs")
async def test_the_books_alone_keep_a_decision_from_being_written_twice(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.decisions.answered", lambda *_: None)
    async with live_town(temporal_env.client, fresh_database) as live:
        _, plans = await plan_then_deliver_again(live)
        assert plans == 1
