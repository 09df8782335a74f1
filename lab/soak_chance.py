"""Who decides what about whom in a soak: often what takes them further, often anything at all, by anybody."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.actions import Decision
from domain import cases
from domain.authority import MAY, Capacity
from domain.commands import CommandKind
from domain.moves import Seat
from domain.secondment import TRIGGER_OF, Item, Life, Paper, Ready, State
from domain.secondment.readiness import SETTLED_IN
from lab.papers import claim
from lab.small_town import SmallTown

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CHOICES = {
    CommandKind.ACCEPT_ON_CONDITION: ("LATER_DATE", "LODGING"),
    CommandKind.DECLINE_OFFER: ("CARER", "HEALTH"),
    CommandKind.REFUSE_RELEASE: ("MINIMUM_SERVICE",),
    CommandKind.CANCEL_ORDER: ("MISTAKE",),
    CommandKind.REPORT_INJURY: ("LIGHT", "SERIOUS"),
    CommandKind.WAIVE_SETTLEMENT: ("PERSON_UNABLE",),
    CommandKind.WAIVE_ACCIDENT_REPORT: ("INSURER_TOOK_OVER",),
    CommandKind.RETRACT_DEATH: ("WRONG_LIST",),
    CommandKind.RECALL: ("OTHER",),
    CommandKind.RELEASE_EARLY: ("OTHER",),
}
ONWARD: dict[State, tuple[CommandKind, ...]] = {
    State.OFFERED: (CommandKind.ACCEPT_OFFER,),
    State.CONDITION_PENDING: (CommandKind.GRANT_CONDITION,),
    State.RELEASE_PENDING: (CommandKind.RELEASE,),
    State.MOBILISING: (CommandKind.CHECK_IN,),
    State.OUT_OF_CONTACT: (CommandKind.REGAIN_CONTACT,),
    State.INJURED: (CommandKind.FILE_ACCIDENT_REPORT, CommandKind.RESUME_DUTY),
    State.DEMOBILISING: (CommandKind.FILE_ACCIDENT_REPORT, CommandKind.SIGN_DEMOB),
    State.TRAVELLING_HOME: (CommandKind.CONFIRM_RETURN,),
    State.UNFIT: (CommandKind.CONFIRM_RETURN,),
    State.NO_SHOW: (CommandKind.CONFIRM_RETURN,),
    State.REPORTED: (CommandKind.SETTLE_CLAIM,),
    State.ACCIDENT_REPORT_OWED: (CommandKind.FILE_ACCIDENT_REPORT, CommandKind.RETRACT_DEATH),
}
"""What takes somebody further; without a push in this direction chance ends nearly everybody before they leave."""
OFTEN = {State.OFFERED: 0.9, State.CONDITION_PENDING: 0.9}
"""How often somebody decides about a person in a round; deadlines of hours are met more often than not."""
ENDING = frozenset(
    {CommandKind.REPORT_DEATH, CommandKind.CONVERT, CommandKind.CONFIRM_AFFECTED, CommandKind.DECLINE_OFFER}
)
"""Decided seldom, or nobody would be left."""


BY_PEOPLE = sorted(kind for kind in TRIGGER_OF if Capacity.SYSTEM not in MAY[kind])
"""What somebody can decide; cover is lost and regained by the operation."""


@dataclass(frozen=True)
class Chance:
    """The dice of a soak, and the town whose people it may let decide."""

    town: SmallTown
    dice: random.Random

    def key(self) -> str:
        """A fresh idempotency key."""
        return f"soak-{self.dice.getrandbits(64):016x}"

    def act(self, seat: Seat, life: Life, now: datetime) -> tuple[str, Decision, str]:
        """A decision about somebody: who, what, and under which key (the same one twice is the same decision)."""
        onward = ONWARD.get(life.state)
        if onward and self.dice.random() < 0.6:
            kind = self.dice.choice(onward)
        else:
            kind = self.dice.choice(BY_PEOPLE)
            if kind in ENDING and self.dice.random() < 0.85:
                kind = CommandKind.START_REST
        who = self._actor(kind, seat)
        choices = CHOICES.get(kind)
        decision = Decision(
            kind,
            cases.secondment(seat.placement_id),
            choice=self.dice.choice(choices) if choices else None,
            details=self._details(kind, life, now),
        )
        return who, decision, self.key()

    def _actor(self, kind: CommandKind, seat: Seat) -> str:
        if self.dice.random() < 0.15:
            return self.dice.choice([*self.town.officers.values(), *self.town.heads.values(), seat.person_id])
        capacity = self.dice.choice(MAY[kind])
        if capacity == Capacity.SUBJECT:
            return seat.person_id
        return (
            self.town.heads[seat.unit_id] if capacity == Capacity.UNIT_HEAD else self.town.officers[capacity]
        )

    def _details(self, kind: CommandKind, life: Life, now: datetime) -> dict[str, str | int | float] | None:
        if kind in (CommandKind.PROPOSE_EXTENSION, CommandKind.WAIVE_EXTENSION_LIMIT):
            return {"until": (life.due_back + self.dice.choice((-1, 2, 5, 30)) * DAY).isoformat()}
        if kind == CommandKind.ACCEPT_ON_CONDITION:
            return {"report_at": (life.report_at + self.dice.choice((-1, 1, 9)) * DAY).isoformat()}
        if kind in (CommandKind.CHECK_IN, CommandKind.REPORT_ARRIVAL):
            said = {"reported_at": (now - self.dice.choice((0, 1, 5)) * HOUR).isoformat()}
            return {**said, "reference": "360/HDR/1"}
        if kind == CommandKind.SETTLE_CLAIM and self.dice.random() < 0.8:
            return claim(now)
        if kind == CommandKind.CONVERT and self.dice.random() < 0.8:
            day = now.date().isoformat()
            return {"decreed_by": "APPOINTING_AUTHORITY", "decree": "821/1", "decree_date": day}
        if kind == CommandKind.WAIVE_SETTLEMENT:
            return {"papers": self.dice.choice(list(Paper)).value}
        if kind == CommandKind.CONFIRM_AFFECTED:
            return {"until": (now + 30 * DAY).isoformat()}
        if kind in (CommandKind.SIGN_DEMOB, CommandKind.SIGN_CHECKLIST, CommandKind.WAIVE_CHECKLIST):
            points = Ready if life.state in SETTLED_IN else Item
            items = [point.value for point in points if self.dice.random() < 0.7]
            return {"items": " ".join(items)}
        return None
