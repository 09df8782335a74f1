"""The boards are what the log alone gives, at every step; whoever alters one behind its back is named by row and column."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from adapters.postgres.database import queries
from adapters.postgres.musters import MusterBook
from adapters.postgres.rebuild import boards_hold, entry_of, rebuild
from domain import cases, surge
from domain.authority import Actor, Appointment, Capacity, Granted
from domain.log import Attribution, Fact
from domain.moves import Duty, Seat, SurgeMove, TaskKind
from domain.muster import Muster, muster_fact
from domain.rebuild import Projection, Rebuilt
from domain.secondment import Trigger
from lab.small_town import GOVERNMENT, Donor
from planning import plan
from tests.adapters.postgres.kit import NOW, Registry, crew, registry

BY = Attribution("system:test", "SYSTEM", "2026-1#surge")
TO_DUTY = (Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE, Trigger.CHECK_IN)
LATER = NOW + timedelta(days=3)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 12, 6)) as books:
        yield books


async def asked(books: Registry, people: int = 3) -> str:
    """A surge that its case has received, as its workflow would write it."""
    surge_id = await books.surge(people)
    await books.execute("UPDATE surges SET state = 'DRAFT'")
    await move(books, surge_id, surge.State.SUBMITTED, "RequestSubmitted", 0)
    await move(books, surge_id, surge.State.SOURCING, "PlanConfirmed", 1)
    return surge_id


async def move(books: Registry, surge_id: str, state: surge.State, event: str, revision: int) -> None:
    fact = Fact(event, cases.surge(surge_id), NOW, BY, None, {"state": state.value})
    duty = Duty(TaskKind.SIGN_ORDER, NOW + timedelta(hours=4), capacity=Capacity.SIGNATORY)
    life = surge.Life(state, revision, NOW)
    await books.surges.write(SurgeMove(surge_id, GOVERNMENT, life, fact, (duty,)))


async def staffed(books: Registry) -> list[Seat]:
    """One who was only asked, one who said yes, one on site; and a roll call."""
    surge_id = await asked(books)
    seats = await books.hold(surge_id, crew(books.town, "kota-kecil.PKM-1", 3))
    await books.walk(seats[1], Trigger.ACCEPT)
    await books.walk(seats[2], *TO_DUTY, at=NOW + timedelta(hours=1))
    who = Actor(books.town.officers[Capacity.COMMAND_POST], GOVERNMENT, (Appointment(Capacity.COMMAND_POST),))
    roll = Muster(surge_id, GOVERNMENT, LATER, (seats[2].placement_id,), ())
    fact = muster_fact(roll, who, Granted(Capacity.COMMAND_POST), "2026-1#surge", LATER)
    await MusterBook(books.database).note(GOVERNMENT, roll.present, LATER, fact)
    return seats


async def found(books: Registry, at: datetime = LATER) -> Rebuilt:
    return await rebuild(books.database, GOVERNMENT, at)


async def test_every_board_is_what_the_log_gives_and_says_as_of_which_entry(books: Registry) -> None:
    await staffed(books)
    told = await found(books)
    assert told.faults == ()
    assert told.holds
    assert told.rows["placement"] == 3
    assert told.rows["line"] == told.rows["surge"] == told.rows["lent"] == 1
    assert told.rows["task"] == 4  # to answer, to release, to sign, and what somebody at the site still needs
    assert (told.log, told.log_at) == (told.entries, LATER)
    assert told.log == await books.value("SELECT seq FROM log_heads")


async def test_it_holds_after_every_single_move_of_a_road(books: Registry) -> None:
    (seat,) = await books.hold(await asked(books, 1), crew(books.town, "kota-kecil.PKM-1", 1))
    road = (
        *TO_DUTY,
        Trigger.START_DUTY,
        Trigger.WARN_ENDING,
        Trigger.REPORT_INJURY,
        Trigger.FILE_ACCIDENT_REPORT,
    )
    home = (Trigger.RELEASE_EARLY, Trigger.SIGN_DEMOB, Trigger.ESCALATE_RETURN, Trigger.CONFIRM_RETURN)
    for step, trigger in enumerate((*road, *home)):
        await books.walk(seat, trigger, at=NOW + timedelta(hours=step))
        assert (await found(books, NOW + timedelta(days=30))).faults == (), trigger


@pytest.mark.parametrize("settled", [Trigger.FILE_ACCIDENT_REPORT, Trigger.WAIVE_ACCIDENT_REPORT])
async def test_it_holds_after_a_death_while_its_report_is_owed_and_after(
    books: Registry, settled: Trigger
) -> None:
    (seat,) = await books.hold(await asked(books, 1), crew(books.town, "kota-kecil.PKM-1", 1))
    await books.walk(seat, *TO_DUTY, at=NOW + timedelta(hours=1))
    for step, trigger in enumerate((Trigger.REPORT_DEATH, Trigger.ESCALATE_ACCIDENT_REPORT, settled), 2):
        await books.walk(seat, trigger, at=NOW + timedelta(hours=step))
        assert (await found(books, NOW + timedelta(days=30))).faults == (), trigger
    assert await books.value("SELECT since FROM placements") == NOW + timedelta(hours=2)


async def test_who_is_checked_in_arrived_once_whatever_is_told_them_after(books: Registry) -> None:
    (seat,) = await books.hold(await asked(books, 1), crew(books.town, "kota-kecil.PKM-1", 1))
    await books.walk(seat, *TO_DUTY, at=NOW + timedelta(hours=1))
    await books.walk(seat, Trigger.LOSE_COVER, at=NOW + timedelta(hours=5))
    arrived = await books.value("SELECT checked_in_at FROM placements")
    assert arrived == NOW + timedelta(hours=1)
    assert (await found(books)).faults == ()


ALTERED = {
    "placement {0}: state is RELEASED in the books, RELEASE_PENDING by the log": "UPDATE placements SET state = 'RELEASED' WHERE placement_id = '{0}'",
    "placement {0}: out is True in the books, False by the log": "UPDATE placements SET out = true WHERE placement_id = '{0}'",
    "placement {0}: only in the log": "DELETE FROM placements WHERE placement_id = '{0}'",
    "line {1}/01: quantity is 9 in the books, 3 by the log": "UPDATE request_lines SET quantity = 9",
    "surge {1}: asked is 9 in the books, 3 by the log": "UPDATE request_lines SET quantity = 9",
    "surge {1}: state is ACTIVE in the books, SOURCING by the log": "UPDATE surges SET state = 'ACTIVE'",
    "lent kota-kecil.PKM-1 nurse: lent is 2 in the books, 3 by the log": "UPDATE unit_roles SET lent = 2 WHERE lent > 0",
    "task DECIDE_RELEASE secondment:{0} UNIT_HEAD kota-kecil.PKM-1: only in the log": "UPDATE tasks SET closed_at = now() WHERE kind = 'DECIDE_RELEASE'",
}


@pytest.mark.parametrize("fault", ALTERED)
async def test_a_row_that_was_altered_behind_the_logs_back_is_named(books: Registry, fault: str) -> None:
    seats = await staffed(books)
    names = (seats[1].placement_id, seats[1].surge_id)
    await books.execute("ALTER TABLE placements DISABLE TRIGGER USER")
    await books.execute(ALTERED[fault].format(*names))
    told = await found(books)
    assert not told.holds
    assert fault.format(*names) in told.faults
    beside = await boards_hold(books.database, GOVERNMENT, LATER)
    assert (beside.code, beside.violations, beside.holds) == ("B1", len(told.faults), False)
    assert set(beside.sample) <= set(told.faults)


async def settled(books: Registry) -> Seat:
    """Somebody who is home, has reported and was paid, and whom the host need not evaluate any more."""
    (seat,) = await books.hold(await asked(books, 1), crew(books.town, "kota-kecil.PKM-1", 1))
    home = (Trigger.START_DUTY, Trigger.RELEASE_EARLY, Trigger.SIGN_DEMOB, Trigger.CONFIRM_RETURN)
    await books.walk(seat, *TO_DUTY, *home, at=NOW + timedelta(hours=1))
    paid = {"reference": "SP2D/1", "dated": "2026-11-24", "amount": "340000"}
    for trigger, said in (
        (Trigger.URGE_SETTLEMENT, {}),
        (Trigger.RECEIVE_REPORT, {}),
        (Trigger.SETTLE_CLAIM, paid),
        (Trigger.WAIVE_SETTLEMENT, {"choice": "HOST_DISSOLVED"}),
    ):
        await books.walk(seat, trigger, at=LATER, said=said)
        assert (await found(books)).faults == (), trigger
    assert await books.value("SELECT state FROM placements") == "CLOSED"
    return seat


ALTERED_PAPERS = {
    "placement {0}: claim_reference is SP2D/9 in the books, SP2D/1 by the log": "claim_reference = 'SP2D/9'",
    "placement {0}: claim_dated is 2026-11-25 in the books, 2026-11-24 by the log": "claim_dated = '2026-11-25'",
    "placement {0}: claim_amount is 9000000 in the books, 340000 by the log": "claim_amount = 9000000",
    "surge {1}: claimed is 9000000 in the books, 340000 by the log": "claim_amount = 9000000",
    "surge {1}: reimbursed is 0 in the books, 1 by the log": "papers_received = '{{REPORT}}'",
    "surge {1}: reported is 0 in the books, 1 by the log": "papers_received = '{{CLAIM}}'",
    "surge {1}: outstanding is 1 in the books, 0 by the log": "papers_owed = '{{CLAIM}}'",
    "surge {1}: waived is 0 in the books, 1 by the log": "papers_waived = '{{}}'",
    "placement {0}: claim_by is 2027-01-01 00:00:00+00:00 in the books": "claim_by = '2027-01-01T00:00:00Z'",
}


@pytest.mark.parametrize("fault", ALTERED_PAPERS)
async def test_papers_and_claims_that_were_altered_behind_the_logs_back_are_named(
    books: Registry, fault: str
) -> None:
    seat = await settled(books)
    await books.execute("ALTER TABLE placements DISABLE TRIGGER USER")
    await books.execute(f"UPDATE placements SET {ALTERED_PAPERS[fault].format()}")
    told = (await found(books)).faults
    named = fault.format(seat.placement_id, seat.surge_id)
    assert any(one.startswith(named) for one in told), told


async def test_a_cap_that_was_raised_is_in_the_log_and_nowhere_else(books: Registry) -> None:
    surge_id, person = await asked(books), books.town.staff["kota-kecil.PKM-1"][0]
    sekda, command_id = books.town.officers[Capacity.SEKDA], await books.command(cases.surge(surge_id))
    by = Attribution(sekda, "SEKDA", "2026-1#surge.request", command_id)
    told = {"state": "SOURCING", "days": 10, "choice": "NO_OTHER_SOURCE"}
    fact = Fact("YearlyCapWaived", cases.surge(surge_id), NOW, by, person, told)
    await books.surges.write(SurgeMove(surge_id, GOVERNMENT, surge.Life(surge.State.SOURCING, 2, NOW), fact))
    whole = await found(books)
    assert (whole.faults, whole.rows["cap"]) == ((), 1)
    await books.execute("UPDATE yearly_cap_waivers SET days = 90")
    assert f"cap {command_id}: days is 90 in the books, 10 by the log" in (await found(books)).faults


async def ordered(books: Registry) -> tuple[str, str, list[Seat]]:
    """A surge whose first number is void, and whose second order is reserved: (surge, order, its people)."""
    surge_id = await asked(books)
    seats = await books.hold(surge_id, crew(books.town, "kota-kecil.PKM-1", 2))
    for seat in seats:
        await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    for again in (True, False):
        command_id = await books.command(cases.surge(surge_id))
        order_id, _, _ = await books.orders.reserve(surge_id, command_id, str(uuid.uuid4()), NOW)
        assert (await found(books)).faults == ()
        if again:
            await books.orders.void(order_id, "incomplete: funding_source", NOW)
            assert (await found(books)).faults == ()
    return surge_id, order_id, seats


async def issue(books: Registry, surge_id: str, order_id: str) -> None:
    told = {"state": "SOURCING", "order_id": order_id}
    fact = Fact("OrderSigned", cases.surge(surge_id), NOW, BY, None, told)
    duty = Duty(TaskKind.SIGN_ORDER, NOW + timedelta(hours=4), capacity=Capacity.SIGNATORY)
    signed = SurgeMove(surge_id, GOVERNMENT, surge.Life(surge.State.SOURCING, 2, NOW), fact, (duty,))
    file_sha256 = await books.orders.keep_file(order_id, None, b"the order")
    await books.orders.issue(order_id, "f" * 64, file_sha256, "CODE-1", signed)


ALTERED_ORDERS = {
    "order {order}: state is RESERVED in the books, ISSUED by the log": "UPDATE orders SET state = 'RESERVED' WHERE order_id = '{order}'",
    "order {order}: people is 1 in the books, 2 by the log": "UPDATE placements SET order_id = NULL WHERE placement_id = '{person}'",
    "placement {person}: order_id is None in the books, {order} by the log": "UPDATE placements SET order_id = NULL WHERE placement_id = '{person}'",
    "order {order}: number is 9 in the books, 800.1.11.1/2/BPBD/XI/2026 by the log": "UPDATE orders SET number = '9' WHERE order_id = '{order}'",
}


@pytest.mark.parametrize("fault", ALTERED_ORDERS)
async def test_numbers_that_are_reserved_void_or_issued_and_who_stands_on_them_are_in_the_log(
    books: Registry, fault: str
) -> None:
    surge_id, order_id, seats = await ordered(books)
    await issue(books, surge_id, order_id)
    told = await found(books)
    assert (told.faults, told.rows["order"]) == ((), 2)
    names = {"order": order_id, "person": seats[0].placement_id}
    await books.execute("ALTER TABLE placements DISABLE TRIGGER USER")
    await books.execute(ALTERED_ORDERS[fault].format(**names))
    assert fault.format(**names) in (await found(books)).faults


async def test_a_number_that_was_taken_out_of_the_books_is_missed(books: Registry) -> None:
    _surge, order_id, _ = await ordered(books)
    await books.execute("ALTER TABLE placements DISABLE TRIGGER USER")
    await books.execute("UPDATE placements SET order_id = NULL")
    await books.execute("DELETE FROM orders")
    faults = (await found(books)).faults
    assert sum(one.startswith("order ") and one.endswith(": only in the log") for one in faults) == 2
    assert f"order {order_id}: only in the log" in faults


async def test_what_the_newest_plan_leaves_empty_is_in_the_log(books: Registry) -> None:
    """Told as it is kept, also where the plan asks nobody; and told once."""
    surge_id = await asked(books, 40)
    line = f"{surge_id}/01"

    async def planned() -> None:
        answer = plan(await books.surges.problem(surge_id, NOW))
        await books.surges.keep_plan(surge_id, str(uuid.uuid4()), answer, NOW)

    for _ in range(2):
        await planned()
        assert (await found(books)).faults == ()
    assert await books.value("SELECT count(*) FROM events WHERE type = 'PlacesUnfilled'") == 1
    missing = await books.value("SELECT (shortfall ->> 'missing')::int FROM request_lines")
    assert missing > 0
    await books.execute("UPDATE request_lines SET shortfall = shortfall || '{\"missing\": 1}'")
    assert f"line {line}: short_by is 1 in the books, {missing} by the log" in (await found(books)).faults
    await books.execute("UPDATE request_lines SET shortfall = NULL")
    assert f"line {line}: short_by is 0 in the books, {missing} by the log" in (await found(books)).faults


@pytest.mark.parametrize("which", ["first", "middle", "last"])
async def test_an_entry_that_was_taken_out_is_missed(books: Registry, which: str) -> None:
    await staffed(books)
    last = await books.value("SELECT max(seq) FROM events")
    seq = {"first": 1, "middle": last // 2, "last": last}[which]
    await books.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_government_id_seq_fkey")
    await books.execute(f"DELETE FROM events WHERE seq = {seq}")
    told = await found(books)
    assert told.gaps == (seq,)
    assert told.faults[0] == f"log: entry {seq} is missing"
    assert told.differences


async def test_whichever_entry_is_gone_is_missed_and_the_rest_is_folded_all_the_same(books: Registry) -> None:
    seats = await staffed(books)
    await books.walk(seats[2], Trigger.START_DUTY, Trigger.RELEASE_EARLY, Trigger.SIGN_DEMOB, at=LATER)
    async with books.database.reading() as connection:
        rows = await queries.read_log(connection, government_id=GOVERNMENT, after=0, most=1000)
        for gone in rows:
            projection = Projection()
            for row in rows:
                if row is not gone:
                    projection.take(entry_of(row))
            projection.tables(LATER)
            assert projection.gaps == ([gone["seq"]] if gone is not rows[-1] else [])


async def test_where_nothing_happened_nothing_was_compared_and_that_is_no_proof(books: Registry) -> None:
    told = await found(books)
    assert (told.compared, told.faults, told.holds) == (0, (), False)
    with pytest.raises(LookupError):
        await rebuild(books.database, "nowhere", NOW)


async def test_what_is_written_while_it_is_rebuilt_is_seen_whole_or_not_at_all(books: Registry) -> None:
    seats = await staffed(books)

    async def write() -> None:
        for _ in range(10):
            await books.walk(seats[2], Trigger.START_REST, Trigger.END_REST, at=LATER)

    await books.walk(seats[2], Trigger.START_DUTY, at=LATER)
    writing = asyncio.create_task(write())
    looks = [await found(books) for _ in range(5)]
    await writing
    assert [look.faults for look in looks] == [()] * 5
