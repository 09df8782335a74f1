"""A table of a roster: its file opened, its header found, its cells by column. What a cell means comes later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from adapters.feeds import synonyms
from adapters.feeds.cells import Fault
from adapters.feeds.refusal import Unreadable
from adapters.feeds.rows import HEADER_WITHIN, MOST_ROWS, rows_of
from domain.nip import mask_nip
from domain.roster import RosterError, RosterErrors

T = TypeVar("T")

SHOWN_ERRORS = 50
CHUNK = 2_000  # rows
_LONG_NUMBER = re.compile(r"\d(?: ?\d){7,}(?:[.,]\d+)?|\d[.,]\d+[eE]\+?\d+")


class Complaints:
    """All that is wrong with a roster, in the order in which its files are read."""

    def __init__(self) -> None:
        self._all: list[tuple[int, int, int, RosterError]] = []
        self._files: dict[str, int] = {}

    def begin(self, file: str) -> int:
        """The place of this file among all; the first one begun comes first."""
        return self._files.setdefault(file, len(self._files))

    def add(self, file: str, row: int, column: str, found: str, expected: str) -> None:
        order = self.begin(file)
        self._all.append((order, row, len(self._all), RosterError(file, row, column, found, expected)))

    def verdict(self) -> RosterErrors | None:
        """None if nothing is wrong."""
        if not self._all:
            return None
        ordered = sorted(self._all, key=lambda entry: entry[:3])
        return RosterErrors(tuple(entry[3] for entry in ordered[:SHOWN_ERRORS]), len(ordered))


@dataclass(frozen=True, slots=True)
class Table:
    """Field -> texts, one a row; `numbers` are the rows as the file counts them."""

    file: str
    numbers: Sequence[int]
    texts: Mapping[str, Sequence[str]]
    titles: dict[str, str]  # field -> the header as the file writes it
    unread: tuple[str, ...]  # headers that mean nothing to us
    complaints: Complaints

    def column(self, field: str, parse: Callable[[str], T | Fault], *, blank: bool = True) -> list[T | None]:
        """The values of a field; None where the cell is blank or at fault.

        Every distinct text is parsed once: most columns of a large roster have few.
        """
        texts = self.texts.get(field)
        if texts is None:
            return [None] * len(self.numbers)
        values: dict[str, T | None] = {}
        faults: dict[str, str] = {}
        for raw in set(texts):
            cell = raw.strip()
            value: T | Fault | None
            if cell.startswith("="):
                value = Fault("a value; formulas are not read")
            else:
                value = parse(cell) if cell else (None if blank else Fault("a value"))
            if isinstance(value, Fault):
                faults[raw], value = value.expected, None
            values[raw] = value
        if faults:
            for index, raw in enumerate(texts):
                if raw in faults:
                    self.complain(index, field, show(raw), faults[raw])
        return [values[raw] for raw in texts]

    def complain(self, index: int, field: str, found: str, expected: str) -> None:
        """Blame the cell of a field in the row with this index."""
        title = self.titles.get(field, field)
        self.complaints.add(self.file, self.numbers[index], title, found, expected)


def show(raw: str) -> str:
    """A cell for an error text: short, and long numbers (a NIP, a telephone) with their last digits only."""
    cell = _LONG_NUMBER.sub(lambda found: mask_nip(found[0]), raw.strip())
    if not cell:
        return "a blank cell"
    printable = "".join(sign if sign.isprintable() else "?" for sign in cell[:41])
    return f"'{printable[:40]}...'" if len(printable) > 40 else f"'{printable}'"


def open_table(path: Path, name: str, complaints: Complaints) -> Table | None:
    """The table in this file; None, with complaints, if it cannot be read as `name`."""
    complaints.begin(path.name)
    try:
        rows = rows_of(path, name)
        head = list(islice(rows, HEADER_WITHIN))
        at, fields = _header(name, head)
        headers = [cell.strip() for cell in head[at]]
        body = _Body(path.name, len(headers), fields, complaints)
        body.fill(at + 2, chain(head[at + 1 :], rows))
    except Unreadable as refusal:
        complaints.add(path.name, refusal.row, "", refusal.found, refusal.expected)
        return None
    unread = tuple(header for i, header in enumerate(headers) if header and i not in fields.values())
    titles = {field: headers[index] for field, index in fields.items()}
    return Table(path.name, body.numbers, body.columns, titles, unread, complaints)


def _header(name: str, head: list[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """(index of the header row, field -> column): the row near the top of which most is understood."""
    if not any(any(row) for row in head):
        raise Unreadable("nothing", "a header and rows")
    candidates = [(at, synonyms.match(name, row)) for at, row in enumerate(head)]
    at, fields = max(candidates, key=lambda candidate: len(candidate[1]))
    missing = [field for field in synonyms.required(name) if field not in fields]
    if missing:
        names = ", ".join(f"'{synonyms.columns(name)[field][0]}'" for field in missing)
        raise Unreadable(
            "no such column", f"a header with {names} within the first {HEADER_WITHIN} rows", at + 1
        )
    shapes = [synonyms.plain(cell) for cell in head[at]]
    for index in fields.values():
        if shapes.count(shapes[index]) > 1:
            raise Unreadable(f"the column {show(head[at][index])} twice", "each column once", at + 1)
    return at, fields


class _Body:
    """The rows below the header, turned into columns chunk by chunk: whole rows of a large file would cost more."""

    def __init__(self, file: str, width: int, fields: dict[str, int], complaints: Complaints) -> None:
        self.numbers: list[int] = []
        self.columns: dict[str, list[str]] = {field: [] for field in fields}
        self._file, self._width, self._fields, self._complaints = file, width, fields, complaints

    def fill(self, number: int, rows: Iterator[Sequence[str]]) -> None:
        """Take all rows, the first of which has this number."""
        while chunk := list(islice(rows, CHUNK)):
            numbers: list[int] = list(range(number, number + len(chunk)))
            number += len(chunk)
            if set(map(len, chunk)) != {self._width} or not all(map(itemgetter(0), chunk)):
                numbers, chunk = self._squared(numbers, chunk)
            by_index = list(zip(*chunk, strict=True))
            self.numbers += numbers
            if len(self.numbers) > MOST_ROWS:
                raise Unreadable("too many rows", f"at most {MOST_ROWS}", number)
            for field, index in self._fields.items() if chunk else ():
                self.columns[field] += by_index[index]

    def _squared(
        self, numbers: list[int], rows: list[Sequence[str]]
    ) -> tuple[list[int], list[Sequence[str]]]:
        """Without blank rows, and all as wide as the header: spreadsheets drop blank cells at the end of a row."""
        width, kept = self._width, []
        squared: list[Sequence[str]] = []
        for number, row in zip(numbers, rows, strict=True):
            if not any(map(str.strip, row)):
                continue
            if any(map(str.strip, row[width:])):
                expected = f"{width} cells, as many as the header has"
                self._complaints.add(self._file, number, "", f"{len(row)} cells", expected)
            kept.append(number)
            squared.append([*row[:width], *[""] * (width - len(row))])
        return kept, squared
