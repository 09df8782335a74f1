"""Great-circle kilometres between two places, rounded as the planner rounds them."""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt

EARTH_KM = 6371.0088


def whole_km(here: tuple[float, float], there: tuple[float, float]) -> int:
    """Return the whole kilometres between two places, each given as degrees (latitude, longitude)."""
    (lat, lon), (other_lat, other_lon) = ((radians(a), radians(b)) for a, b in (here, there))
    haversine = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return floor(2 * EARTH_KM * asin(min(1.0, sqrt(haversine))) + 0.5)
