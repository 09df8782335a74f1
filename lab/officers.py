"""The officers of a script: each decides what the script says, and what is refused breaks it."""

from __future__ import annotations

from app import actions
from app.actions import Decision
from domain.authority import Actor, Capacity
from domain.commands import Command, CommandState
from lab.fates import Office
from lab.stage import Stage

ANSWERED_WITHIN = 180.0  # seconds of real time for a case to answer a step of the script


class ScriptBroken(RuntimeError):
    """A step of the script was refused."""


class Officers:
    """Whoever holds an office of the government that plays."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office
        self.government_id = ""

    def holder(self, capacity: Capacity) -> str:
        """Return who holds an office, by id."""
        return self._office(capacity, None)

    async def actor(self, capacity: Capacity) -> Actor:
        """Return who holds an office, with what they may."""
        return await self._stage.actor(self.holder(capacity), self.government_id)

    async def say(self, capacity: Capacity, decision: Decision) -> Command:
        """Let an officer decide something, and return what became of it."""
        return await self._answered(
            await actions.decide(self._stage.house, await self.actor(capacity), decision)
        )

    async def must(self, capacity: Capacity, decision: Decision) -> Command:
        """Let an officer decide something; raises ScriptBroken where it is not applied."""
        return await self.stands(await self.say(capacity, decision))

    async def stands(self, command: Command) -> Command:
        """Return a decision that is applied; raises ScriptBroken where it is not."""
        command = await self._answered(command)
        if command.state != CommandState.APPLIED:
            raise ScriptBroken(
                f"{command.kind} of {command.case_id}: {command.state} {command.refusal or ''}"
            )
        return command

    async def _answered(self, command: Command) -> Command:
        # A person would be told that it is recorded; on a busy machine a plan of two thousand people takes its time.
        if command.state == CommandState.RECORDED:
            return await self._stage.house.desk.answer(command.command_id, ANSWERED_WITHIN)
        return command
