"""Soaking the surge: many people's secondments at once, each hit by whatever may come, in any order, at any time.

Right people and wrong ones decide, early, late, twice and after the end; the relay is away for hours; roll calls,
orders, lost and regained cover fall in between; runs hand over to fresh ones all the time. At the end everyone is
brought home by the right people, and what is left is checked: nobody is stuck, nothing that was decided is
unanswered, every step of every person is a cell of the table, and the invariants hold.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from adapters.postgres.boards import Boards
from adapters.postgres.database import queries
from adapters.postgres.invariants import InvariantResult, invariants
from adapters.postgres.roster import RosterBook
from adapters.postgres.surges import life_of, seat_of
from adapters.temporal.messenger import Messenger
from app import actions, musters
from app.actions import Decision, Faulty, NoSuchCase, NotAllowed
from app.musters import Roll
from app.wiring import Books, in_force, open_books
from domain import cases
from domain.authority import MAY, Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.duties import EVENT_OF, EXTENDED
from domain.moves import Seat
from domain.secondment import (
    DIRECTED,
    ENDS,
    NOT_YET_OUT,
    TRANSITIONS,
    TRIGGER_OF,
    Item,
    Life,
    State,
    Trigger,
    next_alarm,
)
from lab import small_town
from lab.small_town import Donor, SmallTown, build
from lab.stage import Stage
from lab.stepping import SteppedEngine
from runtime.clock import SteppedClock
from runtime.sandbox import PASS_THROUGH
from workflows import ALL, policies
from workflows.policies import SETTLE

AT_ONCE = 12
SHORT_RUN = 40
"""Events after which a run hands over: every case does so several times."""
QUIET_WITHIN = 120.0  # seconds of real time for the cases to come to rest
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CHOICES = {
    CommandKind.ACCEPT_ON_CONDITION: ("LATER_DATE", "LODGING"),
    CommandKind.DECLINE_OFFER: ("CARER", "HEALTH"),
    CommandKind.REFUSE_RELEASE: ("MINIMUM_SERVICE",),
    CommandKind.CANCEL_ORDER: ("MISTAKE",),
    CommandKind.REPORT_INJURY: ("LIGHT", "SERIOUS"),
    CommandKind.RECALL: ("OTHER",),
    CommandKind.RELEASE_EARLY: ("OTHER",),
}
ONWARD: dict[State, tuple[CommandKind, ...]] = {
    State.OFFERED: (CommandKind.ACCEPT_OFFER,),
    State.CONDITION_PENDING: (CommandKind.GRANT_CONDITION,),
    State.RELEASE_PENDING: (CommandKind.RELEASE,),
    State.MOBILISING: (CommandKind.CHECK_IN,),
    State.OUT_OF_CONTACT: (CommandKind.REGAIN_CONTACT,),
    State.INJURED: (CommandKind.FILE_ACCIDENT_REPORT, CommandKind.RESUME_DUTY),
    State.DEMOBILISING: (CommandKind.FILE_ACCIDENT_REPORT, CommandKind.SIGN_DEMOB),
    State.TRAVELLING_HOME: (CommandKind.CONFIRM_RETURN,),
    State.UNFIT: (CommandKind.CONFIRM_RETURN,),
    State.NO_SHOW: (CommandKind.CONFIRM_RETURN,),
}
"""What takes somebody further; without a push in this direction chance ends nearly everybody before they leave."""
_OFTEN = {State.OFFERED: 0.9, State.CONDITION_PENDING: 0.9}
"""How often somebody decides about a person in a round; deadlines of hours are met more often than not."""
ENDING = frozenset(
    {CommandKind.REPORT_DEATH, CommandKind.CONVERT, CommandKind.CONFIRM_AFFECTED, CommandKind.DECLINE_OFFER}
)
"""Decided seldom, or nobody would be left."""
CELLS = {
    (state, EVENT_OF[trigger], target)
    for table in (TRANSITIONS, DIRECTED)
    for (state, trigger), target in table.items()
    if target is not None
}
CELLS |= {
    (state, EXTENDED, target)
    for (state, trigger), target in TRANSITIONS.items()
    if trigger == Trigger.ORDER_ISSUED
}
CELLS |= {(state, event, State.ENDING_SOON) for state, event, target in CELLS if target == State.ON_DUTY}
"""(state, event, next state): every step that a log may tell of a person."""


@dataclass
class Findings:
    """What a soak did, and what it found wrong."""

    people: int = 0
    decisions: int = 0
    applied: int = 0
    refused: int = 0
    turned_away: int = 0
    """Stopped at the door, before anything was recorded."""
    steps: int = 0
    handed_over: int = 0
    """Of ten people, how many cases went on in a fresh run."""
    ends: dict[str, int] = field(default_factory=dict)
    invariants: tuple[InvariantResult, ...] = ()
    faults: list[str] = field(default_factory=list)


@dataclass
class Soak:
    """One soak over one engine and one database."""

    client: Client
    books: Books
    stage: Stage
    town: SmallTown
    engine: SteppedEngine
    clock: SteppedClock
    queue: str
    dice: random.Random
    say: Callable[[str], None]
    surge_id: str = ""
    operation_id: str = ""
    found: Findings = field(default_factory=Findings)
    _relaying: asyncio.Task[None] | None = None

    # ── the story ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self, people: int, rounds: int) -> Findings:
        """Soak so many people for so many rounds, then bring everyone home and look."""
        self.operation_id = await small_town.declare(self.stage, self.town, 120 * DAY)
        line = small_town.nurses(self.stage, people, after=30 * HOUR, duty=7 * DAY)
        self.surge_id = await small_town.ask(self.stage, self.town, self.operation_id, line)
        await small_town.confirm(self.stage, self.town, self.surge_id)
        await small_town.standing(self.stage, self.surge_id, State.OFFERED, people)
        for at in range(rounds):
            await self._round(at)
            if at % 10 == 9:
                self.say(f"round {at + 1} of {rounds}, {self.clock.now():%d %b %H:%M}")
        await self._bring_everyone_home()
        await self._look()
        return self.found

    async def _round(self, at: int) -> None:
        """Somebody decides, something happens, time passes."""
        away = self.dice.random() < 0.08
        if away:
            await self.stop_relay()
        people = await self._everybody()
        acts = [
            self._act(seat, life)
            for seat, life in people
            if self.dice.random() < _OFTEN.get(life.state, 0.1 if life.ended else 0.5)
        ]
        await self._give(acts, waiting=not away)
        if at % 3 == 2:
            await self._officers_act()
        await self._let_pass(self._span())
        if away:
            self.start_relay()
        await self._come_to_rest()

    def _span(self) -> timedelta:
        """Mostly minutes and hours, sometimes a day."""
        return self.dice.choice((HOUR / 6, HOUR / 2, HOUR, HOUR, 3 * HOUR, 9 * HOUR, 26 * HOUR))

    # ── who decides what ──────────────────────────────────────────────────────────────────────────────────────────

    def _act(self, seat: Seat, life: Life) -> tuple[str, Decision, str]:
        """A decision about somebody: who, what, and under which key (the same one twice is the same decision)."""
        onward = ONWARD.get(life.state)
        if onward and self.dice.random() < 0.6:
            kind = self.dice.choice(onward)
        else:
            kind = self.dice.choice(sorted(TRIGGER_OF))
            if kind in ENDING and self.dice.random() < 0.85:
                kind = CommandKind.START_REST
        who = self._actor(kind, seat)
        choices = CHOICES.get(kind)
        decision = Decision(
            kind,
            cases.secondment(seat.placement_id),
            choice=self.dice.choice(choices) if choices else None,
            details=self._details(kind, life),
        )
        return who, decision, f"soak-{self.dice.getrandbits(64):016x}"

    def _actor(self, kind: CommandKind, seat: Seat) -> str:
        if self.dice.random() < 0.15:
            return self.dice.choice([*self.town.officers.values(), *self.town.heads.values(), seat.person_id])
        capacity = self.dice.choice(MAY[kind])
        if capacity == Capacity.SUBJECT:
            return seat.person_id
        return (
            self.town.heads[seat.unit_id] if capacity == Capacity.UNIT_HEAD else self.town.officers[capacity]
        )

    def _details(self, kind: CommandKind, life: Life) -> dict[str, str | int | float] | None:
        now = self.clock.now()
        if kind in (CommandKind.PROPOSE_EXTENSION, CommandKind.WAIVE_EXTENSION_LIMIT):
            return {"until": (life.due_back + self.dice.choice((-1, 2, 5, 30)) * DAY).isoformat()}
        if kind == CommandKind.ACCEPT_ON_CONDITION:
            return {"report_at": (life.report_at + self.dice.choice((-1, 1, 9)) * DAY).isoformat()}
        if kind in (CommandKind.CHECK_IN, CommandKind.REPORT_ARRIVAL):
            return {"reported_at": (now - self.dice.choice((-1, 0, 5)) * HOUR).isoformat()}
        if kind == CommandKind.CONFIRM_AFFECTED:
            return {"until": (now + 30 * DAY).isoformat()}
        if kind in (CommandKind.SIGN_DEMOB, CommandKind.SIGN_CHECKLIST, CommandKind.WAIVE_CHECKLIST):
            items = [item.value for item in Item if self.dice.random() < 0.7]
            return {"items": " ".join(items)}
        return None

    async def _officers_act(self) -> None:
        """What moves people from outside: an order, a roll call, cover lost and regained."""
        sign = Decision(CommandKind.SIGN_ORDER, cases.surge(self.surge_id))
        await self._give([(self.town.officers[Capacity.SIGNATORY], sign, self._key())], waiting=False)
        post = await self._who(self.town.officers[Capacity.COMMAND_POST])
        if self.dice.random() < 0.7:
            expected = [one.placement_id for one in await self.books.musters.expected(surge_id=self.surge_id)]
            absent = tuple(one for one in expected if self.dice.random() < 0.2)
            with suppress(NotAllowed, Faulty):
                await musters.take_muster(
                    self.stage.house, self.books.musters, post, self.surge_id, Roll(absent=absent)
                )
        messenger = Messenger(self.client, self.queue)
        for seat, life in await self.stage.boards.open_people(self.surge_id):
            if self.dice.random() < 0.03:
                await messenger.cover_changed(seat.placement_id, self.clock.now() + HOUR)
            elif life.uncovered_from is not None and self.dice.random() < 0.5:
                await messenger.cover_changed(seat.placement_id, None)

    async def _give(self, acts: Sequence[tuple[str, Decision, str]], *, waiting: bool) -> None:
        at_once = asyncio.Semaphore(AT_ONCE)

        async def give(who: str, decision: Decision, key: str) -> None:
            async with at_once:
                actor = await self._who(who)
                # One in eight is sent twice at once, as an impatient phone does.
                times = 2 if key[-1] in "01" else 1
                await asyncio.gather(*(self._decide(actor, decision, key) for _ in range(times)))

        before = actions.ANSWER_WITHIN
        actions.ANSWER_WITHIN = QUIET_WITHIN if waiting else 0.0
        try:
            await asyncio.gather(*(give(*act) for act in acts))
        finally:
            actions.ANSWER_WITHIN = before

    async def _decide(self, actor: Any, decision: Decision, key: str) -> Command | None:
        try:
            command = await actions.decide(self.stage.house, actor, decision, key=key)
        except (NotAllowed, NoSuchCase):
            self.found.turned_away += 1
            return None
        return command

    async def _who(self, person_id: str) -> Any:
        return await self.stage.actor(person_id, self.town.government_id)

    def _key(self) -> str:
        return f"soak-{self.dice.getrandbits(64):016x}"

    # ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _let_pass(self, span: timedelta) -> None:
        self.clock.set(max(self.clock.now(), await self.engine.step_to(self.clock.now() + span)))

    async def _come_to_rest(self) -> None:
        """Wait until every decision is answered and every deadline that has passed has been acted upon."""
        rules = self.stage.house.rules.clock
        loop = asyncio.get_running_loop()
        deadline = loop.time() + QUIET_WITHIN
        waiting, late = 0, []
        while loop.time() < deadline:
            waiting, _oldest = await self.books.commands.waiting()
            late = [
                (seat.placement_id, alarm.trigger)
                for seat, life in await self.stage.boards.open_people(self.surge_id)
                if (alarm := next_alarm(life, rules)) and alarm.at + SETTLE <= self.clock.now()
            ]
            if not waiting and not late:
                return
            await asyncio.sleep(0.05)
        raise RuntimeError(f"{waiting} decisions unanswered, deadlines not acted upon: {late[:5]}")

    # ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _bring_everyone_home(self) -> None:
        """The right people do what is asked of them until nobody is left."""
        if self._relaying is None:
            self.start_relay()
        down = Decision(CommandKind.STAND_DOWN, cases.surge(self.surge_id))
        await self._give([(self.town.officers[Capacity.COORDINATOR], down, self._key())], waiting=True)
        for _ in range(40):
            await self._come_to_rest()
            open_people = await self.stage.boards.open_people(self.surge_id)
            if not open_people:
                break
            acts = [act for seat, life in open_people if (act := self._home(seat, life))]
            await self._give(acts, waiting=True)
            await self._let_pass(HOUR)
        close = Decision(CommandKind.CLOSE_SURGE, cases.surge(self.surge_id))
        who = await self._who(self.town.officers[Capacity.COORDINATOR])
        closed = await actions.decide(self.stage.house, who, close)
        if closed.state != CommandState.APPLIED:
            self.found.faults.append(f"the surge does not close: {closed.refusal}")

    def _home(self, seat: Seat, life: Life) -> tuple[str, Decision, str] | None:
        """What the right person does to bring somebody home from there."""
        case_id, head = cases.secondment(seat.placement_id), self.town.heads[seat.unit_id]
        post = self.town.officers[Capacity.COMMAND_POST]
        if life.state in NOT_YET_OUT:
            return None
        if life.accident is False:
            return (
                head,
                Decision(CommandKind.FILE_ACCIDENT_REPORT, case_id, details={"reference": "JKK/1"}),
                self._key(),
            )
        if life.state == State.DEMOBILISING:
            settled: dict[str, str | int | float] = {"items": " ".join(Item)}
            return post, Decision(CommandKind.SIGN_DEMOB, case_id, details=settled), self._key()
        if life.state in (State.TRAVELLING_HOME, State.UNFIT, State.NO_SHOW):
            return head, Decision(CommandKind.CONFIRM_RETURN, case_id), self._key()
        return post, Decision(CommandKind.RELEASE_EARLY, case_id, choice="OTHER"), self._key()

    async def _look(self) -> None:
        """Check what is left behind."""
        found = self.found
        await self._count()
        for case_id, steps in (await self._told()).items():
            found.steps += len(steps)
            found.faults += [
                f"{case_id}: {step} is no cell of the table" for step in steps if step not in CELLS
            ]
        found.handed_over = await self._handed_over()
        found.invariants = await invariants(self.books.database, self.town.government_id)
        found.faults += [
            f"{one.code}: {one.violations} violations ({', '.join(one.sample)})"
            for one in found.invariants
            if one.violations
        ]

    async def _handed_over(self) -> int:
        """How many of the ten whose log is longest went on in a fresh run."""
        async with self.books.database.reading() as connection:
            rows = await connection.fetch(
                "SELECT case_id FROM events WHERE case_id LIKE 'secondment:%'"
                " GROUP BY case_id ORDER BY count(*) DESC, case_id LIMIT 10"
            )
        histories = [await self.client.get_workflow_handle(row["case_id"]).fetch_history() for row in rows]
        return sum(
            bool(one.events[0].workflow_execution_started_event_attributes.continued_execution_run_id)
            for one in histories
        )

    async def _count(self) -> None:
        found = self.found
        async with self.books.database.reading() as connection:
            rows = await connection.fetch("SELECT state, count(*) AS n FROM commands GROUP BY state")
            ends = await connection.fetch("SELECT state, count(*) AS n FROM placements GROUP BY state")
        count = {row["state"]: row["n"] for row in rows}
        found.decisions, found.applied = sum(count.values()), count.get("APPLIED", 0)
        found.refused = count.get("REFUSED", 0)
        found.ends = {row["state"]: row["n"] for row in ends}
        found.people = sum(found.ends.values())
        if left := count.get("RECORDED", 0):
            found.faults.append(f"{left} decisions were never answered")
        found.faults += [
            f"{n} people are left {state}" for state, n in found.ends.items() if state not in ENDS
        ]

    async def _told(self) -> dict[str, list[tuple[State, str, State]]]:
        """Each person's steps as the log tells them."""
        async with self.books.database.reading() as connection:
            rows = await connection.fetch(
                "SELECT case_id, type, data ->> 'state' AS state FROM events"
                " WHERE case_id LIKE 'secondment:%' AND type NOT IN ('CommandRefused', 'SignOfLife') ORDER BY seq"
            )
        steps: dict[str, list[tuple[State, str, State]]] = {}
        stands: dict[str, State] = {}
        for row in rows:
            case_id, state = row["case_id"], State(row["state"])
            if case_id in stands:
                steps.setdefault(case_id, []).append((stands[case_id], row["type"], state))
            stands[case_id] = state
        return steps

    async def _everybody(self) -> list[tuple[Seat, Life]]:
        """Everybody who was ever asked, also whoever has ended: late is one of the things that happen."""
        async with self.books.database.reading() as connection:
            ids = await connection.fetch(
                "SELECT placement_id FROM placements WHERE surge_id = $1 ORDER BY offered_at, person_id",
                self.surge_id,
            )
            rows = await queries.placements_by_id(
                connection, placement_ids=[row["placement_id"] for row in ids]
            )
        return [(seat_of(row), life_of(row)) for row in rows]

    # ── the relay ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start_relay(self) -> None:
        """Deliver decisions from now on."""
        self._relaying = asyncio.create_task(self.books.relay(self.client, self.queue, self.clock).run())

    async def stop_relay(self) -> None:
        """Deliver none from now on."""
        if self._relaying is not None:
            self._relaying.cancel()
            with suppress(asyncio.CancelledError):
                await self._relaying
        self._relaying = None


@asynccontextmanager
async def open_soak(
    client: Client, engine: SteppedEngine, dsn: str, *, people: int, seed: int, say: Callable[[str], None]
) -> AsyncIterator[Soak]:
    """Open a town with enough people for a soak, its worker and its relay; runs are short from here on."""
    queue = f"soak-{seed}"
    town = build((Donor("PKM-1", 3 * people, 2 * people), Donor("PKM-2", 3 * people, 2 * people)))
    clock = SteppedClock(await engine.now())
    runner = SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASS_THROUGH, "workflows")
    )
    was, policies.RUN_EVENTS = policies.RUN_EVENTS, SHORT_RUN
    try:
        async with open_books(dsn, size=16) as books:
            await RosterBook(books.database).write(town.roster, in_force(books.rules))
            stage = Stage(client, books, Boards(books.database), books.house(clock), clock, queue)
            activities: Any = books.activities(client, queue)
            async with Worker(
                client, task_queue=queue, workflows=ALL, activities=activities, workflow_runner=runner
            ):
                soak = Soak(client, books, stage, town, engine, clock, queue, random.Random(seed), say)
                soak.start_relay()
                try:
                    yield soak
                finally:
                    await soak.stop_relay()
    finally:
        policies.RUN_EVENTS = was
