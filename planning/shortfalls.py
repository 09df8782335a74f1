"""Why a line stays short: the funnel from everybody on the roster down to the people it got.

Each person is counted out at the first filter they fail. From the redline on the funnel counts places, not people:
five who would suit are one place where their unit may lend one.
"""

from __future__ import annotations

import numpy as np

from domain.plans import BlockingDonor, Filter, FunnelStep, Shortfall, ShortfallReason, TeamFate
from planning.eligible import Ways
from planning.funnel import Asked, Donors, Roster, Sifted, Steps, sift
from planning.network import EARTH_KM, on_sphere
from planning.picks import Drawn
from planning.rows import Ints, Rows

REASONS: dict[str, ShortfallReason] = {
    Filter.SKILL: ShortfallReason.NO_SKILL,
    Filter.EXCLUDED: ShortfallReason.DECLINED,
    Filter.TOO_FAR: ShortfallReason.TOO_FAR,
    Filter.REDLINE: ShortfallReason.DONORS_AT_REDLINE,
    Filter.COMPETING: ShortfallReason.COMPETING_LINE,
    Filter.TEAM: ShortfallReason.TEAM_INCOMPLETE,
}


def shortfalls(
    rows: Rows, ways: Ways, drawn: Drawn, teams: tuple[TeamFate, ...] = ()
) -> tuple[Shortfall, ...]:
    """One entry for each line that stays short, by line; `teams` that lack a line leave all their lines short."""
    stranded = {line for team in teams if team.lacking for line in team.line_ids}
    got = np.bincount(drawn.line, minlength=len(rows.lines)).tolist()
    short = [at for at, line in enumerate(rows.lines) if got[at] < line.quantity]
    if not short:
        return ()
    codes, steps, step_of_code = _steps(rows)
    roster = _roster(rows, drawn, steps, step_of_code)
    sifted = sift(_asked(rows, short), ways, roster, _donors(rows, drawn), steps, len(rows.lines))
    blocking = _blocking(rows, sifted)
    columns = (sifted.step, sifted.places, sifted.rival)
    result = []
    for at, donors_here, out, places, rival in zip(
        short, blocking, *(one.tolist() for one in columns), strict=True
    ):
        line = rows.lines[at]
        last = Filter.TEAM if line.line_id in stranded else Filter.COMPETING
        funnel = _funnel(rows, codes, out, places, FunnelStep(last.value, got[at]))
        result.append(
            Shortfall(
                line_id=line.line_id,
                asked=line.quantity,
                missing=line.quantity - got[at],
                reason=_reason(funnel, line.quantity),
                funnel=funnel,
                blocking_donors=donors_here,
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
        picked=_inverse(order)[drawn.person],
        picked_role=people.role[drawn.person],
        picked_line=drawn.line,
    )


def _inverse(order: Ints) -> Ints:
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place


def _donors(rows: Rows, drawn: Drawn) -> Donors:
    most = rows.donors.unit_lendable
    full = np.bincount(rows.donors.unit[drawn.home], minlength=len(most)) >= most
    return Donors(rows.donors.unit, rows.donors.lendable, most, full)


def _funnel(
    rows: Rows, codes: list[str], out: list[int], places: int, last: FunnelStep
) -> tuple[FunnelStep, ...]:
    remaining = len(rows.people.ids)
    funnel = [FunnelStep(Filter.PEOPLE.value, remaining)]
    for code, dropped in zip(codes, out, strict=True):
        remaining -= dropped
        if dropped or code == Filter.SKILL:
            funnel.append(FunnelStep(code, remaining))
    return (*funnel, FunnelStep(Filter.REDLINE.value, places), last)


def _reason(funnel: tuple[FunnelStep, ...], asked: int) -> ShortfallReason:
    code = next(step.code for step in funnel[1:] if step.remaining < asked)
    return REASONS.get(code, ShortfallReason.NONE_AVAILABLE)


def _blocking(rows: Rows, sifted: Sifted) -> list[tuple[BlockingDonor, ...]]:
    donors, at = rows.donors, sifted.donor
    if not len(donors.unit):
        return [()] * len(at)
    unit = donors.unit[at]
    lendable = np.minimum(donors.lendable[at], donors.unit_lendable[unit])
    columns = (at, unit, donors.role[at], sifted.suitable, lendable, donors.critical[at])
    return [
        tuple(
            BlockingDonor(donors.unit_ids[unit], rows.roles[role], *numbers)
            for place, unit, role, *numbers in zip(*line, strict=True)
            if place >= 0
        )
        for line in zip(*(column.tolist() for column in columns), strict=True)
    ]
