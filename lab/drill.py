"""A drill: a scenario played on the real workflows, with an engine whose clock can be stepped.

The Java test server has one global clock for all cases. The driver steps it to the next instant at which something
happens (an answer that somebody will give, a deadline of a case) and lets people answer through the ordinary actions.
Nothing is scripted but what happens to people, and how they answer.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from app import actions
from app.actions import NotAllowed
from app.musters import Roll, take_muster
from domain import cases
from domain.authority import Capacity
from domain.moves import Seat
from domain.muster import MUSTERED
from domain.secondment import Alarm, Life, next_alarm
from lab.drill_books import Books, shared
from lab.fates import Act
from lab.papers import Rating, as_reckoned, evaluate
from lab.played import Played, Script
from lab.players import Players, Scene
from lab.scenario import Scenario
from lab.stage import Stage
from lab.stepping import SteppedEngine
from lab.stranded import at_work, free_stranded
from runtime.clock import SteppedClock
from runtime.ending import asked_to_end
from workflows.policies import SETTLE

TOGETHER = timedelta(minutes=8)
"""Answers this close to each other are given at once."""
AT_ONCE = 16
GATHERED = timedelta(seconds=20)
"""How long after something has moved everybody who looks on has looked: a surge gathers its news for some seconds."""
IDLE_STEP = timedelta(hours=1)
"""The longest step after something has moved: who is asked for a seat that fell empty, must be met in time."""
QUIET_STEP = timedelta(days=1)
"""The longest step after one in which nothing moved."""
MUSTER_EVERY = timedelta(days=1)
STRANDED_AFTER = (
    10.0  # seconds of real time after which who does not act, nor asks anything, is taken up anew
)
QUIET_WITHIN = 120.0  # seconds of real time without a move after which the cases will not come to rest
LOOK_EVERY = 0.02  # seconds of real time
RESTING = 8.0  # seconds of real time without a move after which nobody is at work
LONGEST = timedelta(days=120)


class DrillStuck(RuntimeError):
    """The cases did not come to rest, or the surge never ended."""


class Drill:
    """One run of one scenario; with `vary`, its numbers are rates that hold for everybody alone."""

    def __init__(
        self,
        stage: Stage,
        engine: SteppedEngine,
        scenario: Scenario,
        say: Callable[[str], None],
        *,
        vary: bool = False,
    ) -> None:
        assert isinstance(stage.clock, SteppedClock)
        self._stage = stage
        self._clock = stage.clock
        self._engine = engine
        self._scenario = scenario
        self._say = say
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._steps: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._order = itertools.count()
        self._met: set[object] = set()
        self._looked_at = 0
        self._still_at = (-1, 0.0)  # a position of the log, and since when it has stood there
        self._freed_at = 0.0  # when cases were taken up anew
        self._planned = scenario.starts
        self.government_id = ""
        self._players = Players(scenario.seed, self._officer, stage.house.rules.clock, vary=vary)
        self._script = Script(stage, scenario, self._officer, self._players)

    @property
    def played(self) -> tuple[Played, ...]:
        """The surges that were asked for, in that order."""
        return tuple(self._script.played)

    async def run(self, government_id: str) -> None:
        """Play the scenario to the moment when everyone is home and the surges are closed."""
        self.government_id = government_id
        self._books = Books(self._stage, government_id)
        await self._step_to(self._scenario.starts)
        self._offices = await self._stage.boards.officers(government_id, self._clock.now())
        self._script.begin(government_id, self._later)
        await self._live()

    async def _live(self) -> None:
        """Let time pass from one thing that happens to the next, until nobody is out and nobody will go."""
        last_day = self._clock.now() + LONGEST
        while self._clock.now() < last_day:
            await self._perform_steps()
            if asked_to_end():
                raise asyncio.CancelledError
            await self._come_to_rest()
            people = await self._books.everybody()
            await self._meet_tasks()
            await self._close_what_is_over()
            if not people and not self._agenda and not self._steps and self._script.over:
                return
            moved = self._looked_at != self._books.position
            self._looked_at = self._books.position
            self._planned = self._next_instant([life for _, life in people], moved=moved)
            await self._step_to(self._planned)
            await self._take_musters()
            await self._act()
            if self._looked_at != await self._books.read_position():
                await self._step_to(self._clock.now() + GATHERED)
        raise DrillStuck(f"people are still out {LONGEST.days} days after the start")

    def _later(self, at: datetime, step: Callable[[], Awaitable[None]]) -> None:
        """Put a step of the script on the agenda."""
        heapq.heappush(self._steps, (at, next(self._order), step))

    async def _perform_steps(self) -> None:
        while self._steps and self._steps[0][0] <= self._clock.now():
            await heapq.heappop(self._steps)[2]()

    async def _close_what_is_over(self) -> None:
        for one in self._script.played:
            over = not one.closed and one.last_due_back < self._clock.now()
            if over and not await self._books.people(one.surge_id):
                await self._script.close(one)

    def _next_instant(self, lives: list[Life], *, moved: bool) -> datetime:
        clock = self._stage.house.rules.clock
        now = self._clock.now()
        ahead = [alarm.at + SETTLE for life in lives if (alarm := next_alarm(life, clock))]
        ahead += [self._agenda[0][0]] if self._agenda else []
        if any(life.state in MUSTERED for life in lives):
            ahead += [one.mustered_at + MUSTER_EVERY for one in self._script.played if not one.closed]
        longest = IDLE_STEP if moved else QUIET_STEP
        soonest = _next_minute(min([*(at for at in ahead if at > now), now + longest]))
        return min(soonest, self._steps[0][0]) if self._steps else soonest

    async def _take_musters(self) -> None:
        """Call the roll at the sites once a day, as a command post does, where somebody is expected."""
        for one in self._script.played:
            if not one.closed and self._clock.now() >= one.mustered_at + MUSTER_EVERY:
                one.mustered_at += MUSTER_EVERY
                expected = [
                    seat for seat, life in await self._books.people(one.surge_id) if life.state in MUSTERED
                ]
                if expected:
                    await self._call_the_roll(one, expected)

    async def _call_the_roll(self, one: Played, expected: list[Seat]) -> None:
        now, dark = self._clock.now(), self._script.dark
        unseen = self._players.unseen(now)
        roll = Roll(absent=tuple(seat.placement_id for seat in expected if seat.person_id in unseen))
        if dark is not None and dark[0] <= now < dark[1]:
            roll = Roll(present=())
        who = await self._stage.actor(self._officer(Capacity.COMMAND_POST), self.government_id)
        await take_muster(self._stage.house, self._stage.books.musters, who, one.surge_id, roll)

    async def _meet_tasks(self) -> None:
        """Let everyone see the tasks that are new, and decide when to answer."""
        tasks = await self._books.tasks()
        new = [task for task in tasks if task["task_id"] not in self._met]
        if not new:
            return
        people = {
            cases.secondment(seat.placement_id): (seat, life) for seat, life in await self._books.everybody()
        }
        answering = {act.task_id for _, _, act in self._agenda}
        taken = {shared(task) for task in tasks if task["task_id"] in answering}
        for task in new:
            if shared(task) in taken:
                continue  # left to whoever will answer it already, and looked at again later
            self._met.add(task["task_id"])
            seat, life = people.get(task["case_id"], (None, None))
            scene = Scene(
                officer=task["assignee_id"] or self._officer(Capacity(task["capacity"]), task["unit_id"]),
                now=max(self._planned, self._clock.now().replace(second=0, microsecond=0)),
                seat=seat,
                life=life,
                dark=self._script.dark,
                covered_until=self._script.covered_until(seat.surge_id) if seat else None,
            )
            for act in self._players.answer(task, scene):
                heapq.heappush(self._agenda, (act.at, next(self._order), act))
                taken.add(shared(task))

    async def _act(self) -> None:
        """Give every answer that is due about now, all at once; not those whose task is settled meanwhile."""
        due = []
        while self._agenda and self._agenda[0][0] <= self._clock.now() + TOGETHER:
            due.append(heapq.heappop(self._agenda)[2])
        if not due:
            return
        still_open = {task["task_id"] for task in await self._books.tasks()}
        given = [act for act in due if act.task_id is None or act.task_id in still_open]
        at_once = asyncio.Semaphore(AT_ONCE)
        # An order names everybody who is released by then: it is signed after the others have spoken.
        for signing in (False, True):
            some = [act for act in given if act.signs == signing]
            await asyncio.gather(*(self._give(act, at_once) for act in some))

    async def _give(self, act: Act, at_once: asyncio.Semaphore) -> None:
        async with at_once:
            who = await self._stage.actor(act.person_id, self.government_id)
            if isinstance(act.decision, Rating):
                await evaluate(self._stage, act.person_id, act.decision.seat, act.decision.score)
                return
            try:
                await actions.decide(self._stage.house, who, await as_reckoned(self._stage, act.decision))
            except NotAllowed as error:
                self._say(f"refused: {act.decision.kind} of {act.decision.case_id}: {error.code}")

    def _officer(self, capacity: Capacity, unit_id: str | None = None) -> str:
        for office in self._offices:
            if office["capacity"] == capacity and (unit_id is None or office["unit_id"] == unit_id):
                return str(office["person_id"])
        raise LookupError(f"the roster appoints nobody as {capacity} of {unit_id or 'the government'}")

    async def _step_to(self, instant: datetime) -> None:
        """Let the engine's clock pass to an instant, and ours with it."""
        self._clock.set(max(self._clock.now(), await self._engine.step_to(instant, self._at_rest)))

    async def _at_rest(self) -> bool:
        """Say whether nobody has been at work for some seconds, those before somebody asked among them.

        No decision waits, no deadline has passed by the engine's clock that nobody acted upon, no case asks or tells
        anything, no surge is at something.
        """
        before = await self._books.read_position()
        await asyncio.sleep(max(RESTING - self._stage.pulse.still_for(), LOOK_EVERY))
        waiting, _oldest = await self._stage.books.commands.waiting()
        late = self._late(await self._books.everybody(), await self._engine.now())
        if waiting or late:
            await self._still_moving(waiting, late)
            return False
        self._still_at = (-1, 0.0)
        if self._stage.pulse.still_for() < RESTING:
            return False
        for one in self._script.played:
            if await at_work(self._stage, cases.surge(one.surge_id)):
                return False
        return before == await self._books.read_position()

    async def _come_to_rest(self) -> None:
        """Wait until every decision is answered and every deadline that has passed has been acted upon."""
        self._still_at = (-1, 0.0)
        while True:
            began = time.monotonic()
            waiting, _oldest = await self._stage.books.commands.waiting()
            late = [] if waiting else self._late(await self._books.everybody(), self._clock.now())
            if not waiting and not late:
                return
            await self._still_moving(waiting, late)
            # Looking takes its time with a thousand people out, and whoever is at work here needs some too.
            await asyncio.sleep(max(LOOK_EVERY, 2 * (time.monotonic() - began)))

    async def _still_moving(self, waiting: int, late: list[tuple[str, Alarm]]) -> None:
        """Raise DrillStuck, naming who does not act, when somebody should and nothing has moved for long."""
        position, now = await self._books.read_position(), time.monotonic()
        if position != self._still_at[0]:
            self._still_at = (position, now)
        elif now - self._still_at[1] > QUIET_WITHIN:
            who = "".join(f"; {alarm.trigger} of {case_id}" for case_id, alarm in late[:5])
            raise DrillStuck(
                f"{waiting} decisions unanswered and {len(late)} deadlines not acted upon at {self._clock.now()}{who}"
            )
        elif now - max(self._still_at[1], self._freed_at) > STRANDED_AFTER:
            self._freed_at = now
            await free_stranded(self._stage, [case_id for case_id, _ in late])

    def _late(self, people: list[tuple[Seat, Life]], now: datetime) -> list[tuple[str, Alarm]]:
        """Return whose deadline has passed and is not acted upon."""
        clock = self._stage.house.rules.clock
        alarms = ((cases.secondment(seat.placement_id), next_alarm(life, clock)) for seat, life in people)
        return [(case_id, alarm) for case_id, alarm in alarms if alarm and alarm.at + SETTLE <= now]


def _next_minute(instant: datetime) -> datetime:
    """Return the first whole minute after an instant.

    What people decide within a minute is written within some seconds of it, by how busy the machine is: steps that end
    on whole minutes fall alike in every run.
    """
    return instant.replace(second=0, microsecond=0) + timedelta(minutes=1)
