"""The papers after a return, as people of the lab file them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app import closing
from app.actions import Decision
from app.closing import Said
from domain import cases
from domain.closing.evaluation import CRITERIA, Side
from domain.commands import CommandKind
from domain.moves import Seat
from lab.stage import Stage

LEAST = 100_000
"""Below what the shortest stay comes to: more than the days come to needs a reason."""


def claim(at: datetime) -> dict[str, str | int | float]:
    """Return what a claim is settled by on a day: the document of somebody else's that paid it."""
    return {"reference": "SP2D/1", "dated": at.date().isoformat(), "amount": LEAST}


async def as_reckoned(stage: Stage, decision: Decision) -> Decision:
    """Let a claim be paid as the days come to, where that is known."""
    due = None
    if decision.kind == CommandKind.SETTLE_CLAIM:
        due = await stage.house.desk.reckoned(decision.case_id)
    return (
        decision if due is None else replace(decision, details=dict(decision.details or {}) | {"amount": due})
    )


@dataclass(frozen=True)
class Rating:
    """What one side is about to say of a posting: the same mark for everything."""

    seat: Seat
    score: int

    @property
    def case_id(self) -> str:
        """Return the case that it is about."""
        return cases.secondment(self.seat.placement_id)


async def evaluate(stage: Stage, who: str, seat: Seat, score: int = 4) -> None:
    """Let somebody evaluate for their side: the person the posting, an officer of the host the person."""
    actor = await stage.actor(who, seat.government_id)
    side = Side.PERSON if who == seat.person_id else Side.HOST
    scores = {criterion.value: score for criterion in CRITERIA[side]}
    await closing.evaluate(stage.house, stage.books.closing, actor, seat.placement_id, Said(scores))
