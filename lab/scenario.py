"""A scenario: incidents, what they need, and how people answer. One TOML file, documented in docs/scenarios.md."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from lab.behaviour import Behaviour, read_behaviours
from lab.scenario_changes import Onward, Raised, read_onward, read_raised
from lab.scenario_file import Reader, ScenarioInvalid, Table
from lab.scenario_incident import Decreed, Incident, Prolonging, read_incidents
from lab.scenario_need import Need, read_need

__all__ = [
    "Behaviour",
    "Blackout",
    "Decreed",
    "Incident",
    "Need",
    "Onward",
    "Prolonging",
    "Raised",
    "Scenario",
    "ScenarioInvalid",
    "Surge",
    "read_scenario",
]


@dataclass(frozen=True)
class Paper:
    """An order by word of mouth is confirmed in writing: under this number, so long after the start."""

    number: str
    after: timedelta


@dataclass(frozen=True)
class Surge:
    """One request for people under one incident; `asked_after` counts from the start of the scenario.

    With a `paper` the people are ordered by word of mouth at first.
    """

    key: str
    title: str
    incident: str
    asked_after: timedelta
    needs: tuple[Need, ...]
    behaviour: Behaviour = field(default_factory=Behaviour)
    paper: Paper | None = None


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
    raised: tuple[Raised, ...] = ()
    onward: tuple[Onward, ...] = ()

    @property
    def needs(self) -> tuple[Need, ...]:
        """Every line of every request."""
        return tuple(need for surge in self.surges for need in surge.needs)


HEAD = (
    "title", "seed", "starts", "roster", "funding", "incident", "standing", "extension", "surge", "people", "need", "blackout",
    "raised", "onward",
)  # fmt: skip
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
    incidents = read_incidents(read, data)
    surges = _surges(read, data, title, incidents)
    by_key = {one.key: one for one in surges}
    return Scenario(
        title=title,
        seed=own_seed,
        starts=read.instant(data, "starts", ""),
        roster=_roster(path, read.text(data, "roster", "")),
        funding=read.text(data, "funding", ""),
        incidents=incidents,
        surges=surges,
        blackout=_blackout(read, data),
        raised=read_raised(read, data, by_key),
        onward=read_onward(read, data, by_key),
    )


def _roster(path: Path, told: str) -> Path | str:
    return told.removeprefix(GENERATED) if told.startswith(GENERATED) else (path.parent / told).resolve()


def _surges(read: Reader, data: Table, title: str, incidents: tuple[Incident, ...]) -> tuple[Surge, ...]:
    first = incidents[0]
    keys = [one.key for one in incidents]
    surges = []
    found = read.several(data, "surge")
    for at, table in found:
        read.known(table, at, ("key", "title", "incident", "asked_after", "paper", "paper_after"))
        own = incidents[keys.index(read.one_of(table, "incident", at, keys, default=first.key))]
        declared = own.begins_after + own.declared_after
        asked = read.span(table, "asked_after", at, default=declared)
        paper = _paper(read, table, at, asked)
        earliest, what = (own.begins_after, "incident") if paper else (declared, "declaration")
        if asked < earliest:
            read.fail("asked_after", at, f"a span from the start that is not before the {what}", asked)
        key, called = read.text(table, "key", at), read.text(table, "title", at)
        surges.append(Surge(key, called, own.key, asked, needs=(), paper=paper))
    read.told_apart(found, [one.key for one in surges])
    surges = surges or [Surge("surge", title, first.key, first.begins_after + first.declared_after, needs=())]
    behaviour = read_behaviours(read, data, [one.key for one in surges])
    needs = _needs(read, data, surges, dict(zip(keys, incidents, strict=True)))
    return tuple(
        replace(one, needs=tuple(needs[one.key]), behaviour=behaviour.get(one.key, one.behaviour))
        for one in surges
    )


def _paper(read: Reader, table: Table, at: str, asked: timedelta) -> Paper | None:
    if "paper" not in table and "paper_after" not in table:
        return None
    paper = Paper(read.text(table, "paper", at), read.span(table, "paper_after", at))
    if paper.after <= asked:
        read.fail(
            "paper_after", at, "a span from the start that is longer than asked_after", table["paper_after"]
        )
    return paper


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
