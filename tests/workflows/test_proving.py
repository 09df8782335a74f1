"""A list of arrivals that was kept on paper reaches the case when the duty is over, on the real engine."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app import evidence
from app.wiring import in_force, rule_packs
from domain import cases
from domain.authority import Capacity
from domain.closing.days import calendar_days, days_of, local_day
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from lab import small_town
from lab.small_town import Donor
from runtime.clock import SystemClock
from tests.patience import until
from tests.undecided import let_undecided
from tests.workflows.kit import LiveTown, case_of, live_town
from tests.workflows.test_deadlines import DAY, HOUR, OUT, stepped_town
from tests.workflows.test_exits import column, head_of, open_tasks

pytestmark = [pytest.mark.long(60), pytest.mark.usefixtures("brisk")]
_K = CommandKind
LIST = "360/HDR/12/II/2027"


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    async with live_town(temporal_env.client, fresh_database, Donor("PKM-1", 8, 6)) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        found += (await boards_hold(town.books.database, town.town.government_id, town.stage.clock.now()),)
        assert [one for one in found if one.violations] == []


async def on_the_way(live: LiveTown) -> tuple[str, Seat]:
    surge_id, (seat,) = await live.released(1)
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
    await live.until_state(seat, "MOBILISING")
    report_at = await column(live, seat, "report_at")

    async def time_to_report() -> bool:
        return SystemClock().now() > report_at

    await until(time_to_report)
    return surge_id, seat


async def type_in(live: LiveTown, seat: Seat, arrived: datetime, paper: str | None = LIST) -> Command:
    """Let the command post type the list in."""
    said: dict[str, str | int | float] = {"reported_at": arrived.isoformat()}
    said |= {"reference": paper} if paper else {}
    typed = await live.decide(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat), choice="PAPER", details=said)
    return await small_town.answered(live.stage, typed)


async def check_in_page(live: LiveTown, seat: Seat) -> Any:
    """What the evidence pack says of the arrival."""
    book = live.books.closing
    placed = await book.placed(seat.placement_id)
    pack = evidence.pack(placed, (), (), book.terms(placed.rule_pack))
    return json.loads(zipfile.ZipFile(io.BytesIO(pack)).read("check-in.json"))


async def test_a_no_show_that_was_closed_is_corrected_by_the_paper_and_owes_what_everybody_owes(
    live: LiveTown,
) -> None:
    surge_id, seat = await on_the_way(live)
    arrived = SystemClock().now()
    await live.must(Capacity.COMMAND_POST, _K.REPORT_NO_SHOW, case_of(seat))
    await live.must(head_of(live, seat), _K.CONFIRM_RETURN, case_of(seat))
    assert await live.handle(case_of(seat)).result() == "CLOSED"
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    await live.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))

    unproved = await type_in(live, seat, arrived, paper=None)
    assert (unproved.state, unproved.refusal) == (CommandState.REFUSED, "arrival_needs_paper")
    assert await live.state(seat) == "CLOSED"
    proved = await type_in(live, seat, arrived)
    assert (proved.state, proved.refusal) == (CommandState.APPLIED, None)
    assert await live.state(seat) == "RETURNED"
    assert await column(live, seat, "arrived_at") == arrived
    assert await column(live, seat, "checked_in_at") > arrived
    assert await column(live, seat, "served_until") == await column(live, seat, "returned_at")
    assert {kind for kind, *_ in await open_tasks(live, case_of(seat))} == {"FILE_REPORT", "EVALUATE_PERSON"}

    page = await check_in_page(live, seat)
    told = page["entries"][-1]
    assert (told["type"], told["actor"]) == ("ArrivalProved", live.town.officers[Capacity.COMMAND_POST])
    assert (told["data"]["corrects"], told["data"]["reference"]) == ("NO_SHOW", LIST)
    assert datetime.fromisoformat(page["reported_at"]) == arrived
    assert datetime.fromisoformat(page["recorded_at"]) > arrived
    assert await live.value("SELECT duty FROM experiences WHERE placement_id = $1", seat.placement_id) >= 1

    again = await type_in(live, seat, arrived)
    assert (again.state, again.refusal) == (CommandState.REFUSED, "arrived_already")
    await live.settle(seat)
    assert await live.handle(case_of(seat)).result() == "CLOSED"


async def test_whoever_was_called_home_unseen_is_signed_off_with_the_days_that_the_paper_proves(
    live: LiveTown,
) -> None:
    surge_id, seat = await on_the_way(live)
    arrived = SystemClock().now()
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    await live.until_state(seat, "DEMOBILISING")
    assert (await type_in(live, seat, arrived)).state == CommandState.APPLIED
    assert await live.state(seat) == "DEMOBILISING"
    assert await column(live, seat, "arrived_at") == arrived
    assert await column(live, seat, "left_site_at") == await column(live, seat, "since")
    await live.bring_home(seat)
    assert await live.state(seat) == "RETURNED"
    await live.settle(seat)
    assert await live.handle(case_of(seat)).result() == "CLOSED"


async def test_a_no_show_who_turns_out_to_have_served_to_the_end_is_brought_home_late_and_paid_for_the_duty(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    """The list comes two days after the end of the duty, and nobody has confirmed that the person is home."""
    async with stepped_town(time_skipping_env, fresh_database) as town:
        live = town.live
        seat = await town.seat(*OUT[:-2])
        report_at, due_back = await column(live, seat, "report_at"), await column(live, seat, "due_back")
        await town.pass_to(report_at + HOUR)
        await live.must(Capacity.COMMAND_POST, _K.REPORT_NO_SHOW, case_of(seat))
        await town.pass_to(due_back + 2 * DAY)
        assert await live.state(seat) == "NO_SHOW"
        unproved = await type_in(live, seat, report_at, paper=None)
        assert (unproved.refusal, await live.state(seat)) == ("arrival_needs_paper", "NO_SHOW")
        assert (await type_in(live, seat, report_at)).state == CommandState.APPLIED
        assert await live.state(seat) == "DEMOBILISING"
        assert [await column(live, seat, one) for one in ("leaving", "served_until", "out")] == [
            "DUE",
            due_back,
            True,
        ]
        assert await column(live, seat, "home_by") == due_back + in_force(rule_packs()).clock.homeward
        # Who is late by then is late at once, and asked for by all offices up to that level.
        asked = "SELECT array_agg(capacity) FROM tasks WHERE kind = 'SIGN_DEMOB' AND closed_at IS NULL"

        async def chased() -> bool:
            return set(await live.value(asked)) == {"COMMAND_POST", "COORDINATOR", "SEKDA"}

        await town.pass_to(town.clock.now() + HOUR)
        await until(chased)
        await live.bring_home(seat)
        assert await live.state(seat) == "RETURNED"
        assert set(await town.asked(case_of(seat))) == {"FILE_REPORT PERSON", "EVALUATE_PERSON COMMAND_POST"}
        placed = await live.books.closing.placed(seat.placement_id)
        terms = live.books.closing.terms(placed.rule_pack)
        spent = days_of(placed.road, terms, placed.zone, at=town.clock.now())
        served = calendar_days(
            local_day(report_at, placed.zone), local_day(due_back - timedelta(seconds=1), placed.zone)
        )
        assert (spent.duty, spent.late > 0) == (served, True)
        told = [what for what, _ in await town.told(case_of(seat))]
        assert told.index("NoShowReported") < told.index("ArrivalProved") < told.index("DemobSignedOff")


async def test_a_case_that_nobody_ever_left_for_says_so_and_ends_again(live: LiveTown) -> None:
    _, (seat,) = await live.offered(1)
    await live.must(seat.person_id, _K.DECLINE_OFFER, case_of(seat), choice="CARER")
    assert await live.handle(case_of(seat)).result() == "DECLINED"
    refused = await type_in(live, seat, SystemClock().now())
    assert (refused.state, refused.refusal) == (CommandState.REFUSED, "never_left")
    assert await live.handle(case_of(seat)).result() == "DECLINED"


async def test_who_was_at_another_site_then_by_the_books_was_not_at_this_one(live: LiveTown) -> None:
    surge_id, seat = await on_the_way(live)
    arrived = SystemClock().now()
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    await live.until_state(seat, "DEMOBILISING")
    await let_undecided(live.books.database, "placements")
    async with live.books.database.writing() as connection:
        columns = await connection.fetchval(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
            " WHERE table_name = 'placements' AND is_generated = 'NEVER'"
        )
        await connection.execute(
            f"INSERT INTO placements ({columns}) SELECT {columns} FROM (SELECT (jsonb_populate_record(p, jsonb_build_object("
            " 'placement_id', gen_random_uuid(), 'held', false, 'out', false, 'state', 'CLOSED', 'checked_in_at', $2::timestamptz,"
            " 'arrived_at', $2::timestamptz, 'returned_at', $2::timestamptz + interval '1 h', 'departed_at', NULL,"
            " 'order_id', NULL))).* FROM placements p WHERE placement_id = $1) AS elsewhere",
            seat.placement_id,
            arrived - timedelta(minutes=30),
        )
    refused = await type_in(live, seat, arrived)
    assert (refused.state, refused.refusal) == (CommandState.REFUSED, "placed_elsewhere_then")
    assert await column(live, seat, "arrived_at") is None
    async with live.books.database.writing() as connection:
        await connection.execute(
            "DELETE FROM placements WHERE surge_id = $1 AND placement_id <> $2", surge_id, seat.placement_id
        )
