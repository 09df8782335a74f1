"""Cases that wait in a circle: each for a full post that another of them leaves. Alone none can ever go; as a swap all can."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.mutation.states import State

MAY_SWAP = frozenset({State.PROPOSED, State.SCREENING, State.RETURNED})
"""Where a case can still be put into a swap."""


@dataclass(frozen=True)
class Waiting:
    """A case whose new post is full, and what it leaves."""

    mutation_id: str
    from_position: str
    to_position: str


def circle_through(mutation_id: str, waiting: Iterable[Waiting]) -> tuple[str, ...]:
    """Return the shortest circle that a case stands in, itself first, each waiting for the next one's post; () where none.

    Of two that are as short, the one whose ids come first: the same cases always give the same answer.
    """
    known = {one.mutation_id: one for one in sorted(waiting, key=lambda one: one.mutation_id)}
    if mutation_id not in known:
        return ()
    start, seen = known[mutation_id], {mutation_id}
    paths: deque[tuple[str, ...]] = deque([(mutation_id,)])
    while paths:
        path = paths.popleft()
        wanted = known[path[-1]].to_position
        if wanted == start.from_position and len(path) > 1:
            return path
        for one in known.values():
            if one.from_position == wanted and one.mutation_id not in seen:
                seen.add(one.mutation_id)
                paths.append((*path, one.mutation_id))
    return ()


def circle_among(waiting: Sequence[Waiting]) -> tuple[str, ...]:
    """Return a circle among these cases, the shortest of the first case that stands in one; () where there is none."""
    found = (circle_through(one.mutation_id, waiting) for one in sorted(waiting, key=lambda w: w.mutation_id))
    return next((circle for circle in found if circle), ())


def form_a_swap(circle: Sequence[str]) -> str:
    """Say in words what becomes of such cases: by their ids, and nobody's name."""
    return (
        f"{', '.join(circle)} wait for each other's posts, which are full: form a swap of them before they are"
        f" screened (./siaga group form SWAP {' '.join(circle)})"
    )
