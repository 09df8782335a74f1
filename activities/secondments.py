"""Writing the moves of people."""

from temporalio import activity

from domain.ports import Messenger, SecondmentBook
from schemas.secondment import LastSeen, PlacementRef, SecondmentWritten, WriteSecondment


class SecondmentActivities:
    """Over the book of secondments and the messenger."""

    def __init__(self, book: SecondmentBook, messenger: Messenger) -> None:
        self._book = book
        self._messenger = messenger

    @activity.defn(name="secondments.write")
    async def write(self, ask: WriteSecondment) -> SecondmentWritten:
        """Write one move of one person, and let the surge know where it must look.

        The news goes out after the commit and again on a retry, so it is never lost.
        """
        move = ask.move
        written = await self._book.write(move)
        if written.news:
            await self._messenger.secondment_moved(
                move.seat.surge_id, move.seat.placement_id, move.life.state
            )
        return SecondmentWritten(refused=written.refused)

    @activity.defn(name="secondments.last_seen")
    async def last_seen(self, ask: PlacementRef) -> LastSeen:
        """Read when somebody last saw or heard the person at the site."""
        return LastSeen(seen_at=await self._book.last_seen(ask.placement_id))
