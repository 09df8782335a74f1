"""Writing a roster: the same one again changes nothing, and what is lent stays counted."""

from typing import Any

import pytest

from adapters.postgres.roster import RosterBook
from domain.log import Attribution, Fact
from domain.nip import parse_nip
from lab.small_town import Donor, build
from tests.adapters.postgres.kit import NOW, PACK, Registry, crew, registry

TABLES = (
    "governments",
    "units",
    "positions",
    "people",
    "person_identities",
    "person_skills",
    "absences",
    "workload_lines",
    "unit_roles",
    "log_heads",
)
UNIT = "kota-kecil.PKM-1"
IMPORTED = Fact("RosterImported", "roster:kota-kecil", NOW, Attribution("system:test", "OPERATOR", "test"))


async def contents(books: Registry) -> dict[str, Any]:
    """Every row of the registry as text; appointments without their own, meaningless id."""
    found = {}
    for table in TABLES:
        found[table] = await books.value(f"SELECT array_agg(t::text ORDER BY t::text) FROM {table} t")
    found["appointments"] = await books.value(
        "SELECT array_agg((person_id, capacity, unit_id, valid)::text ORDER BY 1) FROM appointments"
    )
    return found


async def test_the_same_roster_again_changes_nothing(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        await books.hold(await books.surge(2), crew(books.town, UNIT, 2))
        before = await contents(books)
        assert all(before[table] for table in TABLES if table != "absences")
        await RosterBook(books.database).write(books.town.roster, PACK)
        assert await contents(books) == before
        assert await books.lent(UNIT) == 2


async def test_a_changed_roster_is_noticed_by_that_comparison(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        before = await contents(books)
        await RosterBook(books.database).write(
            build((Donor("PKM-1", 8, 4), Donor("PKM-2", 8, 5))).roster, PACK
        )
        after = await contents(books)
        assert {table for table in before if before[table] != after[table]} == {"unit_roles"}


async def test_whoever_is_not_on_the_roster_any_more_stays_and_is_not_asked(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 8, 5)) as books:
        await RosterBook(books.database).write(build((Donor("PKM-1", 7, 5),)).roster, PACK, IMPORTED)
        active = "SELECT count(*) FILTER (WHERE active), count(*) FROM people WHERE unit_id = $1"
        async with books.database.reading() as connection:
            assert tuple(await connection.fetchrow(active, UNIT)) == (7, 8)


async def test_who_is_missing_without_anybody_saying_who_imported_it_is_a_mistake(
    fresh_database: str,
) -> None:
    async with registry(fresh_database, Donor("PKM-1", 8, 5)) as books:
        before = await contents(books)
        with pytest.raises(ValueError, match="not said who imported it"):
            await RosterBook(books.database).write(build((Donor("PKM-1", 7, 5),)).roster, PACK)
        assert await contents(books) == before


def test_the_people_of_the_small_town_have_numbers_of_the_right_form() -> None:
    nips = build((Donor("PKM-1", 1200, 5),)).roster.people.nip
    assert len(set(nips)) == len(nips)
    assert [nip for nip in nips if isinstance(parse_nip(nip), str)] == []


@pytest.mark.parametrize("table", ["people", "events", "commands", "placements", "orders", "surges"])
async def test_names_and_numbers_lie_in_one_table_only(table: str, fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        columns = await books.value(
            """SELECT array_agg(table_name::text ORDER BY table_name) FROM information_schema.columns
                WHERE table_schema = 'public' AND column_name IN ('nip', 'phone', 'email', 'born_on')"""
        )
        assert table not in columns
        assert set(columns) == {"person_identities"}
