"""What a batch or a swap writes when it moves: its life, the fact for the log, whom it asks; and its members' moves with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain import cases
from domain.authority import Capacity
from domain.log import Attribution, Fact
from domain.moves import Duty, TaskKind
from domain.mutation.duties import chased
from domain.mutation.group_facts import EVENT_OF
from domain.mutation.group_life import GroupLife, GroupTrigger
from domain.mutation.groups import members
from domain.mutation.life import Life
from domain.mutation.machine import Refused
from domain.mutation.matter import Matter
from domain.mutation.moving import Issued, MutationMove
from domain.mutation.rules import MutationRules
from domain.mutation.states import DECIDED, GroupKind
from domain.mutation.terms import appointed_by, waited
from domain.terms import Term


@dataclass(frozen=True)
class Member:
    """Somebody who goes with a group, as the books have it."""

    matter: Matter
    life: Life


@dataclass(frozen=True)
class GroupMove:
    """One move of one group, and its members' with it; `duties` replace the open ones of the group's case."""

    government_id: str
    life: GroupLife
    fact: Fact
    duties: tuple[Duty, ...] = ()
    members: tuple[MutationMove, ...] = ()
    issues: Issued | None = None


@dataclass(frozen=True)
class GroupWritten:
    """What became of a move: where the group stands in the books now, and why it was not moved, if it was not.

    `moved` are the mutations that must be told.
    """

    life: GroupLife
    refused: str | None = None
    moved: tuple[str, ...] = ()


Judge = Callable[[GroupLife, Mapping[str, Member]], GroupMove | Refused]
"""Says, of the lives as the books hold them, what the move is, or why there is none."""


def counted(
    life: GroupLife,
    lives: Mapping[str, Life],
    rules: MutationRules,
    due: Callable[[datetime, Term], datetime],
) -> GroupLife:
    """Return the life with the term of its step counted, where an office is asked for one.

    `lives` are its members as they stand after the move: none of them is appointed later for going with the others.
    """
    if not life.asks or life.wait is not None:
        return life
    decided = (one for one in members(life.group, lives).values() if one.state in DECIDED)
    appointed = (appointed_by(one, rules, due) for one in decided)
    last = min((at for at in appointed if at), default=None)
    return replace(life, wait=waited(life.since, rules.terms.preparation, rules.urging, due, last=last))


def duties_of(life: GroupLife) -> tuple[Duty, ...]:
    """Return what is asked where the paper stands; these replace the open tasks of the case."""
    if life.held_up:
        return (Duty(TaskKind.SETTLE_EFFECT, life.effect_at, capacity=Capacity.PERSONNEL_AGENCY),)
    if not life.asks:
        return ()
    due = life.wait.until if life.wait else None
    if life.paper is None:
        asked = Duty(TaskKind.PREPARE_DECREE, due, capacity=Capacity.LEGAL_BUREAU)
    elif office := life.paper.next_initial:
        asked = Duty(TaskKind.INITIAL_DECREE, due, capacity=office)
    elif life.asked:
        return tuple(chased(life.wait))
    else:
        asked = Duty(TaskKind.SIGN_DECREE, due, capacity=Capacity.SIGNATORY)
    return (asked, *chased(life.wait))


def told(
    life: GroupLife, trigger: GroupTrigger, *, by: Attribution, at: datetime, said: dict[str, Any]
) -> Fact:
    """Return what the log is told of a move: codes, numbers and instants only."""
    data = {
        **said,
        "state": life.state.value,
        "people": len(life.paper.members if life.paper else life.members),
    }
    return Fact(EVENT_OF[trigger], cases.group(life.group), at, by, None, data)


def ring_fault(kind: GroupKind, ends: Mapping[str, tuple[str, str]]) -> str | None:
    """Say why these cannot go together, given as mutation -> (position that is left, position that is joined); or None.

    A swap is a ring: each one's new position is one that another of them leaves, and every one that is left is joined.
    """
    if len(ends) < 2:
        return "expected two mutations at least"
    if kind == GroupKind.BATCH:
        return None
    left, joined = (sorted(end[side] for end in ends.values()) for side in (0, 1))
    return None if left == joined else "expected a ring: each goes where another one of them leaves"


def arrivals_fault(kind: GroupKind, arriving: Collection[str], all_of_them: Collection[str]) -> str | None:
    """Say why these cannot go together, where those `arriving` come from other governments; or None.

    A decree is one authority's, and says one thing: it appoints whom another office has moved, or it moves. The post that
    somebody leaves elsewhere is filled by a case of that government, by the decree of its own authority.
    """
    if not arriving:
        return None
    one = min(arriving)
    if kind == GroupKind.SWAP:
        return (
            f"{one} leaves a post of another government, which that one fills by a decree of its own: no swap"
        )
    if others := set(all_of_them) - set(arriving):
        return f"{one} comes from another government, and is appointed; {min(others)} is moved: one decree does not say both"
    return None
