"""Who is out until when: a row a team, lanes on duty and in relief, the late ones first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from app.web.charts import svg
from app.web.charts.gantt_lanes import lanes, spoken
from app.web.charts.time_axis import TimeAxis
from domain.report import ReportView
from domain.report.rows import LaneKind, Team
from domain.report.words import Calendar

OPEN_ROWS = 40
SOON = timedelta(days=7)


@dataclass(frozen=True)
class TeamRow:
    """A row: the team, its picture, and what the picture says for those who do not see it."""

    team: Team
    picture: Markup
    spoken: str


@dataclass(frozen=True)
class Gantt:
    """The rows shown, and those folded away under a line that counts them."""

    grid: Markup
    header: Markup
    status: Markup | None
    shown: tuple[TeamRow, ...]
    folded: tuple[TeamRow, ...]
    folded_title: str
    legend: tuple[tuple[Markup, str], ...]


def gantt(view: ReportView) -> Gantt | None:
    """The chart; None while nobody has a seat."""
    if not view.teams:
        return None
    axis = TimeAxis.of(view)
    calendar = Calendar(view.zone)
    shown, folded, title = _fold(view)

    def rows(teams: Iterable[Team]) -> tuple[TeamRow, ...]:
        return tuple(TeamRow(team, _picture(team, axis, calendar), spoken(team, calendar)) for team in teams)

    return Gantt(
        grid=axis.grid(),
        header=axis.header(),
        status=_status(view, axis, calendar),
        shown=rows(shown),
        folded=rows(folded),
        folded_title=title,
        legend=_legend(view.teams),
    )


def _fold(view: ReportView) -> tuple[Sequence[Team], Sequence[Team], str]:
    """While people are out, teams that are home fold away; above forty rows also those due later than in a week."""
    current = [team for team in view.teams if not team.over]
    if not current:
        rest = view.teams[OPEN_ROWS:]
        return view.teams[:OPEN_ROWS], rest, f"{len(rest)} regu lain yang sudah pulang"
    home = [team for team in view.teams if team.over]
    if len(current) <= OPEN_ROWS:
        return current, home, f"{len(home)} regu yang sudah pulang"
    soon = [team for team in current if team.late_by or team.next_due <= view.as_of + SOON]
    later = [team for team in view.teams if team not in soon]
    return soon, later, f"{len(later)} regu yang pulang lebih dari 7 hari lagi atau sudah pulang"


def _picture(team: Team, axis: TimeAxis, calendar: Calendar) -> Markup:
    lines = max(2 if team.late_by else 1, len(team.lanes))
    height = 10 + 13 * lines
    return svg.drawing(height, [axis.use_grid(), *lanes(team, axis, calendar)])


def _status(view: ReportView, axis: TimeAxis, calendar: Calendar) -> Markup | None:
    """The decrees as the top row: what everybody's order stands on, a line for each level that declared one."""
    if not view.decrees:
        return None
    marks: list[Markup] = [axis.use_grid()]
    levels = list(dict.fromkeys(decree.level for decree in view.decrees))
    for decree in view.decrees:
        top = 20 * levels.index(decree.level)
        start, end = axis.x(decree.start), axis.x(decree.end) - 0.25
        days = calendar.days_until(decree.end, decree.start) + (
            0 if _at_midnight(decree.start, calendar) else 1
        )
        name = f"SK {decree.decree}, {max(1, days)} hari" if decree.decree else f"{max(1, days)} hari"
        marks.append(svg.bar(start, end, "f2", top=top + 6, thick=14))
        # A picture within the picture cuts a long number off at its bar's end.
        words = svg.text(0, 17, name, "ti", dx=5)
        width = svg.percent(max(0, end - start))
        place = {"y": top} if top else {}
        clip = svg.element("svg", words, x=svg.percent(start), width=width, height=26, css="clip", **place)
        marks.append(clip)
    return svg.drawing(26 + 20 * (len(levels) - 1), marks)


def _at_midnight(at: datetime, calendar: Calendar) -> bool:
    return calendar.local(at) == calendar.midnight(at)


def _legend(teams: Sequence[Team]) -> tuple[tuple[Markup, str], ...]:
    kinds = {lane.kind for team in teams for lane in team.lanes}
    handover = any(_overlaps(team) for team in teams)
    entries = (
        ("duty", "bertugas", bool(kinds & {LaneKind.DUTY, LaneKind.LATE})),
        ("hollow", "dalam perjalanan", bool(kinds & {LaneKind.GOING, LaneKind.HOMEWARD})),
        ("relief", "sudah pasti, belum berangkat", LaneKind.AHEAD in kinds),
        ("handover", "serah terima", handover),
        ("unrelieved", "belum ada pengganti", LaneKind.EMPTY in kinds),
        ("alarm", "lewat tanggal", LaneKind.LATE in kinds),
        ("before", "sudah pulang", LaneKind.HOME in kinds),
        ("lag", "pulang terlambat", any(lane.late for team in teams for lane in team.lanes)),
    )
    return tuple((svg.SAMPLES[sample], words) for sample, words, drawn in entries if drawn)


def _overlaps(team: Team) -> bool:
    pairs = zip(team.lanes, team.lanes[1:], strict=False)
    return any(
        second.start < first.end and second.relief and second.kind not in (LaneKind.HOME, LaneKind.EMPTY)
        for first, second in pairs
    )
