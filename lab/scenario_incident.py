"""The emergencies of a scenario: when each begins, which status is declared, by whom, and how it is extended."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta

from domain.standings import Level
from lab.scenario_file import Reader, Table

STATUSES = ("ALERT", "RESPONSE")
AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Prolonging:
    """The status is extended: decided so long after the start, and its end moves by so much."""

    after: timedelta
    decree: str
    by: timedelta


@dataclass(frozen=True)
class Decreed:
    """A further status in an incident, of another level or to follow: decreed, and from when it lasts, from the start."""

    status: str
    level: str
    area: str
    decree: str
    after: timedelta
    begins_after: timedelta
    lasts: timedelta


@dataclass(frozen=True)
class Incident:
    """An emergency of its own: it begins, a status is declared some time later, for some days."""

    key: str
    title: str
    hazard: str
    status: str
    level: str
    area: str
    decree: str
    begins_after: timedelta
    declared_after: timedelta
    lasts: timedelta
    prolonged: tuple[Prolonging, ...] = ()
    further: tuple[Decreed, ...] = ()

    def covers_until(self, asked_after: timedelta) -> timedelta:
        """Return the end of the cover as it is decreed so long after the start, counted from there."""
        moved = (one.by for one in self.prolonged if one.after <= asked_after)
        own = sum(moved, self.begins_after + self.declared_after + self.lasts)
        return max([own, *(one.begins_after + one.lasts for one in self.further if one.after <= asked_after)])


def read_incidents(read: Reader, data: Table) -> tuple[Incident, ...]:
    found = read.several(data, "incident", least=1) or read.fail("incident", "", "a table", None)
    incidents = [_incident(read, table, at) for at, table in found]
    read.told_apart(found, [one.key for one in incidents])
    prolonged: dict[str, list[Prolonging]] = {one.key: [] for one in incidents}
    for at, table in read.several(data, "extension"):
        read.known(table, at, ("incident", "after", "decree", "by"))
        key = read.one_of(table, "incident", at, prolonged, default=incidents[0].key)
        prolonged[key].append(
            Prolonging(
                read.span(table, "after", at), read.text(table, "decree", at), read.span(table, "by", at)
            )
        )
    further = _further(read, data, incidents)
    return tuple(
        replace(one, prolonged=tuple(prolonged[one.key]), further=tuple(further[one.key]))
        for one in incidents
    )


def _further(read: Reader, data: Table, incidents: list[Incident]) -> dict[str, list[Decreed]]:
    further: dict[str, list[Decreed]] = {one.key: [] for one in incidents}
    for at, table in read.several(data, "standing"):
        read.known(table, at, ("incident", *(one.name for one in fields(Decreed))))
        key = read.one_of(table, "incident", at, further, default=incidents[0].key)
        after = read.span(table, "after", at)
        decreed = Decreed(
            status=read.one_of(table, "status", at, STATUSES),
            level=read.one_of(table, "level", at, tuple(Level)),
            area=read.text(table, "area", at),
            decree=read.text(table, "decree", at),
            after=after,
            begins_after=read.span(table, "begins_after", at, default=after),
            lasts=read.span(table, "lasts", at),
        )
        own = next(one for one in incidents if one.key == key)
        if decreed.after <= own.begins_after + own.declared_after:
            read.fail("after", at, "a span longer than to the incident's own declaration", table["after"])
        if decreed.begins_after < decreed.after:
            read.fail("begins_after", at, "a span not shorter than after", table["begins_after"])
        further[key].append(decreed)
    return further


def _incident(read: Reader, table: Table, at: str) -> Incident:
    spans = ("begins_after", "declared_after", "lasts")
    read.known(table, at, ("key", "title", "hazard", "status", "level", "area", "decree", *spans))
    return Incident(
        key=read.text(table, "key", at, default="incident" if at == "incident" else None),
        title=read.text(table, "title", at),
        hazard=read.text(table, "hazard", at),
        status=read.one_of(table, "status", at, STATUSES),
        level=read.one_of(table, "level", at, tuple(Level)),
        area=read.text(table, "area", at),
        decree=read.text(table, "decree", at),
        begins_after=read.span(table, "begins_after", at, default=AT_ONCE),
        declared_after=read.span(table, "declared_after", at),
        lasts=read.span(table, "lasts", at),
    )
