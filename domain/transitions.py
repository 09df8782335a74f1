"""Rows of a machine's table, written for many states or triggers at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


def leads(states: Iterable[S], target: S, *triggers: T) -> dict[tuple[S, T], S]:
    """Each of the triggers leads from each of the states to the same one."""
    return {(state, trigger): target for state in states for trigger in triggers}


def stays(states: Iterable[S], *triggers: T) -> dict[tuple[S, T], S]:
    """Each of the triggers stands in each of the states, and leaves it as it is."""
    return {(state, trigger): state for state in states for trigger in triggers}
