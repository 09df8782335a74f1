"""How long steps took: a histogram a step, from zero to the longest; a tick at the median, a lighter one at the ninetieth."""

from __future__ import annotations

from markupsafe import Markup

from app.web.charts import svg
from domain.closing.times import BINS, Spread

TALL = 36


def picture(spread: Spread) -> Markup:
    """The distribution of one step; bars of people, one scale a step."""
    most, width = max(spread.bins), 100 / BINS
    marks = [
        svg.bar(
            at * width,
            (at + 0.86) * width,
            "fa",
            top=round(TALL - TALL * count / most, 1),
            thick=round(TALL * count / most, 1),
        )
        for at, count in enumerate(spread.bins)
        if count
    ]
    marks.append(svg.rule(0, TALL, TALL, "ax"))
    if spread.longest:
        marks.append(svg.rule(100 * (spread.ninetieth / spread.longest), 0, TALL, "was"))
        marks.append(svg.rule(100 * (spread.median / spread.longest), 0, TALL, "now"))
    return svg.drawing(TALL, marks)


LEGEND = (
    (svg.SAMPLES["duty"], "orang"),
    (svg.SAMPLES["tick"], "separuh (tegas), sembilan dari sepuluh (pudar)"),
)
