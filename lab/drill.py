"""A drill: a scenario played on the real workflows, with an engine whose clock can be stepped.

The Java test server has one global clock for all cases. The driver steps it to the next instant at
which something happens (an answer that somebody will give, a deadline of a case) and lets people
answer through the ordinary actions. Nothing is scripted but how people answer.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app import actions
from app.actions import Decision, NotAllowed
from app.musters import Roll, take_muster
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.muster import MUSTERED
from domain.requests import LineRequest, OperationRequest, SurgeRequest
from domain.secondment import next_alarm
from lab.players import Act, Players
from lab.scenario import Scenario
from lab.stage import Stage
from lab.stepping import SteppedEngine
from runtime.clock import SteppedClock
from workflows.policies import SETTLE

TOGETHER = timedelta(minutes=8)
"""Answers this close to each other are given at once."""
AT_ONCE = 16
IDLE_STEP = timedelta(hours=1)
MUSTER_EVERY = timedelta(days=1)
QUIET_WITHIN = 30.0  # seconds of real time for the cases to come to rest
LONGEST = timedelta(days=120)


class DrillStuck(RuntimeError):
    """The cases did not come to rest, or the surge never ended."""


class Drill:
    """One run of one scenario."""

    def __init__(
        self, stage: Stage, engine: SteppedEngine, scenario: Scenario, say: Callable[[str], None]
    ) -> None:
        assert isinstance(stage.clock, SteppedClock)
        self._stage = stage
        self._clock = stage.clock
        self._engine = engine
        self._scenario = scenario
        self._say = say
        self._players = Players(scenario.seed, scenario.behaviour)
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()
        self._met: set[str] = set()
        self._cast = False
        self._mustered_at = scenario.starts
        self.government_id = ""
        self.operation_id = ""
        self.surge_id = ""

    async def run(self, government_id: str) -> None:
        """Play the scenario to the moment when everyone is home and the surge is closed."""
        self.government_id = government_id
        await self._step_to(self._scenario.starts)
        self._offices = await self._stage.boards.officers(government_id, self._clock.now())
        await self._declare()
        await self._ask()
        await self._plan()
        await self._live()
        await self._close()

    async def _declare(self) -> None:
        incident = self._scenario.incident
        coordinator = self._officer(Capacity.COORDINATOR)
        who = await self._stage.actor(coordinator, self.government_id)
        opened = await actions.open_operation(
            self._stage.house, who, OperationRequest(incident.title, incident.hazard)
        )
        self.operation_id = cases.parse(opened.case_id).key
        await self._step_to(self._clock.now() + incident.declared_after)
        until = self._clock.now() + incident.lasts
        details: dict[str, str | int | float] = {
            "status": incident.status,
            "level": incident.level,
            "area": incident.area,
            "decree": incident.decree,
            "decree_date": self._clock.now().astimezone(self._scenario.starts.tzinfo).date().isoformat(),
            "until": until.isoformat(),
        }
        await self._decide(
            Capacity.SEKDA, Decision(CommandKind.DECLARE_STATUS, opened.case_id, details=details)
        )

    async def _ask(self) -> None:
        start = self._clock.now()
        lines = tuple(
            LineRequest(
                need.role,
                need.quantity,
                need.priority,
                need.site,
                need.lat,
                need.lon,
                start + need.report_after,
                start + need.report_after + need.duty,
                need.wave,
            )
            for need in self._scenario.needs
        )
        self._last_due_back = max(line.due_back for line in lines)
        request = SurgeRequest(self.operation_id, self._scenario.title, self._scenario.funding, lines)
        who = await self._stage.actor(self._officer(Capacity.COORDINATOR), self.government_id)
        asked = await actions.request_surge(self._stage.house, who, request)
        _must_stand(asked)
        self.surge_id = cases.parse(asked.case_id).key
        await self._step_to(self._clock.now() + timedelta(minutes=40))
        await self._decide(Capacity.SEKDA, Decision(CommandKind.APPROVE_SURGE, asked.case_id))

    async def _plan(self) -> None:
        case_id = cases.surge(self.surge_id)
        await self._decide(Capacity.COORDINATOR, Decision(CommandKind.PLAN_SURGE, case_id))
        plan_id = (await self._stage.boards.surge(self.surge_id))["plan_id"]
        await self._step_to(self._clock.now() + timedelta(minutes=10))
        await self._decide(Capacity.COORDINATOR, Decision(CommandKind.CONFIRM_PLAN, case_id, choice=plan_id))

    async def _live(self) -> None:
        """Let time pass from one thing that happens to the next, until nobody is out and nobody will go."""
        last_day = self._clock.now() + LONGEST
        while self._clock.now() < last_day:
            await self._come_to_rest()
            await self._meet_tasks()
            people = await self._stage.boards.open_people(self.surge_id)
            if not people and not self._agenda and self._clock.now() > self._last_due_back:
                return
            await self._step_to(self._next_instant(people))
            await self._take_muster()
            await self._act()
        raise DrillStuck(f"people are still out {LONGEST.days} days after the start")

    async def _close(self) -> None:
        case_id = cases.surge(self.surge_id)
        await self._decide(Capacity.COORDINATOR, Decision(CommandKind.STAND_DOWN, case_id))
        await self._decide(Capacity.COORDINATOR, Decision(CommandKind.CLOSE_SURGE, case_id))
        await self._decide(
            Capacity.SEKDA, Decision(CommandKind.END_OPERATION, cases.operation(self.operation_id))
        )

    def _next_instant(self, people: list[Any]) -> datetime:
        clock = self._stage.house.rules.clock
        alarms = [alarm.at + SETTLE for _, life in people if (alarm := next_alarm(life, clock))]
        answers = [self._agenda[0][0]] if self._agenda else []
        if any(life.state in MUSTERED for _, life in people):
            answers.append(self._mustered_at + MUSTER_EVERY)
        now = self._clock.now()
        ahead = [at for at in alarms + answers if at > now]
        return min([*ahead, now + IDLE_STEP]) + timedelta(seconds=1)

    async def _take_muster(self) -> None:
        """Call the roll at the sites once a day, as a command post does; nobody is missing."""
        if self._clock.now() < self._mustered_at + MUSTER_EVERY:
            return
        self._mustered_at = self._clock.now()
        who = await self._stage.actor(self._officer(Capacity.COMMAND_POST), self.government_id)
        await take_muster(self._stage.house, self._stage.books.musters, who, self.surge_id, Roll())

    async def _meet_tasks(self) -> None:
        """Let everyone see the tasks that are new, and decide when to answer."""
        tasks = await self._stage.boards.open_tasks(self.government_id)
        people = {cases.secondment(seat.placement_id): (seat, life) for seat, life in await self._open()}
        if not self._cast and any(task["kind"] == "ANSWER_OFFER" for task in tasks):
            asked = [seat.person_id for seat, _ in people.values()]
            # Late people are of the first wave: then somebody is overdue while others are still out.
            first = min(life.report_at for _, life in people.values())
            self._players.cast(
                asked, [seat.person_id for seat, life in people.values() if life.report_at == first]
            )
            self._cast = True
        for task in tasks:
            if task["task_id"] in self._met:
                continue
            self._met.add(task["task_id"])
            seat, life = people.get(task["case_id"], (None, None))
            officer = task["assignee_id"] or self._officer(Capacity(task["capacity"]), task["unit_id"])
            act = self._players.answer(
                task, seat and seat.person_id, life and life.report_at, officer, self._clock.now()
            )
            if act:
                heapq.heappush(self._agenda, (act.at, next(self._order), act))

    async def _open(self) -> list[Any]:
        return await self._stage.boards.open_people(self.surge_id or None)

    async def _act(self) -> None:
        """Give every answer that is due about now, all at once."""
        due = []
        while self._agenda and self._agenda[0][0] <= self._clock.now() + TOGETHER:
            due.append(heapq.heappop(self._agenda)[2])
        at_once = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._give(act, at_once) for act in due))

    async def _give(self, act: Act, at_once: asyncio.Semaphore) -> None:
        who = await self._stage.actor(act.person_id, self.government_id)
        try:
            async with at_once:
                await actions.decide(self._stage.house, who, act.decision)
        except NotAllowed as error:
            self._say(f"refused: {act.decision.kind} of {act.decision.case_id}: {error.code}")

    async def _decide(self, capacity: Capacity, decision: Decision) -> Command:
        who = await self._stage.actor(self._officer(capacity), self.government_id)
        command = await actions.decide(self._stage.house, who, decision)
        _must_stand(command)
        return command

    def _officer(self, capacity: Capacity, unit_id: str | None = None) -> str:
        for office in self._offices:
            if office["capacity"] == capacity and (unit_id is None or office["unit_id"] == unit_id):
                return str(office["person_id"])
        raise LookupError(f"the roster appoints nobody as {capacity} of {unit_id or 'the government'}")

    async def _step_to(self, instant: datetime) -> None:
        """Let the engine's clock pass to an instant, and ours with it."""
        self._clock.set(max(self._clock.now(), await self._engine.step_to(instant)))

    async def _come_to_rest(self) -> None:
        """Wait until every decision is answered and every deadline that has passed has been acted upon."""
        clock = self._stage.house.rules.clock
        waiting, late = 0, 0
        for _ in range(int(QUIET_WITHIN / 0.02)):
            waiting, _oldest = await self._stage.books.commands.waiting()
            people = await self._open()
            late = sum(
                (a := next_alarm(life, clock)) is not None and a.at + SETTLE <= self._clock.now()
                for _, life in people
            )
            if not waiting and not late:
                return
            await asyncio.sleep(0.02)
        raise DrillStuck(
            f"{waiting} decisions unanswered and {late} deadlines not acted upon at {self._clock.now()}"
        )


def _must_stand(command: Command) -> None:
    if command.state != CommandState.APPLIED:
        raise DrillStuck(f"{command.kind} of {command.case_id}: {command.state} {command.refusal or ''}")
