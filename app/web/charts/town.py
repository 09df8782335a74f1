"""A schematic map: donors as circles, sites as numbered squares, who went where as curves; every point is a real one.

Nothing is invented: no coast, no border. The faint dots are the offices of the villages, which give the town its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sqrt

from markupsafe import Markup

from app.web.charts import svg
from domain.report.view import Map

RATIO = 1.55
"""Width by height."""
DENSE = 150
"""From this many curves on they are drawn fainter, so that the symbols stay legible."""
SQUARE = (5.8, 9.0)
"""A site's square on a phone, in percent of width and height."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Projection:
    """Degrees to percent of the picture; a kilometre is as long upwards as sideways."""

    west: float
    north: float
    per_lon: float
    per_lat: float

    @classmethod
    def holding(cls, points: Sequence[Point], margin: float = 0.09) -> Projection:
        """The projection in which all points (lat, lon) lie inside the margin."""
        lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
        middle = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        squeeze = cos(radians(middle[0]))
        height = max(max(lats) - min(lats), (max(lons) - min(lons)) * squeeze / RATIO, 0.01) / (
            1 - 2 * margin
        )
        width = height * RATIO / squeeze
        return cls(middle[1] - width / 2, middle[0] + height / 2, 100 / width, 100 / height)

    def __call__(self, lat: float, lon: float) -> Point:
        return (lon - self.west) * self.per_lon, (self.north - lat) * self.per_lat


def draw(chart: Map) -> Markup | None:
    """The picture; None while there is neither site nor donor."""
    points = [(site.lat, site.lon) for site in chart.sites] + [(unit.lat, unit.lon) for unit in chart.origins]
    if not points:
        return None
    project = Projection.holding([*points, *chart.villages])
    sites = _apart([project(site.lat, site.lon) for site in chart.sites])
    at_site = dict(zip((site.number for site in chart.sites), sites, strict=True))
    origins = {unit.unit_id: project(unit.lat, unit.lon) for unit in chart.origins}
    heaviest = max((flow.people for flow in chart.flows), default=1)
    css = "fl0 dense" if len(chart.flows) > DENSE else "fl0"
    curves = [
        _curve(origins[flow.unit_id], at_site[flow.site], 1 + 6 * flow.people / max(heaviest, 12), css)
        for flow in chart.flows
    ]
    symbols = [
        *_villages(project(lat, lon) for lat, lon in chart.villages),
        *_names(chart, project, sites),
        *(_circle(origins[unit.unit_id], unit.people, unit.name) for unit in chart.origins),
        *(_square(at_site[site.number], site.number, site.name) for site in chart.sites),
    ]
    ground = svg.element("svg", *curves, viewBox="0 0 100 100", preserveAspectRatio="none")
    return ground + svg.element("svg", *symbols)


def _apart(points: list[Point]) -> list[Point]:
    """Move squares that would cover each other apart; the map is schematic, its numbers must be legible."""
    moved = [list(point) for point in points]
    for _ in range(60):
        clean = True
        for a in range(len(moved)):
            for b in range(a + 1, len(moved)):
                dx, dy = moved[b][0] - moved[a][0], moved[b][1] - moved[a][1]
                over_x, over_y = SQUARE[0] - abs(dx), SQUARE[1] - abs(dy)
                if over_x <= 0 or over_y <= 0:
                    continue
                clean = False
                # Part along the axis that needs the smaller step; equal points part sideways.
                axis, over, way = (
                    (0, over_x, dx) if over_x / SQUARE[0] <= over_y / SQUARE[1] else (1, over_y, dy)
                )
                step = (over / 2 + 0.05) * (1 if way >= 0 else -1)
                moved[a][axis] -= step
                moved[b][axis] += step
        if clean:
            break
    return [(min(97.0, max(3.0, x)), min(95.0, max(5.0, y))) for x, y in moved]


def _curve(start: Point, end: Point, width: float, css: str) -> Markup:
    dx, dy = end[0] - start[0], end[1] - start[1]
    bend = 0.12
    middle = (start[0] + end[0]) / 2 - dy * bend / RATIO, (start[1] + end[1]) / 2 + dx * bend * RATIO
    path = f"M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    return svg.element(
        "path", d=path, css=css, stroke_width=round(width, 1), vector_effect="non-scaling-stroke"
    )


def _villages(points: Iterable[Point]) -> Iterable[Markup]:
    for x, y in points:
        yield svg.element("circle", cx=svg.percent(x), cy=svg.percent(y), r=1.6, css="vil")


def _circle(at: Point, people: int, name: str) -> Markup:
    """A donor; its area is in proportion to the people sent."""
    radius = min(16, round(1.2 + 1.35 * sqrt(people), 1))
    words = svg.element("title", f"{name}: {people} orang")
    return svg.element("circle", words, cx=svg.percent(at[0]), cy=svg.percent(at[1]), r=radius, css="o")


def _square(at: Point, number: int, name: str) -> Markup:
    return svg.element(
        "svg",
        svg.element("title", name),
        svg.element("rect", x=-9, y=-9, width=18, height=18, rx=3, css="site"),
        svg.element("text", str(number), y=4, text_anchor="middle", css="st"),
        x=svg.percent(at[0]),
        y=svg.percent(at[1]),
    )


def _names(chart: Map, project: Projection, sites: Sequence[Point]) -> Iterable[Markup]:
    """District names where they cover neither a square nor each other; above or below their point if need be."""
    taken: list[Point] = []
    for place in chart.places:
        x, y = project(place.lat, place.lon)
        x = min(90.0, max(10.0, x))
        for shift in (0, 9, -9, 17, -17):
            spot = x, min(97.0, max(6.0, y + shift))
            free = all(hypot((spot[0] - sx) / 11, (spot[1] - sy) / 8) > 1 for sx, sy in sites)
            if free and all(abs(spot[0] - tx) > 24 or abs(spot[1] - ty) > 7 for tx, ty in taken):
                taken.append(spot)
                at = {"x": svg.percent(spot[0]), "y": svg.percent(spot[1])}
                yield svg.element("text", place.name.upper(), **at, text_anchor="middle", css="kec")
                break
