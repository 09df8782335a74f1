"""The number loops of the funnel: everybody against each short line.

Loops keep to a few columns at hand. Handing a whole NamedTuple to a function counts references to each of its arrays,
which costs more than the look itself; that is left for the few who need a closer one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.eligible import way_in
from planning.kernels import compiled
from planning.rows import Ints

SHOWN = 10
"""How many blocking donors and competing lines are named."""


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


@compiled
def sift(asked, ways, roster, donors, steps, lines):  # type: ignore[no-untyped-def]  # noqa: PLR0917
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
def sift_one(one, asked, ways, roster, steps, out, suitable, left):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Count into `out` who falls at each step, and per unit-role row who is suitable and who of them stays home."""
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
def count_rivals(one, asked, ways, roster, donors, steps, left, rivals):  # type: ignore[no-untyped-def]  # noqa: PLR0917
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
