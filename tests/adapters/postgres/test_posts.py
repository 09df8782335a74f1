"""The guard of posts in the database: whoever writes, no head is ordered while nobody acts in the post (S09)."""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg
import pytest

from adapters.postgres.database import queries
from adapters.postgres.placements import rest_columns
from adapters.postgres.posts import EMPTY
from domain.authority import Capacity
from domain.moves import Seat
from domain.secondment import Trigger
from planning import plan
from planning.keeping import CannotKeep, plan_keeping
from tests.adapters.postgres.kit import DAY, NOW, Forbidden, Registry, registry

UNIT = "kota-kecil.PKM-1"
APPOINT = "INSERT INTO appointments (government_id, person_id, capacity, unit_id, valid) VALUES ('kota-kecil', $1, $2, $3, '[2026-01-01,)')"
SIGN_BEHIND_ITS_BACK = "UPDATE placements SET state = 'ORDER_SIGNED' WHERE placement_id = $1"


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database) as opened:
        yield opened


async def acts(books: Registry, head: str, since: datetime, until: datetime, nth: int = 1) -> None:
    """Somebody acts for a head, written straight into the table."""
    await books.execute(
        "INSERT INTO mandates (mandate_id, government_id, tenure, substitute_id, principal_id, capacity, unit_id, valid,"
        " written_by, letter, written_at) VALUES (gen_random_uuid(), 'kota-kecil', 'PLH', $1, $2, 'UNIT_HEAD', $3,"
        " tstzrange($4, $5), $6, '821/1', $4)",
        books.town.staff[UNIT][nth],
        head,
        UNIT,
        since,
        until,
        books.town.officers[Capacity.SEKDA],
    )


async def released(books: Registry, person: str) -> Seat:
    surge_id = await books.surge(1)
    (seat,) = await books.hold(surge_id, [(UNIT, person)])
    await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    return seat


async def test_the_database_lets_no_head_be_ordered_while_nobody_acts(books: Registry) -> None:
    head = books.town.staff[UNIT][0]
    seat = await released(books, head)
    # Appointed after being asked: the case knows of no post, and the database does.
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    with pytest.raises(Forbidden, match="acting_head_missing"):
        await books.walk(seat, Trigger.ORDER_ISSUED)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await books.execute(SIGN_BEHIND_ITS_BACK, seat.placement_id)
    assert refused.value.sqlstate == EMPTY
    await books.execute("ALTER TABLE placements DISABLE TRIGGER posts_filled")
    await books.execute(SIGN_BEHIND_ITS_BACK, seat.placement_id)


@pytest.mark.parametrize(
    ("spans", "stands"),
    [
        ([(0, 8)], True),
        ([(0, 4), (4, 8)], True),
        ([(0, 4), (5, 8)], False),
        ([(0, 7)], False),
        ([(2, 8)], False),
    ],
)
async def test_the_whole_duty_must_be_covered_without_a_gap(
    books: Registry, spans: list[tuple[int, int]], *, stands: bool
) -> None:
    head = books.town.staff[UNIT][0]
    seat = await released(books, head)
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    for nth, (first, last) in enumerate(spans, 1):
        await acts(books, head, NOW + first * DAY, NOW + last * DAY, nth)
    if stands:
        await books.walk(seat, Trigger.ORDER_ISSUED)
    else:
        with pytest.raises(Forbidden):
            await books.walk(seat, Trigger.ORDER_ISSUED)


async def test_the_database_lets_no_head_leave_whose_mandate_was_revoked_after_the_order(
    books: Registry,
) -> None:
    head = books.town.staff[UNIT][0]
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    await acts(books, head, NOW, NOW + 8 * DAY)
    seat = await released(books, head)
    await books.walk(seat, Trigger.ORDER_ISSUED)
    sekda = books.town.officers[Capacity.SEKDA]
    await books.execute("UPDATE mandates SET revoked_at = $1, revoked_by = $2", NOW, sekda)
    # The case has not heard of it yet: the books have.
    with pytest.raises(Forbidden, match="acting_head_missing"):
        await books.walk(seat, Trigger.MOBILISE)
    await acts(books, head, NOW, NOW + 8 * DAY, 2)
    await books.walk(seat, Trigger.MOBILISE)


async def test_a_head_is_planned_by_name_only_and_nobody_else_with_an_office_is(books: Registry) -> None:
    staff = books.town.staff[UNIT]
    await books.execute(
        "UPDATE people SET active = false WHERE NOT person_id = ANY ($1::uuid[])", list(staff[:4])
    )
    for person, office in zip(staff[:3], ("UNIT_HEAD", "COORDINATOR", "SEKDA"), strict=True):
        await books.execute(APPOINT, person, office, UNIT if office == "UNIT_HEAD" else None)
    surge_id = await books.surge(3)
    problem = await books.surges.problem(surge_id, NOW)
    assert {pick.person_id for pick in plan(problem).picks} == {staff[3]}
    named = plan_keeping(problem, [(staff[0], f"{surge_id}/01")])
    assert {pick.person_id for pick in named.kept} == {staff[0]}
    assert named.certificate.proven
    with pytest.raises(CannotKeep, match="S09"):
        plan_keeping(problem, [(staff[1], f"{surge_id}/01")])


async def test_who_acts_for_a_head_is_not_sent(books: Registry) -> None:
    staff = books.town.staff[UNIT]
    await books.execute(APPOINT, staff[0], "UNIT_HEAD", UNIT)
    await acts(books, staff[0], NOW + DAY, NOW + 3 * DAY)
    problem = await books.surges.problem(await books.surge(1), NOW)
    codes = dict(zip(problem.people.ids, problem.people.blocked, strict=True))
    assert (codes[staff[0]], codes[staff[1]], codes[staff[2]]) == ("HEAD", "S09", "")
    over = await books.surges.problem(await books.surge(1), NOW + timedelta(days=4))
    assert dict(zip(over.people.ids, over.people.blocked, strict=True))[staff[1]] == ""


async def test_a_head_who_goes_on_to_another_post_keeps_who_acts_at_home(books: Registry) -> None:
    head = books.town.staff[UNIT][0]
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    (seat,) = await books.hold(await books.surge(1), [(UNIT, head)])
    await acts(books, head, NOW, NOW + 20 * DAY)
    other = await books.surge(1)
    next_id = str(uuid.uuid4())

    async def ended(placement_id: str) -> int:
        async with books.database.writing() as connection:
            rows = await queries.end_acting_mandates(
                connection, placement_id=placement_id, case_id=f"secondment:{placement_id}", at=NOW + 3 * DAY
            )
        return len(rows)

    async with books.database.writing() as connection:
        over = "UPDATE placements SET held = false, state = 'REASSIGNED' WHERE placement_id = $1"
        await connection.execute(over, seat.placement_id)
        await queries.move_on(
            connection,
            placement_id=next_id,
            line_id=f"{other}/01",
            order_id=None,
            state="MOBILISING",
            at=NOW + 2 * DAY,
            report_at=NOW + 2 * DAY,
            due_back=NOW + 8 * DAY,
            extensions=0,
            moved_from=seat.placement_id,
            stay_from=NOW,
            **rest_columns(None),
        )
    assert await books.value("SELECT post_unit_id FROM placements WHERE placement_id = $1", next_id) == UNIT
    assert await ended(seat.placement_id) == 0
    # It ends with the last post, though the mandate is older than that one.
    assert await ended(next_id) == 1
