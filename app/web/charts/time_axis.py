"""The days of the Gantt: midnights of the government's zone, weekends, now, and the end of the status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from app.web.charts import svg
from domain.report import ReportView
from domain.report.words import Calendar, month

DAY = timedelta(days=1)
MARGIN = 0.15
"""Share of the width kept free on the right: a bar's date stands behind its end."""
TOGETHER = 30.0
"""Two labels nearer than this (percent) would touch on a phone."""


@dataclass(frozen=True)
class TimeAxis:
    """From the first midnight to the end of the margin."""

    start: datetime
    last: datetime
    end: datetime
    now: datetime
    status_until: datetime | None
    calendar: Calendar

    @classmethod
    def of(cls, view: ReportView) -> TimeAxis:
        """The axis that holds every lane, every decree, and now."""
        calendar = Calendar(view.zone)
        lanes = [lane for team in view.teams for lane in team.lanes]
        starts = [lane.start for lane in lanes] + [decree.start for decree in view.decrees]
        ends = [lane.end for lane in lanes] + [decree.end for decree in view.decrees] + [view.as_of]
        start = calendar.midnight(min(*starts, view.as_of))
        last = calendar.midnight(max(ends) - timedelta(microseconds=1)) + DAY
        until = view.status_until or (view.decrees[-1].end if view.decrees else None)
        return cls(start, last, start + (last - start) / (1 - MARGIN), view.as_of, until, calendar)

    def x(self, at: datetime) -> float:
        """The place of an instant, in percent."""
        return 100 * ((at - self.start) / (self.end - self.start))

    @property
    def days(self) -> tuple[datetime, ...]:
        """The midnights of all days but those of the margin."""
        count = round((self.last - self.start) / DAY)
        return tuple(self.start + DAY * n for n in range(count))

    def grid(self) -> Markup:
        """What lies behind every row, drawn once: weekends, now, and the end of the status."""
        marks = [svg.bar(*ends, "fl", top=0, thick="100%") for ends in self._weekends()]
        if self.status_until:
            marks.append(svg.rule(self.x(self.status_until), 0, "100%", "end"))
        marks.append(svg.rule(self.x(self.now), 0, "100%", "now"))
        return svg.element("g", *marks, id="grid")

    @staticmethod
    def use_grid() -> Markup:
        """The same grid again."""
        return svg.element("use", href="#grid")

    def header(self) -> Markup:
        """The days, and the words over the two verticals; when these stand close, one above the other."""
        now, until = self.x(self.now), self.x(self.status_until) if self.status_until else None
        lifted = until is not None and abs(now - until) < TOGETHER
        low = 28 if lifted else 14
        words = f"kini, {self.calendar.day(self.now)} {self.calendar.clock(self.now)}"
        marks = [self._label(now, 14, words, "tn"), svg.rule(now, 18, low + 32, "now")]
        if until is not None and self.status_until:
            past = "status berakhir"
            marks += [self._label(until, low, past, "tm"), svg.rule(until, low + 4, low + 32, "end")]
        shade = [svg.bar(*ends, "fl", top=low + 8, thick=24) for ends in self._weekends()]
        return svg.drawing(low + 32, [*shade, *self._numbers(low), *marks])

    def _weekends(self) -> list[tuple[float, float]]:
        return [(self.x(day), self.x(day + DAY)) for day in self.days if day.weekday() >= 5]

    def _numbers(self, low: int) -> list[Markup]:
        """A number a day where there is room; the first of a month is told by its name."""
        every = -(-len(self.days) // 30)
        on_phones = every * 3
        numbers = []
        for at, day in enumerate(self.days):
            name = month(day) if day.day == 1 else str(day.day)
            if at % every and day.day != 1:
                continue
            css = "tm" if at % on_phones == 0 else "tm hid"
            numbers.append(svg.text(self.x(day + DAY / 2), low + 25, name, css, anchor="middle"))
        return numbers

    @staticmethod
    def _label(x: float, y: float, words: str, css: str) -> Markup:
        """Words over a vertical, kept inside the picture."""
        anchor = "start" if x < 14 else "end" if x > 84 else "middle"
        return svg.text(x, y, words, css, anchor=anchor)
