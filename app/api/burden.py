"""The board of burden: what units and people have given of late, how evenly, and which unit is thin for it."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.actions import Faulty, NoSuchUnit
from app.api import feed_views, views
from app.api.door import At, Who
from app.api.problems import errors
from app.api.reading import ReadAt
from app.backfill import backfill
from domain.burden import WINDOW, Spread, UnitBurden
from domain.sight import OVERSEERS, holds, units_headed

router = APIRouter(prefix="/v1/burden", tags=["boards"])


class SpreadView(BaseModel):
    """How evenly a burden is carried: by how many, how much in the mean and at most; 0 is even, near 1 one carries all."""

    carriers: int
    mean: float
    most: float
    most_over_mean: float
    gini: float


class StaffView(BaseModel):
    """One role of a unit against its redline."""

    role: str
    headcount: int
    held: int = Field(description="Promised to a surge, or away on one.")
    gone: int = Field(
        description="Of those who are held: on the unit's roster no more, so not of its headcount."
    )
    absent: int = Field(
        description="On leave or in training today, of those who are not held; or lent by the unit where"
        " they were before."
    )
    redline: int
    margin: int = Field(description="How many more are there than must be; below zero, too few.")


class UnitView(BaseModel):
    """What a unit gives."""

    unit_id: str
    unit: str
    headcount: int
    out: int
    held: int
    days: int = Field(description="Person-days lent in the window.")
    days_a_head: float
    margin: int
    thin: bool = Field(
        description="A role that has people held is below its redline: recall, or ask for help."
    )
    roles: list[StaffView]


class PersonView(BaseModel):
    """What one person has given."""

    person_id: str
    name: str | None
    unit_id: str
    surges: int
    days: int
    out: bool
    raised: int = Field(description="By how many days the yearly cap is raised for this person (S05).")


class BurdenView(BaseModel):
    """The burden of the last days, as of a moment; the spread is that of what is shown."""

    as_of: views.AsOf
    window_days: int
    over_units: SpreadView = Field(description="Of the days a head, over units that may lend or have lent.")
    over_people: SpreadView = Field(description="Of the days, over people who were on a surge.")
    units: list[UnitView]
    people: list[PersonView]


@router.get("", responses=errors())
async def show_burden(door: At, who: Who, as_of: ReadAt) -> BurdenView:
    """What units and people have given: all for overseers, the own unit's for its head, else one's own."""
    burden = await door.books.burden.read(who, as_of.at)
    units = await door.books.boards.unit_names([unit.unit_id for unit in burden.units])
    names = await door.books.boards.names([one.person_id for one in burden.people])
    return BurdenView(
        as_of=as_of,
        window_days=WINDOW.days,
        over_units=_spread(burden.over_units),
        over_people=_spread(burden.over_people),
        units=[_unit(unit, units[unit.unit_id]) for unit in burden.units],
        people=[
            PersonView(
                person_id=one.person_id,
                name=names.get(one.person_id),
                unit_id=one.unit_id,
                surges=one.surges,
                days=one.days,
                out=one.out,
                raised=one.raised,
            )
            for one in burden.people
        ],
    )


@router.get("/{unit}/backfill", response_model=feed_views.Draft, responses=errors(HTTPStatus.NOT_FOUND))
async def draft_backfill(door: At, who: Who, unit: str) -> feed_views.Draft:
    """Draft a request for help for a thin unit. For: its head, and the overseers. It asks nobody for anything."""
    found = await door.books.boards.unit(who.government_id, unit)
    if found is None or not (holds(who, OVERSEERS) or found["unit_id"] in units_headed(who)):
        raise NoSuchUnit(unit)
    burden = await door.books.burden.read(who, door.house.clock.now())
    own = next((one for one in burden.units if one.unit_id == found["unit_id"]), None)
    skills = await door.books.burden.skills(found["unit_id"])
    draft = backfill(own, found, skills, door.house.rules) if own else None
    if draft is None:
        raise Faulty((f"unit: {unit} is not below its redline by lending",))
    return feed_views.Draft(toml=draft.toml, people=draft.people, lines=draft.lines)


def _spread(found: Spread) -> SpreadView:
    return SpreadView(
        carriers=found.carriers,
        mean=found.mean,
        most=found.most,
        most_over_mean=found.most_over_mean,
        gini=found.gini,
    )


def _unit(unit: UnitBurden, name: str) -> UnitView:
    return UnitView(
        unit_id=unit.unit_id,
        unit=name,
        headcount=unit.headcount,
        out=unit.out,
        held=unit.held,
        days=unit.days,
        days_a_head=unit.days_a_head,
        margin=unit.margin,
        thin=unit.thin,
        roles=[
            StaffView(
                role=one.role,
                headcount=one.headcount,
                held=one.held,
                gone=one.gone,
                absent=one.absent,
                redline=one.redline,
                margin=one.margin,
            )
            for one in unit.staff
        ],
    )
