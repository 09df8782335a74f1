"""What a mutation writes when it moves: the new life, the fact for the log, the duties that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import cases
from domain.log import Attribution, Fact
from domain.moves import Duty
from domain.mutation.decrees import SecondDecree
from domain.mutation.duties import duties_of
from domain.mutation.facts import EVENT_OF, OF_SECOND
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


def event_of(life: Life, trigger: Trigger) -> str:
    """Return what the move to this life is called: of a decree there is a second one only once the first is signed."""
    return OF_SECOND.get(trigger, EVENT_OF[trigger]) if _newest(life, trigger) else EVENT_OF[trigger]


def _newest(life: Life, trigger: Trigger) -> SecondDecree | None:
    """The newest decree about the first one, where the move can be about it: the first is served, if ever, after what let it stand."""
    if life.second is None:
        return None
    newest = life.second.newest
    of_first = life.second.over and not life.ended and life.since > newest.since
    return None if trigger == Trigger.SERVE and of_first else newest


def _of_second(second: SecondDecree) -> dict[str, str | None]:
    said: dict[str, str | None] = {"second": second.does.value}
    if second.decree and second.decree.number:
        said |= {"by_number": second.decree.number, "by_file_sha256": second.decree.sha256}
    return said


def _names_second(newest: SecondDecree, trigger: Trigger) -> bool:
    """Whether it is told of the newest decree; once that corrects the first one, whoever objects does so to what it says."""
    if trigger == Trigger.FILE_OBJECTION:
        return newest.over and not newest.undoes
    return trigger in OF_SECOND or trigger == Trigger.URGE_SECOND


def _until(life: Life, newest: SecondDecree | None) -> datetime | None:
    """Until when the person may object to what they are served."""
    if newest is None or life.second is None:
        return life.objection_until
    if life.undone:
        return life.second.objection_until
    opens = newest.opens_anew if newest is life.second else newest.contestable
    return life.may_object_until if opens else None


def told(
    matter: Matter, life: Life, trigger: Trigger, *, by: Attribution, at: datetime, said: dict[str, Any]
) -> MutationMove:
    """Return the move to this life with what the log is told of it: codes, numbers and instants only."""
    data = {**said, "state": life.state.value}
    if life.decree and life.decree.number:
        if "number" in said:  # of the erratum, or of the paper that forces the decree to be undone
            of = "by_number" if trigger == Trigger.ISSUE_ERRATUM else "forced_by"
            data[of] = said["number"]
        data |= {"number": life.decree.number, "file_sha256": life.decree.sha256}
    newest = _newest(life, trigger)
    if newest and (life.undone or _names_second(newest, trigger)):
        data |= _of_second(newest)
    until = _until(life, newest)
    if trigger == Trigger.SERVE and until:
        data["until"] = until.isoformat()
    fact = Fact(
        event_of(life, trigger), cases.mutation(matter.mutation_id), at, by, matter.concerned.person_id, data
    )
    return MutationMove(matter, life, trigger, fact, duties_of(life, matter.concerned))
