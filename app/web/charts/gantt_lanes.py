"""The bars of one row of the Gantt, and what they say aloud."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from app.web.charts import svg
from app.web.charts.time_axis import TimeAxis
from domain.report import say
from domain.report.rows import Lane, LaneKind, Team
from domain.report.words import Calendar, office, offices

TOP, STEP, THICK = 6, 13, 10
NARROW = 26.0
"""Percent of the width that the longest label takes on a phone."""

_LOOKS = {
    LaneKind.DUTY: "fa",
    LaneKind.LATE: "fa",
    LaneKind.AHEAD: "o2",
    LaneKind.HOME: "f3",
    LaneKind.GOING: "o",
    LaneKind.HOMEWARD: "o",
    LaneKind.EMPTY: "og",
}
_HOLLOW = frozenset({LaneKind.GOING, LaneKind.HOMEWARD, LaneKind.EMPTY})


def lanes(team: Team, axis: TimeAxis, calendar: Calendar) -> Iterable[Markup]:
    """All marks of a row, from behind to the front."""
    if team.late_by:
        yield from _late(team, axis)
        return
    for at, (first, second) in enumerate(zip(team.lanes, team.lanes[1:], strict=False)):
        if (
            second.relief
            and second.start < first.end
            and first.kind != LaneKind.HOME
            and second.kind not in (LaneKind.HOME, LaneKind.EMPTY)
        ):
            y = TOP - 1 + STEP * at
            yield svg.bar(axis.x(second.start), axis.x(first.end), "fo", top=y, thick=STEP + THICK + 2)
    for at, lane in enumerate(team.lanes):
        yield from _lane(lane, at, axis, calendar)


def _lane(lane: Lane, at: int, axis: TimeAxis, calendar: Calendar) -> Iterable[Markup]:
    y = TOP + STEP * at
    start, end = axis.x(lane.start), axis.x(lane.end)
    inset = 0.75 if lane.kind in _HOLLOW else 0
    worked = axis.x(lane.due) if lane.late and lane.due else end
    yield svg.bar(start, max(worked, start + 0.4), _LOOKS[lane.kind], top=y + inset, thick=THICK - 2 * inset)
    if lane.kind == LaneKind.HOME:
        yield from _home(lane, y, axis)
    words, until = _who(lane), _until(lane, calendar)
    if words and start >= NARROW:
        css = "tw" if lane.kind == LaneKind.EMPTY else "tm"
        yield svg.text(start, y + 9, words, css, anchor="end", dx=-7)
    elif words and lane.relief and end < 100 - 2 * NARROW:
        until = f"{until}, {words}"
    yield svg.text(end, y + 9, until, dx=7)


def _home(lane: Lane, y: float, axis: TimeAxis) -> Iterable[Markup]:
    """The due date as a tick; who came later is a line from it to the return: over, so no longer in red."""
    due = axis.x(lane.due if lane.late and lane.due else lane.end)
    yield svg.rule(due, y - 2, y + THICK + 2, "was")
    yield svg.bar(due, axis.x(lane.end), "lag", top=y + THICK / 2 - 1, thick=2)


def _who(lane: Lane) -> str:
    """What stands before a bar: only what its row's label does not say."""
    match lane.kind:
        case LaneKind.EMPTY:
            return "belum ada pengganti"
        case LaneKind.GOING:
            return f"{lane.people} menuju lokasi" if lane.relief else "menuju lokasi"
        case LaneKind.HOMEWARD:
            return "menuju pulang"
        case LaneKind.AHEAD:
            return f"{lane.people} pengganti" if lane.relief else "belum berangkat"
        case LaneKind.DUTY if lane.relief:
            return f"{lane.people} pengganti"
        case _:
            return ""


def _until(lane: Lane, calendar: Calendar) -> str:
    if lane.kind == LaneKind.HOME:
        return f"pulang {calendar.day(lane.end)}" + (f", {lane.late} terlambat" if lane.late else "")
    return calendar.last_day(lane.end)


def _late(team: Team, axis: TimeAxis) -> Iterable[Markup]:
    """Duty, the due tick, then hatch up to now; the words stand right of now, or under the hatch at the edge."""
    assert team.late_by is not None
    lane = team.lanes[0]
    start, due, now = axis.x(lane.start), axis.x(lane.end), axis.x(axis.now)
    yield svg.bar(start, due, "fa", top=TOP, thick=THICK)
    yield svg.bar(due, now, "fbs", top=TOP, thick=THICK, hatch=svg.ALARM_HATCH)
    yield svg.rule(due, 2, 20, "red")
    # A phone has room for one: whoever was asked last. The words for those who do not see it name all.
    words, owner = say.late(team.late_by), f"ditangani {office(team.handlers[-1])}"
    if now < 100 - 1.4 * NARROW:
        yield svg.text(now, TOP + 9, words, "tb", dx=7)
        yield svg.text(now, TOP + 23, owner, dx=7)
    else:
        yield svg.text(now, TOP + 23, f"{words}, {owner}", "tb", anchor="end", dx=-4)


def spoken(team: Team, calendar: Calendar) -> str:
    """The row for those who do not see it."""
    if team.late_by:
        due = calendar.last_day(team.lanes[0].end)
        return f"seharusnya pulang {due}, {say.late(team.late_by)}, ditangani {offices(team.handlers)}"
    parts = []
    for lane in team.lanes:
        span = f"{calendar.day(lane.start)} s.d. {calendar.last_day(lane.end)}"
        late = f", {lane.late} terlambat" if lane.late else ""
        parts.append(f"{_SPOKEN[lane.kind].format(n=lane.people)} {span}{late}")
    return "; ".join(parts)


_SPOKEN = {
    LaneKind.DUTY: "{n} bertugas",
    LaneKind.GOING: "{n} menuju lokasi",
    LaneKind.HOMEWARD: "{n} menuju pulang",
    LaneKind.AHEAD: "{n} belum berangkat",
    LaneKind.EMPTY: "{n} kursi belum ada penggantinya",
    LaneKind.HOME: "{n} sudah pulang",
    LaneKind.LATE: "{n} lewat tanggal",
}
