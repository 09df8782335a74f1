"""Need against filled, by role: bar = filled, hatch = empty, tick = need; one scale from zero."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app.web.charts import svg
from domain.report import ReportView, say
from domain.report.rows import RoleNeed


@dataclass(frozen=True)
class NeedRow:
    """A row: the role, its picture, and why the rest is empty."""

    need: RoleNeed
    picture: Markup
    why: str


def rows(view: ReportView) -> tuple[NeedRow, ...]:
    """The rows, in the view's order."""
    largest = max((max(need.needed, need.filled) for need in view.roles), default=1)
    return tuple(
        NeedRow(need, picture(need, 100 / largest), "; ".join(say.cause(cause) for cause in need.causes))
        for need in view.roles
    )


def picture(need: RoleNeed, scale: float) -> Markup:
    """One role's bar; `scale` is percent of the width a seat."""
    filled, needed = need.filled * scale, need.needed * scale
    marks = [svg.bar(0, filled, "fa", top=3, thick=14)]
    if need.empty:
        marks.append(svg.bar(filled, needed, "fs", top=3, thick=14, hatch=svg.EMPTY_HATCH))
        marks.append(svg.rule(needed, 0, 20, "now"))
    return svg.drawing(20, marks)


def legend(view: ReportView) -> tuple[tuple[Markup, str], ...]:
    """What the marks mean; a mark that is not drawn is not explained."""
    entries = [(svg.SAMPLES["duty"], "terisi")]
    if view.figures.empty:
        entries += [(svg.SAMPLES["empty"], "kosong"), (svg.SAMPLES["tick"], "kebutuhan")]
    return tuple(entries)
