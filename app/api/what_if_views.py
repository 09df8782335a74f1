"""How the difference between two plans is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from pydantic import BaseModel, Field

from app.api.views import AsOf
from domain.what_if import Difference


class PlanFigures(BaseModel):
    """A plan in numbers."""

    asked: int
    filled: int
    short: int
    donors: int = Field(description="Units that lend somebody.")
    km: int
    burden: int
    at_redline: int = Field(description="Units and roles that the plan leaves at their redline.")


class TriedLine(BaseModel):
    """A line for which something changes, each number before and after."""

    line_id: str
    asked: tuple[int, int]
    filled: tuple[int, int]
    reason: str | None
    sentence: str | None


class TriedDonor(BaseModel):
    """A unit and role for which something changes, each number before and after."""

    unit_id: str
    unit: str
    role: str
    lends: tuple[int, int]
    lendable: tuple[int, int]


class TriedPerson(BaseModel):
    """Somebody who would go to a line, or would not any more."""

    person_id: str
    name: str | None
    line_id: str


class Tried(BaseModel):
    """The plan as it would be made now beside the one under the change. Nothing has been written.

    `same_question`: the newest plan (`plan_id`) answers the question as it stands now, so it is the plan before.
    """

    as_of: AsOf
    surge_id: str
    plan_id: str | None
    same_question: bool
    proven: bool
    before: PlanFigures
    after: PlanFigures
    lines: list[TriedLine]
    joining: list[TriedPerson]
    leaving: list[TriedPerson]
    donors: list[TriedDonor]


def tried(
    found: Difference,
    *,
    as_of: AsOf,
    surge_id: str,
    plan_id: str | None,
    same_question: bool,
    names: Mapping[str, str],
    units: Mapping[str, str],
    say: Callable[[str, int], str],
) -> Tried:
    """Return the difference with names for ids and sentences for codes."""

    def people(pairs: tuple[tuple[str, str], ...]) -> list[TriedPerson]:
        return [TriedPerson(person_id=one, name=names.get(one), line_id=line) for one, line in pairs]

    return Tried(
        as_of=as_of,
        surge_id=surge_id,
        plan_id=plan_id,
        same_question=same_question,
        proven=found.proven,
        before=PlanFigures(**asdict(found.before)),
        after=PlanFigures(**asdict(found.after)),
        lines=[
            TriedLine(
                **asdict(line),
                sentence=say(line.reason, line.asked[1] - line.filled[1]) if line.reason else None,
            )
            for line in found.lines
        ],
        joining=people(found.joining),
        leaving=people(found.leaving),
        donors=[
            TriedDonor(**asdict(donor), unit=units.get(donor.unit_id, donor.unit_id))
            for donor in found.donors
        ],
    )
