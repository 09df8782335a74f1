"""What must hold between rows and between files: keys that exist, and are there once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from adapters.feeds import cells
from adapters.feeds.cells import Fault
from adapters.feeds.tables import Table

Keys = Collection[str] | None
"""Keys that another file holds; None if it could not be read, and then every key passes."""


def known(
    keys: Keys, what: str, parse: Callable[[str], str | Fault] = cells.text
) -> Callable[[str], str | Fault]:
    """A parser of keys that another file must hold."""

    def check(cell: str) -> str | Fault:
        if keys is not None and cell in keys:
            return cell
        value = parse(cell)
        missing = not isinstance(value, Fault) and keys is not None and value not in keys
        return Fault(f"a {what}") if missing else value

    return check


def complain_of_repeats(table: Table, field: str, keys: Sequence[Any], what: str) -> None:
    """Blame every row whose key stood in an earlier row; keys of None are let pass."""
    if len(set(keys)) == len(keys):
        return
    first: dict[Any, int] = {}
    for index, key in enumerate(keys):
        if key is not None and first.setdefault(key, index) != index:
            where = table.numbers[first[key]]
            table.complain(index, field, "a repetition", f"{what} once; row {where} has it already")


def keys_of(first: Sequence[Any], *others: Sequence[Any]) -> list[tuple[Any, ...] | None]:
    """The key of each row; None where its first part is missing."""
    return [key if key[0] is not None else None for key in zip(first, *others, strict=True)]
