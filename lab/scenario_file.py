"""Taking values out of a scenario file, and saying where a wrong one stands: file, line, key, found, expected."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

_SPAN = re.compile(r"(\d+) (min|h|d)")
_UNIT = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SPAN = 'a span like "90 min", "30 h" or "7 d"'
SO_MANY = "a whole number from 0, or a share between 0.0 and 1.0"

Table = dict[str, Any]


class ScenarioInvalid(ValueError):
    """The scenario cannot be run; the text names file, line and what was expected."""


class Reader:
    """Takes values out of tables. `at` says which one: `incident`, or `need[3]` for the third of several."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def known(self, data: Table, at: str, keys: Collection[str]) -> None:
        """Refuse a key that nobody reads: it is a slip of the pen, and would otherwise be passed over."""
        for key in data:
            if key not in keys:
                self._fail(key, at, f"one of {', '.join(keys)}", key)

    def several(self, data: Table, key: str, *, least: int = 0) -> list[tuple[str, Table]]:
        """Return the `[[key]]` tables, or the one `[key]`, each with where it stands; none when there is none."""
        found = data.get(key, [])
        if isinstance(found, dict):
            return [(key, found)]
        if isinstance(found, list) and len(found) >= least and all(isinstance(one, dict) for one in found):
            return [(f"{key}[{number}]", one) for number, one in enumerate(found, 1)]
        return self.fail(key, "", f"one or more [[{key}]]", found or None)

    def text(self, data: Table, key: str, at: str, *, default: str | None = None) -> str:
        found = self._take(data, key, at, "a text", default)
        return found if isinstance(found, str) and found else self.fail(key, at, "a text", found)

    def one_of(
        self, data: Table, key: str, at: str, known: Collection[str], *, default: str | None = None
    ) -> str:
        expected = f"one of {', '.join(known)}"
        found = self._take(data, key, at, expected, default)
        return found if found in known else self.fail(key, at, expected, found)

    def whole(self, data: Table, key: str, at: str, *, least: int) -> int:
        found = self._take(data, key, at, f"a whole number from {least}")
        return found if _whole(found, least) else self.fail(key, at, f"a whole number from {least}", found)

    def so_many(self, data: Table, key: str, at: str, *, default: int | None = None) -> int | float:
        """Return a count, or a share of those whom it is about."""
        found = self._take(data, key, at, SO_MANY, default)
        if _whole(found, 0) or (isinstance(found, float) and 0 <= found <= 1):
            return found
        return self.fail(key, at, SO_MANY, found)

    def number(self, data: Table, key: str, at: str) -> float:
        found = self._take(data, key, at, "a number")
        if isinstance(found, int | float) and not isinstance(found, bool):
            return float(found)
        return self.fail(key, at, "a number", found)

    def span(self, data: Table, key: str, at: str, *, default: timedelta | None = None) -> timedelta:
        if key not in data and default is not None:
            return default
        found = self._take(data, key, at, SPAN)
        match = _SPAN.fullmatch(found) if isinstance(found, str) else None
        return int(match[1]) * _UNIT[match[2]] if match else self.fail(key, at, SPAN, found)

    def instant(self, data: Table, key: str, at: str) -> datetime:
        expected = "an instant with its offset, like 2027-02-03T06:00:00+08:00"
        found = self._take(data, key, at, expected)
        if isinstance(found, datetime) and found.tzinfo is not None:
            return found
        return self.fail(key, at, expected, found)

    def told_apart(self, found: list[tuple[str, Table]], keys: list[str]) -> None:
        """Refuse a key that an earlier table of its kind has."""
        for number, key in enumerate(keys):
            if key in keys[:number]:
                self._fail("key", found[number][0], "a key that no other one has", key)

    def _take(self, data: Table, key: str, at: str, expected: str, default: object = None) -> Any:
        if key in data:
            return data[key]
        return default if default is not None else self.fail(key, at, expected, None)

    def fail(self, key: str, at: str, expected: str, found: object) -> Any:
        """Raise what is wrong with a key."""
        self._fail(key, at, expected, found)

    def _fail(self, key: str, at: str, expected: str, found: object) -> NoReturn:
        told = "nothing" if found is None else repr(found)
        name = f"{at}.{key}" if at else key
        raise ScenarioInvalid(
            f"{self._path}, line {self._line_of(key, at)}: {name}: found {told}, expected {expected}"
        )

    def _line_of(self, key: str, at: str) -> int:
        """Find the key's line, in the table that `at` names; the table's head when the key is absent."""
        name, _, number = at.partition("[")
        heads = [n for n, line in enumerate(self._lines, 1) if re.match(rf"\s*\[+{re.escape(name)}\]+", line)]
        start = heads[int(number.rstrip("]")) - 1 if number else 0] if name and heads else 1
        for n in range(start, len(self._lines) + 1):
            if re.match(rf"\s*{re.escape(key)}\s*=", self._lines[n - 1]):
                return n
            if n > start and name and self._lines[n - 1].lstrip().startswith("["):
                break
        return start


def _whole(found: object, least: int) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found >= least
