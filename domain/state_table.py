"""A machine as a table: every state against every event, each cell a transition, a refusal, or what cannot be.

Nothing here knows a particular machine: it is handed sample lives by the name of their state, events by the name of
their row, and the machine's own `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

L = TypeVar("L")
E = TypeVar("E")


@dataclass(frozen=True)
class Goes:
    """The event stands: the state after it."""

    to: str


@dataclass(frozen=True)
class Refuses:
    """The event does not stand and is answered with a code, which is recorded."""

    code: str


@dataclass(frozen=True)
class Never:
    """The event cannot come where the case stands: nobody sends it, and no clock is set for it."""


Cell: TypeAlias = Goes | Refuses | Never
Table: TypeAlias = dict[str, dict[str, Cell]]
"""Event -> state -> cell."""


def cell_of(verdict: Any) -> Cell:
    """Return the cell of a machine's own verdict: `Moved` has a life with a state, `Refused` a code."""
    if hasattr(verdict, "life"):
        return Goes(str(verdict.life.state))
    return Refuses(verdict.code)


def tabulate(states: Mapping[str, L], events: Mapping[str, E], decide: Callable[[L, E], Cell]) -> Table:
    """Ask the machine about every event in every state."""
    return {
        row: {column: decide(life, event) for column, life in states.items()} for row, event in events.items()
    }


def codes_of(table: Table) -> tuple[str, ...]:
    """Return every code that the machine refuses with, sorted."""
    cells = (cell for row in table.values() for cell in row.values())
    return tuple(sorted({cell.code for cell in cells if isinstance(cell, Refuses)}))


def render(table: Table, names: Mapping[str, str] | None = None) -> str:
    """Return the table in Markdown; `names` gives the state of a column that is called otherwise."""
    return "\n".join(_lines(table, names or {}))


def _lines(table: Table, names: Mapping[str, str]) -> Iterator[str]:
    columns = list(next(iter(table.values())))
    yield "| event | " + " | ".join(columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for event, cells in table.items():
        told = (_told(cells[column], names.get(column, column)) for column in columns)
        yield f"| {event} | " + " | ".join(told) + " |"


def _told(cell: Cell, here: str) -> str:
    match cell:
        case Goes(to) if to == here:
            return "stays"
        case Goes(to):
            return f"→ {to}"
        case Refuses(code):
            return f"`{code}`"
        case _:
            return "–"
