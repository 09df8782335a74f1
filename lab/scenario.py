"""A scenario: an incident, what it needs, and how people answer. One TOML file, documented in docs/scenarios.md."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from domain.standings import Level

_SPAN = re.compile(r"(\d+) (min|h|d)")
_UNIT = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class ScenarioInvalid(ValueError):
    """The scenario cannot be run; the text names file, line and what was expected."""


@dataclass(frozen=True)
class Incident:
    """The emergency: its status, declared some time after the start, for some days."""

    title: str
    hazard: str
    status: str
    level: str
    area: str
    decree: str
    declared_after: timedelta
    lasts: timedelta


@dataclass(frozen=True)
class Need:
    """One line of the request; `report_after` and `duty` count from the start of the scenario."""

    role: str
    quantity: int
    priority: int
    site: str
    lat: float
    lon: float
    wave: int
    report_after: timedelta
    duty: timedelta


@dataclass(frozen=True)
class Behaviour:
    """How people answer: how many decline or stay silent, how many come home late."""

    declines: int
    silent: int
    overdue: int


@dataclass(frozen=True)
class Scenario:
    """All of it."""

    title: str
    seed: int
    starts: datetime
    roster: Path
    funding: str
    incident: Incident
    behaviour: Behaviour
    needs: tuple[Need, ...] = field(default_factory=tuple)


def read_scenario(path: Path, *, seed: int | None = None) -> Scenario:
    """Read a scenario; raises ScenarioInvalid naming file, line and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise ScenarioInvalid(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioInvalid(f"{path}: not TOML: {error}") from error
    read = _Reader(path, text)
    incident = read.table(data, "incident", "")
    people = read.table(data, "people", "")
    return Scenario(
        title=read.text(data, "title", ""),
        seed=seed if seed is not None else read.whole(data, "seed", "", least=0),
        starts=read.instant(data, "starts", ""),
        roster=(path.parent / read.text(data, "roster", "")).resolve(),
        funding=read.text(data, "funding", ""),
        incident=_incident(read, incident),
        behaviour=Behaviour(
            declines=read.whole(people, "declines", "people", least=0),
            silent=read.whole(people, "silent", "people", least=0),
            overdue=read.whole(people, "overdue", "people", least=0),
        ),
        needs=tuple(_need(read, need, number) for number, need in enumerate(read.tables(data, "need"), 1)),
    )


def _incident(read: _Reader, table: dict[str, Any]) -> Incident:
    at = "incident"
    return Incident(
        title=read.text(table, "title", at),
        hazard=read.text(table, "hazard", at),
        status=read.one_of(table, "status", at, ("ALERT", "RESPONSE")),
        level=read.one_of(table, "level", at, tuple(Level)),
        area=read.text(table, "area", at),
        decree=read.text(table, "decree", at),
        declared_after=read.span(table, "declared_after", at),
        lasts=read.span(table, "lasts", at),
    )


def _need(read: _Reader, table: dict[str, Any], number: int) -> Need:
    at = f"need[{number}]"
    return Need(
        role=read.text(table, "role", at),
        quantity=read.whole(table, "quantity", at, least=1),
        priority=read.whole(table, "priority", at, least=1),
        site=read.text(table, "site", at),
        lat=read.number(table, "lat", at),
        lon=read.number(table, "lon", at),
        wave=read.whole(table, "wave", at, least=1),
        report_after=read.span(table, "report_after", at),
        duty=read.span(table, "duty", at),
    )


class _Reader:
    """Takes values out of tables and says where a wrong one stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def table(self, data: dict[str, Any], key: str, at: str) -> dict[str, Any]:
        found = self._take(data, key, at, "a table")
        return found if isinstance(found, dict) else self._fail(key, at, "a table", found)

    def tables(self, data: dict[str, Any], key: str) -> list[dict[str, Any]]:
        found = self._take(data, key, "", f"one or more [[{key}]]")
        if isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
            return found
        return self._fail(key, "", f"one or more [[{key}]]", found)

    def text(self, data: dict[str, Any], key: str, at: str) -> str:
        found = self._take(data, key, at, "a text")
        return found if isinstance(found, str) and found else self._fail(key, at, "a text", found)

    def one_of(self, data: dict[str, Any], key: str, at: str, known: tuple[str, ...]) -> str:
        found = self.text(data, key, at)
        return found if found in known else self._fail(key, at, f"one of {', '.join(known)}", found)

    def whole(self, data: dict[str, Any], key: str, at: str, *, least: int) -> int:
        found = self._take(data, key, at, f"a whole number from {least}")
        if isinstance(found, int) and not isinstance(found, bool) and found >= least:
            return found
        return self._fail(key, at, f"a whole number from {least}", found)

    def number(self, data: dict[str, Any], key: str, at: str) -> float:
        found = self._take(data, key, at, "a number")
        if isinstance(found, int | float) and not isinstance(found, bool):
            return float(found)
        return self._fail(key, at, "a number", found)

    def span(self, data: dict[str, Any], key: str, at: str) -> timedelta:
        found = self._take(data, key, at, 'a span like "90 min", "30 h" or "7 d"')
        match = _SPAN.fullmatch(found) if isinstance(found, str) else None
        return (
            int(match[1]) * _UNIT[match[2]]
            if match
            else self._fail(key, at, 'a span like "30 h" or "7 d"', found)
        )

    def instant(self, data: dict[str, Any], key: str, at: str) -> datetime:
        found = self._take(data, key, at, "an instant with its offset")
        if isinstance(found, datetime) and found.tzinfo is not None:
            return found
        return self._fail(key, at, "an instant with its offset, like 2027-02-03T06:00:00+08:00", found)

    def _take(self, data: dict[str, Any], key: str, at: str, expected: str) -> Any:
        return data[key] if key in data else self._fail(key, at, expected, None)

    def _fail(self, key: str, at: str, expected: str, found: object) -> Any:
        line = self._line_of(key, at)
        told = "nothing" if found is None else repr(found)
        name = f"{at}.{key}" if at else key
        raise ScenarioInvalid(f"{self._path}, line {line}: {name}: found {told}, expected {expected}")

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
