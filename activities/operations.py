"""Writing the moves of operations, and telling who loses cover by them."""

from temporalio import activity

from domain.ports import Messenger, OperationBook
from schemas.operation import CoverTold, OperationRef, PeopleHeld, TellCover, WriteOperation


class OperationActivities:
    """Over the book of operations and the messenger."""

    def __init__(self, book: OperationBook, messenger: Messenger) -> None:
        self._book = book
        self._messenger = messenger

    @activity.defn(name="operations.write")
    async def write(self, ask: WriteOperation) -> None:
        """Write one move of an operation."""
        await self._book.write(ask.move)

    @activity.defn(name="operations.people_held")
    async def people_held(self, ask: OperationRef) -> PeopleHeld:
        """Count the people who are held or out under an operation, and its surges that have not ended."""
        people, surges = await self._book.left_open(ask.operation_id)
        return PeopleHeld(people=people, surges=surges)

    @activity.defn(name="operations.tell_cover")
    async def tell_cover(self, ask: TellCover) -> CoverTold:
        """Flag whose duty reaches past the cover, and tell their cases and surges; broken off, it goes on where it was."""
        lost, regained, more = 0, 0, True
        while more:
            told = await self._book.tell_cover(ask.operation_id, ask.covered_until, ask.at, ask.basis)
            for surge_id in told.surges:
                await self._messenger.surge_cover_changed(surge_id, ask.operation_id)
            lost, regained, more = lost + told.lost, regained + told.regained, told.more
            activity.heartbeat(lost + regained)
        return CoverTold(lost=lost, regained=regained)
