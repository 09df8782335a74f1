"""What is told of tasks."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from app.api.conditions import Conditions, Estimate
from app.api.views import AsOf, CameBack


class Asks(BaseModel):
    """What whoever decides must know beyond who, where and until when; what a kind does not ask about is null."""

    until: datetime | None = Field(None, description="The end of the duty that is proposed.")
    agreed: list[str] = Field([], description="Who has agreed to it already: PERSON, HOME, HOST.")
    heard: str | None = Field(
        None, description="What the person said to another post: CONSENT, OBJECTS or NO_RESPONSE."
    )
    line_id: str | None = Field(
        None, description="The other post; of the condition OTHER_SITE, where the person would be sent now."
    )
    role: str | None = None
    site: str | None = None
    condition: str | None = Field(None, description="On what somebody accepts.", examples=["LATER_DATE"])
    report_at: datetime | None = Field(None, description="Of LATER_DATE: from when on the person can.")
    uncovered_from: datetime | None = Field(
        None, description="From here on no emergency status covers the duty; one that is extended settles it."
    )
    back: CameBack | None = Field(None, description="Of a request to be changed: why it was sent back.")


class Task(BaseModel):
    """Something that is asked of one person by name, or of whoever holds an office."""

    task_id: str
    case_id: str
    kind: str = Field(examples=["DECIDE_RELEASE"])
    assignee_id: str | None
    capacity: str | None
    unit_id: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    late: bool
    escalation: int
    claimed_by: str | None = Field(description="Who works on it; nobody else of the office decides it.")
    claimed_by_name: str | None
    claimed_at: datetime | None
    title: str | None
    person: str | None = Field(description="Whom it is about, where the actor may see that case.")
    unit: str | None
    role: str | None
    site: str | None
    report_at: datetime | None
    due_back: datetime | None
    comments: int
    evidence: int
    verdicts: list[str] = Field(examples=[["APPROVE", "REJECT"]])
    instead: str | None = Field(description="What settles a task that has no verdict.")
    reason: str | None = Field(
        None,
        description="What the registry has against it, as a code; or for which line nobody is found, how many, why.",
    )
    asks: Asks | None = Field(
        None, description="What is to be decided, where the kind alone does not say it."
    )


class TaskPage(BaseModel):
    """A page of open tasks, the most urgent first."""

    as_of: AsOf
    items: list[Task]
    next: str | None = Field(description="Where the next page begins (`after`); none on the last one.")


class Comment(BaseModel):
    """What somebody said to a task."""

    comment_id: str
    author_id: str
    author: str | None
    capacity: str
    written_at: datetime
    text: str


class Evidence(BaseModel):
    """A file attached to a task; the hash is salted, and stays when name and content are erased."""

    evidence_id: str
    name: str | None
    media: str = Field(examples=["application/pdf"])
    bytes: int
    sha256: str
    attached_by: str
    attached_by_name: str | None
    capacity: str
    attached_at: datetime
    erased_at: datetime | None
    erased_for: str | None


class Terms(BaseModel):
    """The terms of reference of an offer: what somebody is asked to do, where, from when until when."""

    role: str
    label: str = Field(examples=["Dapur umum"])
    work: str = Field(description="What one does there, as the order will say it.")
    site: str
    lat: float
    lon: float
    report_at: datetime
    due_back: datetime
    directed: bool = Field(description="Ordered: may not be declined.")
    shift_on: int | None = Field(description="Hours on duty by turns, where the post has shifts.")
    shift_off: int | None
    title: str
    funding: str
    conditions: Conditions


class RequestedLine(BaseModel):
    """A line of a request that is to be approved."""

    line_id: str
    role: str
    role_label: str
    quantity: int
    site: str
    report_at: datetime
    due_back: datetime
    needed_until: datetime | None
    conditions: Conditions


class Requested(BaseModel):
    """What somebody asks for who waits for an approval, and what it is likely to cost."""

    lines: list[RequestedLine]
    estimate: Estimate | None = Field(description="None where the rule pack has no rate.")


class TaskDetail(BaseModel):
    """A task with what was said and attached, and the verdicts that the actor may give now."""

    as_of: AsOf
    task: Task
    open_to_you: list[str]
    terms: Terms | None = Field(description="Of an offer that is to be answered.")
    missing: list[str] = Field(
        description="Of somebody who arrives: what of the checklist is neither signed nor waived.",
        examples=[["KIT", "BRIEFING"]],
    )
    requested: Requested | None = Field(description="Of a request that is to be approved or ratified.")
    comments: list[Comment]
    evidence: list[Evidence]
