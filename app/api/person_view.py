"""What boards show of one person's secondment."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field


class Secondment(BaseModel):
    """One person's secondment, for those who may see it."""

    placement_id: str
    case_id: str
    surge_id: str
    line_id: str
    person_id: str
    name: str | None = Field(description="None when the person's data have been erased.")
    unit_id: str
    unit: str
    home_role: str
    role: str
    site: str
    state: str
    since: datetime
    report_at: datetime
    due_back: datetime
    home_by: datetime | None = Field(
        description="By when the person is due home now; null while that is `due_back`."
    )
    escalation: int
    offered_at: datetime
    departed_at: datetime | None
    checked_in_at: datetime | None
    returned_at: datetime | None
    order_id: str | None
    order_number: str | None
    overridden: bool
    out: bool
    overdue: bool
    directed: bool = Field(description="Ordered: may not be declined.")
    leaving: str | None = Field(description="Why the seat is given up; DUE is the end that was ordered.")
    arrived_at: datetime | None = Field(description="As reported; `checked_in_at` is when it was recorded.")
    seen_at: datetime | None = Field(description="The last sign of life from the site.")
    uncovered_from: datetime | None = Field(description="From here on no emergency status covers the duty.")
    condition_code: str | None
    condition_report_at: datetime | None
    extend_until: datetime | None = Field(description="A longer duty that is proposed.")
    extend_agreed: list[str] = Field(description="Who has agreed to it: PERSON, HOME, HOST.")
    extensions: int
    checklist: list[str] = Field(description="What is settled of the checklists on arriving and on leaving.")
    missing: list[str] = Field(
        description="What is asked for before the duty and not settled: FITNESS, KIT, BRIEFING, ACCIDENT_COVER."
    )
    post_unit_id: str | None = Field(description="The unit that the person heads.")
    acting_mandate_id: str | None = Field(description="By which somebody acts there meanwhile (Plh).")
    acting_until: datetime | None
    rest_lacking: str | None = Field(
        description="By the log: no DAY_OFF in a week, or too little REST after a shift."
    )
    acting_wanted: bool = Field(description="An acting head is asked for: nobody leaves the post before.")
    received: list[str] = Field(
        description="Papers that are in: REPORT, EVALUATION, CLAIM once it is settled."
    )
    waived: list[str] = Field(description="Papers that were waived by name.")
    owed: list[str] = Field(description="Papers that are owed since the return.")
    report_by: datetime | None = Field(description="Until when report and evaluation are owed.")
    claim_by: datetime | None = Field(description="Until when the claim is to be settled.")
    claim_reference: str | None = Field(description="The document by which the claim was settled.")
    claim_dated: date | None
    claim_amount: int | None = Field(description="Whole rupiah, as the document says.")
    accident: bool | None = Field(
        description="Whether the report that is owed of an accident is filed; null where none is."
    )
    relieves: str | None = Field(description="The placement whose place this one takes.")
    relieved_by: str | None = Field(description="The placement that takes this one's place.")
    handed_over: bool = Field(description="Whether a handover note is written.")
    extend_line_id: str | None = Field(
        description="The other post that is proposed; `extend_until` is the end there."
    )
    hearing: str | None = Field(description="What the person said to it: CONSENT, OBJECTS or NO_RESPONSE.")
    moved_from: str | None = Field(description="The placement before, of the same person on another post.")
    moved_to: str | None = Field(description="The placement on another post that this one turned into.")
