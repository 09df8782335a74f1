"""Whether one of two is above the other where they serve, by the tree of units."""

from __future__ import annotations

from dataclasses import dataclass

from domain.mutation.codes import LADDER, PositionKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody serves: the unit and those above it, the nearest first; in what position, and heading which units."""

    line: tuple[str, ...]
    kind: PositionKind | None = None
    heads: frozenset[str] = frozenset()


def in_line(one: Place, other: Place) -> bool:
    """Whether either is above the other.

    Who heads a unit is above all in it and below it. Within a unit a higher step of those who lead is above a lower one,
    as nothing tells who of them leads whom; a functional position leads nobody, nor does one that nobody mapped.
    """
    return _above(one, other) or _above(other, one)


def _above(one: Place, other: Place) -> bool:
    if one.heads & set(other.line):
        return True
    return one.line[:1] == other.line[:1] and _step(one) > _step(other)


def _step(place: Place) -> int:
    return LADDER.index(place.kind) if place.kind in LADDER else 0
