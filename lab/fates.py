"""What happens to somebody at the site without anybody's task: an injury, a recall, a longer duty, a home destroyed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.actions import Decision
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat
from domain.reasons import EarlyReason, InjurySeverity, RecallReason
from domain.secondment import Life
from lab.casting import Dice, Fate
from lab.papers import Rating

Office = Callable[[Capacity, str | None], str]
"""Returns who holds an office; in a unit, where it is one of a unit."""

SPARED = timedelta(days=30)
"""How long nobody asks a verified victim again."""
PROPOSED_BEFORE = timedelta(hours=30)
"""How long before the end a longer duty is proposed: three people must agree, and an order be signed."""

WEEK, OFF, OFF_AFTER = timedelta(days=7), timedelta(hours=25), timedelta(days=6)
"""Longer stays have days off: each a little longer than a day, and so long after the one before."""


@dataclass(frozen=True)
class Act:
    """Somebody will decide something at an instant; one that is `bound` falls away when its task is closed."""

    at: datetime
    person_id: str
    decision: Decision | Rating
    task_id: object = None
    bound: bool = True

    @property
    def signs(self) -> bool:
        """Whether it signs an order."""
        return isinstance(self.decision, Decision) and self.decision.kind == CommandKind.SIGN_ORDER


def happen(fate: Fate, seat: Seat, at: datetime, office: Office, dice: Dice) -> list[Act]:
    """Return who will say at an instant what has happened to somebody; nothing for a fate that needs no word."""
    person, case_id = seat.person_id, cases.secondment(seat.placement_id)
    post, head = office(Capacity.COMMAND_POST, None), office(Capacity.UNIT_HEAD, seat.unit_id)
    match fate:
        case Fate.INJURED:
            hurt = Decision(CommandKind.REPORT_INJURY, case_id, choice=severity(person, dice))
            return [Act(at, post, hurt, bound=False)]
        case Fate.AFFECTED:
            details: dict[str, str | int | float] = {"until": (at + SPARED).isoformat()}
            return [
                Act(at, head, Decision(CommandKind.CONFIRM_AFFECTED, case_id, None, details), bound=False)
            ]
        case Fate.RECALLED:
            code = (RecallReason.MINIMUM_SERVICE, RecallReason.ESSENTIAL_SERVICE)[
                dice.throw(person, "recall") % 2
            ]
            return [Act(at, head, Decision(CommandKind.RECALL, case_id, choice=code), bound=False)]
        case Fate.RELEASED_EARLY:
            early = (EarlyReason.NO_LONGER_NEEDED, EarlyReason.FAMILY)[dice.throw(person, "early") % 2]
            return [Act(at, post, Decision(CommandKind.RELEASE_EARLY, case_id, choice=early), bound=False)]
        case _:
            return []


def severity(person: str, dice: Dice) -> InjurySeverity:
    """Return how bad an injury is: two in three are light."""
    return InjurySeverity.SERIOUS if dice.throw(person, "severity") % 3 == 0 else InjurySeverity.LIGHT


def extend(case_id: str, life: Life, until: datetime, office: Office, share: float) -> list[Act]:
    """Return the proposal of a longer duty, or nothing where it may not be longer."""
    if until <= life.due_back:
        return []
    details: dict[str, str | int | float] = {"until": until.isoformat()}
    at = life.due_back - PROPOSED_BEFORE + timedelta(hours=6) * share
    proposal = Decision(CommandKind.PROPOSE_EXTENSION, case_id, details=details)
    return [Act(at, office(Capacity.COMMAND_POST, None), proposal, bound=False)]


def days_off(case_id: str, person: str, begins: datetime, ends: datetime, share: float) -> list[Act]:
    """Return the rests of whoever stays longer than a week: a day off in each, not all on the same one."""
    acts: list[Act] = []
    starts = begins + OFF_AFTER - timedelta(hours=48) * share
    while ends - begins > WEEK and starts + OFF < ends:
        acts += [
            Act(starts, person, Decision(CommandKind.START_REST, case_id), bound=False),
            Act(starts + OFF, person, Decision(CommandKind.END_REST, case_id), bound=False),
        ]
        starts += OFF_AFTER
    return acts
