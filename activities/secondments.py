"""Writing the moves of people."""

from temporalio import activity

from activities.asking import asked_by, has_come
from domain.cases import CaseKind
from domain.moves import NOT_BY_THE_BOOKS
from domain.ports import Messenger, SecondmentBook
from domain.rules import RulePack
from schemas.secondment import (
    LastSeen,
    OpeningAsk,
    OpeningFound,
    PlacementRef,
    SecondmentStanding,
    SecondmentStart,
    SecondmentWritten,
    WriteSecondment,
)


class SecondmentActivities:
    """Over the book of secondments and the messenger."""

    def __init__(self, book: SecondmentBook, messenger: Messenger, rules: dict[str, RulePack]) -> None:
        self._book = book
        self._messenger = messenger
        self._rules = rules

    @activity.defn(name="secondments.write")
    async def write(self, ask: WriteSecondment) -> SecondmentWritten:
        """Write one move of one person, let the surge know where it must look, and begin the case that the move opens.

        The news goes out after the commit and again on a retry, so it is never lost.
        """
        move = ask.move
        if not (asked_by(move.fact.case_id) and has_come(move.fact.at)):
            return SecondmentWritten(refused=NOT_BY_THE_BOOKS)
        written = await self._book.write(move)
        if written.news:
            await self._messenger.secondment_moved(
                move.seat.surge_id, move.seat.placement_id, move.life.state
            )
        if written.elsewhere:
            await self._messenger.secondment_moved(written.elsewhere, move.seat.placement_id, move.life.state)
        if begun := written.begun:
            pack = self._rules[begun.rule_pack]
            await self._messenger.begin_secondment(
                begun.seat, begun.life, pack.clock_of(begun.seat.kind), pack.basis("surge")
            )
        return SecondmentWritten(refused=written.refused)

    @activity.defn(name="secondments.standing")
    async def standing(self) -> SecondmentStanding:
        """Read where the secondment that asks stands by the books: whoever started it may have said anything."""
        kind, _, placement_id = str(activity.info().workflow_id).partition(":")
        begun = await self._book.standing(placement_id) if kind == CaseKind.SECONDMENT else None
        if begun is None:
            return SecondmentStanding(start=None)
        pack = self._rules[begun.rule_pack]
        clock, basis = pack.clock_of(begun.seat.kind), pack.basis("surge")
        return SecondmentStanding(
            start=SecondmentStart(seat=begun.seat, life=begun.life, clock=clock, basis=basis)
        )

    @activity.defn(name="secondments.opening")
    async def opening(self, ask: OpeningAsk) -> OpeningFound:
        """Look up a line that somebody might be moved to."""
        return OpeningFound(opening=await self._book.opening(ask.placement_id, ask.line_id))

    @activity.defn(name="secondments.last_seen")
    async def last_seen(self, ask: PlacementRef) -> LastSeen:
        """Read when somebody last saw or heard the person at the site."""
        return LastSeen(seen_at=await self._book.last_seen(ask.placement_id))
