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

from adapters.postgres.boards import Boards
from adapters.postgres.database import queries
from adapters.postgres.placements import life_of, seat_of
from adapters.postgres.roster import RosterBook
from app import actions, musters
from app.actions import Decision, Faulty, NoSuchCase, NotAllowed
from app.musters import Roll
from app.wiring import Books, in_force, open_books
from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.moves import Seat
from domain.secondment import NOT_YET_OUT, Item, Life, State, next_alarm
from lab import small_town
from lab.small_town import Donor, SmallTown, build
from lab.soak_chance import OFTEN, Chance
from lab.soak_findings import Findings, look
from lab.soak_settling import ROUNDS, Papers
from lab.stage import Stage
from lab.stepping import CLEAR, SteppedEngine
from runtime.clock import SteppedClock
from runtime.sandbox import fast_runner
from workflows import ALL, policies
from workflows.policies import SETTLE

AT_ONCE = 12
SHORT_RUN = 40
"""Events after which a run hands over: every case does so several times."""
QUIET_WITHIN = 120.0  # seconds of real time for the cases to come to rest
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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
    chance: Chance
    say: Callable[[str], None]
    surge_id: str = ""
    operation_id: str = ""
    found: Findings = field(default_factory=Findings)
    _relaying: asyncio.Task[None] | None = None

    @property
    def papers(self) -> Papers:
        """The papers of whoever is home."""
        return Papers(self.stage, self.chance, self.surge_id)

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
        await look(self.client, self.books, self.town.government_id, self.found, self.clock.now())
        return self.found

    async def _round(self, at: int) -> None:
        """Somebody decides, something happens, time passes."""
        away = self.chance.dice.random() < 0.08
        if away:
            await self.stop_relay()
        people = await self._everybody()
        acts = [
            self.chance.act(seat, life, self.clock.now())
            for seat, life in people
            if self.chance.dice.random() < OFTEN.get(life.state, 0.1 if life.ended else 0.5)
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
        return self.chance.dice.choice((HOUR / 6, HOUR / 2, HOUR, HOUR, 3 * HOUR, 9 * HOUR, 26 * HOUR))

    async def _officers_act(self) -> None:
        """What moves people from outside: an order, a roll call, cover lost and regained."""
        sign = Decision(CommandKind.SIGN_ORDER, cases.surge(self.surge_id))
        await self._give([(self.town.officers[Capacity.SIGNATORY], sign, self.chance.key())], waiting=False)
        post = await self._who(self.town.officers[Capacity.COMMAND_POST])
        if self.chance.dice.random() < 0.7:
            expected = [one.placement_id for one in await self.books.musters.expected(surge_id=self.surge_id)]
            absent = tuple(one for one in expected if self.chance.dice.random() < 0.2)
            with suppress(NotAllowed, Faulty):
                await musters.take_muster(
                    self.stage.house, self.books.musters, post, self.surge_id, Roll(absent=absent)
                )
        await self.papers.some_speak()
        for seat, life in await self.stage.boards.open_people(self.surge_id):
            if self.chance.dice.random() < 0.03:
                await small_town.tell_cover(self.stage, seat, self.clock.now() + HOUR)
            elif life.uncovered_from is not None and self.chance.dice.random() < 0.5:
                await small_town.tell_cover(self.stage, seat, None)

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
        except (NotAllowed, NoSuchCase, Faulty):
            self.found.turned_away += 1
            return None
        return command

    async def _who(self, person_id: str) -> Any:
        return await self.stage.actor(person_id, self.town.government_id)

    # ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _let_pass(self, span: timedelta) -> None:
        instant = self.clock.now() + span + CLEAR
        self.clock.set(max(self.clock.now(), await self.engine.step_to(instant)))

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
                for seat, life in await self.papers.open_people()
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
        await self._give([(self.town.officers[Capacity.COORDINATOR], down, self.chance.key())], waiting=True)
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
        for at in range(ROUNDS):
            await self._come_to_rest()
            await self._give(await self.papers.acts(at), waiting=True)
            await self._let_pass(HOUR)

    def _home(self, seat: Seat, life: Life) -> tuple[str, Decision, str] | None:
        """What the right person does to bring somebody home from there."""
        case_id, head = cases.secondment(seat.placement_id), self.town.heads[seat.unit_id]
        post = self.town.officers[Capacity.COMMAND_POST]
        if life.state in NOT_YET_OUT:
            return None
        if life.accident is False:
            return (
                head,
                Decision(
                    CommandKind.FILE_ACCIDENT_REPORT,
                    case_id,
                    details={"reference": "JKK/1", "dated": self.clock.now().date().isoformat()},
                ),
                self.chance.key(),
            )
        if life.over_unseen:
            return post, Decision(CommandKind.REGAIN_CONTACT, case_id), self.chance.key()
        if life.state == State.DEMOBILISING and not life.handed_over:
            return post, Decision(CommandKind.HAND_OVER, case_id, note="daftar di pos"), self.chance.key()
        if life.state == State.DEMOBILISING:
            settled: dict[str, str | int | float] = {"items": " ".join(Item)}
            return post, Decision(CommandKind.SIGN_DEMOB, case_id, details=settled), self.chance.key()
        if life.state in (State.TRAVELLING_HOME, State.UNFIT, State.NO_SHOW):
            return head, Decision(CommandKind.CONFIRM_RETURN, case_id), self.chance.key()
        return post, Decision(CommandKind.RELEASE_EARLY, case_id, choice="OTHER"), self.chance.key()

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
    was, policies.RUN_EVENTS = policies.RUN_EVENTS, SHORT_RUN
    try:
        async with open_books(dsn, size=16) as books:
            await RosterBook(books.database).write(town.roster, in_force(books.rules))
            stage = Stage(client, books, Boards(books.database), books.house(clock), clock, queue)
            activities: Any = books.activities(client, queue)
            async with Worker(
                client,
                task_queue=queue,
                workflows=ALL,
                activities=activities,
                workflow_runner=fast_runner(client.data_converter),
            ):
                soak = Soak(
                    client, books, stage, town, engine, clock, queue, Chance(town, random.Random(seed)), say
                )
                soak.start_relay()
                try:
                    yield soak
                finally:
                    await soak.stop_relay()
    finally:
        policies.RUN_EVENTS = was
