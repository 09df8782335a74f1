"""One place and everybody who holds it in turn: who relieves whom, how long both are there, and where it stands empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

NONE = timedelta(0)


@dataclass(frozen=True)
class Turn:
    """One person's turn on a place. `arrived_at` and `left_site_at` are None until it is so."""

    placement_id: str
    relieves: str | None
    report_at: datetime
    due_back: datetime
    arrived_at: datetime | None
    left_site_at: datetime | None
    handed_over: bool
    served: bool = True
    """Not one who never came, or was sent back at the door."""

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
    """Return how each turn follows the one that it relieves; `overlap` is what the rules ask for at least."""
    known = {turn.placement_id: turn for turn in turns}
    return tuple(
        _relief(known[turn.relieves], turn, overlap) for turn in known.values() if turn.relieves in known
    )


def _relief(former: Turn, turn: Turn, least: timedelta) -> Relief:
    assert turn.relieves is not None
    if not former.served:
        return Relief(turn.placement_id, turn.relieves, NONE, NONE, enough=False, handed_over=False)
    together = min(former.ends, turn.ends) - turn.begins
    both, nobody = max(together, NONE), max(turn.begins - former.ends, NONE)
    return Relief(turn.placement_id, turn.relieves, both, nobody, both >= least, former.handed_over)


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
