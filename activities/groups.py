"""What a batch or a swap does: it moves, and whoever goes with it moves in the same breath."""

from collections.abc import Mapping
from dataclasses import replace

from temporalio import activity

from activities.counting import Counter
from domain import cases
from domain.mutation import group_machine
from domain.mutation.group_life import GroupLife
from domain.mutation.group_moving import GroupMove, Member, counted, duties_of, told
from domain.mutation.machine import Refused
from domain.mutation.moving import MEMBERS_CHANGED
from domain.mutation.moving import told as told_of_one
from domain.mutation.ports import GroupBook
from domain.mutation.rules import SwapRest
from domain.mutation.terms import counted as counted_of_one
from domain.ports import Messenger
from domain.rules import RulePack
from schemas.group import GroupMoved, GroupStanding, GroupStart, MoveGroup


class GroupActivities:
    """Over the book of groups, the rule packs, and the messenger."""

    def __init__(
        self, book: GroupBook, counter: Counter, rules: Mapping[str, RulePack], messenger: Messenger
    ) -> None:
        self._book = book
        self._counter = counter
        self._rules = rules
        self._messenger = messenger

    @activity.defn(name="groups.standing")
    async def standing(self) -> GroupStanding:
        """Read how the group that asks begins or goes on: whoever started it may have said anything."""
        case = await self._book.standing(str(activity.info().workflow_id))
        return GroupStanding(start=GroupStart.of(case, self._rules[case.rule_pack]) if case else None)

    @activity.defn(name="groups.move")
    async def move(self, ask: MoveGroup) -> GroupMoved:
        """Move the group that asks, and its members, in one transaction, by the lives that the books hold; then tell each.

        No case moves another one: whatever it names, it is itself that is moved.
        """
        ask = ask.model_copy(update={"group": cases.group_of(str(activity.info().workflow_id))})
        pack = ask.by.basis.partition("#")[0]
        government = await self._book.government(cases.group(ask.group))
        ends = await self._counter.ends(government, pack)
        rules = self._rules[pack].mutation
        said = replace(ask.ask, ends=rules.swap_rest == SwapRest.END)

        def judge(life: GroupLife, matters: Mapping[str, Member]) -> GroupMove | Refused:
            lives = {one: member.life for one, member in matters.items()}
            verdict = group_machine.decide(
                life, lives, ask.trigger, said, decided_at=ask.decided_at, now=ask.at
            )
            if isinstance(verdict, Refused):
                return verdict
            if ask.whose and set(ask.whose) != set(verdict.whose):
                return Refused(MEMBERS_CHANGED)
            lives |= {one: step.life for one, step in verdict.steps.items()}
            after = counted(verdict.life, lives, rules, ends)
            # The decision is the group's, and has its one entry there; a member's entry names both.
            by = replace(ask.by, command_id=None)
            named = {"by_case": cases.group(ask.group)}
            if ask.by.command_id:
                named["command_id"] = ask.by.command_id
            members = tuple(
                told_of_one(
                    matters[one].matter,
                    counted_of_one(step.life, rules, ends),
                    step.trigger,
                    by=by,
                    at=ask.at,
                    said=dict(named),
                )
                for one, step in verdict.steps.items()
            )
            fact = told(after, ask.trigger, by=ask.by, at=ask.at, said=dict(ask.said))
            return GroupMove(government, after, fact, duties_of(after), members, ask.issues)

        written = await self._book.move(
            ask.group,
            judge,
            trigger=ask.trigger,
            by=ask.by,
            dry=ask.dry,
            issues=ask.issues,
        )
        if not ask.dry:
            # Who tried before may have written the move and told nobody of it.
            again = activity.info().attempt > 1
            for one in written.life.members if again else written.moved:
                await self._messenger.mutation_moved(one)
        return GroupMoved(life=written.life, refused=written.refused, whose=written.moved)
