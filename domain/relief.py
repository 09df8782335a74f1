"""One place and everybody who holds it in turn: who relieves whom, how long both are there, and where it stands empty.

Whoever is asked may never come. So what lies between two turns is told of those who have said yes, and notes go to whoever
comes from the last one who was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

NONE = timedelta(0)


@dataclass(frozen=True)
class Turn:
    """One person's turn on a place. `arrived_at` and `left_site_at` are None until it is so.

    `due_back` is when the site is to be left: of somebody who leaves early, before the duty ends.
    """

    placement_id: str
    relieves: str | None
    report_at: datetime
    due_back: datetime
    arrived_at: datetime | None
    left_site_at: datetime | None
    handed_over: bool
    served: bool = True
    """Not one who never came, or was sent back at the door."""
    asked: bool = False
    """Only asked: nobody knows yet whether they come."""
    dropped: bool = False
    """Said no, or was let go before leaving home."""

    @property
    def begins(self) -> datetime:
        """When the turn began on site, or is to begin."""
        return self.arrived_at or self.report_at

    @property
    def ends(self) -> datetime:
        """When the turn ended on site, or is to end."""
        return self.left_site_at or self.due_back


@dataclass(frozen=True)
class Relief:
    """How one turn follows the one before: how long both are on site together, or how long nobody is."""

    placement_id: str
    relieves: str
    overlap: timedelta
    gap: timedelta
    enough: bool
    handed_over: bool


def in_turn(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return the turns of one place in the order in which they follow each other; all are of one chain."""
    known = {turn.placement_id: turn for turn in turns}
    after = {turn.relieves: turn for turn in known.values() if turn.relieves is not None}
    first = [turn for turn in known.values() if turn.relieves not in known]
    return tuple(one for turn in first for one in _from(turn, after))


def reliefs(turns: Iterable[Turn], overlap: timedelta) -> tuple[Relief, ...]:
    """Return how each turn follows the one before; `overlap` is what the rules ask for at least.

    Nothing is known of it as long as one of the two is only asked.
    """
    known = {turn.placement_id: turn for turn in turns}
    follows = ((_before(turn, known), turn) for turn in known.values() if not turn.asked and not turn.dropped)
    return tuple(_relief(former, turn, overlap) for former, turn in follows if former and not former.asked)


def left_by(turns: Iterable[Turn], placement_id: str) -> str | None:
    """Return the placement of whoever was last there before somebody: whose notes they find; None where nobody was."""
    known = {turn.placement_id: turn for turn in turns}
    mine = known.pop(placement_id)
    were = [
        (turn.arrived_at, turn.placement_id)
        for turn in known.values()
        if turn.arrived_at and turn.served and (mine.arrived_at is None or turn.arrived_at < mine.arrived_at)
    ]
    return max(were)[1] if were else None


def _before(turn: Turn, known: dict[str, Turn]) -> Turn | None:
    """Whoever held the place before, or is to; past those who never set out."""
    former = known.get(turn.relieves) if turn.relieves else None
    seen = {turn.placement_id}
    while former and former.dropped and former.placement_id not in seen:
        seen.add(former.placement_id)
        former = known.get(former.relieves) if former.relieves else None
    return former


def _relief(former: Turn, turn: Turn, least: timedelta) -> Relief:
    names = (turn.placement_id, former.placement_id)
    if not former.served:
        return Relief(*names, NONE, NONE, enough=False, handed_over=False)
    together = min(former.ends, turn.ends) - turn.begins
    both, nobody = max(together, NONE), max(turn.begins - former.ends, NONE)
    return Relief(*names, both, nobody, both >= least, former.handed_over)


def _from(turn: Turn, after: dict[str, Turn]) -> Iterator[Turn]:
    seen: set[str] = set()
    following: Turn | None = turn
    while following is not None and following.placement_id not in seen:
        seen.add(following.placement_id)
        yield following
        following = after.get(following.placement_id)


def stays_or_leaves(event: str, *, amended: bool) -> bool:
    """Whether it is said just now that somebody may stay longer or move on, or said no longer: who takes over depends on it."""
    return event in _PROPOSED or (event in _ANSWERED and not amended)


_PROPOSED = frozenset({"ExtensionProposed", "ReassignmentProposed"})
_ANSWERED = frozenset({"ExtensionAnswered", "ExtensionLapsed", "ReassignmentAnswered"})
