"""Whom a kept plan sends, and where a stretch of them ends."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Pick:
    """A pick of a kept plan, and the override it needs."""

    placement_id: str
    line_id: str
    person_id: str
    unit_id: str
    role: str
    team: str
    why: dict[str, Any]
    override_id: str | None = None

    def relieving(self, placement_id: str | None) -> Pick:
        """Return the pick as the log tells it: whom it relieves, if anybody."""
        return replace(self, why={**self.why, "relieves": placement_id}) if placement_id else self

    @classmethod
    def of(cls, plan_id: str, pick: dict[str, Any], line: Any) -> Pick:
        # The same pick of the same plan is the same placement, however often it is held.
        placement_id = uuid.uuid5(uuid.UUID(plan_id), f"{pick['line_id']}/{pick['person_id']}")
        why = {"km": pick["km"], "cost": pick["cost"], "without": pick["without"], "plan_id": plan_id}
        if food := line["conditions"].get("food"):
            why["food"] = food  # what their days are paid for is counted from the log
        who = (pick["line_id"], pick["person_id"], pick["unit_id"], pick["role"])
        return cls(str(placement_id), *who, line["team"], why)


def end_of_stretch(picks: Sequence[Pick], end: int) -> int:
    """Return where a stretch ends that is to end about there: behind the team that it would cut."""
    while end < len(picks) and picks[end].team and picks[end].team == picks[end - 1].team:
        end += 1
    return min(end, len(picks))


def picks_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return everybody whom a kept plan sends: whom it was told to keep, and whom it found."""
    return [*plan.get("kept", ()), *plan["picks"]]
