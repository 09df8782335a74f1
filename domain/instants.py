"""Instants as they are said: text with a zone."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(said: object) -> datetime:
    """Return what a decision says as an instant, in UTC; raises ValueError where it names no zone.

    In UTC, as the books tell it: a life that says `+08:00` is the same, and its facts read differently.
    """
    found = datetime.fromisoformat(str(said))
    if found.tzinfo is None:
        raise ValueError(f"{said}: expected an instant with its zone")
    return found.astimezone(UTC)
