"""When a term of the rule pack ends, for a case."""

from datetime import datetime

from temporalio import workflow

from activities.calendar import CalendarActivities
from domain.terms import Term
from schemas.calendar import TermAsk, TermDue
from workflows.policies import LEDGER


async def due(government_id: str, pack: str, start: datetime, term: Term) -> TermDue:
    """Count elapsed time here; working days where the calendar is, so that the count is recorded."""
    if term.elapsed is not None:
        return TermDue(at=start + term.elapsed)
    ask = TermAsk(government_id=government_id, pack=pack, start=start, term=term)
    return await workflow.execute_activity_method(CalendarActivities.due, ask, **LEDGER)
