"""What people may send about a surge as a whole: the request, sent again, sent back, cancelled, ratified."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.api.forms import Day, Form, Funding, Id, Instant, Line, Note, RequestLine
from domain.reasons import CapWaiver, ReturnReason, SurgeCancelReason
from domain.requests import Letter as BasisLetter
from domain.requests import OralOrder, RequestKind, SurgeRequest


class Letter(Form):
    """The letter that a demand for service stands on."""

    number: Line = Field(examples=["440/112/PKM/II/2027"])
    dated: Day
    office: Line = Field(description="Whose letter it is.", examples=["Kepala Dinas Kesehatan Kota Kupang"])
    unit: Line = Field(description="The code or id of the unit that needs help.", examples=["PKM01"])
    until: Instant = Field(description="Until when it asks for help.")


class Heard(Form):
    """An order by word of mouth, as whoever asks for people heard it."""

    by: Id = Field(description="The person who ordered it.")
    given_at: Instant


class RequestSurge(Form):
    """Ask for people: under an operation; or, without a disaster, by a letter."""

    kind: RequestKind = RequestKind.DISASTER
    operation_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = Field(
        None, examples=["OP-1B2C3D4E5F"]
    )
    title: Line = Field(examples=["Dapur umum dan pendataan"])
    funding: Funding = Field(description="The fund that pays (S10).", examples=["Belanja Tidak Terduga"])
    lines: tuple[RequestLine, ...] = Field(max_length=500)
    letter: Letter | None = None
    oral_order: Heard | None = None

    def to_domain(self, unit_id: str | None = None) -> SurgeRequest:
        """Return the request; `unit_id` is what the letter's unit is called in the books."""
        lines = tuple(line.to_domain() for line in self.lines)
        letter = None
        if self.letter and unit_id:
            said = self.letter
            letter = BasisLetter(said.number, said.dated, said.office, unit_id, said.until)
        heard = self.oral_order
        oral = OralOrder(heard.by, heard.given_at) if heard else None
        return SurgeRequest(self.operation_id, self.title, self.funding, lines, letter, oral)


class Return(Form):
    """Send a request back to whoever made it, to be changed."""

    code: ReturnReason
    note: Note | None = None


class Cancel(Form):
    """Cancel a surge before anybody has left."""

    code: SurgeCancelReason
    note: Note | None = None


class ProlongLetter(Form):
    """Let a demand for service go on by a new letter."""

    letter: Line = Field(examples=["440/12/III/2027"], description="The number of the new letter.")
    dated: Day
    until: Instant = Field(description="Until when it asks for help now.")


class WaiveYearlyCap(Form):
    """Let somebody be asked who has served enough in a year."""

    person_id: Id
    days: int = Field(ge=1, le=365, description="By how many days the person's cap is raised.")
    code: CapWaiver
    note: Note | None = None


class Ratify(Form):
    """Confirm an oral order in writing, by the letter that says so."""

    letter: Line = Field(examples=["360/21/XI/2026"])
    dated: Day
