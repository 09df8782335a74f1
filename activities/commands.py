"""Reading recorded decisions, and answering those that do not stand."""

from temporalio import activity

from activities.asking import asked_by
from domain.ports import CommandBook
from schemas.commands import CommandRef, PendingAsk, PendingCommands, RefuseCommand, TakenCommand


class CommandActivities:
    """Over the book of commands."""

    def __init__(self, book: CommandBook) -> None:
        self._book = book

    @activity.defn(name="commands.take")
    async def take(self, ref: CommandRef) -> TakenCommand:
        """Read a decision of the case that asks, and whether its author may decide it as things are now.

        Whoever reaches the engine may send a case any id: one of nothing, or of another case, is taken by nobody.
        """
        found = await self._book.take(ref.command_id, str(activity.info().workflow_id))
        if found is None:
            activity.logger.error("not a decision of this case", extra={"command_id": ref.command_id})
            return TakenCommand(command=None)
        command, conflict = found
        return TakenCommand(command=command, conflict=conflict)

    @activity.defn(name="commands.pending")
    async def pending(self, ask: PendingAsk) -> PendingCommands:
        """Find decisions that were made in time and have not been delivered."""
        ids = await self._book.pending(ask.case_id, ask.decided_by)
        return PendingCommands(refs=tuple(CommandRef(command_id=id_) for id_ in ids))

    @activity.defn(name="commands.refuse")
    async def refuse(self, ask: RefuseCommand) -> None:
        """Answer a decision of the case that asks with a refusal; nobody else's is answered."""
        if asked_by(ask.refusal.case_id):
            await self._book.refuse(ask.refusal)
