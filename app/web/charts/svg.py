"""The few SVG elements the charts are made of. x is in percent of the width (0–100), y in pixels."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

EMPTY_HATCH = "url(#h)"
ALARM_HATCH = "url(#x)"


def element(name: str, *inside: str, **attributes: str | float) -> Markup:
    """An element; text is escaped, Markup stands as it is. `text_anchor` is written text-anchor, `css` is the class."""
    written = "".join(
        f' {"class" if key == "css" else key.replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value != ""
    )
    # The one place that makes markup of text: names are ours, everything else has been escaped.
    return Markup(f"<{name}{written}>{Markup().join(inside)}</{name}>")  # noqa: S704


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def percent(x: float) -> str:
    """`12.5%`: a place on the x axis."""
    return f"{x:.2f}".rstrip("0").rstrip(".") + "%"


def bar(start: float, end: float, css: str, *, top: float, thick: float | str, hatch: str = "") -> Markup:
    """A bar from one place to another, with a hatch over it if asked; one without length is not drawn."""
    if end <= start:
        return Markup()
    box: dict[str, str | float] = {
        "x": percent(start),
        "y": top,
        "width": percent(end - start),
        "height": thick,
    }
    wash = element("rect", **box, css=css)
    return wash + element("rect", **box, fill=hatch) if hatch else wash


def rule(x: float, top: float | str, bottom: float | str, css: str) -> Markup:
    """A vertical line."""
    return element("line", x1=percent(x), x2=percent(x), y1=top, y2=bottom, css=css)


def text(x: float, y: float, words: str, css: str = "tm", *, anchor: str = "start", dx: int = 0) -> Markup:
    """Words at a place; `dx` pixels beside it."""
    return element("text", words, x=percent(x), y=y, dx=dx, text_anchor=anchor, css=css)


def drawing(height: float, marks: Iterable[Markup]) -> Markup:
    """A chart's picture; its numbers stand beside it as text, so it is hidden from screen readers."""
    return element("svg", *marks, width="100%", height=height, aria_hidden="true")


def _sample(*marks: Markup) -> Markup:
    return element("svg", *marks, width=22, height=12, aria_hidden="true")


def _box(css: str) -> Markup:
    return element("rect", y=1, width=22, height=10, css=css)


def _outline(css: str) -> Markup:
    return element("rect", x=1, y=1, width=20, height=10, css=css)


def _line(x: int, css: str) -> Markup:
    return element("path", d=f"M{x} 0V12", css=css)


SAMPLES = {
    "duty": _sample(_box("fa")),
    "hollow": _sample(_outline("o")),
    "relief": _sample(_box("o2")),
    "handover": _sample(_box("fo")),
    "unrelieved": _sample(_outline("og")),
    "alarm": _sample(_box("fbs"), element("rect", y=1, width=22, height=10, fill=ALARM_HATCH)),
    "empty": _sample(_box("fs"), element("rect", y=1, width=22, height=10, fill=EMPTY_HATCH)),
    "tick": _sample(_line(11, "now")),
    "before": _sample(_box("f3"), _line(21, "was")),
    "lag": _sample(element("rect", y=5, width=22, height=2, css="lag"), _line(1, "was")),
    "redline": _sample(_line(11, "red")),
    "run": _sample(element("circle", cx=11, cy=6, r=3, css="o2")),
    "limit": _sample(element("circle", cx=11, cy=6, r=4.5, css="fwd")),
}
"""The pictures of the legends, by what they mean."""
