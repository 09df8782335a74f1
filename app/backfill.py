"""From a unit that has become thin to the draft of a request: a text for its head to complete with a letter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.drafting import Draft
from domain.burden import Staff, UnitBurden
from domain.rules import RulePack

DUTY_DAYS = 14


def backfill(
    unit: UnitBurden,
    place: Mapping[str, Any],
    skills: Mapping[str, tuple[str, ...]],
    rules: RulePack,
) -> Draft | None:
    """Draft what would bring a unit back to its redline while its people are away; None where it is not below.

    `place` is the unit as the roster has it: `code`, `name`, `lat`, `lon`.
    """
    short = [one for one in unit.staff if one.thin]
    if not short:
        return None
    lines = [_line(one, place, _roles(skills.get(one.role, ()), rules), rules) for one in short]
    return Draft(
        "\n".join([_head(unit, place["code"], place["name"]), *lines]),
        sum(-one.margin for one in short),
        len(short),
    )


def _head(unit: UnitBurden, code: str, name: str) -> str:
    return f"""# A draft for a unit that is below its redline while {unit.held} of its people are promised or away. It asks nobody
# for anything until a coordinator sends it; the letter is to be filled in. The other way out: recall.
kind = "service_demand"
title = {json.dumps(f"Bantuan tenaga {name}", ensure_ascii=False)}
funding = ""

[letter]
number = ""
dated = ""
office = {json.dumps(f"Kepala {name}", ensure_ascii=False)}
unit = "{code}"
lasts = "{DUTY_DAYS * 2} d"
"""


def _line(staff: Staff, place: Mapping[str, Any], roles: tuple[str, ...], rules: RulePack) -> str:
    notice = int(rules.limits.service_notice.total_seconds() // 3600) + 24
    role = roles[0] if roles else ""
    others = f"  # or: {', '.join(roles[1:])}" if roles[1:] else ""
    return f"""[[line]]  # {staff.role}: {staff.headcount} people, {staff.held} promised or away, {staff.absent} on leave, redline {staff.redline}
role = "{role}"{others}
quantity = {-staff.margin}
priority = 3
site = {json.dumps(place["name"], ensure_ascii=False)}
lat = {place["lat"]}
lon = {place["lon"]}
report_after = "{notice} h"
duty = "{DUTY_DAYS} d"
"""


def _roles(skills: Iterable[str], rules: RulePack) -> tuple[str, ...]:
    """The roles that ask for what such people can do; those of a unit's own service stand last in the pack."""
    able = set(skills)
    return tuple(role for role, asks in reversed(rules.roles.items()) if asks.skill in able)
