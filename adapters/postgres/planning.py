"""The planning problem, read from the registry as columns in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.database import Connection, queries
from adapters.postgres.fitting import resting
from domain.allocation import (
    Accept,
    Busy,
    CannotPlan,
    Line,
    People,
    PlanningProblem,
    UnitRoles,
    Units,
    Weights,
)
from domain.requests import LineRequest, Substitute
from domain.rules import RulePack
from domain.what_if import LinesTried

BITS = 63
"""Skills and levels that open lines may ask for at once: one bit each of a signed 64-bit number."""


async def problem(  # noqa: PLR0917 - one snapshot, and what is asked of it
    connection: Connection,
    surge_id: str,
    government_id: str,
    rules: RulePack,
    at: datetime,
    trying: LinesTried | None = None,
) -> PlanningProblem:
    """Return all open seats of a government and everybody who might fill them, as of an instant.

    `trying` are lines of the surge as they might be; where they are given, be it none, the surge's lines that have no
    open seat come too.

    The caller's transaction should be REPEATABLE READ, so that the columns belong together.
    """
    rows_of_lines = [
        *await queries.planning_lines(
            connection,
            government_id=government_id,
            at=at,
            whole=surge_id if trying else None,
            tried=list(trying.asks) if trying else [],
            asks=list(trying.asks.values()) if trying else [],
            shortest_duty=rules.sparing.shortest_duty,
        ),
        *(
            line.told() | _times(line, at) | {"line_id": key, "surge_id": surge_id}
            for key, line in (trying.added if trying else ())
        ),
    ]
    government = await queries.government_by_id(connection, government_id=government_id)
    lines = [_Asked.of(row, rules, ZoneInfo(government["zone"])) for row in rows_of_lines]
    needs = sorted({need for line in lines for need in line.needs})
    if len(needs) > BITS:
        # With fewer bits than days, a certificate must last as long as the longest line that asks for it.
        lines = _until_the_last(lines)
        needs = sorted({need for line in lines for need in line.needs})
    if len(needs) > BITS:
        raise CannotPlan(
            "too_many_skills",
            f"the open lines ask for {len(needs)} skills and levels, expected {BITS} at most",
        )
    people = await queries.planning_people(
        connection,
        government_id=government_id,
        at=at,
        skills=[skill for skill, _, _ in needs],
        levels=[level for _, level, _ in needs],
        last_days=[last_day for _, _, last_day in needs],
        yearly_duty=rules.sparing.yearly_duty.days,
        **resting(rules),
    )
    last_day = max((line.last_day for line in lines), default=at.date())
    busy = await queries.planning_busy(
        connection, government_id=government_id, at=at, last_day=last_day, **resting(rules)
    )
    rows = await queries.planning_unit_roles(connection, government_id=government_id, surge_id=surge_id)
    given = await queries.planning_given(connection, government_id=government_id, at=at)
    excluded = await queries.planning_excluded(connection, government_id=government_id)
    unit_at = {unit: n for n, unit in enumerate(dict.fromkeys(row["unit_id"] for row in rows))}
    roles = (
        {row["role"] for row in rows} | set(people["roles"]) | {role for line in lines for role in line.homes}
    )
    role_at = {role: n for n, role in enumerate(sorted(roles))}
    person_at = {person: n for n, person in enumerate(people["ids"])}
    return PlanningProblem(
        salt=surge_id,
        role_codes=tuple(role_at),
        people=_people(people, unit_at, role_at),
        busy=Busy([person_at[i] for i in busy["ids"] if i in person_at], *_known(busy, person_at)),
        units=_units(rows, unit_at, {row["unit_id"]: row["days"] for row in given}),
        unit_roles=UnitRoles(
            unit=[unit_at[row["unit_id"]] for row in rows],
            role=[role_at[row["role"]] for row in rows],
            headcount=[row["headcount"] for row in rows],
            lent=[row["lent"] for row in rows],
            lendable=[row["lendable"] for row in rows],
            critical=[row["critical"] for row in rows],
        ),
        lines=tuple(line.with_bits({need: 1 << n for n, need in enumerate(needs)}) for line in lines),
        excluded=tuple((row["person_id"], row["surge_id"]) for row in excluded),
        weights=Weights(
            donor_bands=rules.planning.donor_bands,
            recency=rules.planning.recency,
            unit_given=rules.planning.unit_given,
            not_volunteer=rules.planning.not_volunteer,
        ),
    )


def _people(columns: Any, unit_at: dict[str, int], role_at: dict[str, int]) -> People:
    return People(
        ids=columns["ids"],
        unit=[unit_at[unit] for unit in columns["units"]],
        role=[role_at[role] for role in columns["roles"]],
        skills=columns["skills"],
        lat=columns["lats"],
        lon=columns["lons"],
        blocked=columns["blocked"],
        volunteer=columns["volunteers"],
        days_since_surge=columns["days_since"],
    )


def _known(busy: Any, person_at: dict[str, int]) -> tuple[list[int], list[int]]:
    kept = [n for n, person in enumerate(busy["ids"]) if person in person_at]
    return [busy["starts"][n] for n in kept], [busy["ends"][n] for n in kept]


def _units(rows: list[Any], unit_at: dict[str, int], given: dict[str, int]) -> Units:
    lendable = dict.fromkeys(unit_at, 0)
    for row in rows:
        lendable[row["unit_id"]] += row["lendable"]
    return Units(list(unit_at), list(lendable.values()), [given.get(unit, 0) for unit in unit_at])


def _times(line: LineRequest, at: datetime) -> dict[str, datetime]:
    return {"report_at": max(line.report_at, at), "due_back": line.due_back}


_Need = tuple[str, int, date]
"""A skill, its level, and the last day on which it must be valid."""


def _until_the_last(lines: list[_Asked]) -> list[_Asked]:
    """Let each skill and level be asked until the last day of all lines that ask for it."""
    last: dict[tuple[str, int], date] = {}
    for skill, level, day in (need for line in lines for need in line.needs):
        last[skill, level] = max(day, last.get((skill, level), day))
    return [replace(line, last=last) for line in lines]


@dataclass(frozen=True)
class _Asked:
    """An open line and the substitutes that it takes, before skills have bits."""

    row: Any
    last_day: date
    plain: tuple[str, int]
    others: tuple[tuple[Substitute, tuple[str, int] | None, str], ...]
    last: Mapping[tuple[str, int], date] = field(default_factory=dict)
    """Where there are too few bits: until when each skill is asked by any line."""

    @classmethod
    def of(cls, row: Any, rules: RulePack, zone: ZoneInfo) -> _Asked:
        asks = rules.roles[row["role"]]
        substitutes = [Substitute(**told) for told in row["substitutes"]]
        others = [(one, one.needs(rules), one.label(rules)) for one in substitutes]
        last_day = row["due_back"].astimezone(zone).date()
        return cls(row, last_day, (asks.skill, asks.level), tuple(others))

    @property
    def needs(self) -> tuple[_Need, ...]:
        """Each skill and level that some way of serving the line takes, valid to the line's own last day."""
        return self._need(self.plain), *(self._need(need) for _, need, _ in self.others if need)

    def _need(self, asked: tuple[str, int]) -> _Need:
        return (*asked, self.last.get(asked, self.last_day))

    @property
    def homes(self) -> tuple[str, ...]:
        """The home roles that substitutes name."""
        return tuple(one.home_role for one, _, _ in self.others if one.home_role)

    def with_bits(self, bit: dict[_Need, int]) -> Line:
        row = self.row
        others = (
            Accept(
                roles=(one.home_role,) if one.home_role else (),
                skills=bit[self._need(need)] if need else 0,
                cost=one.penalty,
                label=label,
            )
            for one, need, label in self.others
        )
        return Line(
            line_id=row["line_id"],
            surge_id=row["surge_id"],
            quantity=row["quantity"],
            priority=row["priority"],
            accepts=(Accept(skills=bit[self._need(self.plain)]), *others),
            lat=row["lat"],
            lon=row["lon"],
            starts_at=int(row["report_at"].timestamp()),
            ends_at=int(row["due_back"].timestamp()),
            max_km=row["max_km"],
            team=row["team"],
        )
