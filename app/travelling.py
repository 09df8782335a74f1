"""Travel orders at the door: numbered with the assignment order, typeset when somebody first asks, and kept.

The first copy that is kept is everybody's, also when two ask at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.travel_order import TravelBook, TravelTypesetter


@dataclass(frozen=True)
class Travelling:
    """Makes travel orders, over the book that keeps them and the typesetter."""

    book: TravelBook
    typesetter: TravelTypesetter

    async def fetch(self, order_id: str, placement_id: str) -> bytes | None:
        """Return somebody's travel order as PDF; None where no issued order sends them. Raises Unprintable."""
        if (kept := await self.book.file(order_id, placement_id)) is not None:
            return kept
        paper = await self.book.paper(order_id, placement_id)
        if paper is None:
            return None
        made = await asyncio.to_thread(self.typesetter.travel_order, paper)
        await self.book.keep(order_id, placement_id, made)
        # Somebody else's, where it was kept a moment before: a name may have been corrected in between.
        return await self.book.file(order_id, placement_id)

    async def of(self, placement_id: str) -> list[Mapping[str, Any]]:
        """Return the travel orders of somebody as {number, file}, oldest first."""
        found = await self.book.orders_of(placement_id)
        return [{"number": number, "file": await self.fetch(order, placement_id)} for order, number in found]
