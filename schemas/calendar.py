"""Messages of the calendar."""

from datetime import datetime

from domain.terms import Term
from schemas.base import Message


class TermAsk(Message):
    """When does a term end that begins at an instant, by the calendar of a rule pack and the government's zone?"""

    government_id: str
    pack: str
    start: datetime
    term: Term


class TermDue(Message):
    """When it ends; or the year for which the calendar has no dates."""

    at: datetime | None = None
    unknown_year: int | None = None
