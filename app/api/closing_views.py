"""What people send and see when a surge closes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.api import views
from app.api.forms import Form, Note
from domain.closing.costs import ClaimState
from domain.closing.evaluation import Side
from domain.closing.lessons import Topic

Score = Annotated[int, Field(strict=True)]


class Evaluate(Form):
    """What one side says: every criterion of the side, 1 poor to 5 outstanding."""

    scores: dict[str, Score] = Field(
        description="Of the person, by the host: WORK, DISCIPLINE, TEAMWORK, INITIATIVE; "
        "of the posting, by the person: BRIEFING, WORKLOAD, SAFETY, LODGING.",
        examples=[{"WORK": 4, "DISCIPLINE": 5, "TEAMWORK": 4, "INITIATIVE": 3}],
    )
    note: Note | None = None


class NoteLesson(Form):
    """A lesson of a surge."""

    topic: Topic = Topic.OTHER
    text: Note


class Evaluation(BaseModel):
    """What one side has said."""

    side: Side
    capacity: str
    scores: dict[str, int]
    evaluated_at: datetime
    note: str | None = Field(description="Free text; None where there is none, or it was erased.")


class Evaluations(BaseModel):
    """Both sides of a posting, as far as they have said."""

    placement_id: str
    sides: list[Evaluation]
    criteria: dict[Side, list[str]]


class LessonView(BaseModel):
    """A lesson that was noted."""

    lesson_id: str
    topic: str
    noted_at: datetime


class DaysView(BaseModel):
    """One person's days and per diem, by the calendar of the government's zone."""

    placement_id: str
    unit_id: str
    role: str
    site: str
    first: date | None
    last: date | None
    away: int = Field(description="From departure to the confirmed return, both days included.")
    duty: int = Field(description="Days on duty at any hour.")
    late: int = Field(description="Away after the way home should have ended.")
    present: int = Field(description="Days that count as present at the home unit.")
    rest: int = Field(description="Days off that are granted on return.")
    paid: int
    fed: int = Field(description="Paid days on duty, for which meals are withheld.")
    per_diem: int = Field(description="Whole rupiah.")
    claim: ClaimState | None = Field(description="What became of the travel claim, where one is due.")
    claimed: int | None = Field(description="Whole rupiah by the document that settled the claim, if any.")
    reckoned: int | None = Field(description="What the days of the whole stay come to, of who is home.")
    difference: int | None = Field(description="By how much the document says more or less than that.")
    open: bool = Field(description="Not home yet: counted up to the moment of reading.")


class OwnDays(DaysView):
    """One person's days, as of a moment."""

    as_of: views.AsOf
    left_home: bool = Field(
        description="Whether the person went. Who did and has no first day was sent home from another post the same day: the day "
        "counts on the one before."
    )


class DonorView(BaseModel):
    """What a donor unit's people come to: person-days, whole rupiah."""

    unit_id: str
    unit: str | None = None
    people: int
    away: int
    duty: int
    late: int
    rest: int
    per_diem: int
    claimed: int = Field(description="What the documents say that settled the claims.")
    reckoned: int = Field(description="What the days came to of the claims that were settled.")
    difference: int = Field(description="By how much the documents say more or less than that.")
    paid: int = Field(description="Claims that were settled.")
    waived: int = Field(description="Claims that were waived by name.")
    owed: int = Field(description="Claims that are still owed.")


class CostsView(BaseModel):
    """A surge's days and money by person and donor; the total is that of both."""

    surge_id: str
    as_of: views.AsOf
    people: list[DaysView]
    donors: list[DonorView]
    total: DonorView


class SkillView(BaseModel):
    """A skill of somebody."""

    skill: str
    level: int = Field(description="1 knows, 2 does, 3 leads; with practice.")
    by_practice: bool = Field(description="Lifted by days on duty above what the roster says.")
    expires_on: date | None


class ExperienceView(BaseModel):
    """What somebody did on one surge."""

    placement_id: str
    surge_id: str
    operation_id: str | None = Field(description="None of a posting to a unit that asked by letter.")
    incident: str
    role: str
    site: str
    first_day: date
    last_day: date
    away: int
    duty: int


class PersonView(BaseModel):
    """One person of the roster."""

    as_of: views.AsOf
    person_id: str
    name: str | None
    unit_id: str
    unit: str
    role: str
    employment: str
    grade: str
    active: bool
    skills: list[SkillView]
    experience: list[ExperienceView]
