"""Lines that go on in turns, on the real engine: planned ahead by the surge itself, or asked of the coordinator."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.orders import OrderBook
from adapters.postgres.rebuild import boards_hold
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat, TaskKind
from domain.secondment import State
from lab import small_town
from lab.small_town import Donor
from tests.patience import until
from tests.workflows.kit import SECOND, LiveTown, case_of, live_town

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("brisk")]
DAY = timedelta(days=1)
DUTY = 2 * DAY
"""Shorter than the lead: its next turn is due from the first hour on."""
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 8, 4),)
    async with live_town(temporal_env.client, fresh_database, *clinics) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        found += (await boards_hold(town.books.database, town.town.government_id, town.stage.clock.now()),)
        assert [one for one in found if one.violations] == []


async def serving(live: LiveTown, people: int, needed: timedelta | None) -> tuple[str, tuple[Seat, ...]]:
    """People at the site for two days, on a line that is needed so much longer than they serve."""
    line = small_town.nurses(live.stage, people, after=5 * SECOND, duty=DUTY)
    line = replace(line, needed_until=None if needed is None else line.due_back + needed)
    surge_id, seats = await small_town.offered(live.stage, live.town, line)
    for seat in seats:
        await small_town.accept(live.stage, seat)
        await small_town.release(live.stage, live.town, seat)
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
    for seat in seats:
        await live.until_state(seat, "MOBILISING")
        await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat))
    return surge_id, seats


async def lines(live: LiveTown, surge_id: str) -> list[dict[str, Any]]:
    return await live.stage.boards.lines(surge_id)


async def asked(live: LiveTown, surge_id: str) -> datetime | None:
    """Until when the coordinator is asked what becomes of places that fall empty."""
    task = "SELECT due_at FROM tasks WHERE case_id = $1 AND kind = $2 AND capacity = 'COORDINATOR' AND closed_at IS NULL"
    due: datetime | None = await live.value(task, cases.surge(surge_id), TaskKind.RELIEVE_OR_END.value)
    return due


async def is_asked(live: LiveTown, surge_id: str, *, whether: bool) -> None:
    async def so() -> bool:
        return (await asked(live, surge_id) is not None) == whether

    await until(so)


async def why(live: LiveTown) -> list[str]:
    found = await live.books.reliefs.unsettled(live.town.government_id, live.stage.clock.now())
    return [one.why for _, one in found]


async def test_the_next_turn_is_planned_ahead_once_and_cut_to_the_need(live: LiveTown) -> None:
    surge_id, seats = await serving(live, 2, 2.5 * DAY)
    heirs = await small_town.standing(live.stage, surge_id, State.OFFERED, 2)
    first, second = await lines(live, surge_id)
    overlap = live.books.rules[next(iter(live.books.rules))].relief.overlap
    assert (second["quantity"], second["report_at"]) == (2, first["due_back"] - overlap)
    # Another two days, and what is left over is too little for another turn: this one serves it.
    assert second["due_back"] == second["needed_until"] == first["due_back"] + 2.5 * DAY
    relieved = "SELECT array_agg(relieves::text) FROM placements WHERE line_id = $1 AND held"
    assert set(await live.value(relieved, second["line_id"])) == {seat.placement_id for seat in seats}
    order_id = await live.value("SELECT order_id FROM orders WHERE surge_id = $1", surge_id)
    drafted = await OrderBook(live.books.database, dict(live.books.rules)).draft(order_id)
    assert {one.needed_until for one in drafted.people} == {first["needed_until"]}
    by = "SELECT data || jsonb_build_object('by', actor, 'basis', basis) FROM events WHERE case_id = $1 AND type = 'LineAdded'"
    told = await live.value(by, cases.surge(surge_id))
    assert (told["by"], told["basis"]) == ("system:clock", "2026-1#surge.relief")
    assert told["continues"] == first["line_id"]
    # The case is lost and taken up again, and people say yes: the turn that was planned is not planned again.
    await live.handle(cases.surge(surge_id)).terminate("lost")
    await live.books.starter(live.client, live.queue).reconcile()
    for heir in heirs:
        await small_town.accept(live.stage, heir)
    await live.must(Capacity.SEKDA, _K.OVERRIDE_REDLINE, cases.surge(surge_id), **override())
    assert len(await lines(live, surge_id)) == 2
    assert await asked(live, surge_id) is None
    assert await why(live) == []


def override() -> dict[str, Any]:
    """A decision that makes the surge look, and nothing else."""
    details = {"unit_id": "kota-kecil.PKM-1", "role": "nurse", "extra": 1}
    return {"choice": "LIFE_SAVING", "details": details}


async def test_what_nobody_said_is_asked_and_settled_in_whatever_way(live: LiveTown) -> None:
    surge_id, seats = await serving(live, 2, None)
    await is_asked(live, surge_id, whether=True)
    (line,) = await lines(live, surge_id)
    assert (await asked(live, surge_id), await why(live)) == (line["due_back"], ["until_unsaid"])
    # One may stay longer, the other leaves early: nothing is left to be said, until the longer duty is denied.
    longer: dict[str, str | int | float] = {"until": (line["due_back"] + 3 * DAY).isoformat()}
    await live.must(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case_of(seats[0]), details=longer)
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(seats[1]), choice="FAMILY")
    await is_asked(live, surge_id, whether=False)
    await live.must(seats[0].person_id, _K.OBJECT_EXTENSION, case_of(seats[0]))
    await is_asked(live, surge_id, whether=True)
    ends: dict[str, str | int | float] = {"line_id": line["line_id"]}
    await live.must(Capacity.COORDINATOR, _K.NEED_UNTIL, cases.surge(surge_id), details=ends)
    await is_asked(live, surge_id, whether=False)
    (line,) = await lines(live, surge_id)
    assert line["needed_until"] == line["due_back"]
    # Said otherwise, the surge goes on by itself.
    more: dict[str, str | int | float] = ends | {"until": (line["due_back"] + 2 * DAY).isoformat()}
    await live.must(Capacity.COORDINATOR, _K.NEED_UNTIL, cases.surge(surge_id), details=more)

    async def goes_on() -> bool:
        return len(await lines(live, surge_id)) == 2

    await until(goes_on)
    # … and all of its lines end by one word.
    await live.must(Capacity.COORDINATOR, _K.NEED_UNTIL, cases.surge(surge_id), details={"all_lines": 1})
    assert [one["needed_until"] == one["due_back"] for one in await lines(live, surge_id)] == [True, True]
    told = "SELECT data FROM events WHERE type = 'LineNeeded' ORDER BY seq DESC LIMIT 1"
    assert [one["line_id"] for one in (await live.value(told))["others"]] == [f"{surge_id}/02"]


async def test_where_nobody_is_found_the_line_is_short_and_the_coordinator_is_told(live: LiveTown) -> None:
    surge_id, _ = await serving(live, 3, 3 * DAY)
    # Four may be lent, and three are: one is found, and for two places nobody.
    await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    await is_asked(live, surge_id, whether=True)
    first, second = await lines(live, surge_id)
    assert (second["quantity"], second["short_by"], second["short_reason"] is not None) == (3, 2, True)
    assert (await asked(live, surge_id), await why(live)) == (first["due_back"], ["nobody_found"])
    # A stand-down settles everything.
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    assert await asked(live, surge_id) is None


async def test_a_turn_that_would_be_too_short_is_not_made_and_the_coordinator_is_told(live: LiveTown) -> None:
    surge_id, _ = await serving(live, 1, DAY / 4)
    await is_asked(live, surge_id, whether=True)
    assert await why(live) == ["turn_too_short"]
    (line,) = await lines(live, surge_id)
    # Nobody else is asked for a line that is closed.
    closed: dict[str, str | int | float] = {"line_id": line["line_id"]}
    await live.must(Capacity.COORDINATOR, _K.CLOSE_LINE, cases.surge(surge_id), details=closed)
    await is_asked(live, surge_id, whether=False)
