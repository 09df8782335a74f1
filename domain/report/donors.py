"""The units that lend: how far each role stands above its redline, before and now."""

from __future__ import annotations

from collections import Counter

from domain.report.fold import Standing
from domain.report.rows import Donor, DonorRole
from domain.report.source import Source


def donors(source: Source, standing: Standing) -> tuple[Donor, ...]:
    """Every unit that lends or has lent to this operation, least slack first.

    Only the roles it lends count: what a unit has to spare elsewhere does not help a role at its redline.
    Holds count from the offer on, as the guard of the registry counts them.
    """
    held: Counter[tuple[str, str]] = Counter()
    lenders: set[tuple[str, str]] = set()
    for person in standing.people:
        key = person.unit_id, person.home_role
        if person.held:
            held[key] += 1
        if person.held or person.seated:
            lenders.add(key)
    names = {unit.unit_id: unit.name for unit in source.units}
    by_unit: dict[str, list[DonorRole]] = {}
    for floor in source.floors:
        key = floor.unit_id, floor.role
        if key in lenders:
            present = floor.headcount - floor.lent_elsewhere - held[key]
            by_unit.setdefault(floor.unit_id, []).append(
                DonorRole(floor.role, floor.headcount - floor.lent_elsewhere, present, floor.redline)
            )
    found = [Donor(unit_id, names[unit_id], tuple(roles)) for unit_id, roles in by_unit.items()]
    # Below the redline, then at it; the others by what they have left in all.
    return tuple(sorted(found, key=lambda donor: (min(donor.tightest, 1), donor.slack, donor.name)))
