"""A scenario: incidents, what they need, and how people answer. One TOML file, documented in docs/scenarios.md."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from domain.standings import Level
from lab.behaviour import Behaviour, read_behaviours
from lab.scenario_file import Reader, ScenarioInvalid, Table
from lab.scenario_need import Need, read_need

__all__ = [
    "Behaviour",
    "Blackout",
    "Decreed",
    "Incident",
    "Need",
    "Prolonging",
    "Scenario",
    "ScenarioInvalid",
    "Surge",
    "read_scenario",
]

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


@dataclass(frozen=True)
class Surge:
    """One request for people under one incident; `asked_after` counts from the start of the scenario."""

    key: str
    title: str
    incident: str
    asked_after: timedelta
    needs: tuple[Need, ...]
    behaviour: Behaviour = field(default_factory=Behaviour)


@dataclass(frozen=True)
class Blackout:
    """Nobody can be reached at the sites: from and until, counted from the start."""

    begins_after: timedelta
    ends_after: timedelta


@dataclass(frozen=True)
class Scenario:
    """All of it. `roster` is a directory, or one that is made by `lab.rosters` under that name."""

    title: str
    seed: int
    starts: datetime
    roster: Path | str
    funding: str
    incidents: tuple[Incident, ...]
    surges: tuple[Surge, ...]
    blackout: Blackout | None = None

    @property
    def needs(self) -> tuple[Need, ...]:
        """Every line of every request."""
        return tuple(need for surge in self.surges for need in surge.needs)


HEAD = (
    "title", "seed", "starts", "roster", "funding", "incident", "standing", "extension", "surge", "people", "need", "blackout",
)  # fmt: skip
STATUSES = ("ALERT", "RESPONSE")
GENERATED = "made:"


def read_scenario(path: Path, *, seed: int | None = None) -> Scenario:
    """Read a scenario; raises ScenarioInvalid naming file, line and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise ScenarioInvalid(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioInvalid(f"{path}: not TOML: {error}") from error
    read = Reader(path, text)
    read.known(data, "", HEAD)
    title = read.text(data, "title", "")
    own_seed = read.whole(data, "seed", "", least=0) if seed is None else seed
    incidents = _incidents(read, data)
    return Scenario(
        title=title,
        seed=own_seed,
        starts=read.instant(data, "starts", ""),
        roster=_roster(path, read.text(data, "roster", "")),
        funding=read.text(data, "funding", ""),
        incidents=incidents,
        surges=_surges(read, data, title, incidents),
        blackout=_blackout(read, data),
    )


def _roster(path: Path, told: str) -> Path | str:
    return told.removeprefix(GENERATED) if told.startswith(GENERATED) else (path.parent / told).resolve()


def _incidents(read: Reader, data: Table) -> tuple[Incident, ...]:
    found = read.several(data, "incident", least=1) or read.fail("incident", "", "a table", None)
    incidents = [_incident(read, table, at) for at, table in found]
    _told_apart(read, found, [one.key for one in incidents])
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


def _surges(read: Reader, data: Table, title: str, incidents: tuple[Incident, ...]) -> tuple[Surge, ...]:
    first = incidents[0]
    keys = [one.key for one in incidents]
    surges = []
    found = read.several(data, "surge")
    for at, table in found:
        read.known(table, at, ("key", "title", "incident", "asked_after"))
        own = incidents[keys.index(read.one_of(table, "incident", at, keys, default=first.key))]
        declared = own.begins_after + own.declared_after
        asked = read.span(table, "asked_after", at, default=declared)
        if asked < declared:
            read.fail("asked_after", at, "a span from the start that is not before the declaration", asked)
        surges.append(
            Surge(read.text(table, "key", at), read.text(table, "title", at), own.key, asked, needs=())
        )
    _told_apart(read, found, [one.key for one in surges])
    surges = surges or [Surge("surge", title, first.key, first.begins_after + first.declared_after, needs=())]
    behaviour = read_behaviours(read, data, [one.key for one in surges])
    needs = _needs(read, data, surges, dict(zip(keys, incidents, strict=True)))
    return tuple(
        replace(one, needs=tuple(needs[one.key]), behaviour=behaviour.get(one.key, one.behaviour))
        for one in surges
    )


def _told_apart(read: Reader, found: list[tuple[str, Table]], keys: list[str]) -> None:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            read.fail("key", found[number][0], "a key that no other one has", key)


def _needs(
    read: Reader, data: Table, surges: list[Surge], incidents: dict[str, Incident]
) -> dict[str, list[Need]]:
    by_key = {one.key: one for one in surges}
    needs: dict[str, list[Need]] = {key: [] for key in by_key}
    found = read.several(data, "need", least=1) or read.fail("need", "", "one or more [[need]]", None)
    for at, table in found:
        read.known(table, at, ("surge", *(one.name for one in fields(Need))))
        surge = by_key[read.one_of(table, "surge", at, by_key, default=surges[0].key)]
        need = read_need(read, table, at)
        covered = incidents[surge.incident].covers_until(surge.asked_after)
        if surge.asked_after + need.report_after + need.needed_for > covered:
            key = "needed_for" if "needed_for" in table else "duty"
            read.fail(key, at, "an end within the status of the incident", table[key])
        needs[surge.key].append(need)
    for number, surge in enumerate(surges, 1):
        if not needs[surge.key]:
            read.fail("key", f"surge[{number}]", "a surge that some [[need]] names", surge.key)
    return needs


def _blackout(read: Reader, data: Table) -> Blackout | None:
    for at, table in read.several(data, "blackout"):
        read.known(table, at, ("begins_after", "ends_after"))
        begins, ends = read.span(table, "begins_after", at), read.span(table, "ends_after", at)
        if ends <= begins:
            read.fail("ends_after", at, "a span longer than begins_after", table["ends_after"])
        return Blackout(begins, ends)
    return None
