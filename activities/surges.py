"""What a surge does: count itself, plan, hold people, call them home."""

import asyncio

from temporalio import activity

from domain.ports import Messenger, Planner, SurgeBook
from domain.rules import RulePack
from schemas.secondment import SecondmentStart
from schemas.surge import (
    HoldShard,
    MakePlan,
    PeopleSignalled,
    PlanMade,
    ShardHeld,
    SignalPeople,
    SurgeBrief,
    SurgeRef,
    SurgeTally,
    TallyAsk,
    WriteSurge,
)


class SurgeActivities:
    """Over the book of surges, the planner and the messenger."""

    def __init__(self, book: SurgeBook, planner: Planner, messenger: Messenger, rules: dict[str, RulePack]) -> None:
        self._book = book
        self._planner = planner
        self._messenger = messenger
        self._rules = rules

    @activity.defn(name="surges.write")
    async def write(self, ask: WriteSurge) -> None:
        """Write one move of a surge."""
        await self._book.write(ask.move)

    @activity.defn(name="surges.brief")
    async def brief(self, ask: SurgeRef) -> SurgeBrief:
        """Read what the request stands on."""
        return SurgeBrief(brief=await self._book.brief(ask.surge_id))

    @activity.defn(name="surges.tally")
    async def tally(self, ask: TallyAsk) -> SurgeTally:
        """Count the surge from its placements."""
        return SurgeTally(tally=await self._book.tally(ask.surge_id, ask.at))

    @activity.defn(name="surges.plan")
    async def plan(self, ask: MakePlan) -> PlanMade:
        """Plan the empty seats of all open surges, and keep the plan."""
        problem = await self._book.problem(ask.surge_id, ask.at)
        plan = await asyncio.to_thread(self._planner, problem)
        kept = await self._book.keep_plan(ask.surge_id, ask.plan_id, plan, ask.at)
        return PlanMade(plan_id=ask.plan_id, kept=kept)

    @activity.defn(name="surges.hold")
    async def hold(self, ask: HoldShard) -> ShardHeld:
        """Hold and offer a stretch of a plan; what a guard refuses stays empty."""
        held, refused, more = await self._book.hold(
            ask.surge_id, ask.plan_id, offset=ask.offset, limit=ask.limit, at=ask.at
        )
        pack = self._rules[ask.pack]
        starts = tuple(
            SecondmentStart(seat=seat, life=life, clock=pack.clock, basis=pack.basis("surge")) for seat, life in held
        )
        return ShardHeld(starts=starts, refused=refused, more=more)

    @activity.defn(name="surges.call_home")
    async def call_home(self, ask: SignalPeople) -> PeopleSignalled:
        """Tell everyone of the surge who is not yet home, or not yet gone, that it is over."""
        people = await self._book.open_people(ask.surge_id)
        for told, placement_id in enumerate(people):
            await self._messenger.stand_down(placement_id, ask.command_id)
            activity.heartbeat(told)
        return PeopleSignalled(people=len(people))
