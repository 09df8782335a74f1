"""What a surge believes is what the books have: taken from there once a run, and put there before anything else happens."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import lines, surge
from domain.commands import Command
from domain.lines import LineChange
from domain.log import Attribution
from domain.moves import Override, SurgeMove
from domain.surge import Life, Refused
from domain.surge_telling import plan_told
from schemas.surge import PlanMade, SurgeRef, SurgeStart, WriteSurge
from workflows import decisions, ordering, standing, telling


class Bookkeeping:
    """The part of a surge that reads and writes its moves; raises standing.Disbelieved where the books do not take one."""

    _start: SurgeStart
    _ref: SurgeRef
    _life: Life
    _believed: bool | None
    _tried: tuple[int, int] | None

    async def _known(self) -> bool:
        """Take from the books, once a run, by which rules this case lives and where it stands.

        Whoever reaches the engine may start it with any life and any rules: what it was started with is not believed.
        """
        if self._believed is None:
            await self._take_from_books()
        return bool(self._believed)

    async def _take_from_books(self) -> bool:
        """Stand where the books have the case; say whether that is elsewhere than it stood."""
        found = await standing.of_surge()
        before, self._believed = self._life, found is not None
        if found:
            self._start = found
            self._ref = SurgeRef(surge_id=found.surge_id, government_id=found.government_id)
            self._life = standing.going_on(found.life, before)
        return self._life != before

    async def _keep_change(self, change: LineChange, life: Life, event: str, by: Attribution) -> None:
        move = await telling.move(self._start, life, event, by, lines.told(change))
        await self._keep(replace(move, line=change))
        self._tried = None

    async def _write_plan(self, made: PlanMade, by: Attribution, waits_until: datetime | None = None) -> None:
        life = surge.planned(self._life, made.plan_id, waits_until)
        await self._write(life, "PlanMade", by, plan_told(made.plan_id, made.kept))

    async def _sign(self, command: Command, life: Life, by: Attribution) -> Refused | None:
        life = surge.signed(life)

        async def told(data: dict[str, Any]) -> SurgeMove:
            return await telling.move(self._start, life, "OrderSigned", by, data)

        refused = await ordering.order(self._ref, command, told)
        if refused is None:
            self._life = life
        return refused

    async def _write(
        self, life: Life, event: str, by: Attribution, data: dict[str, Any], override: Override | None = None
    ) -> None:
        """Put the move into the books first; only then does this case believe it."""
        move = await telling.move(self._start, life, event, by, data)
        await self._keep(replace(move, override=override))

    async def _keep(self, move: SurgeMove) -> None:
        await standing.written(WriteSurge(move=move))
        self._life = move.life

    def _by_clock(self) -> Attribution:
        return decisions.by_clock(self._basis("request"))

    def _basis(self, key: str) -> str:
        return f"{self._start.rules.pack}#surge.{key}"
