"""What the log gives beside what the books show, row by row; each difference is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.rebuild.fold import Tables
from domain.rebuild.sealed import ERASED


@dataclass(frozen=True)
class Difference:
    """One value that the books show and the log does not give; a row that only one of them has has no `column`."""

    board: str
    row: str
    column: str
    log: Any
    books: Any

    def sentence(self) -> str:
        """Say it in one line."""
        if not self.column:
            return f"{self.board} {self.row}: {'only in the log' if self.log else 'only in the books'}"
        return f"{self.board} {self.row}: {self.column} is {self.books} in the books, {self.log} by the log"


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: as of which entry, how many entries were folded and rows compared, what differs.

    `gaps` are numbers that no entry of the log has.
    """

    log: int
    log_at: datetime | None
    entries: int
    rows: dict[str, int]
    differences: tuple[Difference, ...]
    gaps: tuple[int, ...] = ()

    @property
    def compared(self) -> int:
        """How many rows were compared, of all boards."""
        return sum(self.rows.values())

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong, a line each: what is missing from the log first."""
        missing = tuple(f"log: entry {seq} is missing" for seq in self.gaps)
        return missing + tuple(one.sentence() for one in self.differences)

    @property
    def holds(self) -> bool:
        """Whether there is a log, and nothing differs. One may tell of nothing but who left by another government's decree."""
        return self.entries > 0 and not self.faults


def compare(log: Tables, books: Tables) -> tuple[dict[str, int], tuple[Difference, ...]]:
    """Return how many rows of each board were compared, and every difference."""
    counted = {board: len(log[board].keys() | books[board].keys()) for board in log}
    return counted, tuple(_differences(log, books))


def _differences(log: Tables, books: Tables) -> Iterator[Difference]:
    for board in log:
        ours, theirs = log[board], books[board]
        for key in sorted(ours.keys() | theirs.keys()):
            if key not in ours or key not in theirs:
                yield Difference(board, key, "", ours.get(key), theirs.get(key))
                continue
            columns: Sequence[str] = sorted(ours[key].keys() | theirs[key].keys())
            for column in columns:
                one, other = ours[key].get(column), theirs[key].get(column)
                if other not in (one, ERASED):
                    yield Difference(board, key, column, one, other)
