"""What a script changes while people are out: a line asks for more, and people are moved on instead of home."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.actions import Decision
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.distance import whole_km
from domain.moves import Seat
from domain.secondment import Life, State
from lab.officers import Officers
from lab.players import Players
from lab.scenario import Onward, Raised, Scenario
from lab.scenario_need import Need
from lab.stage import Stage

HOMES = """
SELECT person_id, coalesce(home_lat, u.lat) AS lat, coalesce(home_lon, u.lon) AS lon
  FROM people JOIN units u USING (unit_id) WHERE person_id = ANY($1)
"""


class Changes:
    """Performs the changes of a scenario on surges that are being staffed."""

    def __init__(self, stage: Stage, scenario: Scenario, players: Players, officers: Officers) -> None:
        self._stage = stage
        self._needs = {one.key: one.needs for one in scenario.surges}
        self._players = players
        self._officers = officers
        self._asks: dict[str, int] = {}
        """How many a line asks for that was raised."""

    async def raise_line(self, one: Raised, surge_id: str) -> None:
        """Let a line ask for more."""
        line_id = _line(surge_id, one.need)
        before = self._asks.get(line_id, self._needs[one.surge][one.need - 1].quantity)
        self._asks[line_id] = before + one.by
        details: dict[str, str | int | float] = {"line_id": line_id, "quantity": self._asks[line_id]}
        await self._officers.must(
            Capacity.SEKDA, Decision(CommandKind.RAISE_LINE, cases.surge(surge_id), details=details)
        )

    async def move_on(
        self, one: Onward, surge_id: str, there: str, asked_at: datetime, longest: timedelta
    ) -> None:
        """Propose another post to so many of those on duty, as far as it has room; whom something befalls is left alone."""
        need = self._needs[one.to][0]
        due = asked_at + need.report_after + need.duty
        for seat, life in (await self._near(surge_id, need))[: one.people]:
            details: dict[str, str | int | float] = {"line_id": _line(there, 1)}
            if (until := min(due, life.report_at + longest)) > life.due_back:
                details["until"] = until.isoformat()
            proposal = Decision(
                CommandKind.PROPOSE_REASSIGNMENT, cases.secondment(seat.placement_id), details=details
            )
            said = await self._officers.say(Capacity.COMMAND_POST, proposal)
            if said.refusal == "no_room":
                return
            await self._officers.stands(said)

    async def _near(self, surge_id: str, need: Need) -> list[tuple[Seat, Life]]:
        """Return who is on duty in the need's role and lives near enough to its site, by lot."""
        on_duty = [
            (seat, life)
            for seat, life in await self._stage.boards.open_people(surge_id)
            if life.state in (State.ON_DUTY, State.ENDING_SOON)
            and seat.role == need.role
            and self._players.nothing_befalls(seat)
        ]
        async with self._stage.books.database.reading() as connection:
            rows = await connection.fetch(HOMES, [seat.person_id for seat, _ in on_duty])
        site = (need.lat, need.lon)
        far = {row["person_id"]: whole_km((row["lat"], row["lon"]), site) for row in rows}
        near = [one for one in on_duty if need.max_km is None or far[one[0].person_id] <= need.max_km]
        return sorted(near, key=lambda one: self._players.lot(one[0].person_id, "onward"))


def _line(surge_id: str, number: int) -> str:
    return f"{surge_id}/{number:02}"
