"""Why a line stays short: the funnel from everybody on the roster down to the people it got.

Each person is counted out at the first filter they fail. From the redline on the funnel counts places, not people:
five who would suit are one place where their unit may lend one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.allocation import BlockingDonor, Filter, FunnelStep, Shortfall, ShortfallReason
from planning.eligible import Ways, way_in
from planning.kernels import compiled
from planning.network import EARTH_KM, on_sphere
from planning.picks import Drawn
from planning.rows import Ints, Rows

SHOWN = 10
"""How many blocking donors and competing lines are named."""

REASONS = {
    Filter.SKILL: ShortfallReason.NO_SKILL,
    Filter.EXCLUDED: ShortfallReason.DECLINED,
    Filter.TOO_FAR: ShortfallReason.TOO_FAR,
    Filter.REDLINE: ShortfallReason.DONORS_AT_REDLINE,
    Filter.COMPETING: ShortfallReason.COMPETING_LINE,
}


class Roster(NamedTuple):
    """Everybody, ordered by role: `begin[r]:begin[r + 1]` hold role r.

    `static` is the step that a rule or a standing offer ends at, -1 if none; `special` marks who is busy at some
    time (intervals from `busy_begin[p]`) or excluded somewhere (lines from `excluded_begin[p]`). `home` is a
    unit-role row, or one past the last; `picked` are those who go, with their `picked_line`.
    """

    begin: Ints
    skills: NDArray[np.uint64]
    static: Ints
    special: NDArray[np.bool_]
    home: Ints
    place: NDArray[np.float64]
    goes: NDArray[np.bool_]
    person: Ints
    busy_begin: Ints
    busy_start: Ints
    busy_end: Ints
    excluded_begin: Ints
    excluded_line: Ints
    picked: Ints
    picked_role: Ints
    picked_line: Ints


class Donors(NamedTuple):
    """Unit-role rows, and of their units how many each may lend and whether the plan takes them all."""

    unit: Ints
    lendable: Ints
    unit_lendable: Ints
    full: NDArray[np.bool_]


class Steps(NamedTuple):
    """The places of the planner's own filters in the funnel."""

    busy: int
    held: int
    excluded: int
    far: int


class Asked(NamedTuple):
    """The short lines as the funnel reads them; `reach` is a limit of distance as a squared chord of the sphere."""

    line: Ints
    starts: Ints
    ends: Ints
    site: NDArray[np.float64]
    reach: NDArray[np.float64]


class Sifted(NamedTuple):
    """The answer, one row for each short line: how many fall at each `step`, the `places` that redlines leave, and
    the unit-role rows (with their suitable people) and lines named in the way, -1 where there are no more.
    """

    step: Ints
    places: Ints
    donor: Ints
    suitable: Ints
    rival: Ints


def shortfalls(rows: Rows, ways: Ways, drawn: Drawn) -> tuple[Shortfall, ...]:
    """One entry for each line that stays short, by line."""
    got = np.bincount(drawn.line, minlength=len(rows.lines)).tolist()
    short = [at for at, line in enumerate(rows.lines) if got[at] < line.quantity]
    if not short:
        return ()
    codes, steps, step_of_code = _steps(rows)
    roster, donors = _roster(rows, drawn, steps, step_of_code), _donors(rows, drawn)
    sifted = sift(_asked(rows, short), ways, roster, donors, steps, len(rows.lines))
    table = zip(short, *(column.tolist() for column in sifted), strict=True)
    result = []
    for at, out, places, donor, suitable, rival in table:
        line = rows.lines[at]
        funnel = _funnel(rows, codes, out, places, got[at])
        result.append(
            Shortfall(
                line_id=line.line_id,
                asked=line.quantity,
                missing=line.quantity - got[at],
                reason=_reason(funnel, line.quantity),
                funnel=funnel,
                blocking_donors=_blocking(rows, donor, suitable),
                competing_lines=tuple(rows.lines[other].line_id for other in rival if other >= 0),
            )
        )
    return tuple(result)


def _asked(rows: Rows, short: list[int]) -> Asked:
    lines = [rows.lines[at] for at in short]
    return Asked(
        line=np.array(short, np.int64),
        starts=np.array([line.starts_at for line in lines], np.int64),
        ends=np.array([line.ends_at for line in lines], np.int64),
        site=on_sphere(np.array([line.lat for line in lines]), np.array([line.lon for line in lines])),
        reach=np.array([_reach(line.max_km) for line in lines]),
    )


def _reach(max_km: int | None) -> float:
    """The squared chord beyond which a distance, rounded, exceeds the limit."""
    if max_km is None or max_km + 0.5 >= np.pi * EARTH_KM:
        return 5.0  # no two points of the unit sphere are further apart than 4
    return float((2 * np.sin((max_km + 0.5) / (2 * EARTH_KM))) ** 2)


def _steps(rows: Rows) -> tuple[list[str], Steps, Ints]:
    """The codes of the funnel in order, the places of the planner's own, and the place of each blocking code."""
    first, late = Filter.SKILL.value, [Filter.HELD.value, Filter.EXCLUDED.value, Filter.TOO_FAR.value]
    rules = sorted({*rows.people.codes, Filter.BUSY.value} - {"", first, *late})
    codes = [first, *rules, *late]
    held, excluded, far = (codes.index(code) for code in late)
    steps = Steps(codes.index(Filter.BUSY.value), held, excluded, far)
    return codes, steps, np.array([codes.index(code) if code else -1 for code in rows.people.codes], np.int64)


def _roster(rows: Rows, drawn: Drawn, steps: Steps, step_of_code: Ints) -> Roster:
    people = rows.people
    everyone = np.arange(len(people.ids) + 1)
    busy_person, busy_start, busy_end = rows.busy
    excluded_person, excluded_line = rows.excluded
    order = np.argsort(people.role, kind="stable")
    static = np.where(people.held & (people.blocked == 0), steps.held, step_of_code[people.blocked])
    special = np.zeros(len(people.ids), np.bool_)
    special[busy_person] = special[excluded_person] = True
    goes = np.zeros(len(people.ids), np.bool_)
    goes[drawn.person] = True
    return Roster(
        begin=np.searchsorted(people.role[order], np.arange(len(rows.roles) + 1)),
        skills=people.skills[order],
        static=static[order],
        special=special[order],
        home=np.where(people.home >= 0, people.home, len(rows.donors.unit))[order],
        place=on_sphere(people.lat[order], people.lon[order]),
        goes=goes[order],
        person=order,
        busy_begin=np.searchsorted(busy_person, everyone),
        busy_start=busy_start,
        busy_end=busy_end,
        excluded_begin=np.searchsorted(excluded_person, everyone),
        excluded_line=excluded_line,
        picked=np.argsort(order)[drawn.person],
        picked_role=people.role[drawn.person],
        picked_line=drawn.line,
    )


def _donors(rows: Rows, drawn: Drawn) -> Donors:
    most = rows.donors.unit_lendable
    full = np.bincount(rows.donors.unit[drawn.home], minlength=len(most)) >= most
    return Donors(rows.donors.unit, rows.donors.lendable, most, full)


def _funnel(rows: Rows, codes: list[str], out: list[int], places: int, got: int) -> tuple[FunnelStep, ...]:
    remaining = len(rows.people.ids)
    funnel = [FunnelStep(Filter.PEOPLE.value, remaining)]
    for code, dropped in zip(codes, out, strict=True):
        remaining -= dropped
        if dropped or code == Filter.SKILL:
            funnel.append(FunnelStep(code, remaining))
    return (*funnel, FunnelStep(Filter.REDLINE.value, places), FunnelStep(Filter.COMPETING.value, got))


def _reason(funnel: tuple[FunnelStep, ...], asked: int) -> ShortfallReason:
    code = next(step.code for step in funnel[1:] if step.remaining < asked)
    return REASONS.get(code, ShortfallReason.NONE_AVAILABLE)  # type: ignore[call-overload,no-any-return]


def _blocking(rows: Rows, donor: list[int], suitable: list[int]) -> tuple[BlockingDonor, ...]:
    donors = rows.donors
    return tuple(
        BlockingDonor(
            unit_id=donors.unit_ids[donors.unit[at]],
            role=rows.roles[donors.role[at]],
            suitable=count,
            lendable=int(min(donors.lendable[at], donors.unit_lendable[donors.unit[at]])),
        )
        for at, count in zip(donor, suitable, strict=True)
        if at >= 0
    )


@compiled
def sift(asked, ways, roster, donors, steps, lines):  # type: ignore[no-untyped-def]
    """Put everybody through the filters of each short line."""
    count = len(asked.line)
    answer = Sifted(
        np.zeros((count, steps.far + 1), np.int64),
        np.zeros(count, np.int64),
        np.full((count, SHOWN), -1, np.int64),
        np.zeros((count, SHOWN), np.int64),
        np.full((count, SHOWN), -1, np.int64),
    )
    suitable, left = np.zeros(len(donors.unit) + 1, np.int64), np.zeros(len(donors.unit) + 1, np.int64)
    rivals = np.zeros(lines, np.int64)
    for one in range(count):
        suitable[:], left[:], rivals[:] = 0, 0, 0
        sift_one(one, asked, ways, roster, steps, answer.step[one], suitable, left)
        answer.places[one] = places_for(suitable, donors)
        count_rivals(one, asked, ways, roster, donors, steps, left, rivals)
        largest(rivals, answer.rival[one])
        largest(left[:-1], answer.donor[one])
        for at in range(SHOWN):
            answer.suitable[one, at] = suitable[answer.donor[one, at]]
    return answer


@compiled
def sift_one(one, asked, ways, roster, steps, out, suitable, left):  # type: ignore[no-untyped-def]
    """Count into `out` who falls at each step, and per unit-role row who is suitable and who of them stays home."""
    # Handing the whole roster to a function counts references to all its arrays: only for who needs a closer look.
    skills, static, special, home, goes = (
        roster.skills,
        roster.static,
        roster.special,
        roster.home,
        roster.goes,
    )
    place, site, reach, line = roster.place, asked.site[one], asked.reach[one], asked.line[one]
    skilled = 0
    for role in range(len(roster.begin) - 1):
        if ways.takes[ways.start[line] : ways.start[line + 1], role].any():
            for p in range(roster.begin[role], roster.begin[role + 1]):
                if way_in(ways, line, role, skills[p]) < 0:
                    continue
                skilled += 1
                step = static[p]
                if step < 0 and special[p]:
                    step = barred_at(p, one, asked, roster, steps)
                if step < 0 and squared_chord(place, p, site) >= reach:
                    step = steps.far
                if step >= 0:
                    out[step] += 1
                else:
                    suitable[home[p]] += 1
                    left[home[p]] += not goes[p]
    out[0] = len(home) - skilled


@compiled
def barred_at(p, one, asked, roster, steps):  # type: ignore[no-untyped-def]
    """The step at which the days or the answer of person p end their way to the line; -1 if neither does."""
    person = roster.person[p]
    for at in range(roster.busy_begin[person], roster.busy_begin[person + 1]):
        if roster.busy_start[at] < asked.ends[one] and roster.busy_end[at] > asked.starts[one]:
            return steps.busy
    for at in range(roster.excluded_begin[person], roster.excluded_begin[person + 1]):
        if roster.excluded_line[at] == asked.line[one]:
            return steps.excluded
    return -1


@compiled
def squared_chord(place, p, site):  # type: ignore[no-untyped-def]
    """The square of the straight distance on the unit sphere."""
    x, y, z = place[p, 0] - site[0], place[p, 1] - site[1], place[p, 2] - site[2]
    return x * x + y * y + z * z


@compiled
def count_rivals(one, asked, ways, roster, donors, steps, left, rivals):  # type: ignore[no-untyped-def]
    """Count for each other line the people it took who would suit here, or for whose sake others must stay."""
    waiting = np.zeros(len(donors.full), np.bool_)
    for row in range(len(donors.unit)):
        if left[row] > 0 and donors.lendable[row] > 0 and donors.full[donors.unit[row]]:
            waiting[donors.unit[row]] = True
    skills, special, place = roster.skills, roster.special, roster.place
    site, reach, line = asked.site[one], asked.reach[one], asked.line[one]
    for at in range(len(roster.picked)):
        p, row = roster.picked[at], roster.home[roster.picked[at]]
        if roster.picked_line[at] == line:
            continue
        suits = (
            way_in(ways, line, roster.picked_role[at], skills[p]) >= 0
            and squared_chord(place, p, site) < reach
        )
        if suits and special[p]:
            suits = barred_at(p, one, asked, roster, steps) < 0
        if suits or left[row] > 0 or waiting[donors.unit[row]]:
            rivals[roster.picked_line[at]] += 1


@compiled
def largest(counts, places):  # type: ignore[no-untyped-def]
    """Fill `places` with where the largest counts above zero stand, largest first; among equals the first."""
    for at in range(len(counts)):
        count = counts[at]
        last = len(places) - 1
        if count == 0 or (places[last] >= 0 and counts[places[last]] >= count):
            continue
        while last > 0 and (places[last - 1] < 0 or counts[places[last - 1]] < count):
            places[last] = places[last - 1]
            last -= 1
        places[last] = at


@compiled
def places_for(suitable, donors):  # type: ignore[no-untyped-def]
    """How many of the suitable could leave at once: each row within its redline, each unit within its own."""
    per_unit = np.zeros(len(donors.unit_lendable), np.int64)
    for row in range(len(donors.unit)):
        per_unit[donors.unit[row]] += min(suitable[row], donors.lendable[row])
    return np.minimum(per_unit, donors.unit_lendable).sum()
