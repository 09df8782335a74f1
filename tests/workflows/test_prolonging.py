"""A longer duty that is agreed: ordered in time it stands, ordered too late it lapses, and no order names who is home."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.orders import OrderBook
from adapters.temporal.messenger import Messenger
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat
from lab import small_town
from lab.small_town import Donor
from runtime.clock import SystemClock
from tests.patience import until
from tests.undecided import let_undecided
from tests.workflows.kit import SECOND, LiveTown, case_of, live_town, rules

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("brisk")]
DAY = timedelta(days=1)
LONGER = 9 * DAY
_K = CommandKind


@dataclass
class SlowPress:
    """Holds every order between its typesetting and its issue, until it is let go."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    (pack,) = rules().values()
    # Whoever's duty of some days ends is warned of it long before, so that only the duties of seconds hurry anybody.
    packs = {pack.id: replace(pack, urging=replace(pack.urging, prolonging=30 * DAY))}
    clinics = (Donor("PKM-1", 8, 6), Donor("PKM-2", 8, 6))
    async with live_town(temporal_env.client, fresh_database, *clinics, packs=packs) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        assert [one for one in found if one.violations] == []


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> SlowPress:
    press, issue = SlowPress(), OrderBook.issue

    async def held(book: OrderBook, *told: Any) -> Any:
        press.reached.set()
        await press.let_go.wait()
        return await issue(book, *told)

    monkeypatch.setattr(OrderBook, "issue", held)
    return press


async def column(live: LiveTown, seat: Seat, name: str) -> Any:
    return await live.value(f"SELECT {name} FROM placements WHERE placement_id = $1", seat.placement_id)


async def agreed(live: LiveTown, seat: Seat) -> datetime:
    """Let all three agree to a longer duty; return when the ordered one ends."""
    due_back: datetime = await column(live, seat, "due_back")
    until_then: dict[str, str | int | float] = {"until": (due_back + LONGER).isoformat()}
    await live.must(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case_of(seat), details=until_then)
    await live.must(seat.person_id, _K.CONSENT_EXTENSION, case_of(seat))
    await live.must(live.town.heads[seat.unit_id], _K.APPROVE_EXTENSION, case_of(seat))
    await live.must(Capacity.COMMAND_POST, _K.APPROVE_EXTENSION, case_of(seat))
    return due_back


async def ends_soon(live: LiveTown, seat: Seat, after: timedelta) -> datetime:
    """Let the ordered duty of somebody who is at the site end so soon; the case is taken up anew with that end."""
    due_back = SystemClock().now() + after
    await let_undecided(live.books.database, "placements")
    async with live.books.database.writing() as connection:
        await connection.execute(
            "UPDATE placements SET due_back = $2, report_at = $2::timestamptz - interval '7 d' WHERE placement_id = $1",
            seat.placement_id,
            due_back,
        )
    await live.handle(case_of(seat)).terminate("taken up anew")
    for found, life, pack in await live.books.registry.open_secondments():
        if found.placement_id == seat.placement_id:
            rules_ = live.books.rules[pack]
            await Messenger(live.client, live.queue).begin_secondment(
                found, life, rules_.clock, rules_.basis("surge")
            )
    return due_back


async def asked_to_sign(live: LiveTown, surge_id: str) -> datetime:
    """Wait until the signatory is asked; return until when."""
    ask = "SELECT due_at FROM tasks WHERE kind = 'SIGN_ORDER' AND case_id = $1 AND closed_at IS NULL"

    async def asked() -> bool:
        return await live.value(ask, cases.surge(surge_id)) is not None

    await until(asked)
    due: datetime = await live.value(ask, cases.surge(surge_id))
    return due


async def log_of(live: LiveTown, case_id: str) -> list[str]:
    told = "SELECT coalesce(array_agg(type ORDER BY seq), '{}') FROM events WHERE case_id = $1"
    return list(await live.value(told, case_id))


async def named(live: LiveTown) -> set[str]:
    """Whom the newest issued order names, by their extracts."""
    return set(
        await live.value(
            """SELECT array_agg(d.placement_id::text) FROM documents d JOIN orders o USING (order_id)
                WHERE d.placement_id IS NOT NULL
                  AND o.sequence = (SELECT max(sequence) FROM orders WHERE state = 'ISSUED')"""
        )
    )


def sign(live: LiveTown, surge_id: str) -> Any:
    return live.decide(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))


async def test_the_signatory_has_until_the_duty_ends_and_is_warned_of_it(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1, duty=DAY / 24)
    due_back = await agreed(live, seat)
    assert await asked_to_sign(live, surge_id) == due_back
    warned = """SELECT data ->> 'sign_by' FROM events WHERE type = 'SurgeReminded' AND data ->> 'office' = 'SIGNATORY'"""

    async def told() -> bool:
        return await live.value(warned) is not None

    await until(told)
    assert datetime.fromisoformat(await live.value(warned)) == due_back


async def test_not_signed_in_time_it_lapses_and_everybody_concerned_learns_it(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await agreed(live, seat)
    await ends_soon(live, seat, 2 * SECOND)
    await live.until_state(seat, "DEMOBILISING")
    assert (await log_of(live, case_of(seat)))[-2:] == ["ExtensionLapsed", "FellDue"]
    assert await column(live, seat, "lapsed")
    assert await column(live, seat, "leaving") == "DUE"
    told = await live.value(
        "SELECT data FROM events WHERE type = 'ExtensionLapsed' AND person_id = $1", seat.person_id
    )
    assert sorted(told["agreed"]) == ["HOME", "HOST", "PERSON"]
    tasks = await live.value(
        """SELECT array_agg(concat_ws(' ', kind, capacity, unit_id, assignee_id) ORDER BY kind, capacity) FROM tasks
            WHERE case_id = $1 AND closed_at IS NULL""",
        case_of(seat),
    )
    assert tasks == [
        f"EXPECT_RETURN UNIT_HEAD {seat.unit_id}",
        f"EXPECT_RETURN {seat.person_id}",
        "SIGN_DEMOB COMMAND_POST",
    ]
    assert (await sign(live, surge_id)).refusal == "nobody_to_order"
    await live.bring_home(seat)
    assert (
        await live.value("SELECT count(*) FROM tasks WHERE kind = 'EXPECT_RETURN' AND closed_at IS NULL") == 0
    )


async def test_an_order_that_is_signed_just_after_names_only_those_who_stay(live: LiveTown) -> None:
    surge_id, (late, stays) = await live.on_site(2)
    for seat in (late, stays):
        await agreed(live, seat)
    ends = await ends_soon(live, late, SECOND)

    async def ended() -> bool:
        return SystemClock().now() >= ends

    await until(ended)
    # The case still waits for what was said in time: it has not lapsed yet, and is dropped from the order all the same.
    assert (await sign(live, surge_id)).state == "APPLIED"
    await live.until_state(late, "DEMOBILISING")
    assert await named(live) == {stays.placement_id}

    async def prolonged() -> bool:
        return bool(await column(live, stays, "extensions") == 1)

    await until(prolonged)
    assert await column(live, late, "extensions") == 0


async def test_an_order_that_is_signed_just_before_prolongs_however_long_it_takes_to_make(
    live: LiveTown, press: SlowPress
) -> None:
    press.let_go.set()
    surge_id, (seat,) = await live.on_site(1)
    await agreed(live, seat)
    await asked_to_sign(live, surge_id)
    press.let_go.clear()
    press.reached.clear()
    ends = await ends_soon(live, seat, 3 * SECOND)
    signing = asyncio.create_task(sign(live, surge_id))
    await asyncio.wait_for(press.reached.wait(), 30)
    assert await live.value("SELECT signed_at < $1 FROM orders WHERE state = 'RESERVED'", ends)

    async def well_past() -> bool:
        return SystemClock().now() > ends + 7 * SECOND

    await until(well_past)
    assert await live.state(seat) in ("ON_DUTY", "ENDING_SOON")
    press.let_go.set()
    assert (await signing).state == "APPLIED"

    async def extended() -> bool:
        return bool(await column(live, seat, "extensions") == 1)

    await until(extended)
    assert "ExtensionLapsed" not in await log_of(live, case_of(seat))


async def test_who_falls_away_while_an_order_is_made_stands_on_none(live: LiveTown, press: SlowPress) -> None:
    press.let_go.set()
    surge_id, (recalled, stays) = await live.on_site(2)
    for seat in (recalled, stays):
        await agreed(live, seat)
    await asked_to_sign(live, surge_id)
    press.let_go.clear()
    press.reached.clear()
    signing = asyncio.create_task(sign(live, surge_id))
    await asyncio.wait_for(press.reached.wait(), 30)
    await live.must(
        live.town.heads[recalled.unit_id], _K.RECALL, case_of(recalled), choice="ESSENTIAL_SERVICE"
    )
    press.let_go.set()
    assert (await signing).state == "APPLIED"
    assert await named(live) == {stays.placement_id}
    void = await live.value("SELECT void_reason FROM orders WHERE state = 'VOID'")
    assert void == f"people_changed: {recalled.placement_id}"
    told = await live.value("SELECT data FROM events WHERE type = 'OrderSigned' ORDER BY seq DESC LIMIT 1")
    assert told["voided"] == [await live.value("SELECT number FROM orders WHERE state = 'VOID'")]
    assert told["people"] == 1


async def proposed(live: LiveTown, seat: Seat, by: timedelta = LONGER) -> str | None:
    """Propose a longer duty; return the code with which it is refused."""
    due_back: datetime = await column(live, seat, "due_back")
    until_then: dict[str, str | int | float] = {"until": (due_back + by).isoformat()}
    asked = await live.decide(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case_of(seat), details=until_then)
    return (await small_town.answered(live.stage, asked)).refusal


async def roster(live: LiveTown, statement: str, seat: Seat, *more: Any) -> None:
    async with live.books.database.writing() as connection:
        await connection.execute(statement, seat.person_id, *more)


async def test_leave_on_a_day_that_is_added_forbids_the_longer_duty_and_leave_before_it_does_not(
    live: LiveTown,
) -> None:
    _, (seat,) = await live.on_site(1)
    due = (await column(live, seat, "due_back")).date()
    leave = "INSERT INTO absences (person_id, kind, period) VALUES ($1, 'LEAVE', daterange($2, $3))"
    await roster(live, leave, seat, due + 8 * DAY, due + 12 * DAY)
    assert await proposed(live, seat) == "away_then"
    assert await column(live, seat, "extend_until") is None
    assert await proposed(live, seat, by=5 * DAY) is None
    # Leave that is entered afterwards is seen by whoever agrees.
    await roster(live, leave, seat, due + 3 * DAY, due + 5 * DAY)
    agreed_to = await live.decide(seat.person_id, _K.CONSENT_EXTENSION, case_of(seat))
    assert (await small_town.answered(live.stage, agreed_to)).refusal == "away_then"


async def test_a_certificate_must_last_to_the_end_of_the_longer_duty(live: LiveTown) -> None:
    _, (seat,) = await live.on_site(1)
    due = (await column(live, seat, "due_back")).date()
    await roster(live, "UPDATE person_skills SET expires_on = $2 WHERE person_id = $1", seat, due + 4 * DAY)
    assert await proposed(live, seat) == "certificate_ends"
    await roster(live, "UPDATE people SET leaves_on = $2 WHERE person_id = $1", seat, due + 2 * DAY)
    assert await proposed(live, seat, by=3 * DAY) == "service_ends_then"
    await roster(live, "UPDATE people SET leaves_on = NULL WHERE person_id = $1", seat)
    assert await proposed(live, seat, by=3 * DAY) is None
