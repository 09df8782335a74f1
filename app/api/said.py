"""What may be said about one person on a surge. Free text is a `note`, kept apart from the case."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from app.api.forms import Day, Form, Instant, Line, Note
from domain.reasons import (
    ArrivalMethod,
    BackfillDeclined,
    CancelReason,
    ClaimExcess,
    ConditionReason,
    DeathRetraction,
    DeclineReason,
    DecreedBy,
    EarlyReason,
    ExtensionWaiver,
    InjurySeverity,
    RecallReason,
    ReleaseRefusal,
    ReportWaiver,
    SettlementWaiver,
)
from domain.secondment import AnyPoint, Item, Paper, Ready


class Said(Form):
    """What a decision about one person may say: a code, what goes into the case, and a note that does not."""

    note: Note | None = None

    @property
    def choice(self) -> str | None:
        """The code, where there is one."""
        code = getattr(self, "code", None)
        return code.value if code is not None else None

    @property
    def details(self) -> dict[str, str | int | float] | None:
        """What the case reads, as it is recorded: instants in ISO 8601, items as words."""
        told = self.model_dump(exclude={"note", "code"}, exclude_none=True)
        return {key: _plain(value) for key, value in told.items()} or None

    @property
    def mends(self) -> tuple[str, str] | None:
        """What is written and what is meant, of an erratum that says so; kept apart like a note."""
        return None


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(value) if isinstance(value, tuple) else str(value)


class Remark(Said):
    """Nothing but a note."""


class Decline(Said):
    """Decline an offer; a code is enough, and nobody is asked for more."""

    code: DeclineReason


class DeclineBackfill(Said):
    """Ask for no help for a unit that is below its redline while its people are away."""

    code: BackfillDeclined


class OnCondition(Said):
    """Accept on a condition; for LATER_DATE, from when on."""

    code: ConditionReason
    report_at: Instant | None = None

    @model_validator(mode="after")
    def _with_its_date(self) -> OnCondition:
        if (self.code == ConditionReason.LATER_DATE) != (self.report_at is not None):
            raise ValueError("report_at: expected for LATER_DATE, and for no other condition")
        return self


class RefuseRelease(Said):
    """Do not let somebody go."""

    code: ReleaseRefusal


class CancelOrder(Said):
    """Cancel an order before anybody left on it."""

    code: CancelReason


class Arrival(Said):
    """When somebody arrived, as reported; when it was recorded is kept beside it."""

    code: ArrivalMethod = ArrivalMethod.IN_PERSON
    reported_at: Instant | None = Field(None, description="Else now; never in the future.")


class CheckIn(Arrival):
    """When somebody arrived; once the duty is over, by which paper."""

    reference: Line | None = Field(
        None,
        description="The paper that proves it; needed once the duty is over.",
        examples=["360/HDR/12/II/2027"],
    )
    items: tuple[Ready, ...] | None = Field(
        None, min_length=1, description="Points of the checklist that are signed with it."
    )
    left_at: Instant | None = Field(
        None, description="When the person left the site by that paper, if before the end of the duty."
    )


class Injury(Said):
    """How bad it is; never what it is."""

    code: InjurySeverity


class AccidentReport(Said):
    """The report to the work accident cover (JKK)."""

    reference: Line = Field(description="Its number at the insurer.", examples=["JKK/2027/0144"])
    dated: Day = Field(description="The day on which it was filed there.")


class WaivedReport(Said):
    """Ask the home unit for the report of an accident no more."""

    code: ReportWaiver


class RetractedDeath(Said):
    """Take back a death that was told by mistake."""

    code: DeathRetraction
    reference: Line | None = Field(
        None, description="The paper that says so, where there is one.", examples=["300/POSKO/7/II/2027"]
    )
    dated: Day | None = Field(None, description="Its date.")


class Settlement(Said):
    """The travel claim of one person, settled."""

    reference: Line = Field(description="The number of the payment document.", examples=["SP2D/0144/2027"])
    dated: Day = Field(description="Its date.")
    amount: int = Field(
        ge=0,
        le=10_000_000_000,
        description="What it says was paid, in whole rupiah; of 0, where something is due, the note says why.",
    )
    code: ClaimExcess | None = Field(
        None, description="Why, where it is more than the days come to; with a note."
    )


class WaivedSettlement(Said):
    """Ask for a report, an evaluation or a claim no more."""

    code: SettlementWaiver
    papers: tuple[Paper, ...] | None = Field(None, min_length=1, description="Which; else all that is owed.")


class Affected(Said):
    """A verified victim of the disaster."""

    until: Instant = Field(description="Until when nobody asks the person again.")


class Recall(Said):
    """Call somebody back to the home unit."""

    code: RecallReason


class ReleaseEarly(Said):
    """Let somebody go before the end."""

    code: EarlyReason


class Extension(Said):
    """A longer duty."""

    until: Instant = Field(description="The new end.")


class ExtensionBeyond(Extension):
    """A longer duty beyond the ordinary limit, or once more."""

    code: ExtensionWaiver


class Handover(Said):
    """What the next one must know; kept apart from the case, and read by whoever relieves the person."""

    note: Note


class Reassignment(Said):
    """Another post, here or of another surge, with the same role."""

    line_id: Line = Field(examples=["SU-819BAF6387/2"])
    until: Instant | None = Field(
        None, description="Else the end that was ordered, or the line's where it is earlier."
    )


class Checklist(Said):
    """Points of the checklist: on arriving until somebody leaves the site, then those on leaving."""

    items: tuple[AnyPoint, ...] = Field(min_length=1, examples=[["ASSETS", "HEALTH"]])


class Waiver(Checklist):
    """Items that are waived, and why."""

    note: Note


class SignOff(Said):
    """Items that are signed together with the whole."""

    items: tuple[Item, ...] = ()


class Convert(Said):
    """The decree that makes a transfer of it: whose, its number and its day; it stands in the evidence."""

    decreed_by: DecreedBy
    decree: Line = Field(examples=["821/33/BKPSDM/II/2027"])
    decree_date: Day
