"""The papers in a soak: some come in by chance, and in the end all of them do, or are waived by name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from app.actions import Decision
from app.closing import NotNow
from domain import cases
from domain.authority import Capacity
from domain.closing.road import LEFT_SITE
from domain.commands import CommandKind
from domain.moves import Seat
from domain.secondment import Life, Paper
from lab.papers import claim, evaluate
from lab.soak_chance import Chance
from lab.stage import Stage

ROUNDS = 4
"""Both sides speak in the first ones, claims are paid, and what is left is waived."""


@dataclass(frozen=True)
class Papers:
    """The papers of a soak's surge."""

    stage: Stage
    chance: Chance
    surge_id: str

    async def open_people(self) -> list[tuple[Seat, Life]]:
        """Return everybody whose case has not ended, also who is home and owes a paper."""
        return await self.stage.boards.open_people(self.surge_id, settling=True)

    async def some_speak(self) -> None:
        """Let some of those who have left the site be evaluated, or evaluate."""
        for seat, life in await self.open_people():
            if life.state in LEFT_SITE and self.chance.dice.random() < 0.4:
                await self._speak(seat)

    async def acts(self, at: int) -> list[tuple[str, Decision, str]]:
        """Return what the right people do in a round at the end."""
        officers, acts = self.chance.town.officers, []
        for seat, life in await self.open_people():
            case_id = cases.secondment(seat.placement_id)
            if Paper.CLAIM in life.settling.owed and Paper.REPORT not in life.settling.owed:
                paid = Decision(CommandKind.SETTLE_CLAIM, case_id, details=claim(self.stage.clock.now()))
                acts.append((officers[Capacity.FINANCE_OFFICER], paid, self.chance.key()))
            elif at < ROUNDS - 2:
                await self._speak(seat)
            else:
                waived = Decision(CommandKind.WAIVE_SETTLEMENT, case_id, choice="PERSON_UNABLE")
                acts.append((officers[Capacity.SEKDA], waived, self.chance.key()))
        return acts

    async def _speak(self, seat: Seat) -> None:
        """One of the sides speaks, as chance will have it; it may have spoken before, or have nothing to say."""
        sides = (seat.person_id, self.chance.town.officers[Capacity.COMMAND_POST])
        with suppress(NotNow):
            await evaluate(self.stage, self.chance.dice.choice(sides), seat)
