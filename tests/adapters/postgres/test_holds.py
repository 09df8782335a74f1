"""The guards on holds, each raced or provoked, and each shown to bite: without it, the violation happens."""

import asyncio
from datetime import timedelta

import aiosql
import asyncpg
import pytest

from adapters.postgres import database
from domain.duties import told
from domain.log import Attribution
from domain.secondment import State, Trigger
from lab.small_town import Donor
from tests.adapters.postgres.kit import CLOCK, DAY, NOW, Forbidden, Registry, crew, registry

BIG = Donor("PKM-1", 60, 50)
SMALL = Donor("PKM-1", 4, 2)
UNIT = "kota-kecil.PKM-1"
OVERLAPS = """SELECT count(*) FROM placements a JOIN placements b USING (person_id)
               WHERE a.held AND b.held AND a.placement_id < b.placement_id
                 AND tstzrange(a.report_at, a.due_back) && tstzrange(b.report_at, b.due_back)"""
AWAY = (Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE)
# The trigger as migrated, but for its condition.
BLIND_TRIGGER = """DO $$ BEGIN EXECUTE replace(
    (SELECT pg_get_functiondef('take_or_give_back_hold'::regproc)),
    'AND (lent < lendable - borne_for_others(unit_id, role) OR lives OR moves)', ''); END $$"""
BLIND_OVERRIDE = """DO $$ BEGIN EXECUTE replace(
    (SELECT pg_get_functiondef('take_or_give_back_hold'::regproc)), 'AND (used < extra OR lives)', ''); END $$"""


async def race_for_fifty(books: Registry) -> tuple[int, int]:
    """Two surges plan the same 50 people and hold them at once: (held in all, overlapping pairs)."""
    people = crew(books.town, UNIT, 50)
    surges = [await books.surge(50), await books.surge(50)]
    plans = [await books.plan(surge_id, people) for surge_id in surges]
    asks = [
        books.surges.hold(surge_id, plan_id, offset=offset, limit=10, at=NOW)
        for offset in range(0, 50, 10)
        for surge_id, plan_id in zip(surges, plans, strict=True)
    ]
    answers = await asyncio.gather(*asks)
    return sum(len(held) for held, _, _ in answers), await books.value(OVERLAPS)


async def test_two_surges_racing_for_the_same_fifty_people_never_share_one(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 120, 110)) as books:
        held, overlaps = await race_for_fifty(books)
        assert (held, overlaps) == (50, 0)
        assert await books.lent(UNIT) == 50


async def test_without_the_exclusion_constraint_the_race_is_lost(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 120, 110)) as books:
        await books.execute("ALTER TABLE placements DROP CONSTRAINT one_placement_at_a_time")
        held, overlaps = await race_for_fifty(books)
        assert (held, overlaps) == (100, 50)


async def test_two_surges_racing_for_different_people_of_one_unit_get_what_it_may_lend(
    fresh_database: str,
) -> None:
    async with registry(fresh_database, BIG) as books:
        surges = [await books.surge(30), await books.surge(30)]
        parties = (crew(books.town, UNIT, 30), crew(books.town, UNIT, 30, start=30))
        held = await asyncio.gather(*(books.hold(s, party) for s, party in zip(surges, parties, strict=True)))
        assert sum(map(len, held)) == await books.lent(UNIT) == 50


async def take_the_last_twice(books: Registry) -> tuple[int, int]:
    """One person is left to lend, and two surges take somebody of the unit at once: (held, lent)."""
    await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    surges = [await books.surge(1), await books.surge(1)]
    parties = (crew(books.town, UNIT, 1, start=1), crew(books.town, UNIT, 1, start=2))
    held = await asyncio.gather(*(books.hold(s, party) for s, party in zip(surges, parties, strict=True)))
    return sum(map(len, held)), await books.lent(UNIT)


async def test_a_units_last_lendable_person_is_taken_once(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        assert await take_the_last_twice(books) == (1, 2)


async def test_without_the_triggers_condition_the_redline_breaks(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        await books.execute(BLIND_TRIGGER)
        assert await take_the_last_twice(books) == (2, 3)
        assert await books.value("SELECT lendable FROM unit_roles WHERE unit_id = $1", UNIT) == 2


async def test_holding_the_same_stretch_again_gives_the_same_people_and_counts_them_once(
    fresh_database: str,
) -> None:
    async with registry(fresh_database, SMALL) as books:
        surge_id = await books.surge(3)
        plan_id = await books.plan(surge_id, crew(books.town, UNIT, 3))
        first, refused, _ = await books.surges.hold(surge_id, plan_id, offset=0, limit=9, at=NOW)
        assert (len(first), refused, await books.lent(UNIT)) == (2, 1, 2)
        for _ in range(3):
            again, refused, _ = await books.surges.hold(surge_id, plan_id, offset=0, limit=9, at=NOW)
            assert (again, refused, await books.lent(UNIT)) == (first, 1, 2)
        assert await books.value("SELECT count(*) FROM events WHERE type = 'OfferSent'") == 2


async def test_holding_again_while_there_is_room_lends_nobody_twice(fresh_database: str) -> None:
    async with registry(fresh_database, BIG) as books:
        surge_id = await books.surge(3)
        plan_id = await books.plan(surge_id, crew(books.town, UNIT, 3))
        asks = [books.surges.hold(surge_id, plan_id, offset=0, limit=9, at=NOW) for _ in range(4)]
        answers = await asyncio.gather(*asks)
        assert {len(held) for held, _, _ in answers} == {3}
        assert await books.lent(UNIT) == 3


async def test_whoever_ends_gives_the_hold_back_once(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        one, two = await books.hold(await books.surge(2), crew(books.town, UNIT, 2))
        await books.walk(one, Trigger.DECLINE)
        assert await books.lent(UNIT) == 1
        await books.walk(two, Trigger.LAPSE_OFFER)
        assert await books.lent(UNIT) == 0


# ── somebody overdue ──────────────────────────────────────────────────────────────────────────────────────────────


async def overdue(books: Registry) -> None:
    """The unit's first person left, was due back on day 8 and is not home."""
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    await books.walk(seat, *AWAY)


async def nominate_again(books: Registry) -> int:
    """Somebody overdue is picked for a surge long after the due date: how often that person is held."""
    await overdue(books)
    later = NOW + 20 * DAY
    await books.hold(await books.surge(1, report_at=later + DAY), crew(books.town, UNIT, 1), at=later)
    return int(await books.value("SELECT count(*) FROM placements WHERE held"))


async def test_somebody_overdue_is_not_nominated_again(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        assert await nominate_again(books) == 1
        assert await books.lent(UNIT) == 1


@pytest.mark.parametrize("settled", [(), (Trigger.FILE_ACCIDENT_REPORT,)])
async def test_nobody_who_has_died_is_held_again(fresh_database: str, settled: tuple[Trigger, ...]) -> None:
    async with registry(fresh_database, SMALL) as books:
        people, later = crew(books.town, UNIT, 1), NOW + 20 * DAY
        (seat,) = await books.hold(await books.surge(1), people)
        await books.walk(seat, *AWAY, Trigger.REPORT_DEATH, *settled)
        assert await books.hold(await books.surge(1, report_at=later + DAY), people, at=later) == []
        assert await books.lent(UNIT) == 0


async def test_without_its_clause_somebody_overdue_is_nominated_again(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (database.HERE / "sql" / "surges.sql").read_text()
    clause = "AND p.out\n                      AND p.due_back <="
    assert text.count(clause) == 1
    blind = text.replace(clause, "AND false AND p.due_back <=")
    monkeypatch.setattr(
        database.queries,
        "hold_people",
        aiosql.from_str(blind, "asyncpg-lists", mandatory_parameters=False).hold_people,
    )
    async with registry(fresh_database, SMALL) as books:
        assert await nominate_again(books) == 2


async def test_somebody_overdue_does_not_depart_again(fresh_database: str) -> None:
    """Nominated before falling overdue, for a time after the due date: only the index stands in the way."""
    async with registry(fresh_database, SMALL) as books:
        await overdue(books)
        (second,) = await books.hold(
            await books.surge(1, report_at=NOW + 16 * DAY), crew(books.town, UNIT, 1)
        )
        await books.walk(second, *AWAY[:-1])
        with pytest.raises(Forbidden, match="still_out_elsewhere"):
            await books.walk(second, Trigger.MOBILISE, at=NOW + 15 * DAY)
        assert (await books.life(second)).state == State.ORDER_SIGNED


async def test_without_the_index_somebody_overdue_departs_twice(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        await overdue(books)
        (second,) = await books.hold(
            await books.surge(1, report_at=NOW + 16 * DAY), crew(books.town, UNIT, 1)
        )
        await books.walk(second, *AWAY[:-1])
        await books.execute("DROP INDEX one_departure_at_a_time")
        await books.walk(second, Trigger.MOBILISE, at=NOW + 15 * DAY)
        out = "SELECT count(*) FROM placements WHERE out"
        assert await books.value(out) == 2


async def test_whoever_came_home_may_go_again(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
        await books.walk(seat, *AWAY, Trigger.STAND_DOWN, Trigger.SIGN_DEMOB, Trigger.CONFIRM_RETURN)
        later = NOW + 20 * DAY
        (again,) = await books.hold(
            await books.surge(1, report_at=later + DAY), crew(books.town, UNIT, 1), at=later
        )
        await books.walk(again, *AWAY, at=later)
        assert (await books.life(again)).state == State.MOBILISING


# ── overrides ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def grant(books: Registry, surge_id: str, extra: int) -> None:
    await books.execute(
        """INSERT INTO redline_overrides (override_id, government_id, surge_id, unit_id, role, extra, granted_by,
                                          reason_code, granted_at)
           SELECT gen_random_uuid(), government_id, $1, $2, 'nurse', $3, requested_by, 'LIFE_SAVING', $4
             FROM surges WHERE surge_id = $1""",
        surge_id,
        UNIT,
        extra,
        NOW,
    )


async def test_an_override_lends_exactly_its_extra_and_for_its_surge_only(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 10, 2)) as books:
        mine, other = await books.surge(9), await books.surge(9, report_at=NOW + 60 * DAY)
        await grant(books, mine, 3)
        assert len(await books.hold(other, crew(books.town, UNIT, 1, start=9))) == 1
        held = await books.hold(mine, crew(books.town, UNIT, 9))
        assert len(held) == 1 + 3  # one was left to lend, and three more by the override
        assert await books.value("SELECT sum(used) FROM redline_overrides") == 3
        assert await books.hold(other, crew(books.town, UNIT, 9)) == []
        by_override = "SELECT count(*) FROM placements WHERE held AND override_id IS NOT NULL"
        assert (await books.lent(UNIT), await books.value(by_override)) == (2, 3)


async def test_the_books_refuse_another_surges_override(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 10, 2)) as books:
        mine, other = await books.surge(9), await books.surge(9)
        await grant(books, mine, 3)
        (seat,) = await books.hold(other, crew(books.town, UNIT, 1))
        with pytest.raises(asyncpg.PostgresError, match="may lend no more"):
            await steal(books, seat.placement_id, crew(books.town, UNIT, 1, start=1)[0][1])


async def steal(books: Registry, like: str, person_id: str) -> None:
    """Write a placement of the same surge for somebody else, under whatever override there is."""
    await books.execute(
        """INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id,
                                   override_id, state, revision, since, report_at, due_back, held, offered_at)
           SELECT gen_random_uuid(), government_id, surge_id, line_id, $2, unit_id, role, plan_id,
                  (SELECT override_id FROM redline_overrides), state, 0, since, report_at, due_back, true, offered_at
             FROM placements WHERE placement_id = $1""",
        like,
        person_id,
    )


async def test_an_override_is_given_back_when_its_person_declines(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 10, 0)) as books:
        surge_id = await books.surge(1)
        await grant(books, surge_id, 1)
        (seat,) = await books.hold(surge_id, crew(books.town, UNIT, 1))
        assert await books.hold(surge_id, crew(books.town, UNIT, 1, start=1)) == []
        await books.walk(seat, Trigger.DECLINE)
        assert len(await books.hold(surge_id, crew(books.town, UNIT, 1, start=1))) == 1


async def test_without_the_overrides_condition_it_lends_more_than_its_extra(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 10, 0)) as books:
        surge_id = await books.surge(9)
        await grant(books, surge_id, 1)
        (seat,) = await books.hold(surge_id, crew(books.town, UNIT, 1))
        person = crew(books.town, UNIT, 1, start=1)[0][1]
        with pytest.raises(asyncpg.PostgresError, match="may lend no more"):
            await steal(books, seat.placement_id, person)
        await books.execute(BLIND_OVERRIDE)
        await steal(books, seat.placement_id, person)
        assert await books.value("SELECT used - extra FROM redline_overrides") == 1


async def test_a_retried_move_is_written_once(fresh_database: str) -> None:
    async with registry(fresh_database, SMALL) as books:
        (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
        life = await books.walk(seat, Trigger.ACCEPT)
        by = Attribution("system:test", "SYSTEM", "test")
        move = told(seat, life, Trigger.ACCEPT, CLOCK, by=by, at=NOW + timedelta(minutes=1))
        assert (await books.people.write(move)).again
        assert await books.value("SELECT count(*) FROM events WHERE type = 'OfferAnswered'") == 1
        assert await books.value("SELECT count(*) FROM tasks WHERE kind = 'DECIDE_RELEASE'") == 1


async def test_two_plans_at_once_fill_no_place_of_a_line_twice(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stands(*_: object, **__: object) -> bool:
        return True

    # One plan alone stands at a time; what keeps two apart that are offered at once is not that.
    monkeypatch.setattr(database.queries, "offers_plan", stands)
    async with registry(fresh_database) as books:
        surge_id = await books.surge(3)
        first, second = (crew(books.town, f"kota-kecil.PKM-{n}", 3) for n in (1, 2))
        held = await asyncio.gather(books.hold(surge_id, first), books.hold(surge_id, second))
        assert sum(map(len, held)) == 3
        assert await books.value("SELECT count(*) FROM placements WHERE held") == 3
        # The same people again, by the same plan, are still the same people.
        plan_id = await books.value("SELECT plan_id::text FROM placements LIMIT 1")
        again, left_out, _ = await books.surges.hold(surge_id, plan_id, offset=0, limit=9, at=NOW)
        assert (len(again), left_out) == (3, 0)
