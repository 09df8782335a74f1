"""The report of an operation as one HTML file: its style inside, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.web.charts import donors, gantt, need, times, town
from app.web.pages import page
from domain.closing.review_view import Review
from domain.closing.say import tell
from domain.closing.say_rows import Told
from domain.report import ReportView, say
from domain.report.rows import RoleNeed
from domain.report.view import Happening, Urgency
from domain.report.words import Calendar, number

STORY_OPEN = 14
"""How many happenings are shown before the rest folds away."""

MARKS = {Urgency.LATE: ("◆", "bad"), Urgency.SOON: ("▲", "warn"), Urgency.WAITING: ("●", "m")}
"""The shape and the class of each urgency."""


@dataclass(frozen=True)
class Day:
    """What happened on one day, newest first; each with its hour."""

    name: str
    happenings: tuple[tuple[str, Happening], ...]


def render(view: ReportView, review: Review | None = None) -> str:
    """Return the page: HTML that stands alone, light and dark, on paper too; with a review, the after-action report."""
    calendar = Calendar(view.zone)
    told = tell(review, view.zone) if review else None
    return page(
        "report.html",
        view=view,
        told=told,
        seat_rows=_seats(told),
        time_rows=[(row, times.picture(row.spread)) for row in told.times] if told else (),
        time_legend=times.LEGEND,
        say=say,
        number=number,
        marks=MARKS,
        as_of=calendar.full(view.as_of),
        lead=say.lead(view),
        need_rows=need.rows(view),
        need_legend=need.legend(view),
        map_picture=town.draw(view.map),
        gantt=gantt.gantt(view),
        donor_header=donors.header(view),
        donor_rows=donors.rows(view),
        donor_open=donors.OPEN_ROWS,
        donor_legend=donors.legend(view),
        story=_days(view.story[:STORY_OPEN], calendar),
        story_before=_days(view.story[STORY_OPEN:], calendar),
        story_folded=max(0, len(view.story) - STORY_OPEN),
        fingerprint=" ".join(view.fingerprint[at : at + 4] for at in range(0, len(view.fingerprint), 4)),
    )


def _seats(told: Told | None) -> tuple[need.NeedRow, ...]:
    """The seats of an after-action report, drawn as the need is."""
    rows = told.needs if told else ()
    largest = max((row.need.asked for row in rows), default=1)
    return tuple(
        need.NeedRow(role, need.picture(role, 100 / largest), row.why)
        for row in rows
        for role in (
            RoleNeed(row.need.role, row.need.name, row.need.asked, row.need.filled, row.need.empty, ()),
        )
    )


def _days(story: Sequence[Happening], calendar: Calendar) -> tuple[Day, ...]:
    days = groupby(story, key=lambda happening: calendar.weekday(happening.at))
    return tuple(Day(name, tuple((calendar.clock(one.at), one) for one in told)) for name, told in days)
