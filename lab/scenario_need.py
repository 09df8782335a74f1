"""One line of what a scenario asks for: so many people, from when, for how long, and for how long the place is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from lab.scenario_file import Reader, Table


@dataclass(frozen=True)
class Need:
    """One line of a request; `report_after` counts from the request, `duty` and `needed_for` from reporting."""

    role: str
    quantity: int
    priority: int
    site: str
    lat: float
    lon: float
    wave: int
    report_after: timedelta
    duty: timedelta
    needed_for: timedelta
    max_km: int | None = None


def read_need(read: Reader, table: Table, at: str) -> Need:
    """Take a need out of its table. The place is needed for as long as its people serve, where nothing else is said."""
    duty = read.span(table, "duty", at)
    needed_for = read.span(table, "needed_for", at, default=duty)
    if needed_for < duty:
        read.fail("needed_for", at, "a span not shorter than duty", table["needed_for"])
    return Need(
        role=read.text(table, "role", at),
        quantity=read.whole(table, "quantity", at, least=1),
        priority=read.whole(table, "priority", at, least=1),
        site=read.text(table, "site", at),
        lat=read.number(table, "lat", at),
        lon=read.number(table, "lon", at),
        wave=read.whole(table, "wave", at, least=1),
        report_after=read.span(table, "report_after", at),
        duty=duty,
        needed_for=needed_for,
        max_km=read.whole(table, "max_km", at, least=0) if "max_km" in table else None,
    )
