"""Whoever reaches the engine and not the door sends nobody away and calls nobody home: a signal is held against the books."""

import uuid
from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat
from domain.secondment import State
from lab.small_town import Donor
from schemas.secondment import OrderServed, StandDown
from tests.workflows.kit import LiveTown, case_of, live_town
from workflows.secondment import SecondmentWorkflow

pytestmark = [pytest.mark.long(60), pytest.mark.usefixtures("brisk")]
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    async with live_town(temporal_env.client, fresh_database, Donor("PKM-1", 8, 6)) as town:
        yield town


async def signalled(live: LiveTown, seat: Seat, *served: str) -> State:
    """Where somebody stands once these signals, and that the surge is over, have been heard."""
    handle = live.handle(case_of(seat))
    for order_id in served:
        await handle.signal(SecondmentWorkflow.order_served, OrderServed(order_id=order_id))
    await handle.signal(SecondmentWorkflow.stand_down, StandDown(command_id=str(uuid.uuid4())))
    # A decision that comes too early is refused after all of them: they take their turns.
    await live.decide(live.town.heads[seat.unit_id], _K.CONFIRM_RETURN, case_of(seat))
    view = await handle.query(SecondmentWorkflow.view)
    assert view.life.state.value == await live.state(seat)
    return view.life.state


async def test_an_order_that_is_not_issued_or_names_others_sends_nobody_away(live: LiveTown) -> None:
    _, (gone,) = await live.on_site(1)
    theirs = str(await live.value("SELECT order_id FROM orders WHERE state = 'ISSUED'"))
    _, (seat,) = await live.released(1)
    surge = str(await live.value("SELECT command_id FROM commands WHERE kind = 'APPROVE_SURGE' LIMIT 1"))
    forged = (str(uuid.uuid4()), theirs, f"oral-order:{surge}", "nonsense")
    assert await signalled(live, seat, *forged) == State.RELEASED
    assert (
        await live.value("SELECT departed_at FROM placements WHERE placement_id = $1", seat.placement_id)
        is None
    )
    assert await live.state(gone) in ("CHECKED_IN", "ON_DUTY")


async def test_a_surge_that_goes_on_calls_nobody_home(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    assert await signalled(live, seat) in (State.CHECKED_IN, State.ON_DUTY)
    # Once it is over in the books, it does.
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, f"surge:{surge_id}")
    await live.until_state(seat, "DEMOBILISING")
