"""From a reserved number to a decree that can be issued, and the extract that is served."""

import asyncio

from temporalio import activity

from domain.documents import Unprintable
from domain.mutation.decree import Decree, make_decree
from domain.mutation.decree_parts import Refused
from domain.mutation.extract import make_extract
from domain.mutation.moving import Issued
from domain.ports import DecreeBook, DecreeTypesetter
from schemas.mutation import DecreeMade, DecreeRef, DecreeReserved, ExtractMade, ReserveDecree, VoidDecree

DECREE, EXTRACT = "DECREE", "EXTRACT"


class DecreeActivities:
    """Over the book of decrees and the typesetter."""

    def __init__(self, book: DecreeBook, typesetter: DecreeTypesetter) -> None:
        self._book = book
        self._typesetter = typesetter

    @activity.defn(name="decrees.reserve")
    async def reserve(self, ask: ReserveDecree) -> DecreeReserved:
        """Reserve the next number of the register."""
        decree_id, number = await self._book.reserve(
            ask.mutation_id, ask.command_id, ask.decree_id, ask.effective_at, ask.at
        )
        return DecreeReserved(decree_id=decree_id, number=number)

    @activity.defn(name="decrees.make")
    async def make(self, ask: DecreeRef) -> DecreeMade:
        """Typeset the decree and keep it; or say which parts are missing."""
        decree = make_decree(await self._book.draft(ask.decree_id))
        if isinstance(decree, Refused):
            return DecreeMade(missing=tuple(map(str, decree.found)))
        try:
            file = await asyncio.to_thread(self._typesetter.decree, decree)
        except Unprintable as error:
            activity.logger.error("decree cannot be set", extra={"reason": str(error)})
            return DecreeMade(missing=("unprintable",))
        sha256 = await self._book.keep_paper(ask.decree_id, DECREE, file)
        return DecreeMade(issued=Issued(ask.decree_id, decree.facts_sha256, sha256, decree.code))

    @activity.defn(name="decrees.extract")
    async def extract(self, ask: DecreeRef) -> ExtractMade:
        """Typeset the extract that the person is served; or say which parts are missing."""
        assert ask.at is not None
        decree = make_decree(await self._book.draft(ask.decree_id))
        assert isinstance(decree, Decree)  # it is issued
        certifier = await self._book.certifier(ask.decree_id, ask.at)
        made = make_extract(decree, decree.moves[0].case_id, certifier, ask.at)
        if isinstance(made, Refused):
            return ExtractMade(missing=tuple(map(str, made.found)))
        file = await asyncio.to_thread(self._typesetter.extract, made)
        await self._book.keep_paper(ask.decree_id, EXTRACT, file)
        return ExtractMade()

    @activity.defn(name="decrees.void")
    async def void(self, ask: VoidDecree) -> None:
        """Give the number up, with the reason."""
        await self._book.void(ask.decree_id, ask.reason, ask.at)
