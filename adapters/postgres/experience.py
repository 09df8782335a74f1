"""Writing back to the roster what somebody did on a surge, in the transaction that confirms the return."""

from __future__ import annotations

from typing import Any

from adapters.postgres.database import Connection, queries
from domain import cases
from domain.closing.days import calendar_days, days_on_duty, first_day, local_day
from domain.closing.road import road_of
from domain.moves import SecondmentMove
from domain.report.source import Entry
from domain.secondment import OWES_PAPERS

ENDS = ("Returned", "Reassigned", "Converted", "ArrivalProved")
"""What ends somebody's service on a post: the way home, another post, a decree; and what tells of it when it is over."""


async def write_back(connection: Connection, move: SecondmentMove) -> None:
    """Write the experience of somebody whose return this move confirms, who goes on to another post or is taken over by a decree, or whose service is proved when it is over.

    Who was never on duty has none.
    """
    proved_before = move.fact.type == "ArrivalProved" and move.life.state not in OWES_PAPERS
    if move.fact.type not in ENDS or proved_before:
        return
    seat, fact = move.seat, move.fact
    place = await queries.closing_placement(connection, placement_id=seat.placement_id)
    rows = await queries.closing_entries(
        connection, government_id=seat.government_id, case_id=cases.secondment(seat.placement_id)
    )
    # The return itself is written last, when the head of the log is locked.
    last = Entry(0, fact.type, fact.at, fact.case_id, fact.by.authority, fact.data)
    road = road_of([*(entry_of(row) for row in rows), last])
    duty = days_on_duty(road, place["zone"], at=fact.at) if road.departed_at else ()
    if not duty:
        return
    home_at = road.returned_at or fact.at
    first, back = first_day(road, place["zone"]), local_day(home_at, place["zone"])
    await queries.add_experience(
        connection,
        placement_id=seat.placement_id,
        person_id=seat.person_id,
        operation_id=place["operation_id"],
        surge_id=seat.surge_id,
        role=seat.role,
        site=seat.site,
        first_day=first,
        last_day=back,
        away=calendar_days(first, back),
        duty=len(duty),
    )


def entry_of(row: Any) -> Entry:
    """Return what a fold reads of a row of the log."""
    return Entry(row["seq"], row["type"], row["at"], row["case_id"], row["authority"], row["data"])
