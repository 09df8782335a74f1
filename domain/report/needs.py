"""Need against filled, by role and by site, and why seats are empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.report.fold import Standing
from domain.report.rows import Cause, RoleNeed
from domain.report.source import Line, Source
from domain.report.view import Flow, Map, Origin, Place, Site
from domain.report.words import role_name
from domain.secondment import State

ASKED = "ASKED"
"""Offered, and not yet answered."""
SEARCHING = "SEARCHING"
"""Empty since the last plan: the next one will fill it or say why not."""
NEVER_FILLED = "NEVER_FILLED"
"""The time of the seat is over."""


def roles(source: Source, standing: Standing) -> tuple[RoleNeed, ...]:
    """Every role that was asked for, the largest need first."""
    by_role: dict[str, list[Line]] = {}
    for line in standing.lines:
        by_role.setdefault(line.role, []).append(line)
    blocked = {(row.plan_id, row.line_id): row.unit_ids for row in source.blocked}
    needs = [
        RoleNeed(
            role=role,
            name=role_name(role, source.role_names),
            needed=sum(line.quantity for line in lines),
            filled=sum(standing.seated(line) for line in lines),
            empty=sum(standing.empty(line) for line in lines),
            causes=_causes(standing, lines, blocked),
        )
        for role, lines in by_role.items()
    ]
    return tuple(sorted(needs, key=lambda need: (-need.needed, need.name)))


def _causes(
    standing: Standing, lines: Iterable[Line], blocked: dict[tuple[str, str], tuple[str, ...]]
) -> tuple[Cause, ...]:
    """The causes of a role's empty seats, the heaviest first; they add up to what is empty."""
    seats: Counter[str] = Counter()
    donors: dict[str, set[str]] = {}
    for line in lines:
        short = standing.shorts.get(line.line_id)
        for code, count in _why(standing, line):
            seats[code] += count
            if short and code == short.reason:
                donors.setdefault(code, set()).update(blocked.get((short.plan_id, line.line_id), ()))
    ranked = sorted(seats.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Cause(code, count, len(donors.get(code, ()))) for code, count in ranked)


def _why(standing: Standing, line: Line) -> Iterable[tuple[str, int]]:
    """Split a line's empty seats: answers that are awaited, then what the last plan gave up on, then the rest."""
    left = standing.empty(line)
    if standing.open(line):
        offered = sum(person.state == State.OFFERED for person in standing.by_line[line.line_id])
        asked = min(left, offered)
        if asked:
            yield ASKED, asked
        left -= asked
    short = standing.shorts.get(line.line_id)
    given_up = min(left, short.missing) if short else 0
    if short and given_up:
        yield short.reason, given_up
    if left > given_up:
        yield (SEARCHING if standing.open(line) else NEVER_FILLED), left - given_up


def given_up(standing: Standing) -> Counter[tuple[str, str]]:
    """The open seats for which the last plan found nobody, by role and reason."""
    seats: Counter[tuple[str, str]] = Counter()
    for line in standing.lines:
        short = standing.shorts.get(line.line_id)
        if short and standing.open(line):
            seats[line.role, short.reason] += sum(
                n for code, n in _why(standing, line) if code == short.reason
            )
    return +seats


def chart(source: Source, standing: Standing) -> Map:
    """The donors, the sites and who went from where to where, on the registry's own points."""
    sites = _sites(standing)
    number = {site.name: site.number for site in sites}
    sent: Counter[str] = Counter()
    went: Counter[tuple[str, int]] = Counter()
    for person in standing.people:
        if person.seated:
            sent[person.unit_id] += 1
            went[person.unit_id, number[person.line.site]] += 1
    units = {unit.unit_id: unit for unit in source.units}
    origins = [
        Origin(unit_id, units[unit_id].name, units[unit_id].lat, units[unit_id].lon, people)
        for unit_id, people in sent.items()
    ]
    return Map(
        sites=sites,
        origins=tuple(sorted(origins, key=lambda origin: (-origin.people, origin.unit_id))),
        flows=tuple(
            Flow(unit, site, people)
            for (unit, site), people in sorted(went.items(), key=lambda item: (item[1], item[0]))
        ),
        places=_places(source),
        villages=tuple((unit.lat, unit.lon) for unit in source.units if unit.kind == "kelurahan"),
    )


def _sites(standing: Standing) -> tuple[Site, ...]:
    """The places of work in the order they were first asked for; a site lies where its first line says."""
    by_name: dict[str, list[Line]] = {}
    for line in sorted(standing.lines, key=lambda line: (line.report_at, line.site, line.line_id)):
        by_name.setdefault(line.site, []).append(line)
    return tuple(
        Site(
            number,
            name,
            lines[0].lat,
            lines[0].lon,
            sum(line.quantity for line in lines),
            sum(standing.seated(line) for line in lines),
        )
        for number, (name, lines) in enumerate(by_name.items(), 1)
    )


def _places(source: Source) -> tuple[Place, ...]:
    """Each district at the mean of its villages; one without villages has no point worth a name."""
    villages: dict[str, list[tuple[float, float]]] = {}
    for unit in source.units:
        if unit.kind == "kelurahan" and unit.parent_id:
            villages.setdefault(unit.parent_id, []).append((unit.lat, unit.lon))
    return tuple(
        Place(
            unit.name.removeprefix("Kecamatan "),
            sum(lat for lat, _ in points) / len(points),
            sum(lon for _, lon in points) / len(points),
        )
        for unit in source.units
        if unit.kind == "kecamatan" and (points := villages.get(unit.unit_id))
    )
