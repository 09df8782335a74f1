"""`up --demo`: what the stack calls once it stands. What it imports is heavy, and loaded only then."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from runtime.stack_state import Addresses


def migrate(dsn: str) -> None:
    """Bring the database up to date."""
    from app import wiring  # noqa: PLC0415 - a client's command must not load the planner

    wiring.migrate(dsn)


def load_demo(addresses: Addresses, data: Path) -> Iterable[str]:
    """Load the example city; return the lines to print."""
    from app.cli import founding  # noqa: PLC0415

    return founding.load_demo(addresses, data)
