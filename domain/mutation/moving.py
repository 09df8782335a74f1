"""What a mutation writes when it moves: the new life, the fact for the log, the duties that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import cases
from domain.log import Attribution, Fact
from domain.moves import Duty
from domain.mutation.duties import duties_of
from domain.mutation.facts import EVENT_OF
from domain.mutation.life import Life
from domain.mutation.matter import Matter
from domain.mutation.states import Trigger

MOVED_MEANWHILE = "moved_meanwhile"
"""The books hold a later life than the one that this move follows: the case's group has moved it."""


MEMBERS_CHANGED = "members_changed"
"""Somebody has fallen out of a decree between its typesetting and its signature: it is made again without them."""


@dataclass(frozen=True)
class Issued:
    """A decree that was numbered and made, and is issued with the move that it carries: what it says and its file, hashed."""

    decree_id: str
    facts_sha256: str
    file_sha256: str
    code: str


@dataclass(frozen=True)
class MutationMove:
    """One move of one mutation; `duties` replace the open ones of the case."""

    matter: Matter
    life: Life
    trigger: Trigger
    fact: Fact
    duties: tuple[Duty, ...] = ()
    issues: Issued | None = None


def told(
    matter: Matter, life: Life, trigger: Trigger, *, by: Attribution, at: datetime, said: dict[str, Any]
) -> MutationMove:
    """Return the move to this life with what the log is told of it: codes, numbers and instants only."""
    data = {**said, "state": life.state.value}
    if life.decree and life.decree.number:
        if "number" in said:  # of the decree that takes this one back, or mends it
            data["by_number"] = said["number"]
        data |= {"number": life.decree.number, "file_sha256": life.decree.sha256}
    if trigger == Trigger.SERVE and life.objection_until:
        data["until"] = life.objection_until.isoformat()
    fact = Fact(
        EVENT_OF[trigger], cases.mutation(matter.mutation_id), at, by, matter.concerned.person_id, data
    )
    return MutationMove(matter, life, trigger, fact, duties_of(life, matter.concerned))
