"""The units that lend, by people above the redline: zero is the redline of every unit."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app.web.charts import svg
from domain.report import ReportView, say
from domain.report.rows import Donor

HEIGHT = 28
OPEN_ROWS = 30
"""Above this many the units with the most slack are folded away."""


@dataclass(frozen=True)
class DonorRow:
    """A row: the unit, its picture, `42 → 33 (34)` and what is left; `tone` is a class of the last."""

    donor: Donor
    picture: Markup
    left: str
    tone: str


@dataclass(frozen=True)
class Scale:
    """People above the redline, from `low` (left edge) to `high`."""

    low: float
    high: float

    def x(self, people: float) -> float:
        """The place of a number of people, in percent."""
        return 100 * (people - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Two to five round numbers above the redline."""
        step = next(step for step in _steps() if step * 5 >= self.high)
        return tuple(range(step, int(self.high) + 1, step))


def _steps() -> list[int]:
    return [digit * 10**power for power in range(7) for digit in (1, 2, 5)]


def scale(view: ReportView) -> Scale:
    """One scale for all units."""
    values = [value for donor in view.donors for value in (donor.before, donor.slack, donor.tightest)]
    high = max([1, *values])
    # Room to the left for the word over the redline, and for those below it.
    return Scale(min([0, *values]) - 0.09 * high, high * 1.04)


def header(view: ReportView) -> Markup:
    """The axis above the rows."""
    axis = scale(view)
    marks = [svg.text(axis.x(0), 12, "batas", anchor="middle")]
    marks += [svg.text(axis.x(tick), 12, f"+{tick}", anchor="middle") for tick in axis.ticks]
    return svg.drawing(16, marks)


def rows(view: ReportView) -> tuple[DonorRow, ...]:
    """The rows, in the view's order."""
    axis = scale(view)
    return tuple(
        DonorRow(donor, _picture(donor, axis), say.slack(donor), _tone(donor)) for donor in view.donors
    )


def _tone(donor: Donor) -> str:
    if say.permitted(donor):
        return "bad"
    return "warn" if donor.tightest == 0 and donor.lent else ""


def _picture(donor: Donor, axis: Scale) -> Markup:
    """The verticals run the whole height of the row, however many lines its name takes; the bars lie in its middle."""
    zero, before, now = axis.x(0), axis.x(donor.before), axis.x(donor.slack)
    grid = [svg.rule(axis.x(tick), 0, "100%", "ax") for tick in axis.ticks]
    bars: list[Markup] = []
    if donor.before > 0:
        bars += [svg.bar(zero, before, "f3", top=-5, thick=10), svg.rule(before, -8, 8, "was")]
    bars.append(svg.bar(zero, now, "fa", top=-5, thick=10))
    below = axis.x(min(0, donor.tightest))
    bars.append(svg.bar(below, zero, "fbs", top=-5, thick=10, hatch=svg.ALARM_HATCH))
    grid.append(svg.rule(zero, 0, "100%", "red"))
    if donor.tightest == 0 and donor.lent:
        bars.append(svg.element("circle", cx=svg.percent(zero), cy=0, r=4.5, css="fwd"))
    return svg.drawing(HEIGHT, [*grid, svg.element("svg", *bars, y="50%")])


def legend(view: ReportView) -> tuple[tuple[Markup, str], ...]:
    """What the marks mean; a mark that is not drawn is not explained."""
    entries = [
        (svg.SAMPLES["duty"], "masih dapat dilepas"),
        (svg.SAMPLES["before"], "dilepas, dari semula"),
        (svg.SAMPLES["redline"], "batas layanan minimum"),
    ]
    if any(_tone(donor) == "warn" for donor in view.donors):
        entries.append((svg.SAMPLES["limit"], "satu peran atau lebih tepat di batas"))
    if any(_tone(donor) == "bad" for donor in view.donors):
        entries.append((svg.SAMPLES["alarm"], "di bawah batas, dengan izin"))
    return tuple(entries)
