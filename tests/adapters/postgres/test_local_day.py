"""Offices are held by the day of the government's zone: they begin and end at its midnight, not at that of UTC."""

from datetime import UTC, datetime

import pytest

from adapters.postgres.boards import Boards
from adapters.postgres.desk import Desk
from domain.authority import Capacity
from lab.small_town import Donor
from tests.adapters.postgres.kit import RULES, registry

# Kota Kecil lives by WITA (UTC+8): 1 March begins there at 16:00 UTC of the day before.
BEFORE, AFTER = datetime(2027, 2, 28, 15, 59, tzinfo=UTC), datetime(2027, 2, 28, 16, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("valid", "held"), [("[2027-03-01,)", [False, True]), ("(,2027-02-28]", [True, False])]
)
async def test_an_appointment_turns_at_the_governments_midnight(
    fresh_database: str, valid: str, held: list[bool]
) -> None:
    async with registry(fresh_database, Donor("PKM-1", 4, 2)) as books:
        sekda = books.town.officers[Capacity.SEKDA]
        await books.execute(f"UPDATE appointments SET valid = '{valid}' WHERE capacity = 'SEKDA'")
        desk, boards = Desk(books.database, fresh_database, RULES), Boards(books.database)
        for at, holds in zip((BEFORE, AFTER), held, strict=True):
            actor = await desk.actor(sekda, books.town.government_id, at)
            assert any(office.capacity == Capacity.SEKDA for office in actor.appointments) == holds
            officers = await boards.officers(books.town.government_id, at)
            assert any(one["capacity"] == "SEKDA" for one in officers) == holds
