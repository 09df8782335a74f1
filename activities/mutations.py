"""What a mutation does: ask the rules, count its terms, write its moves."""

from collections.abc import Mapping

from temporalio import activity

from activities.counting import Counter
from domain.cases import CaseKind
from domain.moves import NOT_BY_THE_BOOKS
from domain.mutation.ports import MutationBook
from domain.mutation.terms import counted
from domain.ports import Messenger
from domain.rules import RulePack
from schemas.mutation import (
    CountTerms,
    MatterFound,
    MutationRef,
    MutationStands,
    MutationStart,
    MutationWritten,
    OverrideAsk,
    OverrideFound,
    ScreenAsk,
    ScreeningFound,
    StandingFound,
    TellGroup,
    TellUndone,
    TermsCounted,
    WriteMutation,
)


class MutationActivities:
    """Over the book of mutations, the calendars and the rule packs, and the messenger."""

    def __init__(
        self, book: MutationBook, counter: Counter, rules: Mapping[str, RulePack], messenger: Messenger
    ) -> None:
        self._book = book
        self._counter = counter
        self._rules = rules
        self._messenger = messenger

    @activity.defn(name="mutations.standing")
    async def standing(self) -> StandingFound:
        """Read how the case that asks begins or goes on: whoever started it may have said anything."""
        kind, _, mutation_id = str(activity.info().workflow_id).partition(":")
        case = await self._book.standing(mutation_id) if kind == CaseKind.MUTATION else None
        return StandingFound(start=MutationStart.of(case, self._rules[case.rule_pack]) if case else None)

    @activity.defn(name="mutations.write")
    async def write(self, ask: WriteMutation) -> MutationWritten:
        """Write one move of the mutation that asks; no case writes another one's."""
        if activity.info().workflow_id != ask.move.fact.case_id:
            return MutationWritten(refused=NOT_BY_THE_BOOKS)
        written = await self._book.write(ask.move)
        return MutationWritten(refused=written.refused)

    @activity.defn(name="mutations.matter")
    async def matter(self, ask: MutationRef) -> MatterFound:
        """Read what a mutation is about, once its file names another position."""
        return MatterFound(matter=await self._book.matter(ask.mutation_id))

    @activity.defn(name="mutations.stands")
    async def stands(self, ask: MutationRef) -> MutationStands:
        """Read where a mutation stands by the books, which its group may have moved."""
        return MutationStands(life=await self._book.stands(ask.mutation_id))

    @activity.defn(name="mutations.tell_group")
    async def tell_group(self, ask: TellGroup) -> None:
        """Tell a batch or a swap that one of its members is not where it was."""
        await self._messenger.member_moved(ask.case_id)

    @activity.defn(name="mutations.screen")
    async def screen(self, ask: ScreenAsk) -> ScreeningFound:
        """Ask the rules, and keep what they were asked and what they said."""
        weighed = await self._book.screen(ask.mutation_id, ask.command_id, ask.at)
        circle = await self._book.circle_of(ask.mutation_id)
        return ScreeningFound(
            outcome=weighed.outcome.value,
            rule=weighed.open[0].value if weighed.open else None,
            clearances=tuple(one.clearance.value for one in weighed.screening.route.clearances),
            dossier_sha256=weighed.screening.dossier_sha256,
            papers=weighed.screening.route.papers,
            panel=weighed.screening.route.panel,
            counsel=weighed.screening.route.counsel,
            circle=bool(circle),
        )

    @activity.defn(name="mutations.override_fault")
    async def override_fault(self, ask: OverrideAsk) -> OverrideFound:
        """Say what stands against an override."""
        return OverrideFound(fault=await self._book.override_fault(ask.mutation_id, ask.command, ask.at))

    @activity.defn(name="mutations.count")
    async def count(self, ask: CountTerms) -> TermsCounted:
        """Count the terms of a life."""
        ends = await self._counter.ends(ask.government_id, ask.pack)
        return TermsCounted(life=counted(ask.life, self._rules[ask.pack].mutation, ends))

    @activity.defn(name="mutations.tell_undone")
    async def tell_undone(self, ask: TellUndone) -> None:
        """Tell the case whose decree another one has undone."""
        await self._messenger.mutation_undone(ask.mutation_id, ask.case_id)
