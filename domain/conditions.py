"""Under what conditions the people of a line serve: the hazards there, and who provides bed, food and the way.

Who provides matters twice: the person must know what to bring, and what the site or the home unit provides is not paid
again by per diem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_NOTE = 200
"""Characters of what codes do not say of a hazard."""


class Hazard(StrEnum):
    """What may hurt somebody at the site."""

    WATER = "WATER"
    LANDSLIDE = "LANDSLIDE"
    COLLAPSE = "COLLAPSE"
    FIRE = "FIRE"
    ELECTRICITY = "ELECTRICITY"
    CHEMICALS = "CHEMICALS"
    DISEASE = "DISEASE"
    ANIMALS = "ANIMALS"
    HEAT = "HEAT"
    ROADS = "ROADS"
    UNREST = "UNREST"
    OTHER = "OTHER"


class Provider(StrEnum):
    """Who provides a bed, food, or the way there: the site, the home unit, or the person out of the per diem."""

    SITE = "SITE"
    HOME_UNIT = "HOME_UNIT"
    PER_DIEM = "PER_DIEM"


@dataclass(frozen=True)
class Conditions:
    """What is known of a line's site when people are asked for; None where nobody has said who provides."""

    hazards: tuple[Hazard, ...] = ()
    hazard_note: str = ""
    lodging: Provider | None = None
    food: Provider | None = None
    transport: Provider | None = None

    def faults(self) -> Iterator[tuple[str, str]]:
        """Say what is wrong as (key, what)."""
        if twice := next((one for one in self.hazards if self.hazards.count(one) > 1), None):
            yield "hazards", f"{twice} twice"
        if len(self.hazard_note) > MOST_NOTE:
            yield "hazard_note", f"{len(self.hazard_note)} characters, expected {MOST_NOTE} at most"
        if self.hazard_note and not self.hazards:
            yield "hazard_note", "beside no hazard, expected hazards"


def withholds_meals(food: str | None) -> bool:
    """Say whether a day on duty is paid without its meals: all but whoever eats out of the per diem is fed."""
    return food != Provider.PER_DIEM
