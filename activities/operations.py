"""Writing the moves of operations."""

from temporalio import activity

from domain.ports import OperationBook
from schemas.operation import WriteOperation


class OperationActivities:
    """Over the book of operations."""

    def __init__(self, book: OperationBook) -> None:
        self._book = book

    @activity.defn(name="operations.write")
    async def write(self, ask: WriteOperation) -> None:
        """Write one move of an operation."""
        await self._book.write(ask.move)
