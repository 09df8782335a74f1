"""How the outcomes of many drills spread, as one HTML file: a dot a run, and where the middle eight of ten lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from app.web.charts import svg
from app.web.pages import page

HEIGHT, MIDDLE, STACK = 40, 28, 4
MOST_STACKED = 6
"""Dots above one place; more are not drawn higher, and the number beside says how many runs there are."""
STEPS = 60
"""Places on the axis that dots gather at."""


@dataclass(frozen=True)
class MeasureView:
    """One measure over all runs. `values` in the order of the axis; `ends` are those of the axis, in its unit."""

    name: str
    unit: str
    values: tuple[float, ...]
    ends: tuple[float, float]
    low: float | None
    middle: float | None
    high: float | None
    note: str = ""


@dataclass(frozen=True)
class RehearsalView:
    """What the page tells; `finding` is its first sentence, `heading` the one above the chart."""

    title: str
    government: str
    synthetic: bool
    runs: int
    seeds: tuple[int, int]
    finding: str
    heading: str
    measures: tuple[MeasureView, ...]
    violations: int


@dataclass(frozen=True)
class Row:
    """A measure with its picture and its three numbers as text."""

    measure: MeasureView
    picture: Markup
    numbers: tuple[str, str, str]


def render(view: RehearsalView) -> str:
    """Return the page: HTML that stands alone, light and dark, on paper too."""
    rows = tuple(Row(one, _picture(one), _numbers(one)) for one in view.measures)
    legend = (
        (svg.SAMPLES["run"], "satu latihan"),
        (svg.SAMPLES["before"], "delapan dari sepuluh latihan (p10–p90)"),
        (svg.SAMPLES["tick"], "separuhnya (p50)"),
    )
    return page("rehearsal.html", view=view, rows=rows, legend=legend)


def written(value: float | None, unit: str) -> str:
    """`87 %`, `31,4 jam`, `3`; a dash where there is none."""
    if value is None:
        return "–"
    match unit:
        case "%":
            return f"{100 * value:.0f} %"
        case "jam":
            return f"{value:.1f}".replace(".", ",") + " jam"
        case _:
            return f"{value:.0f}"


def _numbers(one: MeasureView) -> tuple[str, str, str]:
    """The unit stands once, at the last number, where it is a word."""
    return (
        written(one.low, one.unit).removesuffix(" jam"),
        written(one.middle, one.unit).removesuffix(" jam"),
        written(one.high, one.unit),
    )


def _picture(one: MeasureView) -> Markup:
    """The axis from end to end, the band of the middle, its tick, and a dot a run."""
    marks = [svg.element("line", x1="0%", x2="100%", y1=MIDDLE, y2=MIDDLE, css="ax")]
    if one.low is not None and one.middle is not None and one.high is not None:
        band = svg.bar(_place(one, one.low), _place(one, one.high), "f3", top=MIDDLE - 5, thick=10)
        marks += [band, svg.rule(_place(one, one.middle), MIDDLE - 8, MIDDLE + 8, "now")]
    marks += _dots(one)
    for value, anchor in zip(one.ends, ("start", "end"), strict=True):
        at = 0 if anchor == "start" else 100
        marks.append(svg.text(at, HEIGHT + 4, _axis(value, one.unit), anchor=anchor))
    return svg.drawing(HEIGHT + 8, marks)


def _axis(value: float, unit: str) -> str:
    """The end of an axis is a round number."""
    return f"{100 * value:.0f} %" if unit == "%" else f"{value:.0f}"


def _dots(one: MeasureView) -> list[Markup]:
    places: Counter[int] = Counter()
    dots = []
    for value in one.values:
        step = round(_place(one, value) / 100 * STEPS)
        places[step] += 1
        if places[step] <= MOST_STACKED:
            y = MIDDLE - (places[step] - 1) * STACK
            dots.append(svg.element("circle", cx=svg.percent(100 * step / STEPS), cy=y, r=3, css="o2"))
    return dots


def _place(one: MeasureView, value: float) -> float:
    least, most = one.ends
    return 100 * (value - least) / (most - least) if most > least else 50


def ends_of(values: Sequence[float], unit: str) -> tuple[float, float]:
    """Return the ends of an axis: from zero, to a round number; a share ends at the whole."""
    if unit == "%":
        return 0.0, 1.0
    most = max(values, default=1.0)
    step = 10 if most > 10 else 1
    return 0.0, float(max(step, ceil(most / step) * step))
