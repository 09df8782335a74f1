"""The problem as arrays, in one order whatever order it came in.

Everything is sorted by the ids of the business (person, unit, role, line) and every index turned to match. From here
on no step can see how the rows arrived.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.allocation import MOST_GIVEN, Line, PlanningProblem, Weights
from planning.columns import (
    Columns,
    busy_columns,
    check_codes,
    check_lines,
    check_weights,
    donor_columns,
    people_columns,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PeopleRows:
    """People by id. `blocked` indexes `codes` (0: not blocked); `home` the unit-role rows (-1: has none);
    `recency` (of the person, and of the unit) and `not_volunteer` are what the person costs on any line.
    """

    ids: list[str]
    role: Ints
    skills: NDArray[np.uint64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    codes: list[str]
    blocked: Ints
    recency: Ints
    not_volunteer: Ints
    home: Ints
    held: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DonorRows:
    """Units by id, and unit-role rows by unit, then role. `unit_lent` counts a unit's people away already."""

    unit_ids: list[str]
    unit_lendable: Ints
    unit_lent: Ints
    unit_given: Ints
    unit: Ints
    role: Ints
    headcount: Ints
    lent: Ints
    lendable: Ints
    critical: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """The canonical problem. `busy` is person, start, end; `excluded` pairs persons with lines (both indices)."""

    salt: str
    weights: Weights
    roles: list[str]
    people: PeopleRows
    donors: DonorRows
    lines: tuple[Line, ...]
    busy: tuple[Ints, Ints, Ints]
    excluded: tuple[Ints, Ints]
    begun: tuple[tuple[str, str], ...]
    sha256: str


def canonical(problem: PlanningProblem) -> Rows:
    """Check and sort the problem. Raises ValueError naming the column and the row that is wrong."""
    check_codes(problem.role_codes)
    check_lines(problem.lines, problem.role_codes)
    check_weights(problem.weights)
    columns = people_columns(problem)
    roles, role_rank, _ = _by_id(problem.role_codes)
    unit_ids, unit_rank, unit_order = _by_id(problem.units.ids)
    ids, person_rank, order = _by_id(problem.people.ids)
    donors = _donors(problem, unit_ids, unit_order, unit_rank, role_rank)
    sorted_columns = {name: values[order] for name, values in columns.items()}
    sorted_columns["unit"] = unit_rank[sorted_columns["unit"]]
    sorted_columns["role"] = role_rank[sorted_columns["role"]]
    people = _people(problem, sorted_columns, ids, order, donors)
    lines = tuple(sorted(problem.lines, key=lambda line: line.line_id))
    busy = _busy(busy_columns(problem), person_rank)
    excluded = _excluded(problem, lines, ids)
    begun = tuple(sorted(problem.begun))
    small = [
        problem.salt,
        roles,
        asdict(problem.weights),
        [_plain(line) for line in lines],
        people.codes,
        begun,
    ]
    arrays = [*sorted_columns.values(), people.blocked, people.held, *_arrays(donors), *busy, *excluded]
    return Rows(
        salt=problem.salt,
        weights=problem.weights,
        roles=roles,
        people=people,
        donors=donors,
        lines=lines,
        busy=busy,
        excluded=excluded,
        begun=begun,
        sha256=_fingerprint(small, [ids, unit_ids], arrays),
    )


def _by_id(ids: Sequence[str]) -> tuple[list[str], Ints, Ints]:
    """The sorted ids, each old row's new place, and for each new place the old row."""
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    rank = np.empty(len(ids), np.int64)
    rank[order] = np.arange(len(ids))
    return [ids[at] for at in order.tolist()], rank, order


def _donors(
    problem: PlanningProblem, unit_ids: list[str], unit_order: Ints, unit_rank: Ints, role_rank: Ints
) -> DonorRows:
    unit_columns, table = donor_columns(problem)
    unit, role = unit_rank[table["unit"]], role_rank[table["role"]]
    order = np.lexsort((role, unit))
    return DonorRows(
        unit_ids=unit_ids,
        unit_lendable=unit_columns["lendable"][unit_order],
        unit_lent=np.bincount(unit, table["lent"], len(unit_ids)).astype(np.int64),
        unit_given=unit_columns["given"][unit_order],
        unit=unit[order],
        role=role[order],
        headcount=table["headcount"][order],
        lent=table["lent"][order],
        lendable=table["lendable"][order],
        # No part of the question: where it matters, nothing is lendable.
        critical=np.array(problem.unit_roles.critical or [False] * len(unit), np.bool_)[order],
    )


def _people(
    problem: PlanningProblem, columns: Columns, ids: list[str], order: Ints, donors: DonorRows
) -> PeopleRows:
    weights = problem.weights
    codes = ["", *sorted(set(problem.people.blocked) - {""})]
    code_rank = {code: rank for rank, code in enumerate(codes)}
    blocked = np.array([code_rank[code] for code in problem.people.blocked], np.int64)[order]
    days = columns["days_since_surge"]
    steps = np.array(sorted(weights.recency_days), np.int64)
    longer_steps = len(steps) - np.searchsorted(steps, days, side="right")
    held = np.zeros(len(ids), np.bool_)
    held[_places(ids, {person for person, _ in problem.locked})] = True
    return PeopleRows(
        ids=ids,
        role=columns["role"],
        skills=columns["skills"],
        lat=columns["lat"],
        lon=columns["lon"],
        codes=codes,
        blocked=blocked,
        recency=np.where(days < 0, 0, weights.recency * longer_steps)
        + _prices_of_giving(weights.unit_given, donors)[columns["unit"]],
        not_volunteer=weights.not_volunteer * (columns["volunteer"] == 0),
        home=_find_home(columns["unit"], columns["role"], donors, len(problem.role_codes)),
        held=held,
    )


def _prices_of_giving(price: int, donors: DonorRows) -> Ints:
    """What everybody of a unit costs more for what it has given, for each whom it can lend, beside the mean of all."""
    able = donors.unit_lendable + donors.unit_lent
    given = np.where(able > 0, donors.unit_given, 0)
    days, people = int(given.sum()), int(able.sum())
    if days == 0:
        return np.zeros(len(able), np.int64)
    # In whole numbers of any size: the checker must find the same.
    pairs = zip(given.tolist(), able.tolist(), strict=True)
    prices = [price * own * people // (can * days) if can else 0 for own, can in pairs]
    return np.array([min(one, price * MOST_GIVEN) for one in prices], np.int64)


def _find_home(unit: Ints, role: Ints, donors: DonorRows, roles: int) -> Ints:
    row = np.full(len(donors.unit_ids) * roles, -1, np.int64)
    row[donors.unit * roles + donors.role] = np.arange(len(donors.unit))
    return row[unit * roles + role]


def _busy(columns: Columns, person_rank: Ints) -> tuple[Ints, Ints, Ints]:
    person, start, end = person_rank[columns["person"]], columns["start"], columns["end"]
    order = np.lexsort((end, start, person))
    return person[order], start[order], end[order]


def _places(ids: list[str], wanted: Iterable[str]) -> list[int]:
    """Where the wanted stand among the sorted ids; who is not on the roster stands nowhere."""
    found = ((bisect_left(ids, one), one) for one in wanted)
    return [at for at, one in found if at < len(ids) and ids[at] == one]


def _excluded(problem: PlanningProblem, lines: tuple[Line, ...], ids: list[str]) -> tuple[Ints, Ints]:
    """Person and line of each exclusion. One that names nobody on the roster, or no open line, has no effect."""
    scopes: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        for scope in {line.line_id, line.surge_id}:
            scopes.setdefault(scope, []).append(at)
    asked = {scope for _, scope in problem.excluded} & scopes.keys()
    within = {scope: np.array(scopes[scope], np.int64) for scope in asked}
    pairs = [np.zeros(0, np.int64)]
    for who, scope in problem.excluded:
        pairs += [place * len(lines) + within[scope] for place in _places(ids, (who,)) if scope in within]
    pair = np.unique(np.concatenate(pairs))
    return pair // max(1, len(lines)), pair % max(1, len(lines))


def _plain(line: Line) -> list[Any]:
    ways = [[*way.roles, way.skills, way.cost, way.label] for way in line.accepts]
    site = [line.lat, line.lon, line.max_km]
    return [
        line.line_id,
        line.surge_id,
        line.quantity,
        line.priority,
        ways,
        site,
        line.starts_at,
        line.ends_at,
        line.team,
    ]


def _arrays(donors: DonorRows) -> list[NDArray[Any]]:
    return [
        donors.unit_lendable,
        donors.unit_given,
        donors.unit,
        donors.role,
        donors.headcount,
        donors.lent,
        donors.lendable,
    ]


def _fingerprint(small: object, ids: list[list[str]], arrays: list[NDArray[Any]]) -> str:
    """SHA-256 over everything in canonical order; each part carries its length, so none can pass for another."""
    digest = hashlib.sha256()
    parts = [json.dumps(small, sort_keys=True).encode(), *("\0".join(column).encode() for column in ids)]
    parts += [np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes() for array in arrays]
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
