"""How the after-action report says whose yearly cap was raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.closing.say_rows import WaiverRow
from domain.closing.waivers import CapWaiver
from domain.report.words import Calendar, lower, number, office, reason, role_name


def title(found: tuple[CapWaiver, ...]) -> str:
    """Say how often the cap was raised."""
    if not found:
        return "Batas hari tugas setahun tidak dilonggarkan bagi siapa pun"
    return f"Batas hari tugas setahun dilonggarkan {number(len(found))} kali"


def rows(
    found: Iterable[CapWaiver], units: Mapping[str, str], role_names: Mapping[str, str], calendar: Calendar
) -> Iterable[WaiverRow]:
    """Say of each waiver who let whom serve how much longer, and why."""
    for one in found:
        yield WaiverRow(
            calendar.weekday(one.at),
            units.get(one.unit_id, "Unit"),
            f"1 orang {lower(role_name(one.home_role, dict(role_names)))}",
            f"{number(one.days)} hari",
            office(one.office),
            reason(one.reason) if one.reason else "tanpa alasan",
        )
