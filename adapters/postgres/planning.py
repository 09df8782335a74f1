"""The planning problem, read from the registry as columns in one snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.postgres.database import Connection, queries
from domain.allocation import Accept, Busy, Line, People, PlanningProblem, UnitRoles, Units, Weights
from domain.rules import RulePack


async def problem(
    connection: Connection, surge_id: str, government_id: str, rules: RulePack, at: datetime
) -> PlanningProblem:
    """Return all open seats of a government and everybody who might fill them, as of an instant.

    The caller's transaction should be REPEATABLE READ, so that the columns belong together.
    """
    lines = await queries.planning_lines(connection, government_id=government_id, at=at)
    skills = sorted({role.skill for role in rules.roles.values()})
    last_day = max((line["due_back"] for line in lines), default=at)
    people = await queries.planning_people(
        connection,
        government_id=government_id,
        at=at,
        skills=skills,
        valid_until=last_day.date(),
        cooling_off=rules.cooling_off,
    )
    busy = await queries.planning_busy(connection, government_id=government_id, at=at)
    rows = await queries.planning_unit_roles(connection, government_id=government_id, surge_id=surge_id)
    excluded = await queries.planning_excluded(connection, government_id=government_id)
    unit_at = {unit: n for n, unit in enumerate(dict.fromkeys(row["unit_id"] for row in rows))}
    role_at = {role: n for n, role in enumerate(sorted({row["role"] for row in rows} | set(people["roles"])))}
    person_at = {person: n for n, person in enumerate(people["ids"])}
    return PlanningProblem(
        salt=surge_id,
        role_codes=tuple(role_at),
        people=_people(people, unit_at, role_at),
        busy=Busy([person_at[i] for i in busy["ids"] if i in person_at], *_known(busy, person_at)),
        units=_units(rows, unit_at),
        unit_roles=UnitRoles(
            unit=[unit_at[row["unit_id"]] for row in rows],
            role=[role_at[row["role"]] for row in rows],
            headcount=[row["headcount"] for row in rows],
            lent=[row["lent"] for row in rows],
            lendable=[row["lendable"] for row in rows],
        ),
        lines=tuple(_line(line, rules, skills) for line in lines),
        excluded=tuple((row["person_id"], row["surge_id"]) for row in excluded),
        weights=Weights(
            donor_bands=rules.planning.donor_bands,
            recency=rules.planning.recency,
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


def _units(rows: list[Any], unit_at: dict[str, int]) -> Units:
    lendable = dict.fromkeys(unit_at, 0)
    for row in rows:
        lendable[row["unit_id"]] += row["lendable"]
    return Units(ids=list(unit_at), lendable=list(lendable.values()))


def _line(row: Any, rules: RulePack, skills: list[str]) -> Line:
    asks = rules.roles[row["role"]]
    needed = ((1 << asks.level) - 1) << (3 * skills.index(asks.skill))
    return Line(
        line_id=row["line_id"],
        surge_id=row["surge_id"],
        quantity=row["quantity"],
        priority=row["priority"],
        accepts=(Accept(skills=needed),),
        lat=row["lat"],
        lon=row["lon"],
        starts_at=int(row["report_at"].timestamp()),
        ends_at=int(row["due_back"].timestamp()),
    )
