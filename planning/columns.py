"""The problem's columns as arrays, each checked; a malformed problem is refused in one line, naming what and where."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.allocation import NEVER, Accept, Line, PlanningProblem, Weights

Columns = dict[str, NDArray[Any]]

LIMIT = 1_000_000
"""No quantity, headcount or single cost beyond this: keeps every sum far inside 64 bits."""


def people_columns(problem: PlanningProblem) -> Columns:
    """The people as arrays; `skills` unsigned, `lat` and `lon` floating, the rest int64."""
    people = problem.people
    count = _unique("people.ids", people.ids)
    columns: Columns = {
        "unit": _index("people.unit", people.unit, count, len(problem.units.ids), "units"),
        "role": _index("people.role", people.role, count, len(problem.role_codes), "role_codes"),
        "skills": _whole("people.skills", people.skills, count, 0, 2**64 - 1),
        "lat": _degrees("people.lat", people.lat, count, 90.0),
        "lon": _degrees("people.lon", people.lon, count, 180.0),
        "volunteer": _whole("people.volunteer", people.volunteer, count, 0, 1),
        "days_since_surge": _whole("people.days_since_surge", people.days_since_surge, count, NEVER, LIMIT),
    }
    _length("people.blocked", people.blocked, count)
    if _joined(people.blocked) is None:
        at = next(at for at, code in enumerate(people.blocked) if not isinstance(code, str))
        raise ValueError(f"people.blocked[{at}]: expected a rule code or '', got {people.blocked[at]!r}")
    return columns


def donor_columns(problem: PlanningProblem) -> tuple[Columns, Columns]:
    """Units and unit-role rows as int64 arrays."""
    units = _unique("units.ids", problem.units.ids)
    given = problem.units.given or [0] * units
    unit_columns = {
        "lendable": _whole("units.lendable", problem.units.lendable, units, 0, LIMIT),
        "given": _whole("units.given", given, units, 0, LIMIT),
    }
    table = problem.unit_roles
    count = len(table.unit)
    row_columns = {
        "unit": _index("unit_roles.unit", table.unit, count, units, "units"),
        "role": _index("unit_roles.role", table.role, count, len(problem.role_codes), "role_codes"),
        "headcount": _whole("unit_roles.headcount", table.headcount, count, 0, LIMIT),
        "lent": _whole("unit_roles.lent", table.lent, count, 0, LIMIT),
        "lendable": _whole("unit_roles.lendable", table.lendable, count, 0, LIMIT),
    }
    pair = row_columns["unit"] * (len(problem.role_codes) + 1) + row_columns["role"]
    _refuse("unit_roles", _repeats(pair), "the same unit and role twice")
    # Where nobody more is lendable, more may be away than the roster still counts: someone left while out.
    beyond = row_columns["lent"] + row_columns["lendable"] > row_columns["headcount"]
    _refuse(
        "unit_roles",
        beyond & (row_columns["lendable"] > 0),
        "lent and lendable together exceed the headcount",
    )
    return unit_columns, row_columns


def busy_columns(problem: PlanningProblem) -> Columns:
    """The intervals as int64 arrays."""
    busy, everyone, instant = problem.busy, len(problem.people.ids), 2**53
    count = len(busy.person)
    columns = {
        "person": _index("busy.person", busy.person, count, everyone, "people"),
        "start": _whole("busy.start", busy.start, count, -instant, instant),
        "end": _whole("busy.end", busy.end, count, -instant, instant),
    }
    _refuse("busy", columns["end"] < columns["start"], "ends before it starts")
    return columns


def check_codes(role_codes: Sequence[str]) -> None:
    """Refuse a role code that is empty or stands twice."""
    _unique("role_codes", role_codes)


def check_lines(lines: Sequence[Line], role_codes: Sequence[str]) -> None:
    """Refuse a line that cannot be meant."""
    _unique("lines", [line.line_id for line in lines])
    known = set(role_codes)
    for line in lines:
        where = f"line {line.line_id}"
        _number(where, "quantity", line.quantity, 0, LIMIT)
        _number(where, "priority", line.priority, 1, 5)
        if not (
            math.isfinite(line.lat)
            and abs(line.lat) <= 90
            and math.isfinite(line.lon)
            and abs(line.lon) <= 180
        ):
            raise ValueError(f"{where}: site ({line.lat}, {line.lon}) is not a place in degrees")
        if line.ends_at <= line.starts_at:
            raise ValueError(f"{where}: ends_at {line.ends_at} is not after starts_at {line.starts_at}")
        if line.max_km is not None:
            _number(where, "max_km", line.max_km, 0, LIMIT)
        if not line.accepts:
            raise ValueError(f"{where}: accepts nobody; give at least one Accept")
        for accept in line.accepts:
            _check_accept(where, accept, known)


def check_weights(weights: Weights) -> None:
    """Refuse weights under which no exact optimum could be proven (negative, or bands that fall)."""
    names = ("per_km", "recency", "unit_given", "not_volunteer")
    singles = {name: getattr(weights, name) for name in names}
    for name, value in singles.items():
        _number("weights", name, value, 0, LIMIT)
    bands = weights.donor_bands
    if not bands or list(bands) != sorted(bands):
        raise ValueError(f"weights: donor_bands {bands} must be there and never fall")
    for value in (*bands, *weights.recency_days):
        _number("weights", "donor_bands and recency_days", value, 0, LIMIT)


def _check_accept(where: str, accept: Accept, known: set[str]) -> None:
    unknown = sorted(set(accept.roles) - known)
    if unknown:
        raise ValueError(f"{where}: accepts unknown role {unknown[0]!r}")
    _number(where, "accepted skills", accept.skills, 0, 2**64 - 1)
    _number(where, "cost of a substitute", accept.cost, 0, LIMIT)


def _number(where: str, what: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{where}: {what} must be a whole number from {low} to {high}, got {value!r}")


def _length(name: str, values: Sequence[Any], count: int) -> None:
    if len(values) != count:
        raise ValueError(f"{name}: {len(values)} entries where {count} are expected")


def _unique(name: str, ids: Sequence[str]) -> int:
    joined = _joined(ids)
    if joined is not None and "\0" in joined:
        raise ValueError(f"{name}: an id holds a NUL character")
    if joined is not None and len(set(ids)) == len(ids) and "" not in ids:
        return len(ids)
    seen: set[str] = set()
    for at, one in enumerate(ids):
        if not isinstance(one, str) or not one:
            raise ValueError(f"{name}[{at}]: expected an id, got {one!r}")
        if one in seen:
            raise ValueError(f"{name}[{at}]: {one!r} stands there twice")
        seen.add(one)
    return len(ids)


def _joined(texts: Sequence[str]) -> str | None:
    """All texts in one: the quickest way to learn that each is a text. None if one is not."""
    try:
        return "".join(texts)
    except TypeError:
        return None


def _whole(
    name: str, values: Sequence[Any], count: int, low: int = -(2**63), high: int = 2**63 - 1
) -> NDArray[Any]:
    _length(name, values, count)
    code = "q" if high < 2**63 else "Q"
    try:
        # An array of the standard library takes whole numbers alone, and twice as fast as numpy takes a list.
        whole: NDArray[Any] = np.frombuffer(array(code, values), np.dtype(code))
    except (TypeError, OverflowError):
        at = next(at for at, one in enumerate(values) if not _is_whole(one, low, high))
        raise ValueError(
            f"{name}[{at}]: expected a whole number from {low} to {high}, got {values[at]!r}"
        ) from None
    if code == "q" and low > -(2**63):
        _refuse(name, (whole < low) | (whole > high), f"not from {low} to {high}")
    return whole


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and low <= value <= high


def _index(name: str, values: Sequence[Any], count: int, size: int, what: str) -> NDArray[Any]:
    rows = _whole(name, values, count)
    _refuse(name, (rows < 0) | (rows >= size), f"no such row in {what} (0 to {size - 1})")
    return rows


def _degrees(name: str, values: Sequence[Any], count: int, most: float) -> NDArray[np.float64]:
    _length(name, values, count)
    try:
        degrees: NDArray[np.float64] = np.frombuffer(array("d", values), np.float64)
    except TypeError as fault:
        raise ValueError(f"{name}: not a column of degrees ({fault})") from None
    _refuse(name, ~(np.abs(degrees) <= most), f"not degrees from -{most:.0f} to {most:.0f}")
    return degrees


def _repeats(values: NDArray[Any]) -> NDArray[np.bool_]:
    again = np.ones(len(values), np.bool_)
    again[np.unique(values, return_index=True)[1]] = False
    return again


def _refuse(name: str, wrong: NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        raise ValueError(f"{name}[{int(wrong.argmax())}]: {why}")
