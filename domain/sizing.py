"""From what is known of a disaster to the people it asks for: the template of a surge request.

Nothing here decides: the lines are a draft for the coordinator, each with the arithmetic and the source it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil


class SurgeRole(StrEnum):
    """What a person is asked to be at the emergency, whatever the job at home."""

    SHELTER_MANAGER = "shelter_manager"
    FIELD_KITCHEN = "field_kitchen"
    HEALTH_POST_NURSE = "health_post_nurse"
    DATA_OFFICER = "data_officer"
    LOGISTICS = "logistics"
    RAPID_ASSESSMENT = "rapid_assessment"
    WASH = "wash"
    PSYCHOSOCIAL = "psychosocial"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the first reports say. They are revised upward more often than not, so a draft can be made again."""

    displaced: int  # people in shelters
    shelters: int
    kelurahan: int  # affected
    days: int  # how long help is needed

    def __post_init__(self) -> None:
        for name in ("displaced", "shelters", "kelurahan"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, found {getattr(self, name)}")
        if self.days < 1:
            raise ValueError(f"days must be at least 1, found {self.days}")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A planning value and what it rests on."""

    value: Fraction
    source: str

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise ValueError(f"a ratio must be positive, found {self.value}")


@dataclass(frozen=True, slots=True)
class SizingRatios:
    """The planning values of one rule pack. All are practice, none is law; `default` marks this project's own."""

    meals_per_displaced_person: Ratio = Ratio(
        Fraction(2), "Gorontalo, July 2024: two packs a day for each displaced person"
    )
    portions_per_kitchen_worker: Ratio = Ratio(
        Fraction(140),
        "120-160 portions a day and cook: 66 people made 8,000 packs, Aceh 2025",
    )
    shelter_managers_per_shelter: Ratio = Ratio(
        Fraction(4),
        "default: four a shelter for 24 hours, in shifts of at most 12 hours",
    )
    shelters_per_health_post: Ratio = Ratio(
        Fraction("2.7"), "377 health posts for 1,008 shelters, Aceh 2025-26"
    )
    nurses_per_health_post: Ratio = Ratio(
        Fraction(2), "923 nurses at 377 posts, Aceh 2025-26: about one a shift"
    )
    data_officers_per_kelurahan: Ratio = Ratio(
        Fraction(2),
        "default: two a kelurahan, after the data teams of the lurah, Kupang 2021",
    )
    kelurahan_per_assessment_team: Ratio = Ratio(
        Fraction(5), "default: a rapid assessment team covers five kelurahan"
    )
    members_per_assessment_team: Ratio = Ratio(
        Fraction(4), "default: a rapid assessment team has four to eight members"
    )
    displaced_per_logistics_officer: Ratio = Ratio(
        Fraction(120), "default: one in warehouse and distribution for 120 displaced"
    )
    shelters_per_wash_officer: Ratio = Ratio(
        Fraction(2), "default: one for water and sanitation for two shelters"
    )
    displaced_per_psychosocial_worker: Ratio = Ratio(
        Fraction(150), "default: one psychosocial worker for 150 displaced"
    )
    days_per_wave: Ratio = Ratio(
        Fraction(14), "default: nobody stays longer than 14 days without an extension"
    )

    @classmethod
    def of(cls, values: Mapping[str, float], source: str) -> SizingRatios:
        """The ratios with these values of a rule pack in place of the defaults; `source` names the pack.

        Raises ValueError for a name that is none, or a value of 0 or less.
        """
        unknown = sorted(set(values) - set(cls.__dataclass_fields__))
        if unknown:
            raise ValueError(f"no such ratio: {', '.join(unknown)}")
        return cls(**{name: Ratio(Fraction(str(value)), source) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class DraftLine:
    """So many people in a role, from a day after the start, for so many days.

    `basis` is the arithmetic in Indonesian, since it goes into the request that people sign.
    """

    role: SurgeRole
    quantity: int
    start_day: int
    days: int
    wave: int
    basis: str
    source: str


def draft_lines(figures: Figures, ratios: SizingRatios | None = None) -> tuple[DraftLine, ...]:
    """The request that these figures ask for: every role, wave after wave; roles that need nobody are left out."""
    sizes = [size for size in _sizes(figures, ratios or SizingRatios()) if size[1] > 0]
    return tuple(
        DraftLine(role, quantity, start, days, wave, basis, source)
        for wave, (start, days) in enumerate(_waves(figures.days, ratios or SizingRatios()), start=1)
        for role, quantity, basis, source in sizes
    )


def _waves(days: int, ratios: SizingRatios) -> list[tuple[int, int]]:
    """(start, length) of each wave; as even as whole days allow, the longer ones first."""
    count = ceil(days / ratios.days_per_wave.value)
    short, longer = divmod(days, count)
    waves, start = [], 0
    for wave in range(count):
        length = short + (wave < longer)
        waves.append((start, length))
        start += length
    return waves


def _sizes(figures: Figures, r: SizingRatios) -> list[tuple[SurgeRole, int, str, str]]:
    """(role, quantity, basis, source) of one wave."""
    displaced, shelters, kelurahan = (
        figures.displaced,
        figures.shelters,
        figures.kelurahan,
    )
    posts = ceil(shelters / r.shelters_per_health_post.value)
    teams = ceil(kelurahan / r.kelurahan_per_assessment_team.value)
    by_people, by_shelter = f"{displaced} pengungsi", f"{shelters} titik pengungsian"
    kitchen = f"{by_people} × {_text(r.meals_per_displaced_person)} porsi ÷ {_text(r.portions_per_kitchen_worker)} porsi per orang"
    health = f"{by_shelter} ÷ {_text(r.shelters_per_health_post)} = {posts} pos × {_text(r.nurses_per_health_post)} perawat"
    assess = f"{kelurahan} kelurahan ÷ {_text(r.kelurahan_per_assessment_team)} = {teams} tim × {_text(r.members_per_assessment_team)} orang"
    quantities = (
        (SurgeRole.SHELTER_MANAGER, shelters * r.shelter_managers_per_shelter.value, r.shelter_managers_per_shelter,
         f"{by_shelter} × {_text(r.shelter_managers_per_shelter)} orang per 24 jam"),
        (SurgeRole.FIELD_KITCHEN, displaced * r.meals_per_displaced_person.value / r.portions_per_kitchen_worker.value, r.portions_per_kitchen_worker, kitchen),
        (SurgeRole.HEALTH_POST_NURSE, posts * r.nurses_per_health_post.value, r.shelters_per_health_post, health),
        (SurgeRole.DATA_OFFICER, kelurahan * r.data_officers_per_kelurahan.value, r.data_officers_per_kelurahan,
         f"{kelurahan} kelurahan × {_text(r.data_officers_per_kelurahan)} orang"),
        (SurgeRole.LOGISTICS, displaced / r.displaced_per_logistics_officer.value, r.displaced_per_logistics_officer,
         f"{by_people} ÷ {_text(r.displaced_per_logistics_officer)} per orang"),
        (SurgeRole.RAPID_ASSESSMENT, teams * r.members_per_assessment_team.value, r.members_per_assessment_team, assess),
        (SurgeRole.WASH, shelters / r.shelters_per_wash_officer.value, r.shelters_per_wash_officer,
         f"{by_shelter} ÷ {_text(r.shelters_per_wash_officer)} per orang"),
        (SurgeRole.PSYCHOSOCIAL, displaced / r.displaced_per_psychosocial_worker.value, r.displaced_per_psychosocial_worker,
         f"{by_people} ÷ {_text(r.displaced_per_psychosocial_worker)} per orang"),
    )  # fmt: skip
    return [(role, ceil(amount), basis, ratio.source) for role, amount, ratio, basis in quantities]


def _text(ratio: Ratio) -> str:
    """The value as Indonesian writes it, with a decimal comma."""
    return f"{float(ratio.value):g}".replace(".", ",")
