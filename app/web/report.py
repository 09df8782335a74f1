"""The report of an operation as one HTML file: its style inside, no script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import jinja2
from markupsafe import Markup

from app.web.charts import donors, gantt, need, times, town
from domain.closing.review_view import Review
from domain.closing.say import tell
from domain.closing.say_rows import Told
from domain.report import ReportView, say
from domain.report.rows import RoleNeed
from domain.report.view import Happening, Urgency
from domain.report.words import Calendar, number

HERE = Path(__file__).parent
STORY_OPEN = 14
"""How many happenings are shown before the rest folds away."""

MARKS = {Urgency.LATE: ("◆", "bad"), Urgency.SOON: ("▲", "warn"), Urgency.WAITING: ("●", "m")}
"""The shape and the class of each urgency."""

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Day:
    """What happened on one day, newest first; each with its hour."""

    name: str
    happenings: tuple[tuple[str, Happening], ...]


def render(view: ReportView, review: Review | None = None) -> str:
    """Return the page: HTML that stands alone, light and dark, on paper too; with a review, the after-action report."""
    style = (HERE / "siaga.css").read_text(encoding="utf-8")
    calendar = Calendar(view.zone)
    told = tell(review, view.zone) if review else None
    return _pages.get_template(
        "report.html"
    ).render(
        view=view,
        told=told,
        seat_rows=_seats(told),
        time_rows=[(row, times.picture(row.spread)) for row in told.times] if told else (),
        time_legend=times.LEGEND,
        say=say,
        number=number,
        marks=MARKS,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=style_hash(style),
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


def style_hash(style: str) -> str:
    """The one style that the page's own policy lets a browser apply."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _days(story: Sequence[Happening], calendar: Calendar) -> tuple[Day, ...]:
    days = groupby(story, key=lambda happening: calendar.weekday(happening.at))
    return tuple(Day(name, tuple((calendar.clock(one.at), one) for one in told)) for name, told in days)
