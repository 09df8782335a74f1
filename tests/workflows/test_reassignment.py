"""Another post instead of home, on the real engine: heard, ordered, and always one live placement of the person."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.orders import OrderBook
from app.wiring import in_force
from domain import cases
from domain.authority import Capacity
from domain.closing.days import days_of
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.requests import LineRequest
from domain.secondment import State
from lab import small_town
from lab.small_town import Donor
from runtime.clock import SystemClock
from tests.patience import until
from tests.undecided import let_undecided
from tests.workflows.kit import LiveTown, case_of, live_town, rules

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("brisk")]
DAY = timedelta(days=1)
SOON = timedelta(seconds=5)
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 6, 3), Donor("PKM-2", 6, 3))
    packs = rules(hearing=timedelta(seconds=3))
    async with live_town(temporal_env.client, fresh_database, *clinics, packs=packs) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        assert [one for one in found if one.violations] == []


def line(
    site: str, people: int = 1, *, days: int = 7, max_km: int | None = None, hence: timedelta = SOON
) -> LineRequest:
    report_at = SystemClock().now() + hence
    line = LineRequest(
        "health_post_nurse", people, 1, site, *small_town.SITE, report_at, report_at + days * DAY
    )
    return replace(line, max_km=max_km)


async def one_on_site(live: LiveTown) -> tuple[str, Seat]:
    """A surge with somebody on site, who lives there."""
    surge_id, (seat,) = await live.on_site(1)
    await lives_at(live, seat, *small_town.SITE)
    return surge_id, seat


async def lives_at(live: LiveTown, seat: Seat, lat: float, lon: float) -> None:
    """Let somebody live there; the lines of another post take nobody from farther off."""
    async with live.books.database.writing() as connection:
        await connection.execute(
            "UPDATE people SET home_lat = $2, home_lon = $3 WHERE person_id = $1", seat.person_id, lat, lon
        )


async def row(live: LiveTown, placement_id: str) -> dict[str, Any]:
    async with live.books.database.reading() as connection:
        found = await connection.fetchrow("SELECT * FROM placements WHERE placement_id = $1", placement_id)
    assert found is not None
    return dict(found)


async def successor(live: LiveTown, seat: Seat) -> Seat:
    """The placement that somebody was moved on to, once its case runs."""
    await live.until_state(seat, "REASSIGNED")
    found = [one for one, _ in await live.stage.boards.open_people() if one.person_id == seat.person_id]
    (there,) = found

    async def begun() -> bool:
        return await live.known(case_of(there))

    await until(begun)
    return there


async def propose(live: LiveTown, seat: Seat, line_id: str, **more: Any) -> Any:
    details = {"line_id": line_id, **more}
    return await live.decide(Capacity.COMMAND_POST, _K.PROPOSE_REASSIGNMENT, case_of(seat), details=details)


async def test_somebody_is_moved_to_another_site_on_an_order_that_names_the_former_one(
    live: LiveTown,
) -> None:
    surge_id, seat = await one_on_site(live)
    await live.until_state(seat, "ON_DUTY")
    other, _ = await elsewhere(live, role="logistics")
    former = await row(live, seat.placement_id)
    # Another role needs what it needs of anybody: the skill, to the end of the duty there.
    assert (await propose(live, seat, other)).refusal == "another_role"
    asked = in_force(live.books.rules).roles["logistics"]
    able = "INSERT INTO person_skills VALUES ($1, $2, $3, $4) ON CONFLICT (person_id, skill) DO UPDATE SET expires_on = $4"
    for days, refusal in ((3, "another_role"), (30, None)):
        until_day = (live.stage.clock.now() + days * DAY).date()
        async with live.books.database.writing() as connection:
            await connection.execute(able, seat.person_id, asked.skill, asked.level, until_day)
        if refusal:
            assert (await propose(live, seat, other)).refusal == refusal
    await lives_at(live, seat, -10.2, 123.9)
    assert (await propose(live, seat, other)).refusal == "too_far"
    await lives_at(live, seat, *small_town.SITE)
    assert (await propose(live, seat, other)).state == CommandState.APPLIED
    await live.must(seat.person_id, _K.CONSENT_REASSIGNMENT, case_of(seat))
    target = other.partition("/")[0]
    assert target != surge_id
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(target))
    there = await successor(live, seat)
    now = await row(live, there.placement_id)
    assert (there.surge_id, there.site, now["moved_from"]) == (target, "Pos Lain", seat.placement_id)
    assert (there.role, seat.role) == ("logistics", "health_post_nurse")
    order = await OrderBook(live.books.database, dict(live.books.rules)).draft(now["order_id"])
    assert [one.role_code for one in order.people] == ["logistics"]
    assert (now["stay_from"], now["due_back"], now["out"]) == (
        former["report_at"],
        former["due_back"],
        True,
    )
    assert now["order_id"] not in (None, former["order_id"])
    # The log of rests goes along: the week without a day off is counted over both posts.
    assert former["day_off_at"] is not None
    assert (now["day_off_at"], now["awake_since"]) == (former["day_off_at"], former["awake_since"])
    assert (await row(live, seat.placement_id))["day_off_at"] is None
    told = "SELECT capacity || ' ' || unit_id FROM tasks WHERE kind = 'KNOW_NEW_POST' AND closed_at IS NULL"
    assert await live.value(told) == f"UNIT_HEAD {seat.unit_id}"
    days = "SELECT (data ->> 'duty_before')::int FROM events WHERE type = 'MissionChanged'"
    assert await live.value(days) == await live.value("SELECT sum(duty) FROM experiences") > 0
    # The paper belongs to the post there, and the home unit's measure counts one person as before.
    extracts = "SELECT count(*) FROM documents WHERE placement_id = $1 AND order_id = $2"
    assert await live.value(extracts, there.placement_id, now["order_id"]) == 1
    lent = "SELECT sum(lent) FROM unit_roles"
    held = "SELECT count(*) FROM placements WHERE held"
    assert await live.value(lent) == await live.value(held)
    assert await live.handle(case_of(seat)).result() == "REASSIGNED"
    # The former place is empty, and whoever takes it relieves the one who was moved.
    (next_one,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    assert (await row(live, next_one.placement_id))["relieves"] == seat.placement_id
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(there))
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(there), choice="NO_LONGER_NEEDED")
    await live.bring_home(there)
    assert await live.state(there) == "RETURNED"
    closing = live.books.closing
    stay = [await closing.placed(one.placement_id) for one in (seat, there)]
    due = [
        days_of(one.road, closing.terms(one.rule_pack), one.zone, at=live.stage.clock.now()) for one in stay
    ]
    whole = await closing.reckoned(there.placement_id)
    assert whole == sum(one.per_diem for one in due) > 0, "the last post's claim is for the whole stay"
    assert (
        await live.value("SELECT count(*) FROM placements WHERE person_id = $1 AND out", seat.person_id) == 0
    )


async def elsewhere(live: LiveTown, *, days: int = 7, role: str = "health_post_nurse") -> tuple[str, str]:
    """A line of another surge that nobody lives near enough to be asked for: its id, and its operation's."""
    operation = await small_town.declare(live.stage, live.town)
    surge_id = await small_town.ask(
        live.stage, live.town, operation, replace(line("Pos Lain", days=days, max_km=0), role=role)
    )
    await small_town.confirm(live.stage, live.town, surge_id)
    found = await live.value("SELECT line_id FROM request_lines WHERE surge_id = $1", surge_id)
    return str(found), operation


async def test_a_longer_stay_there_waits_for_the_home_head_and_an_objection_for_the_host(
    live: LiveTown,
) -> None:
    _surge, seat = await one_on_site(live)
    other, _ = await elsewhere(live, days=9)
    longer = await live.value("SELECT due_back FROM request_lines WHERE line_id = $1", other)
    assert (await propose(live, seat, other, until=longer.isoformat())).state == CommandState.APPLIED
    asked = "SELECT array_agg(coalesce(capacity, 'PERSON') ORDER BY 1) FROM tasks WHERE case_id = $1 AND kind = 'ANSWER_REASSIGNMENT' AND closed_at IS NULL"
    assert await live.value(asked, case_of(seat)) == ["PERSON", "UNIT_HEAD"]
    await live.must(seat.person_id, _K.OBJECT_REASSIGNMENT, case_of(seat))
    await live.must(live.town.heads[seat.unit_id], _K.APPROVE_REASSIGNMENT, case_of(seat))
    assert await live.value(asked, case_of(seat)) == ["COMMAND_POST"]
    target = cases.surge(other.partition("/")[0])
    unheard = await live.decide(Capacity.SIGNATORY, _K.SIGN_ORDER, target)
    assert (unheard.state, unheard.refusal) == (CommandState.REFUSED, "nobody_to_order")
    await live.must(Capacity.COMMAND_POST, _K.APPROVE_REASSIGNMENT, case_of(seat))
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, target)
    there = await successor(live, seat)
    now = await row(live, there.placement_id)
    assert (now["due_back"], now["extensions"]) == (longer, 1)


async def test_silence_is_heard_as_silence_and_no_room_is_refused(live: LiveTown) -> None:
    _surge, seat = await one_on_site(live)
    other, _ = await elsewhere(live)
    full = await live.value("SELECT line_id FROM placements WHERE placement_id = $1", seat.placement_id)
    same = await propose(live, seat, full)
    assert (same.state, same.refusal) == (CommandState.REFUSED, "line_asks_for_nobody")
    assert (await propose(live, seat, other)).state == CommandState.APPLIED

    async def heard() -> bool:
        return (await row(live, seat.placement_id))["hearing"] == "NO_RESPONSE"

    await until(heard)
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(other.partition("/")[0]))
    await successor(live, seat)


async def test_another_site_is_granted_by_a_line_there_or_refused(live: LiveTown) -> None:
    operation = await small_town.declare(live.stage, live.town)
    # Who is asked for the empty place has time to come, however busy the machine is.
    here, there = line("Pos 1", 2, hence=DAY), line("Pos 2", max_km=0, hence=DAY)
    surge_id = await small_town.ask(live.stage, live.town, operation, here, there)
    await small_town.confirm(live.stage, live.town, surge_id)
    seats = await small_town.standing(live.stage, surge_id, State.OFFERED, 2)
    for seat in seats:
        await live.must(seat.person_id, _K.ACCEPT_ON_CONDITION, case_of(seat), choice="OTHER_SITE")
        await lives_at(live, seat, *small_town.SITE)
    first, second = seats
    await live.must(Capacity.COORDINATOR, _K.GRANT_CONDITION, case_of(first))
    moved = await row(live, first.placement_id)
    site = await live.value("SELECT site FROM request_lines WHERE line_id = $1", moved["line_id"])
    assert (moved["state"], site) == ("RELEASE_PENDING", "Pos 2")
    granted = await live.decide(Capacity.COORDINATOR, _K.GRANT_CONDITION, case_of(second))
    assert (granted.state, granted.refusal) == (CommandState.REFUSED, "no_other_site")
    # The place that was offered first is empty again.
    await small_town.standing(live.stage, surge_id, State.OFFERED, 1)


async def test_the_books_let_nobody_be_moved_to_nowhere(live: LiveTown) -> None:
    _surge, seat = await one_on_site(live)
    await let_undecided(live.books.database, "placements")
    with pytest.raises(asyncpg.PostgresError, match="moved to nowhere"):
        async with live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE placements SET state = 'REASSIGNED', held = false, out = false WHERE placement_id = $1",
                seat.placement_id,
            )
    with pytest.raises(asyncpg.PostgresError, match="one that goes on"):
        async with live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE placements SET moved_from = placement_id, stay_from = report_at WHERE placement_id = $1",
                seat.placement_id,
            )
