"""A thin unit as a case: from the moment it has too few people of a role, while it lends some, until it has enough again.

One such stretch of one role of one unit is an episode. What is asked in it is asked once: its head says that help is
asked for (a backfill is drafted), or by name that none is needed; silence says neither, and the office above is asked
too. An episode ends by itself and in no other way. It is recognised by comparing the count with what stands open, so
that whoever looks once more, or twice at a time, finds nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain import cases
from domain.authority import Capacity
from domain.burden import Staff
from domain.commands import CommandKind
from domain.log import Attribution, Fact
from domain.moves import Duty, TaskKind
from domain.urging import Alarm, Ladder, Ring, climbing, told_by


class State(StrEnum):
    """Where an episode stands: nobody has said anything yet; what was said; over."""

    THIN = "THIN"
    DRAFTED = "DRAFTED"
    DECLINED = "DECLINED"
    RECOVERED = "RECOVERED"


@dataclass(frozen=True)
class Life:
    """One moment of an episode; `notices` are the reminders of the level that is asked now."""

    state: State
    since: datetime
    revision: int = 0
    escalation: int = 0
    notices: int = 0


@dataclass(frozen=True)
class Episode:
    """One role of one unit that is thin, and the rule pack that the case lives by."""

    episode_id: str
    government_id: str
    unit_id: str
    role: str
    rule_pack: str
    life: Life


@dataclass(frozen=True)
class Seen:
    """What a look at the units has found: who has become thin, who still is and by how much, who is no more."""

    begun: tuple[Staff, ...]
    lasting: tuple[tuple[Episode, Staff], ...]
    over: tuple[Episode, ...]


EVENT_OF_RING: dict[Ring, str] = {
    Ring.REMIND: "ThinUnitReminded",
    Ring.ESCALATE: "ThinUnitEscalated",
}
EVENT_OF: dict[CommandKind, str] = {
    CommandKind.DRAFT_BACKFILL: "BackfillDrafted",
    CommandKind.DECLINE_BACKFILL: "BackfillDeclined",
}
BEGUN, OVER = "UnitThinned", "UnitRecovered"
"""The first and the last entry of an episode."""
TOLD = Duty(TaskKind.KNOW_THIN_UNIT, capacity=Capacity.COORDINATOR)
"""Whoever asks for people knows which units are thin."""


def look(staff: Iterable[Staff], standing: Sequence[Episode]) -> Seen:
    """Compare what is counted now with the episodes that are open."""
    thin = {(one.unit_id, one.role): one for one in staff if one.thin}
    known = {(one.unit_id, one.role): one for one in standing}
    return Seen(
        tuple(one for key, one in thin.items() if key not in known),
        tuple((one, thin[key]) for key, one in known.items() if key in thin),
        tuple(one for key, one in known.items() if key not in thin),
    )


def next_alarm(life: Life, ladder: Ladder, repeat: timedelta) -> Alarm | None:
    """Say what happens next if nobody says anything; None once somebody has, or it is over."""
    if life.state != State.THIN:
        return None
    return climbing(ladder, repeat, since=life.since, escalation=life.escalation, notices=life.notices)


def rung(life: Life, alarm: Alarm, repeat: timedelta, *, now: datetime) -> Life:
    """Return the life after an alarm."""
    after = replace(life, revision=life.revision + 1)
    if alarm.ring == Ring.ESCALATE:
        return replace(after, notices=0, escalation=life.escalation + 1)
    return replace(after, notices=told_by(alarm, life.notices, repeat, now=now))


def answered(life: Life, kind: CommandKind) -> Life | str:
    """Return the life after what an office says, or the code of why it cannot be said now.

    Who declined may still ask for help; who asked for help has said what there is to say.
    """
    if life.state == State.RECOVERED:
        return "already_ended"
    if life.state == State.DRAFTED:
        return "drafted_already"
    if kind == CommandKind.DRAFT_BACKFILL:
        return replace(life, state=State.DRAFTED, revision=life.revision + 1)
    if life.state == State.DECLINED:
        return "declined_already"
    return replace(life, state=State.DECLINED, revision=life.revision + 1)


def recovered(life: Life) -> Life:
    """Return the life of an episode that is over."""
    return replace(life, state=State.RECOVERED, revision=life.revision + 1)


def duties_of(episode: Episode, ladder: Ladder) -> tuple[Duty, ...]:
    """Return what is asked of whom while nobody has said anything: of the unit's head, and of who was asked after it."""
    climbed = ladder.offices[: episode.life.escalation + 1]
    due = episode.life.since + ladder.term * len(climbed)
    return *(_asked(office, episode, due) for office in climbed), TOLD


def duties_after(episode: Episode) -> tuple[Duty, ...]:
    """Return what is asked once something was said: of nobody, and the coordinator is told until the unit has recovered."""
    return () if episode.life.state == State.RECOVERED else (TOLD,)


def _asked(office: Capacity, episode: Episode, due: datetime) -> Duty:
    unit_id = episode.unit_id if office == Capacity.UNIT_HEAD else None
    return Duty(TaskKind.BACKFILL_OR_DECLINE, due, capacity=office, unit_id=unit_id)


def fact_of(
    episode: Episode,
    event: str,
    by: Attribution,
    at: datetime,
    *,
    staff: Staff | None = None,
    said: dict[str, Any] | None = None,
) -> Fact:
    """Return an entry of the case, with the count where there is one."""
    data: dict[str, Any] = {
        "state": episode.life.state.value,
        "unit_id": episode.unit_id,
        "home_role": episode.role,
        "escalation": episode.life.escalation,
    }
    if staff:
        data |= {"headcount": staff.headcount, "held": staff.held, "absent": staff.absent}
        data |= {"redline": staff.redline, "below": -staff.margin}
    return Fact(event, cases.thin(episode.episode_id), at, by, None, data | (said or {}))
