"""Messages of a batch or a swap."""

from datetime import datetime
from typing import Self

from domain import cases
from domain.authority import Capacity
from domain.cases import OpenCase
from domain.log import Attribution
from domain.mutation.group_life import GroupLife, GroupTrigger
from domain.mutation.life import Group
from domain.mutation.moving import Issued
from domain.mutation.said import Ask
from domain.rules import RulePack
from schemas.base import Message


class GroupStart(Message):
    """Begin a batch or a swap by the decision that forms it, or go on with it: `life` is None only at the very start.

    `initials` are the offices that initial its decree, in order; `basis` the rule pack under which it began.
    """

    group: Group
    government_id: str
    members: tuple[str, ...]
    command_id: str
    basis: str
    initials: tuple[Capacity, ...]
    life: GroupLife | None = None

    @classmethod
    def of(cls, case: OpenCase, pack: RulePack) -> Self:
        """Return how an open group begins or goes on, as the registry has it."""
        return cls(
            group=cases.group_of(case.case_id),
            government_id=case.government_id,
            members=case.members,
            command_id=case.command_id,
            basis=pack.basis("mutation"),
            initials=pack.mutation.decree.initials,
            life=case.life if isinstance(case.life, GroupLife) else None,
        )


class GroupStanding(Message):
    """How the group that asks begins or goes on by the books; None where they hold no such group open."""

    start: GroupStart | None = None


class MoveGroup(Message):
    """Move a group, and its members with it; `dry`: only say whether it could be moved, and whose decree it would be.

    `whose` are those on the decree that is signed: where they are others by now, nothing is moved.
    """

    group: Group
    trigger: GroupTrigger
    ask: Ask
    by: Attribution
    said: dict[str, str | int | float]
    decided_at: datetime
    at: datetime
    issues: Issued | None = None
    whose: tuple[str, ...] = ()
    dry: bool = False


class GroupMoved(Message):
    """Where the group stands now, whether or not it was moved; `refused` says why it was not, `whose` those it moves."""

    life: GroupLife
    refused: str | None = None
    whose: tuple[str, ...] = ()


class GroupView(Message):
    """Query: where the group stands."""

    life: GroupLife
