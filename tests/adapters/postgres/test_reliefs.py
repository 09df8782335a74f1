"""Which places are soon to fall empty: each surge by the rules that it lives by."""

from dataclasses import replace
from datetime import timedelta

from adapters.postgres.reliefs import ReliefBook
from domain.secondment import Trigger
from tests.adapters.postgres.kit import DAY, NOW, PACK, crew, registry

OUT = (Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE)


async def test_each_surge_has_the_lead_of_its_own_rules(fresh_database: str) -> None:
    older = replace(PACK, id="older", relief=replace(PACK.relief, lead=PACK.relief.lead + 2 * DAY))
    async with registry(fresh_database) as books:
        seats = {}
        for pack in (PACK, older):
            surge_id = await books.surge(1)
            (seats[pack.id],) = await books.hold(
                surge_id, crew(books.town, "kota-kecil.PKM-1", 1, start=len(seats))
            )
            await books.walk(seats[pack.id], *OUT)
        moved = "UPDATE surges SET rule_pack = $1 WHERE surge_id = $2"
        await books.execute(moved, older.id, seats[older.id].surge_id)
        board = ReliefBook(books.database, {PACK.id: PACK, older.id: older})
        ends = NOW + 8 * DAY

        async def due(before: timedelta) -> set[str]:
            rows = await board.falling_empty(books.town.government_id, ends - before)
            return {row["placement_id"] for row in rows}

        assert await due(older.relief.lead) == set()
        assert await due(older.relief.lead - timedelta(minutes=1)) == {seats[older.id].placement_id}
        assert await due(PACK.relief.lead - timedelta(minutes=1)) == {
            seat.placement_id for seat in seats.values()
        }
