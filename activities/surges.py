"""What a surge does: count itself, plan, hold people, call them home."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from temporalio import activity

from activities.asking import asked_by, has_come
from domain import cases, next_turn
from domain.allocation import CannotPlan
from domain.cases import CaseKind
from domain.moves import NOT_BY_THE_BOOKS, KeptPlan, Seat
from domain.ports import Messenger, Planner, SurgeBook
from domain.rules import RulePack
from domain.secondment import Life
from domain.yearly_cap import waiver_fault
from schemas.surge import (
    BriefAsk,
    CapAsk,
    CapFound,
    FitAsk,
    FitFound,
    LineAsk,
    LineFound,
    MakePlan,
    OfferShard,
    PeopleSignalled,
    PlanMade,
    ShardOffered,
    SignalPeople,
    SurgeBrief,
    SurgeStanding,
    SurgeStart,
    SurgeTally,
    SurgeWritten,
    TallyAsk,
    WriteSurge,
)

T = TypeVar("T")

BEAT_EVERY = 5.0  # seconds
STARTS_AT_ONCE = 32
"""Cases begun at the same time: enough to keep the engine busy, few enough to leave room for others."""


class SurgeActivities:
    """Over the book of surges, the planner and the messenger."""

    def __init__(
        self, book: SurgeBook, planner: Planner, messenger: Messenger, rules: dict[str, RulePack]
    ) -> None:
        self._book = book
        self._planner = planner
        self._messenger = messenger
        self._rules = rules

    @activity.defn(name="surges.write")
    async def write(self, ask: WriteSurge) -> SurgeWritten | None:
        """Write one move of the surge that asks; nothing is answered where the books took it."""
        fact = ask.move.fact
        if not (asked_by(fact.case_id) and has_come(fact.at)):
            return SurgeWritten(refused=NOT_BY_THE_BOOKS)
        written = await self._book.write(ask.move)
        return SurgeWritten(refused=written.refused) if written.refused else None

    @activity.defn(name="surges.standing")
    async def standing(self) -> SurgeStanding:
        """Read where the surge that asks stands by the books: whoever started it may have said anything."""
        kind, _, surge_id = str(activity.info().workflow_id).partition(":")
        case = await self._book.standing(surge_id) if kind == CaseKind.SURGE else None
        return SurgeStanding(start=SurgeStart.of(case, self._rules[case.rule_pack]) if case else None)

    @activity.defn(name="surges.brief")
    async def brief(self, ask: BriefAsk) -> SurgeBrief:
        """Read what the request stands on, as it is or as it is to be changed."""
        return SurgeBrief(brief=await self._book.brief(ask.surge_id, ask.changed_by, ask.at))

    @activity.defn(name="surges.yearly_cap")
    async def yearly_cap(self, ask: CapAsk) -> CapFound:
        """Say what stands against raising somebody's yearly cap."""
        served = await self._book.served(ask.government_id, ask.person_id, ask.at)
        return CapFound(fault=waiver_fault(served, ask.days, self._rules[ask.pack].sparing))

    @activity.defn(name="surges.tally")
    async def tally(self, ask: TallyAsk) -> SurgeTally:
        """Count the surge from its placements."""
        tally = await self._book.tally(ask.surge_id, ask.at)
        if ask.relief is None:
            return SurgeTally(tally=tally)
        lines = await self._book.lines_going_on(ask.surge_id, ask.at)
        near = tuple(line for line in lines if next_turn.near(line, ask.relief, now=ask.at))
        at = next_turn.look_at(lines, ask.relief, now=ask.at)
        return SurgeTally(tally=tally, ending=near, look_at=at)

    @activity.defn(name="surges.line")
    async def line(self, ask: LineAsk) -> LineFound:
        """Look a line up that is to change, or all that go on."""
        if ask.every and ask.at:
            return LineFound(line=None, lines=await self._book.lines_going_on(ask.surge_id, ask.at))
        line = await self._book.line(ask.surge_id, ask.at, command_id=ask.command_id, line_id=ask.line_id)
        return LineFound(line=line)

    @activity.defn(name="surges.plan")
    async def plan(self, ask: MakePlan) -> PlanMade:
        """Plan the empty seats of all open surges, and keep the plan; or say why there cannot be one."""
        if not asked_by(cases.surge(ask.surge_id)):
            return PlanMade(plan_id=ask.plan_id, kept=KeptPlan(0, ()), refusal=NOT_BY_THE_BOOKS)
        problem = await self._book.problem(ask.surge_id, ask.at)
        keep = await self._book.keeps(ask.command_id) if ask.command_id else ()
        try:
            plan = await _beating(asyncio.to_thread(self._planner, problem, keep))
        except CannotPlan as cannot:
            return PlanMade(plan_id=ask.plan_id, kept=KeptPlan(0, ()), refusal=cannot.code)
        kept = await self._book.keep_plan(ask.surge_id, ask.plan_id, plan, ask.at)
        return PlanMade(plan_id=ask.plan_id, kept=kept)

    @activity.defn(name="surges.fits")
    async def fits(self, ask: FitAsk) -> FitFound:
        """Say whether every pick of a plan still has its place, and is free for it."""
        return FitFound(fault=await self._book.unfit(ask.surge_id, ask.plan_id, ask.at))

    @activity.defn(name="surges.offer")
    async def offer(self, ask: OfferShard) -> ShardOffered:
        """Hold and offer a stretch of a plan, and begin each person's case; what a guard refuses stays empty.

        Holding again gives the same people, and beginning a case that runs changes nothing: so this
        can be retried from its start wherever it was broken off.
        """
        if not asked_by(cases.surge(ask.surge_id)):
            return ShardOffered(offered=0, refused=0, following=None)
        held, refused, following = await self._book.hold(
            ask.surge_id, ask.plan_id, offset=ask.offset, limit=ask.limit, at=ask.at
        )
        pack = self._rules[ask.pack]
        at_once = asyncio.Semaphore(STARTS_AT_ONCE)

        async def begin(seat: Seat, life: Life) -> None:
            async with at_once:
                await self._messenger.begin_secondment(
                    seat, life, pack.clock_of(seat.kind), pack.basis("surge")
                )
                activity.heartbeat(seat.placement_id)

        await asyncio.gather(*(begin(seat, life) for seat, life in held if not life.ended))
        return ShardOffered(offered=len(held), refused=refused, following=following)

    @activity.defn(name="surges.call_home")
    async def call_home(self, ask: SignalPeople) -> PeopleSignalled:
        """Tell everyone of the surge who is not yet home, or not yet gone, that it is over."""
        people = await self._book.open_people(ask.surge_id)
        for told, placement_id in enumerate(people):
            await self._messenger.stand_down(placement_id, ask.command_id)
            activity.heartbeat(told)
        return PeopleSignalled(people=len(people))


async def _beating(work: Awaitable[T]) -> T:
    """Wait for work that cannot beat by itself, beating every few seconds."""
    task = asyncio.ensure_future(work)
    while True:
        try:
            async with asyncio.timeout(BEAT_EVERY):
                return await asyncio.shield(task)
        except TimeoutError:
            activity.heartbeat()
