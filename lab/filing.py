"""How the people of a drill settle what a return leaves: filed by noon of some day, paid, or never, and then waived."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.actions import Decision
from domain.commands import CommandKind
from domain.moves import Seat, TaskKind
from domain.reasons import SettlementWaiver
from lab.casting import Dice
from lab.fates import Act
from lab.papers import Rating, claim

NOON = 4  # o'clock UTC: about noon where the scenarios play, so that a day's papers come in together
NEVER = 30
"""One person in so many never reports; the regional secretary then waives it by name."""
WITHIN = {TaskKind.FILE_REPORT: 2, TaskKind.EVALUATE_PERSON: 2, TaskKind.SETTLE_CLAIM: 2}
"""Days within which a paper comes in."""


def settled(task: dict[str, Any], seat: Seat, officer: str, now: datetime, dice: Dice) -> list[Act]:
    """Return what happens because of a task of the papers; nothing of those that others settle."""
    kind, case_id, person = TaskKind(task["kind"]), task["case_id"], seat.person_id
    if kind == TaskKind.DECIDE_SETTLEMENT:
        waived = Decision(
            CommandKind.WAIVE_SETTLEMENT,
            case_id,
            choice=SettlementWaiver.PERSON_UNABLE,
            details={"papers": "REPORT"},
        )
        return [Act(_noon(now, 1), officer, waived)]
    if kind not in WITHIN or (kind == TaskKind.FILE_REPORT and dice.throw(person, "reports") % NEVER == 0):
        return []
    at = _noon(now, 1 + dice.throw(person, kind) % WITHIN[kind])
    if kind == TaskKind.SETTLE_CLAIM:
        return [Act(at, officer, Decision(CommandKind.SETTLE_CLAIM, case_id, details=claim(at)))]
    return [Act(at, officer, Rating(seat, 3 + dice.throw(person, kind, "score") % 3))]


def _noon(now: datetime, days: int) -> datetime:
    """Return the noon so many days after today's."""
    return now.replace(hour=NOON, minute=0, second=0, microsecond=0) + timedelta(days=days)
