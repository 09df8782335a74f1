"""What a mutation does to the workload of the unit that is left and of the one that is joined."""

from __future__ import annotations

from dataclasses import dataclass

from domain.mutation.dossier import Dossier, Work
from domain.workload import Load, WorkloadRules, redline


@dataclass(frozen=True, slots=True)
class Change:
    """The load of one role of a unit, before the move and after it."""

    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class Changes:
    """Both sides of a move."""

    releasing: Change
    receiving: Change


def changes(dossier: Dossier, rules: WorkloadRules) -> Changes:
    """Return both units' loads, before and after; within one role of a unit nothing changes.

    Both are told with the other moves of the same decree, so that whoever swaps takes nobody from either unit.
    """
    moved = 0 if within_one_role(dossier) else 1
    return Changes(_change(dossier.origin.work, -moved, rules), _change(dossier.receiving.work, moved, rules))


def within_one_role(dossier: Dossier) -> bool:
    """Whether the person stays in the role of the unit, so that nobody has more work or less."""
    left, joined = dossier.origin.work, dossier.receiving.work
    return (left.unit_id, left.role) == (joined.unit_id, joined.role)


def _change(work: Work, by: int, rules: WorkloadRules) -> Change:
    heads = work.headcount + work.by_same_decree
    return Change(_load(work, heads, rules), _load(work, heads + by, rules))


def _load(work: Work, headcount: int, rules: WorkloadRules) -> Load:
    # What must stay is told of the heads that are there: an unmeasured unit does not need fewer because one has left.
    keep = redline(work.minutes, work.minimum, work.headcount, rules)
    return Load(work.unit_id, work.role.value, max(headcount, 0), work.minutes, keep, rules=rules)
