"""What a surge stands on, guarded by the database: an operation or a letter, an oral order that another heard."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres import requests
from adapters.postgres.commands import CommandBook, DutiesApart
from adapters.postgres.desk import Desk
from adapters.postgres.invariants import invariants
from adapters.postgres.registry import Registry as OpenCases
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.documents import contradictions
from domain.log import Attribution, Fact
from domain.moves import SurgeMove
from domain.oral import Oral
from domain.requests import Letter, LineRequest, OralOrder, RequestKind, SurgeRequest
from domain.secondment import Trigger
from domain.surge import Life, State
from domain.unmet import Unmet
from lab.small_town import SITE, Donor
from tests.adapters.postgres.kit import DAY, NOW, PACK, RULES, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"
LINE = LineRequest("health_post_nurse", 2, 1, "Pos 1", *SITE, NOW + 4 * DAY, NOW + 11 * DAY)
LETTER = Letter("440/1", NOW.date(), "Kepala Dinas", UNIT, NOW + 60 * DAY)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 8, 6), Donor("PKM-2", 4, 2)) as books:
        yield books


def asked(books: Registry, kind: CommandKind = CommandKind.REQUEST_SURGE, case: str | None = None) -> Command:
    command_id = str(uuid.uuid4())
    return Command(
        command_id, books.town.government_id, case or cases.surge(f"SU-{command_id[:8]}"), kind,
        books.town.officers[Capacity.COORDINATOR], Capacity.COORDINATOR, NOW,
    )  # fmt: skip


async def request(books: Registry, **more: Any) -> str:
    """A request as the desk writes it down: its surge's id."""
    command = asked(books)
    told = SurgeRequest(None, "Bantuan", "APBD", (LINE,), LETTER)
    await Desk(books.database, "", RULES).request_surge(
        command, command.command_id, replace(told, **more), PACK.id
    )
    return command.case_id.partition(":")[2]


async def by_word(books: Registry) -> str:
    """A staffed surge that was ordered by word of mouth."""
    surge_id = await books.surge(2)
    await books.execute(
        "UPDATE surges SET oral_by = $1, oral_capacity = 'APPOINTING_AUTHORITY', oral_at = $2, paper_by = $3",
        books.town.officers[Capacity.APPOINTING_AUTHORITY],
        NOW,
        NOW + DAY,
    )
    return surge_id


async def test_a_demand_for_service_stands_on_its_letter(books: Registry) -> None:
    surge_id = await request(books)
    brief = await books.surges.brief(surge_id)
    assert (brief.kind, brief.status_in_force, brief.letter_until) == (
        RequestKind.SERVICE_DEMAND, False, LETTER.until,
    )  # fmt: skip
    assert (brief.people, brief.first_report, brief.last_due_back) == (2, LINE.report_at, LINE.due_back)


@pytest.mark.parametrize(
    "change",
    [
        "letter_number = NULL",
        "letter_until = NULL",
        "unit_id = NULL",
        "kind = 'disaster'",
        "kind = 'whim'",
    ],
)
async def test_without_an_operation_the_letter_is_whole(books: Registry, change: str) -> None:
    await request(books)
    with pytest.raises(asyncpg.CheckViolationError):
        await books.execute(f"UPDATE surges SET {change}")


async def test_a_disaster_has_its_operation(books: Registry) -> None:
    await books.surge(1)
    with pytest.raises(asyncpg.CheckViolationError):
        await books.execute("UPDATE surges SET operation_id = NULL")


async def test_nobody_hears_or_ratifies_their_own_word(books: Registry) -> None:
    await by_word(books)
    coordinator = books.town.officers[Capacity.COORDINATOR]
    for column in ("oral_by", "ratified_at = now(), ratified_by"):
        with pytest.raises(asyncpg.CheckViolationError, match="heard_by_another"):
            await books.execute(f"UPDATE surges SET {column} = $1", coordinator)
    with pytest.raises(asyncpg.CheckViolationError, match="oral_order_is_whole"):
        await books.execute("UPDATE surges SET oral_at = NULL")


@pytest.mark.parametrize(
    "kind", [CommandKind.RETURN_SURGE, CommandKind.RATIFY_ORAL_ORDER, CommandKind.PROLONG_LETTER]
)
async def test_whoever_asked_does_not_decide_on_it(books: Registry, kind: CommandKind) -> None:
    case = cases.surge(await by_word(books))
    said = replace(asked(books, kind, case), capacity=Capacity.SEKDA)
    with pytest.raises(DutiesApart, match="own_proposal"):
        await Desk(books.database, "", RULES).record(said, "k")


async def test_whoever_changed_the_request_does_not_approve_it(books: Registry) -> None:
    case = cases.surge(await books.surge(1))
    desk, sekda = Desk(books.database, "", RULES), books.town.officers[Capacity.SEKDA]
    again = replace(asked(books, CommandKind.RESUBMIT_SURGE, case), actor_id=sekda)
    await desk.record(again, "again")
    await books.execute("UPDATE commands SET state = 'APPLIED'")
    approval = replace(asked(books, CommandKind.APPROVE_SURGE, case), actor_id=sekda, capacity=Capacity.SEKDA)
    with pytest.raises(DutiesApart, match="two_hats"):
        await desk.record(approval, "approval")


async def test_a_changed_request_is_put_in_force_once_and_a_refused_one_never(books: Registry) -> None:
    surge_id = await request(books)
    desk, case = Desk(books.database, "", RULES), cases.surge(surge_id)
    changed = SurgeRequest(
        None, "Lain", "APBD-P", (replace(LINE, quantity=1), LINE), replace(LETTER, number="440/2")
    )
    command = asked(books, CommandKind.RESUBMIT_SURGE, case)
    await desk.resubmit_surge(command, "again", changed)
    assert (await books.surges.brief(surge_id)).people == 2
    assert (await books.surges.brief(surge_id, command.command_id)).people == 3
    async with books.database.reading() as connection:
        assert await requests.change(connection, command.command_id) == changed
    by = Attribution(command.actor_id, "COORDINATOR", "b", command.command_id)
    fact = Fact("RequestResubmitted", case, NOW, by, None, {"state": "SUBMITTED"})
    move = SurgeMove(surge_id, command.government_id, Life(State.SUBMITTED, 2, NOW), fact)
    assert not (await books.surges.write(move)).again
    assert (await books.surges.write(move)).again
    assert await books.value("SELECT array_agg(line_id ORDER BY line_id) FROM request_lines") == [
        f"{surge_id}/01", f"{surge_id}/02",
    ]  # fmt: skip
    assert await books.value("SELECT letter_number || title || funding FROM surges") == "440/2LainAPBD-P"
    taken, conflict = await CommandBook(books.database).take(command.command_id, case) or (command, "unknown")
    assert (taken.state.value, conflict) == ("APPLIED", None)


async def test_who_went_by_word_is_counted_until_an_order_is_signed_for_them(books: Registry) -> None:
    surge_id = await by_word(books)
    gone, waits = await books.hold(surge_id, crew(books.town, UNIT, 2))
    await books.walk(gone, Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE)
    await books.walk(waits, Trigger.ACCEPT, Trigger.RELEASE)
    tally = await books.surges.tally(surge_id, NOW)
    assert (tally.awaiting_order, tally.held_up, tally.out) == (2, 1, 1)
    assert await books.orders.held_up(surge_id) == (waits.placement_id,)
    command_id = await books.command(cases.surge(surge_id))
    order_id, _, people = await books.orders.reserve(surge_id, command_id, str(uuid.uuid4()), NOW)
    assert people == 2
    tally = await books.surges.tally(surge_id, NOW)
    assert (tally.awaiting_order, tally.held_up) == (0, 0)
    on_it = {person.placement_id for person in (await books.orders.draft(order_id)).people}
    assert on_it == {gone.placement_id, waits.placement_id}


async def test_when_the_duty_is_over_only_who_went_by_word_is_still_owed_an_order(books: Registry) -> None:
    surge_id = await by_word(books)
    gone, waits = await books.hold(surge_id, crew(books.town, UNIT, 2))
    await books.walk(gone, Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE)
    over = (await books.walk(waits, Trigger.ACCEPT, Trigger.RELEASE)).due_back
    before, after = [await books.surges.tally(surge_id, at) for at in (over - timedelta(seconds=1), over)]
    assert (before.awaiting_order, after.awaiting_order) == (2, 1)
    assert before.sign_by is None, "a first order prolongs nothing"
    command_id = await books.command(cases.surge(surge_id))
    await books.execute("UPDATE commands SET decided_at = $1 WHERE command_id = $2", over, command_id)
    order_id, _, people = await books.orders.reserve(surge_id, command_id, str(uuid.uuid4()), over)
    assert people == 1
    draft = await books.orders.draft(order_id)
    assert [person.placement_id for person in draft.people] == [gone.placement_id]
    assert contradictions(draft) == ()


async def test_the_paper_says_by_whose_word_and_a_letter_stands_in_for_a_decree(books: Registry) -> None:
    surge_id = await by_word(books)
    (seat,) = await books.hold(surge_id, crew(books.town, UNIT, 1))
    await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    order_id, _, _ = await books.orders.reserve(
        surge_id, await books.command(cases.surge(surge_id)), str(uuid.uuid4()), NOW
    )
    word = await books.orders.draft(order_id)
    assert word.oral_order_ref
    assert (word.oral_order_ref.given_by, word.oral_order_ref.paper_due) == (
        "Wali Kota Kota Kecil",
        NOW + DAY,
    )
    assert "diperintahkan secara lisan oleh Wali Kota Kota Kecil" in word.considerations[0]
    assert word.emergency_decree_ref is None
    demand = await request(books)
    await books.execute("UPDATE surges SET state = 'SOURCING' WHERE surge_id = $1", demand)
    (other,) = await books.hold(demand, crew(books.town, "kota-kecil.PKM-2", 1))
    await books.walk(other, Trigger.ACCEPT, Trigger.RELEASE)
    order_id, _, _ = await books.orders.reserve(
        demand, await books.command(cases.surge(demand)), str(uuid.uuid4()), NOW
    )
    letter = await books.orders.draft(order_id)
    assert letter.letter_ref
    assert (letter.letter_ref.number, letter.emergency_decree_ref, letter.oral_order_ref) == (
        "440/1",
        None,
        None,
    )
    assert letter.legal_bases == PACK.assignment_order.service_legal_bases
    assert "Unit PKM-1" in letter.considerations[0]
    assert "surat Kepala Dinas Nomor 440/1" in letter.considerations[0]


@pytest.mark.parametrize(
    ("government", "decreed", "issuer"),
    [
        ("city", "REGENCY_CITY", "Wali Kota Kota Kecil"),
        ("regency", "REGENCY_CITY", "Bupati Kota Kecil"),
        ("city", "PROVINCE", "Gubernur"),
        ("regency", "NATIONAL", "Presiden"),
        ("province", "PROVINCE", "Gubernur Kota Kecil (contoh)"),
    ],
)
async def test_the_paper_names_whose_decree_the_status_is(
    books: Registry, government: str, decreed: str, issuer: str
) -> None:
    surge_id = await books.surge(1)
    await books.execute("UPDATE governments SET level = $1", government)
    await books.execute(
        "INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, period, declared_end,"
        " decided_at, recorded_at) SELECT operation_id, 1, $2, 'RESPONSE', 'k', '100/1', '2026-11-22', tstzrange($3, $4),"
        " $4, $3, $3 FROM surges WHERE surge_id = $1",
        surge_id,
        decreed,
        NOW,
        NOW + 20 * DAY,
    )
    (seat,) = await books.hold(surge_id, crew(books.town, UNIT, 1))
    await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    command_id = await books.command(cases.surge(surge_id))
    order_id, _, _ = await books.orders.reserve(surge_id, command_id, str(uuid.uuid4()), NOW)
    decree = (await books.orders.draft(order_id)).emergency_decree_ref
    assert decree
    assert decree.issuer == issuer


async def test_the_unit_that_asks_lends_nobody_to_itself(books: Registry) -> None:
    surge_id = await request(books)
    await books.execute("UPDATE surges SET state = 'APPROVED'")
    problem = await books.surges.problem(surge_id, NOW)
    assert {person for person, _ in problem.excluded} == set(books.town.staff[UNIT])


async def test_a_case_is_taken_up_where_it_stood_with_what_was_urged(books: Registry) -> None:
    surge_id = await by_word(books)
    mayor = books.town.officers[Capacity.APPOINTING_AUTHORITY]
    oral = Oral(mayor, Capacity.APPOINTING_AUTHORITY, NOW, NOW + DAY, notices=1)
    life = Life(State.ACTIVE, 7, NOW - DAY, None, escalation=1, signing_since=NOW, notices=2, oral=oral)
    life = replace(life, unmet=Unmet(NOW, idle=True, escalation=1, notices=2))
    case = cases.surge(surge_id)
    fact = Fact("SurgeReminded", case, NOW + timedelta(hours=1), Attribution("system:clock", "SYSTEM", "b"))
    await books.surges.write(SurgeMove(surge_id, books.town.government_id, life, fact, ()))
    async with books.database.writing() as connection:
        from adapters.postgres.commands import record

        await record(connection, replace(asked(books, case=case), kind=CommandKind.REQUEST_SURGE), "k")
    assert (await OpenCases(books.database, RULES).open_case(case)).life == life
    found = {one.code: one for one in await invariants(books.database, books.town.government_id)}
    assert found["I6"].violations == 0


async def test_an_oral_order_is_kept_with_who_when_and_who_heard(books: Registry) -> None:
    surge = await books.surge(1)
    operation_id = await books.value("SELECT operation_id FROM surges WHERE surge_id = $1", surge)
    mayor = books.town.officers[Capacity.APPOINTING_AUTHORITY]
    word = OralOrder(mayor, NOW, Capacity.APPOINTING_AUTHORITY)
    surge_id = await request(books, operation_id=operation_id, letter=None, oral=word)
    assert (await books.surges.brief(surge_id)).oral == word
    heard_by = await books.value("SELECT requested_by FROM surges WHERE surge_id = $1", surge_id)
    assert heard_by == books.town.officers[Capacity.COORDINATOR]
