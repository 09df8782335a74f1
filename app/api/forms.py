"""What people may send. Forms forbid what they do not know; free text is a `note`, kept apart from the case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.api.conditions import Conditions
from app.api.door import UUID
from domain.reasons import OverrideReason, RejectionReason
from domain.requests import HazardKind, LineRequest, Mode, OperationRequest, Shift, Substitute
from domain.roster import Role
from domain.standings import LEVEL_WORDS, STATUS_WORDS, Level, Status

Moment = TypeVar("Moment", datetime, date)
YEARS = range(2000, 2200)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("expected one line without control characters")
    return text


def _not_null(text: str) -> str:
    if "\0" in text:
        raise ValueError("expected a text without NUL")
    return text


def _sane(instant: Moment) -> Moment:
    if instant.year not in YEARS:
        raise ValueError(f"expected a year from {YEARS.start} to {YEARS.stop - 1}")
    return instant


Id = Annotated[str, StringConstraints(pattern=UUID, to_lower=True)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_printable)
]
Funding = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_printable)]
Skill = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
TeamName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_printable)]
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_not_null),
    Field(description="Free text: kept apart from the case, and erasable."),
]
Instant = Annotated[AwareDatetime, AfterValidator(_sane), Field(examples=["2026-11-23T08:00:00+08:00"])]
Day = Annotated[date, AfterValidator(_sane), Field(examples=["2026-11-22"])]


class Form(BaseModel):
    """What every form shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenOperation(Form):
    """Open an operation in MONITORING."""

    title: Line = Field(examples=["Banjir Kota Kupang"])
    hazard: HazardKind = Field(examples=["flood"])

    def to_domain(self) -> OperationRequest:
        return OperationRequest(self.title, self.hazard.value)


def _a_status(word: object) -> object:
    return STATUS_WORDS.get(word.upper(), word) if isinstance(word, str) else word


def _a_level(word: object) -> object:
    return LEVEL_WORDS.get(word.upper(), word.upper()) if isinstance(word, str) else word


StatusName = Annotated[Status, BeforeValidator(_a_status), Field(examples=["RESPONSE"])]
LevelName = Annotated[Level, BeforeValidator(_a_level), Field(examples=["REGENCY_CITY"])]


class Decreed(Form):
    """What stands on a decree: its number and its date."""

    decree: Line = Field(examples=["360/15/II/2027"])
    decree_date: Day

    def details(self) -> dict[str, str | int | float]:
        """Return what the decision is recorded with."""
        return self.model_dump(mode="json", exclude_none=True)


class DeclareStatus(Decreed):
    """Put an emergency status in force, by a decree and until an end (PP 21/2008)."""

    status: StatusName
    level: LevelName
    area: Line = Field(examples=["Kota Kupang"])
    until: Instant
    start: Instant | None = Field(
        None, description="Where the decree takes effect earlier than now, or later."
    )


class ExtendStatus(Decreed):
    """Prolong a status by a new decree, made before its end; `level` says whose where several are in force."""

    until: Instant
    level: LevelName | None = None


class EscalateOperation(DeclareStatus):
    """Hand the lead up to a higher level, which declares a status of its own."""

    statement: Line = Field(description="Number of the statement of inability.", examples=["360/21/II/2027"])


class HandBackStatus(Decreed):
    """End a higher level's status before its end, where a lower one's goes on; the highest, unless said."""

    level: LevelName | None = None


class WithdrawStatus(Decreed):
    """Take a status back that is decreed and has not begun; `level` says whose where several are to come."""

    level: LevelName | None = None


class FileAfterAction(Form):
    """Say that the report on the operation is made, by its number."""

    report: Line = Field(examples=["360/LAP/3/III/2027"])


class SubstituteForm(Form):
    """Whom a line takes where it must: another surge role, or a skill, or a home role (or both)."""

    penalty: int = Field(description="What taking one costs, in km-equivalents.", examples=[30])
    role: Line | None = Field(None, description="Another surge role of the rule pack.")
    skill: Skill | None = Field(None, examples=["midwifery_str"])
    level: int = Field(1, description="Of the skill, 1 to 3.")
    home_role: Role | None = Field(None, description="The role held at home.", examples=["midwife"])


class ShiftForm(Form):
    """Hours on duty and hours off, by turns."""

    on: int = Field(ge=1, le=24)
    off: int = Field(ge=0, le=72)


class RequestLine(Form):
    """So many people of one role, at one site, from when until when."""

    role: Line = Field(description="A surge role of the rule pack.", examples=["field_kitchen"])
    quantity: int = Field(le=10_000, examples=[2])
    priority: int = Field(3, description="1 is the most urgent, 5 the least.")
    site: Line = Field(examples=["Dapur Umum Airmata"])
    lat: float = Field(allow_inf_nan=False, examples=[-10.1655])
    lon: float = Field(allow_inf_nan=False, examples=[123.584])
    report_at: Instant
    due_back: Instant
    wave: int = Field(1, ge=1, le=50)
    substitutes: tuple[SubstituteForm, ...] = Field((), max_length=5)
    max_km: int | None = Field(None, description="How far people may come from.", examples=[50])
    shift: ShiftForm | None = Field(None, examples=[{"on": 12, "off": 12}])
    mode: Mode = Field(Mode.VOLUNTARY, description="Asked, or sent by order.")
    team: TeamName = Field("", description="Lines of one team are filled together or not at all.")
    needed_until: Instant | None = Field(
        None, description="Until when the post is needed: then the next turns are planned ahead of each end."
    )
    conditions: Conditions = Conditions()

    def to_domain(self) -> LineRequest:
        told = dict(self) | {
            "substitutes": tuple(Substitute(**dict(one)) for one in self.substitutes),
            "shift": Shift(self.shift.on, self.shift.off) if self.shift else None,
            "conditions": self.conditions.to_domain(),
        }
        return LineRequest(**told)


LineKey = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9-]{1,40}/)?[0-9]{2,4}$"),
    Field(description="A line of the surge: its id, or the number in it.", examples=["01"]),
]


def whole_line(line: str, surge_id: str) -> str:
    """Return a line's id, of which the number may be given alone."""
    return line if "/" in line else f"{surge_id}/{line}"


EVERY = "all"
"""Names every line of a surge, where a decision may be about all of them."""


class Quantity(Form):
    """How many people a line asks for from now on."""

    quantity: int = Field(ge=1, le=10_000)


class AskRelief(Form):
    """Until when the next turn of a line lasts."""

    until: Instant | None = Field(None, description="Else as long as this one, within the emergency status.")


class Needed(Form):
    """Until when a line is needed."""

    until: Instant | None = Field(None, description="Else until its people leave: nobody takes over.")


class OfLine(Form):
    """Which line of a surge a verdict is about, and until when."""

    line: LineKey | Literal["all"] = Field(description="`all` where every line is to end.")
    until: Instant | None = None


class Keep(Form):
    """Somebody who stays where the newest plan, or the coordinator, has put them."""

    person_id: Id
    line: LineKey


class MakePlan(Form):
    """Whom the plan must keep; everybody else is chosen."""

    keep: tuple[Keep, ...] = Field((), max_length=5_000)


class LineQuantity(Quantity):
    """A line, and how many people it would ask for."""

    line: LineKey


class TryRedline(Form):
    """How many people of a role would have to stay in a unit."""

    unit: Line = Field(examples=["PKM01"])
    role: Role = Field(examples=["nurse"])
    stay: int = Field(ge=0, le=100_000)


class TryOut(Form):
    """What is to be tried; nothing of it is written."""

    added: tuple[RequestLine, ...] = Field((), max_length=50)
    raised: tuple[LineQuantity, ...] = Field((), max_length=500)
    cut: tuple[LineQuantity, ...] = Field((), max_length=500)
    closed: tuple[LineKey, ...] = Field((), max_length=500)
    without: tuple[Line, ...] = Field((), max_length=500, description="Units that lend nobody.")
    redlines: tuple[TryRedline, ...] = Field((), max_length=500)
    keep: tuple[Keep, ...] = Field((), max_length=5_000)


class Reject(Form):
    """Reject a request for people."""

    code: RejectionReason
    note: Note | None = None


class Confirm(Form):
    """Confirm the plan that was seen, by its id: another one is refused."""

    plan_id: Id


class Override(Form):
    """Let a unit lend more people of a role than its redline allows."""

    unit: Line = Field(description="The unit's code or id.", examples=["PKM01"])
    role: Role = Field(description="The role that these people hold at home.", examples=["nurse"])
    extra: int = Field(ge=1, le=100)
    code: OverrideReason
    note: Note | None = None
