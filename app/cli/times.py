"""Instants and days on the government's clock, whatever zone this machine stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

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


def _local(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.astimezone(_zone[0]() if _zone else None)
