"""The script of a drill: incidents begin, statuses are declared and extended, people are asked for and sent home."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from app import actions
from app.actions import Decision
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.requests import LineRequest, OperationRequest, OralOrder, SurgeRequest
from domain.surge import STAFFING
from lab.changes import Changes
from lab.fates import Office
from lab.officers import Officers, ScriptBroken
from lab.players import Players
from lab.scenario import Decreed, Incident, Onward, Paper, Prolonging, Raised, Scenario, Surge
from lab.stage import Stage
from workflows.surge import SurgeWorkflow

Later = Callable[[datetime, Callable[[], Awaitable[None]]], None]
"""Puts a step on the agenda."""

APPROVED_AFTER = timedelta(minutes=40)
CONFIRMED_AFTER = timedelta(minutes=10)
OFFERED_WITHIN = 120.0  # seconds of real time for a plan to be offered whole
LOOK_EVERY = 0.02


@dataclass
class Standing:
    """An incident as it is played: its operation, and until when the status of each level stands."""

    operation_id: str
    ends: dict[str, datetime] = field(default_factory=dict)

    @property
    def until(self) -> datetime | None:
        """Until when there is cover."""
        return max(self.ends.values(), default=None)


@dataclass
class Played:
    """A surge as it is played."""

    key: str
    incident: str
    operation_id: str
    surge_id: str
    last_due_back: datetime
    asked_at: datetime
    mustered_at: datetime
    closed: bool = False


class Script:
    """Performs what a scenario says will happen, each step at its instant."""

    def __init__(self, stage: Stage, scenario: Scenario, office: Office, players: Players) -> None:
        self._stage = stage
        self._scenario = scenario
        self._players = players
        self._officers = Officers(stage, office)
        self._changes = Changes(stage, scenario, players, self._officers)
        self._standing: dict[str, Standing] = {}
        self._to_ask = len(scenario.surges)
        self.played: list[Played] = []
        self.dark: tuple[datetime, datetime] | None = None

    @property
    def over(self) -> bool:
        """Whether every surge was asked for and is closed."""
        return not self._to_ask and all(one.closed for one in self.played)

    def covered_until(self, surge_id: str) -> datetime | None:
        """Return the end of the status that covers a surge."""
        incident = next(one.incident for one in self.played if one.surge_id == surge_id)
        return self._standing[incident].until

    def begin(self, government_id: str, later: Later) -> None:
        """Put every step of the scenario on the agenda, from now on."""
        self._officers.government_id = government_id
        self._later = later
        start = self._start = self._now()
        if blackout := self._scenario.blackout:
            self.dark = (start + blackout.begins_after, start + blackout.ends_after)
        for incident in self._scenario.incidents:
            begins = start + incident.begins_after
            later(begins, partial(self._open, incident))
            later(begins + incident.declared_after, partial(self._declare, incident))
            for one in incident.further:
                later(start + one.after, partial(self._declare_further, incident, one))
            for extension in incident.prolonged:
                later(start + extension.after, partial(self._prolong, incident, extension))
        for surge in self._scenario.surges:
            later(start + surge.asked_after, partial(self._ask, surge))
        for raised in self._scenario.raised:
            later(start + raised.after, partial(self._raise, raised))
        for onward in self._scenario.onward:
            later(start + onward.after, partial(self._move_on, onward))

    async def close(self, one: Played) -> None:
        """Stand a surge down and close it; with the last one of an incident, its operation ends."""
        case_id = cases.surge(one.surge_id)
        await self._officers.must(Capacity.COORDINATOR, Decision(CommandKind.STAND_DOWN, case_id))
        await self._officers.must(Capacity.COORDINATOR, Decision(CommandKind.CLOSE_SURGE, case_id))
        one.closed = True
        open_here = any(other.incident == one.incident and not other.closed for other in self.played)
        asked = {other.key for other in self.played}
        to_come = any(
            other.incident == one.incident and other.key not in asked for other in self._scenario.surges
        )
        if not open_here and not to_come:
            operation = cases.operation(one.operation_id)
            await self._officers.must(Capacity.SEKDA, Decision(CommandKind.END_OPERATION, operation))

    async def _open(self, incident: Incident) -> None:
        who = await self._officers.actor(Capacity.COORDINATOR)
        request = OperationRequest(incident.title, incident.hazard)
        opened = await actions.open_operation(self._stage.house, who, request)
        await self._officers.stands(opened)
        self._standing[incident.key] = Standing(cases.parse(opened.case_id).key)

    async def _declare(self, incident: Incident) -> None:
        details: dict[str, str | int | float] = {
            "status": incident.status,
            "level": incident.level,
            "area": incident.area,
            "decree": incident.decree,
            "decree_date": self._today(),
            "until": (self._now() + incident.lasts).isoformat(),
        }
        await self._of_operation(incident, CommandKind.DECLARE_STATUS, details)

    async def _declare_further(self, incident: Incident, one: Decreed) -> None:
        begins = self._now() + one.begins_after - one.after
        details: dict[str, str | int | float] = {
            "status": one.status,
            "level": one.level,
            "area": one.area,
            "decree": one.decree,
            "decree_date": self._today(),
            "until": (begins + one.lasts).isoformat(),
        }
        if begins > self._now():
            details["start"] = begins.isoformat()
        await self._of_operation(incident, CommandKind.DECLARE_STATUS, details)

    async def _prolong(self, incident: Incident, more: Prolonging) -> None:
        ends = self._standing[incident.key].ends.get(incident.level)
        if ends is None or ends <= self._stage.clock.now():
            raise ScriptBroken(f"{incident.key}: no status stands that could be extended")
        details: dict[str, str | int | float] = {
            "level": incident.level,
            "decree": more.decree,
            "decree_date": self._today(),
            "until": (ends + more.by).isoformat(),
        }
        await self._of_operation(incident, CommandKind.EXTEND_STATUS, details)

    async def _of_operation(
        self, incident: Incident, kind: CommandKind, details: dict[str, str | int | float]
    ) -> None:
        standing = self._standing[incident.key]
        case_id = cases.operation(standing.operation_id)
        await self._officers.must(Capacity.SEKDA, Decision(kind, case_id, details=details))
        standing.ends[str(details["level"])] = datetime.fromisoformat(str(details["until"]))

    async def _ask(self, surge: Surge) -> None:
        now = self._now()
        lines = tuple(
            LineRequest(
                need.role,
                need.quantity,
                need.priority,
                need.site,
                need.lat,
                need.lon,
                now + need.report_after,
                now + need.report_after + need.duty,
                need.wave,
                max_km=need.max_km,
                needed_until=now + need.report_after + need.needed_for,
            )
            for need in surge.needs
        )
        operation_id = self._standing[surge.incident].operation_id
        who = await self._officers.actor(Capacity.COORDINATOR)
        head = self._officers.holder(Capacity.APPOINTING_AUTHORITY) if surge.paper else None
        oral = OralOrder(head, now) if head else None
        request = SurgeRequest(operation_id, surge.title, self._scenario.funding, lines, oral=oral)
        asked = await actions.request_surge(self._stage.house, who, request)
        await self._officers.stands(asked)
        surge_id = cases.parse(asked.case_id).key
        due = max(line.needed_until or line.due_back for line in lines)
        played = Played(surge.key, surge.incident, operation_id, surge_id, due, asked_at=now, mustered_at=now)
        self.played.append(played)
        self._to_ask -= 1
        if surge.paper:
            self._later(self._start + surge.paper.after, partial(self._ratify, surge.paper, played))
            await self._plan(surge, played)
        else:
            self._later(now + APPROVED_AFTER, partial(self._approve, surge, played))

    async def _approve(self, surge: Surge, played: Played) -> None:
        approval = Decision(CommandKind.APPROVE_SURGE, cases.surge(played.surge_id))
        await self._officers.must(Capacity.SEKDA, approval)
        await self._plan(surge, played)

    async def _ratify(self, paper: Paper, played: Played) -> None:
        """Whoever ordered by word of mouth confirms it in writing."""
        details: dict[str, str | int | float] = {"letter": paper.number, "dated": self._today()}
        written = Decision(CommandKind.RATIFY_ORAL_ORDER, cases.surge(played.surge_id), details=details)
        await self._officers.must(Capacity.APPOINTING_AUTHORITY, written)

    async def _raise(self, one: Raised) -> None:
        await self._changes.raise_line(one, self._asked(one.surge).surge_id)

    async def _move_on(self, one: Onward) -> None:
        there = self._asked(one.to)
        longest = self._stage.house.rules.clock.longest_extended
        await self._changes.move_on(
            one, self._asked(one.surge).surge_id, there.surge_id, there.asked_at, longest
        )

    def _asked(self, key: str) -> Played:
        return next(one for one in self.played if one.key == key)

    async def _plan(self, surge: Surge, played: Played) -> None:
        planning = Decision(CommandKind.PLAN_SURGE, cases.surge(played.surge_id))
        await self._officers.must(Capacity.COORDINATOR, planning)
        confirmed = self._now() + CONFIRMED_AFTER
        self._later(confirmed, partial(self._confirm, surge, played))

    async def _confirm(self, surge: Surge, played: Played) -> None:
        """Confirm the plan; when all on it are asked, it is settled who plays which part."""
        plan_id = (await self._stage.boards.surge(played.surge_id))["plan_id"]
        confirm = Decision(CommandKind.CONFIRM_PLAN, cases.surge(played.surge_id), choice=plan_id)
        await self._officers.must(Capacity.COORDINATOR, confirm)
        await self._offered_whole(played)
        people = await self._stage.boards.open_people(played.surge_id)
        # Late people are of the first wave: then somebody is overdue while others are still out.
        first = min((life.report_at for _, life in people), default=None)
        self._players.cast(
            played.surge_id,
            surge.behaviour,
            [seat.person_id for seat, _ in people],
            [seat.person_id for seat, life in people if life.report_at == first],
        )

    async def _offered_whole(self, played: Played) -> None:
        handle = self._stage.client.get_workflow_handle(cases.surge(played.surge_id))
        for _ in range(int(OFFERED_WITHIN / LOOK_EVERY)):
            life = (await handle.query(SurgeWorkflow.view)).life
            # The books know of the confirmation a little before the case does.
            if life is not None and life.state in STAFFING and life.offering is None:
                return
            await asyncio.sleep(LOOK_EVERY)
        raise ScriptBroken(f"the plan of {played.key} was not offered within {OFFERED_WITHIN:.0f} s")

    def _now(self) -> datetime:
        """Return the minute: steps fall on whole ones, so that they fall alike in every run."""
        return self._stage.clock.now().replace(second=0, microsecond=0)

    def _today(self) -> str:
        return self._now().astimezone(self._scenario.starts.tzinfo).date().isoformat()
