"""Units and roles of which the roster lets nobody go (S04): in no plan, by no name, in no hold, but by an override."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.postgres.roster import RosterBook
from domain import cases, surge
from domain.authority import Capacity
from domain.log import Attribution, Fact
from domain.moves import Override, SurgeMove
from domain.roster import Roster
from lab.small_town import Donor
from planning import plan, why_not
from planning.keeping import faults_of_keeping
from tests.adapters.postgres.kit import NOW, PACK, Registry, crew, registry

TOWN = (Donor("PKM-1", 4, 4), Donor("PKM-2", 4, 4))
HOSPITAL, CLINIC = "kota-kecil.PKM-1", "kota-kecil.PKM-2"


def with_critical_unit(roster: Roster) -> Roster:
    return replace(roster, units=tuple(replace(unit, critical=unit.code == "PKM-1") for unit in roster.units))


def with_critical_role(roster: Roster) -> Roster:
    rows = (replace(row, critical=row.unit == "PKM-1") for row in roster.redlines)
    return replace(roster, redlines=tuple(rows))


async def override(books: Registry, surge_id: str, extra: int) -> None:
    """Let the Sekda lend more of the critical unit's nurses, as the surge's workflow would write it."""
    case = cases.surge(surge_id)
    by = Attribution(
        books.town.officers[Capacity.SEKDA], "SEKDA", "2026-1#surge.request", await books.command(case)
    )
    fact = Fact("RedlineOverridden", case, NOW, by, None, {"state": "SOURCING"})
    life = surge.Life(surge.State.SOURCING, 1, NOW)
    granted = Override(HOSPITAL, "nurse", extra, "LIFE_SAVING")
    await books.surges.write(SurgeMove(surge_id, books.town.government_id, life, fact, override=granted))


def units(picks: Sequence[object]) -> list[str]:
    return sorted(pick.unit_id for pick in picks)  # type: ignore[attr-defined]


@pytest.mark.parametrize("critical", [with_critical_unit, with_critical_role])
async def test_nobody_leaves_what_is_critical_but_by_an_override(critical, fresh_database: str) -> None:  # type: ignore[no-untyped-def]
    async with registry(fresh_database, *TOWN) as books:
        await RosterBook(books.database).write(critical(books.town.roster), PACK)
        surge_id = await books.surge(5)
        problem = await books.surges.problem(surge_id, NOW)
        answer = plan(problem)
        assert units(answer.picks) == [CLINIC] * 4
        ((short),) = answer.shortfalls
        blocking = {donor.unit_id: (donor.lendable, donor.critical) for donor in short.blocking_donors}
        assert blocking[HOSPITAL] == (0, True)
        (named,) = crew(books.town, HOSPITAL, 1)
        person, line = named[1], f"{surge_id}/01"
        assert why_not(problem, answer, person, line).code == "S04"
        assert faults_of_keeping(problem, [(person, line)]) == ((person, line, "S04"),)
        assert await books.hold(surge_id, [named]) == []
        await override(books, surge_id, 1)
        problem = await books.surges.problem(surge_id, NOW)
        assert faults_of_keeping(problem, [(person, line)]) == ()
        assert units(plan(problem).picks) == [HOSPITAL, *[CLINIC] * 4]
        assert len(await books.hold(surge_id, crew(books.town, HOSPITAL, 2))) == 1


async def test_a_pack_may_lend_what_is_critical_like_anything_else(fresh_database: str) -> None:
    async with registry(fresh_database, *TOWN) as books:
        roster = with_critical_unit(books.town.roster)
        await RosterBook(books.database).write(roster, replace(PACK, lock_critical=False))
        surge_id = await books.surge(5)
        assert HOSPITAL in units(plan(await books.surges.problem(surge_id, NOW)).picks)
