"""Writing the moves of people."""

from temporalio import activity

from domain.ports import SecondmentBook
from schemas.secondment import WriteSecondment


class SecondmentActivities:
    """Over the book of secondments."""

    def __init__(self, book: SecondmentBook) -> None:
        self._book = book

    @activity.defn(name="secondments.write")
    async def write(self, ask: WriteSecondment) -> None:
        """Write one move of one person."""
        await self._book.write(ask.move)
