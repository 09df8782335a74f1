"""Instants and days on the government's clock, whatever zone this machine stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

_zone: list[Callable[[], ZoneInfo]] = []


def by_clock_of(zone: Callable[[], ZoneInfo]) -> None:
    """Show instants in a government's zone from now on; it is asked for with the first one."""
    _zone[:] = [zone]


def when(text: str | None) -> str:
    """An instant as a sentence says it, with the zone's own name (WIB, WITA, WIT); empty for none."""
    return f"{_local(text):%d %b %H:%M %Z}" if text else ""


def on_day(text: str | None) -> str:
    """As `when`, with the year: of what may lie beyond this one."""
    return f"{_local(text):%d %b %Y %H:%M %Z}" if text else ""


def clock(text: str | None) -> str:
    """An instant in a cell of a table, whose last line (`as_of`) names the zone; empty for none."""
    return f"{_local(text):%d %b %H:%M}" if text else ""


def instant_of(text: str) -> datetime:
    """Read an instant that somebody typed, with its zone and with or without seconds; raises BadParameter."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise typer.BadParameter(f"{text}: expected an instant with its zone, like 2026-12-05T00:00+08:00")
    return at


def day_of(text: str) -> datetime:
    """Read a day that somebody typed, as its midnight without a zone; raises BadParameter."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise typer.BadParameter(f"{text}: expected a day, like 2026-12-05") from None


INSTANT: dict[str, Any] = {"parser": instant_of, "metavar": "INSTANT"}
DAY: dict[str, Any] = {"parser": day_of, "metavar": "YYYY-MM-DD"}
"""How an option or argument is declared that takes one."""


def _local(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.astimezone(_zone[0]() if _zone else None)
