"""A roster that comes while people are away: nobody falls out, and what was right before stays right."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.postgres.burden import staff_of
from adapters.postgres.database import queries
from adapters.postgres.invariants import invariants
from adapters.postgres.roster import RosterBook
from domain.astray import Astray
from domain.burden import Staff
from domain.log import Attribution, Fact
from domain.moves import Seat
from domain.roster import PeopleColumns, Roster
from domain.secondment import Trigger
from lab.small_town import Donor
from planning import plan
from tests.adapters.postgres.kit import DAY, NOW, PACK, Registry, crew, registry

UNIT, OTHER = "kota-kecil.PKM-1", "kota-kecil.PKM-2"
AWAY = (Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE, Trigger.CHECK_IN)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 8, 2), Donor("PKM-2", 8, 2)) as opened:
        yield opened


async def away(books: Registry, people: int = 2) -> list[Seat]:
    """So many of the first clinic are on the site."""
    seats = await books.hold(await books.surge(people), crew(books.town, UNIT, people))
    for seat in seats:
        await books.walk(seat, *AWAY)
    return seats


def with_people(roster: Roster, units: dict[str, str | None]) -> Roster:
    """The roster with some of its people in another unit, or (None) nowhere."""
    people = PeopleColumns()
    for row in roster.people.rows():
        unit = units.get(str(row[0]), row[PeopleColumns.names().index("unit")])
        if unit is not None:
            for name, column, cell in zip(PeopleColumns.names(), people.columns(), row, strict=True):
                column.append(unit if name == "unit" else cell)
    known = set(people.nip)
    return replace(roster, people=people, skills=tuple(one for one in roster.skills if one.nip in known))


def dissolved(roster: Roster, code: str) -> Roster:
    """The roster without a unit."""
    return replace(
        roster,
        units=tuple(one for one in roster.units if one.code != code),
        workload=tuple(one for one in roster.workload if one.unit != code),
        redlines=tuple(one for one in roster.redlines if one.unit != code),
        appointments=tuple(one for one in roster.appointments if one.unit != code),
    )


async def comes(books: Registry, roster: Roster) -> tuple[Astray, ...]:
    by = Attribution("system:test", "OPERATOR", "test")
    imported = Fact("RosterImported", "roster:kota-kecil", NOW, by)
    return await RosterBook(books.database).write(roster, PACK, imported)


async def broken(books: Registry) -> list[tuple[str, tuple[str, ...]]]:
    found = await invariants(books.database, books.town.government_id)
    return [(one.code, one.sample) for one in found if one.violations and one.code in {"I8", "I9"}]


async def nurses(books: Registry, unit: str) -> Staff:
    async with books.database.reading() as connection:
        rows = await queries.burden_staff(
            connection, government_id="kota-kecil", everybody=True, units=[], at=NOW, lending=False
        )
    return next(staff_of(row) for row in rows if (row["unit_id"], row["role"]) == (unit, "nurse"))


async def test_a_unit_that_is_dissolved_while_its_people_are_away_has_nobody_and_lends_nobody(
    books: Registry,
) -> None:
    seats = await away(books)
    staff = books.town.staff[UNIT]
    moved = with_people(books.town.roster, dict.fromkeys(staff, "PKM-2"))
    await comes(books, dissolved(moved, "PKM-1"))
    counted = (
        "SELECT headcount, redline, lendable, lent FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
    )
    async with books.database.reading() as connection:
        assert tuple(await connection.fetchrow(counted, UNIT)) == (0, 0, 0, 2)
    assert await broken(books) == []
    # Plans are made all the same, with whom the other one may lend.
    await books.surge(3)
    made = plan(await books.surges.problem(await books.surge(3), NOW))
    assert {pick.unit_id for pick in made.picks} <= {OTHER}
    # All come home, and the count of a unit that is no more with them.
    await books.walk(seats[0], Trigger.RECALL, Trigger.SIGN_DEMOB, Trigger.CONFIRM_RETURN)
    assert await books.lent(UNIT) == 1
    assert await broken(books) == []


async def test_a_roster_by_which_a_unit_may_lend_less_accuses_nobody_of_what_was_lent_before(
    books: Registry,
) -> None:
    await away(books)
    # One of the clinic's people has left the service: it may lend one now, and two are away.
    await comes(books, with_people(books.town.roster, {books.town.staff[UNIT][-1]: None}))
    lendable = await books.value(
        "SELECT lendable FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'", UNIT
    )
    assert (lendable, await books.lent(UNIT)) == (1, 2)
    assert await broken(books) == []
    # Whom it lends from now on is judged by what it may lend from now on.
    await books.execute("ALTER TABLE placements DISABLE TRIGGER placement_hold")
    await books.hold(await books.surge(1), [(UNIT, books.town.staff[UNIT][3])])
    assert await broken(books) == [("I8", (f"{UNIT} nurse",))]


async def test_a_roster_by_which_a_unit_may_lend_more_excuses_nobody_for_what_was_lent_before(
    books: Registry,
) -> None:
    await books.execute("ALTER TABLE placements DISABLE TRIGGER placement_hold")
    await books.hold(await books.surge(3), crew(books.town, UNIT, 3))
    redlines = tuple(replace(one, minimum=0) for one in books.town.roster.redlines)
    await comes(books, replace(books.town.roster, redlines=redlines))
    await books.execute("UPDATE unit_roles SET lent = 3 WHERE unit_id = $1 AND role = 'nurse'", UNIT)
    assert await broken(books) == [("I8", (f"{UNIT} nurse",))]


async def test_whom_a_roster_moves_or_drops_while_they_are_away_thins_no_unit_that_they_left(
    books: Registry,
) -> None:
    first, second = [seat.person_id for seat in await away(books)]
    assert (await nurses(books, UNIT)).margin == 0
    await comes(books, with_people(books.town.roster, {first: "PKM-2", second: None}))
    # Six are on its roster and six must be there: all are. Nine are on that of the other, of whom one is away.
    left, joined = await nurses(books, UNIT), await nurses(books, OTHER)
    assert (left.headcount, left.held, left.gone, left.margin) == (6, 2, 2, 0)
    assert not left.thin
    assert (joined.headcount, joined.held, joined.absent, joined.margin) == (9, 0, 1, 2)


async def test_who_comes_to_a_unit_while_another_one_lends_them_is_not_there_to_be_lent_with(
    books: Registry,
) -> None:
    first, second = [seat.person_id for seat in await away(books)]
    await comes(books, with_people(books.town.roster, {first: "PKM-2", second: "PKM-2"}))
    # Ten are on its roster, six must be there, and two of the ten are away already.
    room = "SELECT lendable - borne_for_others(unit_id, role) FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
    assert await books.value(room, OTHER) == 2
    problem = await books.surges.problem(await books.surge(9), NOW)
    there = problem.units.ids.index(OTHER)
    table = problem.unit_roles
    rows = zip(table.unit, table.headcount, table.lent, table.lendable, strict=True)
    assert [row for row in rows if row[0] == there] == [(there, 10, 2, 2)]
    assert len(await books.hold(await books.surge(4), crew(books.town, OTHER, 4))) == 2
    assert (await nurses(books, OTHER)).margin == 0
    assert await broken(books) == []


async def test_whom_a_roster_names_no_more_is_ordered_out_by_nobody_and_whoever_is_out_is_owed_the_paper(
    books: Registry,
) -> None:
    first, second = await books.hold(await books.surge(2), crew(books.town, UNIT, 2))
    for seat in (first, second):
        await books.walk(seat, Trigger.ACCEPT, Trigger.RELEASE)
    waiting = "SELECT array_agg(placement_id::text ORDER BY placement_id) FROM waiting_for_order"
    both = sorted([first.placement_id, second.placement_id])
    assert await books.value(waiting) == both
    await comes(books, with_people(books.town.roster, {first.person_id: None}))
    assert await books.value(waiting) == [second.placement_id]
    await comes(books, books.town.roster)
    assert await books.value(waiting) == both, "named again, they may go"
    await books.execute(
        "ALTER TABLE placements DISABLE TRIGGER USER; "
        f"UPDATE placements SET departed_at = report_at WHERE placement_id = '{first.placement_id}'"
    )
    await comes(books, with_people(books.town.roster, {first.person_id: None}))
    assert await books.value(waiting) == both, "gone by word of mouth"


async def test_whoever_imports_a_roster_sees_who_is_on_a_surge_and_not_where_it_says(books: Registry) -> None:
    first, second = await away(books)
    assert await comes(books, books.town.roster) == ()
    moved = {first.person_id: None, second.person_id: "PKM-2", books.town.staff[UNIT][5]: None}
    found = await comes(books, with_people(books.town.roster, moved))
    assert [(one.placement_id, one.state, one.unit_id, one.now_unit_id) for one in found] == [
        (first.placement_id, "CHECKED_IN", UNIT, None),
        (second.placement_id, "CHECKED_IN", UNIT, OTHER),
    ]


@pytest.mark.parametrize("lends", [True, False])
async def test_whoever_is_lent_already_moves_on_to_another_post_also_when_the_unit_may_lend_nobody_more(
    books: Registry, lends: bool
) -> None:
    seat, _ = await away(books)
    there = await books.surge(1)
    if not lends:
        redlines = tuple(replace(one, minimum=8) for one in books.town.roster.redlines)
        await comes(books, replace(books.town.roster, redlines=redlines))
    await books.execute(
        "ALTER TABLE placements DISABLE TRIGGER USER; "
        f"UPDATE placements SET state = 'REASSIGNED' WHERE placement_id = '{seat.placement_id}'; "
        "ALTER TABLE placements ENABLE TRIGGER placement_hold; "
        f"UPDATE placements SET held = false, out = false WHERE placement_id = '{seat.placement_id}'"
    )
    async with books.database.writing() as connection:
        await queries.move_on(
            connection,
            placement_id="00000000-0000-0000-0000-000000000001",
            moved_from=seat.placement_id,
            line_id=f"{there}/01",
            order_id=None,
            state="MOBILISING",
            at=NOW,
            report_at=NOW,
            due_back=NOW + DAY,
            extensions=0,
            stay_from=NOW,
            day_off_at=None,
            awake_since=None,
            rest_began_at=None,
            rest_lacking=None,
        )
    assert await books.lent(UNIT) == 2
