"""Counting a term of the rule pack for a case that must not wait for a calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime

from temporalio import activity

from domain.ports import Calendar, Governments
from domain.terms import Term, YearUnknown, due, without_dates


class Counter:
    """Over the calendars of the rule packs, and the zones of governments."""

    def __init__(self, calendars: Mapping[str, Calendar], governments: Governments) -> None:
        self._calendars = calendars
        self._governments = governments

    async def ends(self, government_id: str, pack: str) -> Callable[[datetime, Term], datetime]:
        """Return when a term ends that begins at an instant.

        A year without dates must keep no case waiting: then weeks are counted as five days.
        """
        zone, calendar = await self._governments.zone(government_id), self._calendars[pack]

        def ends(start: datetime, term: Term) -> datetime:
            try:
                return due(start, term, calendar, zone)
            except YearUnknown as unknown:
                activity.logger.error("year unknown", extra={"reason": str(unknown), "year": unknown.year})
                return without_dates(start, term)

        return ends
