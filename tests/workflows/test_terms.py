"""A surge's deadlines in working days, on the real engine: counted by the calendar, recorded, replayed."""

from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.calendars.dated import DatedCalendar, read_calendar
from app import wiring
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.terms import YearUnknown, due, parse
from tests.workflows.kit import LiveTown, live_town, rules

pytestmark = pytest.mark.usefixtures("brisk")

MAKASSAR = ZoneInfo("Asia/Makassar")


async def stood_down(live: LiveTown) -> tuple[str, Any, Any]:
    """A surge that was stood down: its case, and since when and until when the coordinator is asked to close it."""
    surge_id, _seats = await live.offered(1)
    case_id = cases.surge(surge_id)
    await live.must(Capacity.COORDINATOR, CommandKind.STAND_DOWN, case_id)
    async with live.books.database.reading() as connection:
        row = await connection.fetchrow(
            "SELECT opened_at, due_at FROM tasks WHERE case_id = $1 AND kind = 'CLOSE_SURGE' AND closed_at IS NULL",
            case_id,
        )
    return case_id, row["opened_at"], row["due_at"]


async def test_working_days_are_counted_by_the_calendar_of_the_pack_and_the_zone_of_the_government(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    packs = {id_: replace(pack, report=parse("3 wd")) for id_, pack in rules().items()}
    (pack,) = packs.values()
    async with live_town(temporal_env.client, fresh_database, packs=packs) as live:
        case_id, opened_at, due_at = await stood_down(live)
        try:
            wanted = due(opened_at, pack.report, read_calendar(pack.office), MAKASSAR)
        except YearUnknown:  # the calendar has not been carried on since this was written
            wanted = None
        assert due_at == wanted
        done = await counted(live, case_id)
    assert done == 1


async def test_a_year_without_dates_stops_no_case_and_is_told(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "read_calendar", lambda _: DatedCalendar("empty", {}, time(16)))
    async with live_town(temporal_env.client, fresh_database) as live:
        case_id, opened_at, due_at = await stood_down(live)
        assert due_at is None
        told = "SELECT data ->> 'unknown_year' FROM events WHERE case_id = $1 AND type = 'StoodDown'"
        year = await live.value(told, case_id)
    assert int(year) in (opened_at.year, opened_at.year + 1)


async def counted(live: LiveTown, case_id: str) -> int:
    """How often the case had its calendar asked: what is elapsed time is counted by the case itself."""
    history = await live.handle(case_id).fetch_history()
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    return names.count("calendar.due")
