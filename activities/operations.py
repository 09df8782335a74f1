"""Writing the moves of operations."""

from temporalio import activity

from domain.ports import OperationBook
from schemas.operation import OperationRef, PeopleHeld, WriteOperation


class OperationActivities:
    """Over the book of operations."""

    def __init__(self, book: OperationBook) -> None:
        self._book = book

    @activity.defn(name="operations.write")
    async def write(self, ask: WriteOperation) -> None:
        """Write one move of an operation."""
        await self._book.write(ask.move)

    @activity.defn(name="operations.people_held")
    async def people_held(self, ask: OperationRef) -> PeopleHeld:
        """Count the people who are held or out under an operation."""
        return PeopleHeld(people=await self._book.people_held(ask.operation_id))
