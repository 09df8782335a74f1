"""What boards show. Every board says as of when it was read, and at which entry of the log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, computed_field

from app.api.conditions import Conditions, Estimate
from app.api.person_view import Secondment
from app.sentences import SENTENCES

Item = TypeVar("Item")


class AsOf(BaseModel):
    """The moment of reading: the API's clock, and the newest entry of the government's log, with its instant.

    The entry is looked up first: what a board shows is everything up to it, and perhaps what came while it was read.
    """

    at: datetime
    log: int
    log_at: datetime | None = Field(description="When that entry was written; null while the log is empty.")
    zone: str = Field(
        description="By whose clock the government's days are counted.", examples=["Asia/Makassar"]
    )


class Board(BaseModel, Generic[Item]):
    """A list, as of a moment."""

    as_of: AsOf
    items: list[Item]


class EndMoved(BaseModel):
    """The end of a status was moved: by an extension, by what followed it, or by the end of the operation."""

    kind: str = Field(examples=["EXTENDED"])
    ends_before: datetime
    ends_after: datetime
    decree: str | None
    decree_date: date | None
    decided_at: datetime
    recorded_at: datetime


class Standing(BaseModel):
    """An emergency status of one level, as it was known at the instant of the view."""

    number: int
    level: str
    status: str
    area: str
    decree: str
    decree_date: date
    statement: str | None = Field(description="Of inability, where a lower level asked this one to lead.")
    starts_at: datetime
    ends_at: datetime
    declared_end: datetime
    decided_at: datetime
    recorded_at: datetime
    in_force: bool
    coming: bool = Field(description="Decreed, and not begun.")
    withdrawn_at: datetime | None
    ends: list[EndMoved] = Field(description="How its end was moved, the oldest first.")


class Operation(BaseModel):
    """An emergency operation, with the status that covers it longest."""

    operation_id: str
    title: str
    hazard: str
    state: str
    opened_at: datetime
    ended_at: datetime | None
    level: str | None
    area: str | None
    decree: str | None
    status_until: datetime | None
    archived_at: datetime | None
    after_action_report: str | None
    uncovered: int = Field(description="People whose duty reaches past every status.")


class CameBack(BaseModel):
    """How a request came back to whoever made it."""

    type: str = Field(examples=["RequestReturned", "RequestRejected", "RequestCancelled"])
    code: str | None = Field(
        description="The coded reason; of a request that no rule lets stand, the refusal."
    )
    note: str | None = Field(description="The reason in words, where one was given and is not erased.")
    at: datetime
    by: str = Field(description="The office that said so, or SYSTEM.", examples=["SEKDA"])

    @computed_field(description="What the code of a refusal means.")  # type: ignore[prop-decorator]
    @property
    def sentence(self) -> str | None:
        return SENTENCES.get(self.code or "")


class Surge(BaseModel):
    """A surge, counted in people; what it stands on is an operation, a letter, or an oral order."""

    surge_id: str
    kind: str = Field(examples=["disaster"])
    operation_id: str | None
    title: str
    state: str
    funding: str
    requested_at: datetime
    closed_at: datetime | None
    back: CameBack | None = Field(
        None,
        description="Why it is RETURNED, REJECTED or CANCELLED; where surges are listed or shown as such.",
    )
    plan_id: str | None = Field(description="The newest plan.")
    proposed_until: datetime | None = Field(
        description="Until when empty places wait for the newest plan to be confirmed, while it runs."
    )
    escalation: int = Field(description="How far up the task in hand has gone.")
    letter_number: str | None
    letter_office: str | None
    letter_until: datetime | None
    unit_id: str | None = Field(description="The unit that asked for help by a letter.")
    oral_by: str | None = Field(description="Who ordered it by word of mouth.")
    oral_office: str | None
    oral_at: datetime | None
    heard_by: str | None = Field(description="Who heard the oral order and asked for people.")
    paper_by: datetime | None = Field(description="Until when the oral order must be ratified.")
    ratified_at: datetime | None
    asked: int
    filled: int
    out: int = Field(description="Departed and not returned.")
    unrested: int = Field(description="Who by the log of rests has had too little.")
    returned: int
    reported: int = Field(description="Home, or transferred by a decree, and the person's report is in.")
    reimbursed: int = Field(description="Home, and the claim is settled.")
    outstanding: int = Field(description="Home, and a report, an evaluation or a claim is still owed.")
    waived: int = Field(description="Home, and let off a report, an evaluation or a claim by name.")
    claimed: int = Field(description="Whole rupiah, as the documents say that settled the claims.")


class Line(BaseModel):
    """A request line, counted from its placements."""

    line_id: str
    wave: int
    role: str
    role_label: str
    quantity: int
    priority: int
    site: str
    lat: float
    lon: float
    report_at: datetime
    due_back: datetime
    substitutes: list[dict[str, Any]] = Field(description="Whom the line takes where it must, and for what.")
    max_km: int | None
    shift_on: int | None
    shift_off: int | None
    mode: str
    team: str = Field(description="Lines of one team are filled together or not at all; empty for none.")
    closed_at: datetime | None = Field(description="Since when nobody new is asked for it.")
    needed_until: datetime | None = Field(description="Until when the post is needed, where that was said.")
    conditions: Conditions
    offered: int
    filled: int
    on_site: int
    returned: int
    short_by: int = Field(description="Places that the newest plan could not fill and that are open still.")
    short_reason: str | None
    short_sentence: str | None


class Order(BaseModel):
    """An assignment order."""

    order_id: str
    number: str
    state: str
    people: int
    signed_at: datetime
    verification_code: str | None
    file_sha256: str | None
    facts_sha256: str | None
    void_reason: str | None


class OneSecondment(Secondment):
    """One person's secondment, as of a moment."""

    as_of: AsOf


class OperationDetail(BaseModel):
    """An operation with its statuses as known at an instant, its surges, and whoever's duty is not covered."""

    as_of: AsOf
    operation: Operation
    known_at: datetime
    standings: list[Standing]
    surges: list[Surge]
    uncovered: list[Secondment]


class SurgeDetail(BaseModel):
    """A surge with its lines, orders, and how many people stand where."""

    as_of: AsOf
    surge: Surge
    lines: list[Line]
    estimate: Estimate | None = Field(description="What it is likely to cost; null where there is no rate.")
    orders: list[Order]
    people: dict[str, int] = Field(examples=[{"OFFERED": 2, "RELEASE_PENDING": 1}])


class Health(BaseModel):
    """`degraded`: the engine is away, a decision has waited for more than five minutes, or there are orphans."""

    status: str = Field(examples=["ok"])
    database: bool
    engine: bool
    waiting: int
    oldest_waiting_seconds: float | None
    orphans: int = Field(description="Workflows that run with no open case behind: `./siaga orphan list`.")
    reconciled_at: datetime | None = Field(description="When the reconciler looked last.")


class Me(BaseModel):
    """Who the token belongs to, and with which offices."""

    person_id: str
    name: str | None
    government_id: str
    zone: str = Field(
        description="By whose clock the government's days are counted.", examples=["Asia/Makassar"]
    )
    offices: list[dict[str, str | None]]
