"""The planning problem, read from the registry as columns in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.postgres.database import Connection, queries
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
    lines = [_Asked.of(row, rules) for row in rows_of_lines]
    needs = sorted({need for line in lines for need in line.needs})
    if len(needs) > BITS:
        raise CannotPlan(
            "too_many_skills",
            f"the open lines ask for {len(needs)} skills and levels, expected {BITS} at most",
        )
    last_day = max((row["due_back"] for row in rows_of_lines), default=at)
    people = await queries.planning_people(
        connection,
        government_id=government_id,
        at=at,
        skills=[skill for skill, _ in needs],
        levels=[level for _, level in needs],
        valid_until=last_day.date(),
        cooling_off=rules.sparing.cooling_off,
        yearly_duty=rules.sparing.yearly_duty.days,
        rest_days=rules.closing.rest_days,
        rest_per_duty_days=rules.closing.rest_per_duty_days,
    )
    busy = await queries.planning_busy(connection, government_id=government_id, at=at)
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


@dataclass(frozen=True)
class _Asked:
    """An open line and the substitutes that it takes, before skills have bits."""

    row: Any
    plain: tuple[str, int]
    others: tuple[tuple[Substitute, tuple[str, int] | None, str], ...]

    @classmethod
    def of(cls, row: Any, rules: RulePack) -> _Asked:
        asks = rules.roles[row["role"]]
        substitutes = [Substitute(**told) for told in row["substitutes"]]
        others = [(one, one.needs(rules), one.label(rules)) for one in substitutes]
        return cls(row, (asks.skill, asks.level), tuple(others))

    @property
    def needs(self) -> tuple[tuple[str, int], ...]:
        """Each skill and level that some way of serving the line takes."""
        return self.plain, *(need for _, need, _ in self.others if need)

    @property
    def homes(self) -> tuple[str, ...]:
        """The home roles that substitutes name."""
        return tuple(one.home_role for one, _, _ in self.others if one.home_role)

    def with_bits(self, bit: dict[tuple[str, int], int]) -> Line:
        row = self.row
        others = (
            Accept(
                roles=(one.home_role,) if one.home_role else (),
                skills=bit[need] if need else 0,
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
            accepts=(Accept(skills=bit[self.plain]), *others),
            lat=row["lat"],
            lon=row["lon"],
            starts_at=int(row["report_at"].timestamp()),
            ends_at=int(row["due_back"].timestamp()),
            max_km=row["max_km"],
            team=row["team"],
        )
