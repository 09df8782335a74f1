"""The example city as the rules of mutation find it: most may move, and each of a few is kept by one thing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from adapters.postgres import Database
from adapters.postgres.dossiers import DossierBook
from adapters.postgres.roster import RosterBook
from domain.authority import Capacity
from domain.mutation.asking import Asked
from domain.mutation.documents import Document
from domain.mutation.findings import Rule
from domain.mutation.kinds import Initiative
from domain.mutation.screening import Outcome, weigh
from domain.personnel import Personnel
from lab.city import KOTA_KUPANG, build
from lab.movers import Kept, Mover, movers
from tests.adapters.postgres.kit import PACK

TODAY = date(2026, 11, 25)
ROSTER = build(53)
FOUND = {
    None: (Outcome.ELIGIBLE, ()),
    Kept.TOO_SHORT: (Outcome.NEEDS_OVERRIDE, (Rule.M02,)),
    Kept.CHARGED: (Outcome.INELIGIBLE, (Rule.M05,)),
    Kept.RELATED: (Outcome.INELIGIBLE, (Rule.M11,)),
    Kept.UNRATED: (Outcome.INCOMPLETE, (Rule.M04,)),
}
TABLES = (
    "careers",
    "ratings",
    "processes",
    "study_ties",
    "relations",
    "position_map",
    "elections",
    "positions",
)


@pytest.fixture(scope="module")
async def city(database: str) -> AsyncIterator[Database]:
    opened = await Database.open(database, size=2)
    await RosterBook(opened).write(ROSTER, PACK)
    yield opened
    await opened.close()


def asked(mover: Mover) -> Asked:
    """What is asked of somebody by the personnel agency, with a whole file."""
    agency = next(one.nip for one in ROSTER.appointments if one.capacity == Capacity.PERSONNEL_AGENCY)
    proposer = str(ROSTER.people.id[ROSTER.people.nip.index(agency)])
    return Asked(
        KOTA_KUPANG.government.id,
        "mutation:MU-1",
        mover.person_id,
        mover.position_id,
        Initiative.ORGANISATION,
        proposer,
        TODAY,
        frozenset(Document),
    )


@pytest.mark.parametrize("kept", FOUND, ids=str)
async def test_whoever_is_kept_is_kept_by_that_alone(kept: Kept | None, city: Database) -> None:
    alike = [mover for mover in movers(ROSTER, TODAY) if mover.kept == kept]
    assert alike
    for mover in alike[:: max(1, len(alike) // 12)]:
        weighed = weigh(await DossierBook(city).dossier(asked(mover)), PACK.mutation)
        assert (weighed.outcome, weighed.open) == FOUND[kept], mover


def test_most_of_those_whom_a_vacant_post_fits_may_move() -> None:
    kept = [mover.kept for mover in movers(ROSTER, TODAY)]
    assert set(kept) == set(FOUND)
    assert kept.count(None) > 500
    assert kept.count(None) > 0.9 * len(kept)


async def test_what_is_imported_again_is_not_written_again(city: Database) -> None:
    before = await versions(city)
    assert all(before.values())
    await RosterBook(city).write(ROSTER, PACK)
    assert await versions(city) == before


async def test_what_changed_is_written_and_what_the_files_lack_is_forgotten(fresh_database: str) -> None:
    opened = await Database.open(fresh_database, size=2)
    few = replace(ROSTER.personnel, positions=ROSTER.personnel.positions[:40])
    await RosterBook(opened).write(replace(ROSTER, personnel=few), PACK)
    before = await versions(opened)
    (first, *others), (post, *posts) = few.careers, few.positions
    changed = replace(
        few,
        careers=(replace(first, inspectorate_cleared_on=TODAY), *others),
        processes=few.processes[1:],
        positions=(replace(post, need=post.need + 1), *posts),
    )
    await RosterBook(opened).write(replace(ROSTER, personnel=changed), PACK)
    after = await versions(opened)
    assert {
        table: len(before[table] ^ after[table]) for table in TABLES if before[table] != after[table]
    } == {
        "careers": 2,
        "processes": 1,
        "position_map": 2,
    }
    bare = replace(ROSTER.government, elections=())
    await RosterBook(opened).write(replace(ROSTER, government=bare, personnel=Personnel()), PACK)
    forgotten = {table for table, rows in (await versions(opened)).items() if not rows}
    assert forgotten == set(TABLES) - {"positions"}
    await opened.close()


async def versions(city: Database) -> dict[str, frozenset[Any]]:
    """Each row of the tables, with what tells one version of it from the next."""
    async with city.reading() as connection:
        return {
            table: frozenset(
                row[0] for row in await connection.fetch(f"SELECT (xmin, t)::text FROM {table} t")
            )
            for table in TABLES
        }
