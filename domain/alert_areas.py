"""Whether a warning is for us: its areas against the points and the code of a government."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from domain.alerts import Alert, Area, Point

EARTH_RADIUS_KM = 6_371.0
_REGION_SCHEMES = ("kemendagri", "wilayah", "adm")


class Reach(StrEnum):
    """Whether an area holds a place. UNKNOWN: it is described in words alone, so a person must read it."""

    INSIDE = "INSIDE"
    OUTSIDE = "OUTSIDE"
    UNKNOWN = "UNKNOWN"


def reach(alert: Alert, points: Sequence[Point], region_code: str | None = None) -> Reach:
    """Whether the warning holds any of these points, or the region (a Kemendagri code such as 53.71).

    One area that might hold us makes the answer UNKNOWN rather than OUTSIDE: a warning is never lost by a guess.
    """
    answers = {_reach(area, points, region_code) for info in alert.infos for area in info.areas}
    if Reach.INSIDE in answers:
        return Reach.INSIDE
    return Reach.OUTSIDE if answers == {Reach.OUTSIDE} else Reach.UNKNOWN


def _reach(area: Area, points: Sequence[Point], region_code: str | None) -> Reach:
    codes = [
        code for scheme, code in area.geocodes if any(name in scheme.lower() for name in _REGION_SCHEMES)
    ]
    if region_code is not None and any(_holds(code, region_code) for code in codes):
        return Reach.INSIDE
    if any(in_polygon(point, polygon) for polygon in area.polygons for point in points):
        return Reach.INSIDE
    if any(
        distance_km(circle.centre, point) <= circle.radius_km for circle in area.circles for point in points
    ):
        return Reach.INSIDE
    drawn = bool(area.polygons or area.circles) and bool(points)
    return Reach.OUTSIDE if drawn or (codes and region_code is not None) else Reach.UNKNOWN


def _holds(code: str, region_code: str) -> bool:
    """Whether one of two Kemendagri codes lies within the other: 53 holds 53.71, and 53.71.02 is a part of it."""
    ours, theirs = region_code.split("."), code.strip().split(".")
    shorter = min(len(ours), len(theirs))
    return bool(theirs[0]) and ours[:shorter] == theirs[:shorter]


def in_polygon(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether the point lies within the closed polygon, by counting the edges west of it."""
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in pairwise(polygon):
        crosses = (lat1 > lat) != (lat2 > lat)
        if crosses and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    return inside


def distance_km(here: Point, there: Point) -> float:
    """The great-circle distance."""
    lat1, lon1, lat2, lon2 = map(radians, (*here, *there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
