"""What a drill reads again and again: who is out and what is asked, read anew only when the log has moved."""

from __future__ import annotations

from typing import Any

from domain.duties import ABOVE
from domain.moves import Seat
from domain.secondment import Life
from lab.stage import Stage

People = list[tuple[Seat, Life]]


def shared(task: dict[str, Any]) -> object:
    """Return what is asked: the task, or what all share of whom one answer to it is enough."""
    return (task["case_id"], task["kind"]) if task["kind"] in ABOVE else task["task_id"]


class Books:
    """Open secondments and open tasks of a government.

    Whatever moves a case writes the log in the same transaction: while the log's position stands, what was read
    stands too. So a driver may look as often as it likes, and a thousand people are read once a move, not once a look.
    """

    def __init__(self, stage: Stage, government_id: str) -> None:
        self._boards = stage.boards
        self._government_id = government_id
        self._people: People = []
        self._tasks: list[dict[str, Any]] = []
        self._people_at = self._tasks_at = -1

    @property
    def position(self) -> int:
        """The position of the log at which people were read last."""
        return self._people_at

    async def read_position(self) -> int:
        """Return where the log stands now."""
        return await self._boards.log_position(self._government_id)

    async def people(self, surge_id: str | None = None) -> People:
        """Return the secondments of whoever is not home or is owed an accident report, of one surge or of all."""
        open_people = [one for one in await self.everybody() if one[1].held or one[1].owes_report]
        return [one for one in open_people if surge_id is None or one[0].surge_id == surge_id]

    async def everybody(self) -> People:
        """Return the secondments that have not ended, also of who is home and owes a paper."""
        # The position is read before the rows: what moves in between is read again the next time.
        at = await self.read_position()
        if at != self._people_at:
            self._people = await self._boards.open_people(settling=True)
            self._people_at = at
        return self._people

    async def tasks(self) -> list[dict[str, Any]]:
        """Return the open tasks, the most urgent first."""
        at = await self.read_position()
        if at != self._tasks_at:
            self._tasks = await self._boards.open_tasks(self._government_id)
            self._tasks_at = at
        return self._tasks
