"""A need that nobody meets: seats that stay empty, and a surge that asks for nobody any more, are asked about."""

from datetime import timedelta
from typing import Any

from temporalio.testing import WorkflowEnvironment

from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.secondment import State
from lab import small_town
from tests.patience import until
from tests.workflows.kit import case_of
from tests.workflows.test_deadlines import DAY, HOUR
from tests.workflows.test_next_turns import override
from tests.workflows.test_surge_duties import Office, an_office

MINUTE = timedelta(minutes=1)
COORDINATOR, SEKDA = Capacity.COORDINATOR, Capacity.SEKDA
OF_THE_COORDINATOR = ["FILL_OR_REDUCE COORDINATOR"]
OF_BOTH = ["FILL_OR_REDUCE COORDINATOR", "FILL_OR_REDUCE SEKDA"]


async def confirmed(town: Office, asked: int, found: int) -> tuple[str, Any]:
    """A surge for so many nurses of whom so many are found: its case, and who is offered a place."""
    line = small_town.nurses(town.live.stage, asked)
    surge_id = await small_town.ask(town.live.stage, town.live.town, await town.operation(), line)
    await small_town.confirm(town.live.stage, town.live.town, surge_id)
    return cases.surge(surge_id), await small_town.standing(town.live.stage, surge_id, State.OFFERED, found)


async def until_asked(town: Office, case_id: str, tasks: list[str]) -> None:
    """Wait until a surge asks this of its officers."""

    async def asks() -> bool:
        return sorted(await town.asked(case_id)) == tasks

    await until(asks, str(tasks))


async def test_seats_that_nobody_is_found_for_are_asked_about_until_they_are_filled_or_cut(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        case, _ = await confirmed(town, 5, 2)
        await until_asked(town, case, OF_THE_COORDINATOR)
        since = await town.live.value("SELECT unmet_since FROM surges")
        told = await town.live.value("SELECT reason FROM tasks_told WHERE kind = 'FILL_OR_REDUCE'")
        assert told == "01 3 NONE_AVAILABLE"
        due = "SELECT due_at FROM tasks WHERE kind = 'FILL_OR_REDUCE' AND closed_at IS NULL"
        assert await town.live.value(due) == since + 4 * HOUR
        await town.pass_to(since + 2 * HOUR + MINUTE)
        await town.told_by(case, "SurgeReminded")
        # The Sekda lets two more go: they are asked, and one seat is left.
        more = override()
        more["details"] |= {"extra": 2}
        await town.live.must(SEKDA, CommandKind.OVERRIDE_REDLINE, case, **more)
        surge_id = cases.parse(case).key
        seats = await small_town.standing(town.live.stage, surge_id, State.OFFERED, 4)
        for seat in seats:
            await town.live.must(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))
        await town.pass_to(since + 4 * HOUR + MINUTE)
        await until_asked(town, case, OF_BOTH)
        urged = await town.live.value("SELECT array_agg(escalation) FROM tasks WHERE closed_at IS NULL"
                                      " AND kind = 'FILL_OR_REDUCE'")  # fmt: skip
        assert urged == [1, 1]
        fewer = {"line_id": f"{surge_id}/01", "quantity": 4}
        await town.live.must(COORDINATOR, CommandKind.CUT_LINE, case, details=fewer)
        await until_asked(town, case, [])
        await town.sound()


async def test_an_empty_seat_is_asked_about_until_its_line_begins(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        case, seats = await confirmed(town, 3, 2)
        begins = await town.live.value("SELECT report_at FROM request_lines")
        for seat in seats:
            await town.live.must(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))
        await town.pass_to(begins - HOUR)
        await until_asked(town, case, OF_BOTH)
        await town.pass_to(begins + MINUTE)
        await until_asked(town, case, [])
        assert await town.live.value("SELECT unmet_since FROM surges") is None


async def test_a_surge_that_asks_for_nobody_any_more_is_not_filled_and_not_forgotten(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with an_office(time_skipping_env, fresh_database) as town:
        case, seats = await confirmed(town, 2, 2)
        line = {"line_id": f"{cases.parse(case).key}/01"}
        await town.live.must(COORDINATOR, CommandKind.CLOSE_LINE, case, details=line)
        assert await town.asked(case) == [], "somebody is still asked"
        for seat in seats:
            await town.live.must(seat.person_id, CommandKind.DECLINE_OFFER, case_of(seat), choice="CARER")
        await until_asked(town, case, ["ADD_OR_STAND_DOWN COORDINATOR"])
        assert await town.live.value("SELECT state FROM surges") == "SOURCING"
        since = await town.live.value("SELECT unmet_since FROM surges")
        await town.pass_to(since + DAY + MINUTE)
        await until_asked(town, case, ["ADD_OR_STAND_DOWN COORDINATOR", "ADD_OR_STAND_DOWN SEKDA"])
        await town.told_by(case, "SurgeReminded", "SurgeEscalated")
        await town.live.must(COORDINATOR, CommandKind.STAND_DOWN, case)
        await until_asked(town, case, ["CLOSE_SURGE COORDINATOR"])
        await town.sound()
