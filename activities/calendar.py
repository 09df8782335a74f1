"""Counting working days: outside of the cases, so that a corrected calendar never changes what was counted."""

from collections.abc import Mapping

from temporalio import activity

from domain.ports import Calendar, Governments
from domain.terms import YearUnknown, due
from schemas.calendar import TermAsk, TermDue


class CalendarActivities:
    """Over the calendar of each rule pack and what is known of governments."""

    def __init__(self, calendars: Mapping[str, Calendar], governments: Governments) -> None:
        self._calendars = calendars
        self._governments = governments

    @activity.defn(name="calendar.due")
    async def due(self, ask: TermAsk) -> TermDue:
        """Say when a term ends.

        A year without dates is a value: no case may stand still for want of a holiday list.
        """
        zone = await self._governments.zone(ask.government_id)
        try:
            return TermDue(at=due(ask.start, ask.term, self._calendars[ask.pack], zone))
        except YearUnknown as unknown:
            activity.logger.error("year unknown", extra={"reason": str(unknown), "year": unknown.year})
            return TermDue(unknown_year=unknown.year)
