"""The rest between two duties (S05), where two who take somebody's time do so in the same instant, or one grows towards the next."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.postgres.database import queries
from domain.duties import told
from domain.log import Attribution
from domain.moves import Seat
from domain.openings import Opening
from domain.secondment import NOTHING, Ask, Clock, Moved, Party, Trigger, decide
from lab.small_town import Donor
from planning import plan
from tests.adapters.postgres.kit import CLOCK, DAY, NOW, PACK, Registry, crew, registry
from tests.patience import until

UNIT = "kota-kecil.PKM-1"
TO_DUTY = (
    *(Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED),
    *(Trigger.MOBILISE, Trigger.CHECK_IN, Trigger.START_DUTY),
)
ENDS = NOW + 8 * DAY
"""When the first duty of each test ends."""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
BY = Attribution("system:test", "SYSTEM", "test")


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 120, 110)) as opened:
        yield opened


async def nobody_waits(_connection: Any, **_people: Any) -> list[Any]:
    """What a lock is that locks nothing."""
    return []


@asynccontextmanager
async def donors_busy(books: Registry) -> AsyncIterator[None]:
    """Let every hold wait for its donor once it has looked at the people's rest."""
    async with books.database.writing() as connection:
        await connection.execute("SELECT FROM unit_roles FOR UPDATE")
        yield


async def waiting(books: Registry, least: int) -> None:
    async def seen() -> bool:
        return int(await books.value(WAITING)) >= least

    await until(seen, f"{least} who wait for a lock")


async def together(books: Registry, people: int, start: datetime) -> tuple[list[Seat], list[Seat]]:
    """Two surges hold the same people at once, the first one for a duty that ends on day 8: who got whom."""
    who = crew(books.town, UNIT, people)
    surges = [await books.surge(people), await books.surge(people, report_at=start)]
    async with donors_busy(books):
        asked = [asyncio.create_task(books.hold(surge_id, who)) for surge_id in surges]
        await waiting(books, 2)
    first, second = await asyncio.gather(*asked)
    return first, second


async def test_of_two_surges_at_once_one_alone_takes_somebody_who_could_not_rest_between_them(
    books: Registry,
) -> None:
    assert PACK.sparing.cooling_off == 7 * DAY
    held = await together(books, 50, ENDS + 6 * DAY)
    assert sorted(map(len, held)) == [0, 50]
    assert await books.lent(UNIT) == 50


async def test_of_two_surges_at_once_both_take_somebody_who_can_rest_between_them(books: Registry) -> None:
    held = await together(books, 3, ENDS + 7 * DAY)
    assert list(map(len, held)) == [3, 3]


async def test_without_the_lock_both_take_them(books: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "lock_people", nobody_waits)
    held = await together(books, 50, ENDS + 6 * DAY)
    assert list(map(len, held)) == [50, 50]


async def test_a_seat_whose_person_was_taken_in_that_instant_stays_open_and_is_planned_for_somebody_else(
    books: Registry,
) -> None:
    who = crew(books.town, UNIT, 1)
    surges = [await books.surge(1), await books.surge(1, report_at=ENDS + 2 * DAY)]
    plans = [await books.plan(surge_id, who) for surge_id in surges]
    async with donors_busy(books):
        asked = [
            asyncio.create_task(books.surges.hold(surge_id, plan_id, offset=0, limit=9, at=NOW))
            for surge_id, plan_id in zip(surges, plans, strict=True)
        ]
        await waiting(books, 2)
    answers = await asyncio.gather(*asked)
    assert sorted((len(held), refused, more) for held, refused, more in answers) == [
        (0, 1, None),
        (1, 0, None),
    ]
    ((left, plan_id),) = [
        (surge_id, plan_id)
        for surge_id, plan_id, (held, _, _) in zip(surges, plans, answers, strict=True)
        if not held
    ]
    # Asked again, it is the same answer; the next plan fills the seat.
    assert await books.surges.hold(left, plan_id, offset=0, limit=9, at=NOW) == ((), 1, None)
    again = plan(await books.surges.problem(left, NOW))
    (pick,) = [pick for pick in again.picks if pick.line_id == f"{left}/01"]
    assert pick.person_id != who[0][1]


# ── a longer duty ─────────────────────────────────────────────────────────────────────────────────────────────────


async def say(
    books: Registry, seat: Seat, trigger: Trigger, ask: Ask = NOTHING, *, clock: Clock = CLOCK
) -> str | None:
    """Let somebody's case move; return the code with which the books refuse it."""
    verdict = decide(await books.life(seat), trigger, clock, ask, decided_at=NOW, now=NOW)
    assert isinstance(verdict, Moved), verdict
    if trigger == Trigger.GRANT_CONDITION and ask.opening:
        seat = replace(seat, line_id=ask.opening.line_id, site=ask.opening.site)
    return (await books.people.write(told(seat, verdict.life, trigger, clock, by=BY, at=NOW))).refused


async def longer(books: Registry, seat: Seat, ends: datetime) -> str | None:
    return await say(books, seat, Trigger.PROPOSE_EXTENSION, Ask(until=ends, party=Party.HOST))


async def one_with_two_duties(
    books: Registry, gap: timedelta = 10 * DAY, *moves: Trigger
) -> tuple[Seat, Seat]:
    """Somebody on duty until day 8 who is asked for another one so long afterwards."""
    who = crew(books.town, UNIT, 1)
    (now,) = await books.hold(await books.surge(1), who)
    await books.walk(now, *(moves or TO_DUTY))
    (later,) = await books.hold(await books.surge(1, report_at=ENDS + gap), who)
    return now, later


async def test_a_longer_duty_leaves_the_rest_before_the_next_one(books: Registry) -> None:
    now, later = await one_with_two_duties(books)
    assert await longer(books, now, ENDS + 3 * DAY + timedelta(seconds=1)) == "too_near_the_next_duty"
    assert await longer(books, now, ENDS + 10 * DAY) == "too_near_the_next_duty"
    assert await longer(books, now, ENDS + 11 * DAY) == "placed_elsewhere_then"
    assert (await books.life(now)).amendment is None
    assert await longer(books, now, ENDS + 3 * DAY) is None
    # The later one may grow: what lies before it stays as it was.
    assert (await books.life(later)).due_back == ENDS + 17 * DAY


async def test_a_duty_that_is_over_or_was_declined_stands_in_nobodys_way(books: Registry) -> None:
    now, later = await one_with_two_duties(books)
    await books.walk(later, Trigger.DECLINE)
    assert await longer(books, now, ENDS + 10 * DAY) is None


async def test_days_off_that_the_longer_stay_earns_count_where_they_are_more(books: Registry) -> None:
    assert (PACK.closing.rest_days, PACK.closing.rest_per_duty_days) == (2, 14)
    now, _ = await one_with_two_duties(books, 12 * DAY)
    # Eleven weeks by then, over all posts of the stay: eleven days off.
    await began(books, now, ENDS + 2 * DAY - 77 * DAY)
    assert await longer_waived(books, now, ENDS + 2 * DAY) == "too_near_the_next_duty"
    await began(books, now, ENDS + 2 * DAY - 70 * DAY)
    assert await longer_waived(books, now, ENDS + 2 * DAY) is None


async def began(books: Registry, seat: Seat, stay_from: datetime) -> None:
    """The stay of somebody began on an earlier post."""
    await books.execute("ALTER TABLE placements DISABLE TRIGGER moves_whole")
    await books.execute(
        "UPDATE placements SET stay_from = $2, moved_from = placement_id WHERE placement_id = $1",
        uuid.UUID(seat.placement_id),
        stay_from,
    )


async def longer_waived(books: Registry, seat: Seat, ends: datetime) -> str | None:
    """Propose a longer duty beyond every limit of a stay."""
    clock = replace(CLOCK, longest_waived=400 * DAY)
    ask = Ask("NO_RELIEF", until=ends, party=Party.HOST, waiver=True)
    return await say(books, seat, Trigger.PROPOSE_EXTENSION, ask, clock=clock)


async def test_whoever_agrees_is_told_of_a_next_duty_that_came_in_between(books: Registry) -> None:
    now, later = await one_with_two_duties(books)
    assert await longer(books, now, ENDS + 3 * DAY) is None
    await nearer(books, later)
    assert await say(books, now, Trigger.AGREE_EXTENSION, Ask(party=Party.PERSON)) == "too_near_the_next_duty"


async def nearer(books: Registry, later: Seat) -> None:
    """The next duty is a day nearer, behind everybody's back, as one stands that was held before anybody asked."""
    await books.execute(
        "UPDATE placements SET report_at = report_at - '1 d'::interval WHERE placement_id = $1",
        uuid.UUID(later.placement_id),
    )


async def agreed(books: Registry) -> tuple[Seat, Seat]:
    """Somebody whose longer duty all have agreed to, and who is asked for the next one."""
    now, later = await one_with_two_duties(books)
    order_id = await books.value("SELECT gen_random_uuid()::text")
    await put_on(books, now, order_id)
    assert await longer(books, now, ENDS + 3 * DAY) is None
    for party in Party:
        assert await say(books, now, Trigger.AGREE_EXTENSION, Ask(party=party)) is None
    return now, later


async def put_on(books: Registry, seat: Seat, order_id: str) -> None:
    """Give somebody who is on duty the order on which they went."""
    command_id = await books.command(f"surge:{seat.surge_id}")
    await books.execute(
        "INSERT INTO orders (order_id, government_id, surge_id, register, year, sequence, number, state, command_id, salt,"
        " signatory_id, signed_at) SELECT $1, government_id, surge_id, 'R', 2026, 1, 'R/1', 'RESERVED', $2, '', requested_by, $3"
        " FROM surges WHERE surge_id = $4",
        uuid.UUID(order_id),
        uuid.UUID(command_id),
        NOW,
        seat.surge_id,
    )
    await books.execute(
        "UPDATE placements SET order_id = $1 WHERE placement_id = $2",
        uuid.UUID(order_id),
        uuid.UUID(seat.placement_id),
    )


async def amending(books: Registry, seat: Seat) -> Any:
    return await books.value(
        "SELECT amending_order_id::text FROM placements WHERE placement_id = $1", uuid.UUID(seat.placement_id)
    )


async def test_no_order_is_drawn_that_would_leave_too_little_rest(books: Registry) -> None:
    now, later = await agreed(books)
    await nearer(books, later)
    await books.reserve(now.surge_id)
    assert await amending(books, now) is None
    # Once the next duty is declined the order may be made.
    await books.walk(later, Trigger.DECLINE)
    assert await books.reserve(now.surge_id) == await amending(books, now)


async def test_an_order_is_given_up_that_would_leave_too_little_rest_once_it_is_typeset(
    books: Registry,
) -> None:
    now, later = await agreed(books)
    order_id = await books.reserve(now.surge_id)
    assert await amending(books, now) == order_id
    await books.orders.keep_file(order_id, None, b"all")
    await books.orders.keep_file(order_id, now.placement_id, b"one")
    await nearer(books, later)
    await books.issue(now.surge_id, order_id)
    void = await books.value("SELECT void_reason FROM orders WHERE order_id = $1", uuid.UUID(order_id))
    assert void == f"people_changed: {now.placement_id}"
    assert await amending(books, now) is None


async def test_a_hold_and_a_victim_who_is_confirmed_at_once_do_not_wait_for_each_other(
    books: Registry,
) -> None:
    who = crew(books.town, UNIT, 1)
    (now,) = await books.hold(await books.surge(1), who)
    await books.walk(now, *TO_DUTY)
    overlapping = await books.surge(1, report_at=ENDS - DAY)
    async with donors_busy(books):
        holding = asyncio.create_task(books.hold(overlapping, who))
        await waiting(books, 1)
        confirming = asyncio.create_task(say(books, now, Trigger.CONFIRM_AFFECTED))
        await waiting(books, 2)
    assert (await holding, await confirming) == ([], None)
    until_then = await books.value("SELECT affected_until FROM people WHERE affected_until IS NOT NULL")
    assert until_then == ENDS.date()


async def test_a_hold_that_is_written_while_a_longer_duty_is_proposed_is_seen_by_it(books: Registry) -> None:
    assert await hold_and_propose(books) == (1, "too_near_the_next_duty")


async def test_without_the_lock_a_longer_duty_does_not_see_it(
    books: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "lock_people", nobody_waits)
    assert await hold_and_propose(books) == (1, None)


async def hold_and_propose(books: Registry) -> tuple[int, str | None]:
    """Propose a longer duty while a hold for the next one is being written: how many are held, and the refusal."""
    who = crew(books.town, UNIT, 1)
    (now,) = await books.hold(await books.surge(1), who)
    await books.walk(now, *TO_DUTY)
    next_surge = await books.surge(1, report_at=ENDS + 10 * DAY)
    async with donors_busy(books):
        holding = asyncio.create_task(books.hold(next_surge, who))
        await waiting(books, 1)
        proposing = asyncio.create_task(longer(books, now, ENDS + 5 * DAY))

        async def settled() -> bool:
            return proposing.done() or int(await books.value(WAITING)) >= 2

        await until(settled)
    return len(await holding), await proposing


# ── another post ──────────────────────────────────────────────────────────────────────────────────────────────────


def opening(line_id: str, due_back: datetime) -> Opening:
    return Opening(
        line_id,
        line_id.partition("/")[0],
        "health_post_nurse",
        "Pos 2",
        NOW + DAY,
        due_back,
        NOW + 60 * DAY,
        1,
        asking=True,
        fits=True,
    )


async def test_another_post_that_ends_later_leaves_the_rest_before_the_next_duty_and_one_that_does_not_is_not_asked(
    books: Registry,
) -> None:
    now, _ = await one_with_two_duties(books)
    line_id = f"{await books.surge(1, days=14)}/01"
    for ends, code in ((ENDS + 4 * DAY, "too_near_the_next_duty"), (ENDS, None)):
        ask = Ask(until=ends, party=Party.HOST, opening=opening(line_id, NOW + 15 * DAY))
        assert await say(books, now, Trigger.PROPOSE_REASSIGNMENT, ask) == code


async def test_whoever_has_too_little_rest_already_may_move_as_long_as_it_gets_no_less(
    books: Registry,
) -> None:
    now, later = await one_with_two_duties(books, 7 * DAY)
    await nearer(books, later)
    line_id = f"{await books.surge(1)}/01"
    ask = Ask(until=ENDS, party=Party.HOST, opening=opening(line_id, ENDS))
    assert await say(books, now, Trigger.PROPOSE_REASSIGNMENT, ask) is None
    assert await say(books, now, Trigger.AGREE_REASSIGNMENT, Ask(party=Party.PERSON)) is None


async def test_another_site_on_condition_leaves_the_rest_before_the_next_duty(books: Registry) -> None:
    now, _ = await one_with_two_duties(books, 10 * DAY, Trigger.ACCEPT_ON_CONDITION)
    line_id = f"{await books.surge(1, days=14)}/01"
    await books.execute(
        "UPDATE placements SET condition_code = 'OTHER_SITE' WHERE placement_id = $1",
        uuid.UUID(now.placement_id),
    )
    for ends, code in ((ENDS + 4 * DAY, "too_near_the_next_duty"), (ENDS + 3 * DAY, None)):
        ask = Ask(opening=opening(line_id, ends))
        assert await say(books, now, Trigger.GRANT_CONDITION, ask) == code
