"""Writing the moves of operations, and telling who loses cover by them."""

from temporalio import activity

from activities.asking import asked_by, has_come
from domain import cases
from domain.cases import CaseKind
from domain.moves import NOT_BY_THE_BOOKS
from domain.ports import Messenger, OperationBook
from domain.rules import RulePack
from schemas.operation import (
    CoverTold,
    OperationRef,
    OperationStanding,
    OperationStart,
    OperationWritten,
    PeopleHeld,
    TellCover,
    WriteOperation,
)


class OperationActivities:
    """Over the book of operations and the messenger."""

    def __init__(self, book: OperationBook, messenger: Messenger, rules: dict[str, RulePack]) -> None:
        self._book = book
        self._messenger = messenger
        self._rules = rules

    @activity.defn(name="operations.write")
    async def write(self, ask: WriteOperation) -> OperationWritten | None:
        """Write one move of the operation that asks; nothing is answered where the books took it."""
        fact = ask.move.fact
        if not (asked_by(fact.case_id) and has_come(fact.at)):
            return OperationWritten(refused=NOT_BY_THE_BOOKS)
        written = await self._book.write(ask.move)
        return OperationWritten(refused=written.refused) if written.refused else None

    @activity.defn(name="operations.standing")
    async def standing(self) -> OperationStanding:
        """Read where the operation that asks stands by the books: whoever started it may have said anything."""
        kind, _, operation_id = str(activity.info().workflow_id).partition(":")
        case = await self._book.standing(operation_id) if kind == CaseKind.OPERATION else None
        return OperationStanding(start=OperationStart.of(case, self._rules[case.rule_pack]) if case else None)

    @activity.defn(name="operations.people_held")
    async def people_held(self, ask: OperationRef) -> PeopleHeld:
        """Count the people who are held or out under an operation, and its surges that have not ended."""
        people, surges = await self._book.left_open(ask.operation_id)
        return PeopleHeld(people=people, surges=surges)

    @activity.defn(name="operations.tell_cover")
    async def tell_cover(self, ask: TellCover) -> CoverTold:
        """Flag whose duty reaches past the cover, and tell their cases and surges; broken off, it goes on where it was."""
        lost, regained, more = 0, 0, asked_by(cases.operation(ask.operation_id))
        while more:
            told = await self._book.tell_cover(ask.operation_id, ask.covered_until, ask.at, ask.basis)
            for surge_id in told.surges:
                await self._messenger.surge_cover_changed(surge_id, ask.operation_id)
            lost, regained, more = lost + told.lost, regained + told.regained, told.more
            activity.heartbeat(lost + regained)
        return CoverTold(lost=lost, regained=regained)
