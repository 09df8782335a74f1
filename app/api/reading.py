"""As of when a board is read: looked up before anything else of the answer is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from app.api import views
from app.api.door import At, Who


async def as_of(door: At, who: Who) -> views.AsOf:
    """Return the newest entry of the government's log: what is read after it shows all that happened up to it."""
    log, log_at, zone = await door.books.boards.log_head(who.government_id)
    return views.AsOf(at=door.house.clock.now(), log=log, log_at=log_at, zone=zone)


ReadAt = Annotated[views.AsOf, Depends(as_of)]
