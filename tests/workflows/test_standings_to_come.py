"""A status that is decreed today and begins later, on an engine whose clock is stepped."""

from datetime import datetime
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from domain import cases
from domain.commands import CommandKind, CommandState
from domain.secondment import Trigger
from lab import small_town
from tests.patience import until
from tests.workflows.kit import case_of
from tests.workflows.test_deadlines import DAY, HOUR, SteppedTown, stepped_town
from tests.workflows.test_standings import decide, decreed, opened, somebody, state, told, until_told

K = CommandKind


def ahead(town: SteppedTown, number: int, starts: datetime, ends: datetime, **more: Any) -> dict[str, Any]:
    where = {"status": "RESPONSE", "level": "REGENCY_CITY", "area": "Kota Kecil"} | more
    return decreed(town, number, ends, start=starts.isoformat(), **where)


async def shown(town: SteppedTown, case_id: str) -> list[tuple[str, bool, bool]]:
    """(level, in force, coming) of each standing, as it is known now."""
    # The engine's clock runs a little ahead of the test's.
    known_at = town.clock.now() + HOUR / 60
    rows = await town.live.stage.boards.standings(cases.parse(case_id).key, known_at)
    return [(row["level"], row["in_force"], row["coming"]) for row in rows]


async def covers(town: SteppedTown, case_id: str, begins: datetime, ends: datetime) -> bool:
    key = cases.parse(case_id).key
    return bool(await town.live.value("SELECT covers($1, $2, $3)", key, begins, ends))


async def test_the_lead_goes_up_from_a_day_to_come_and_begins_by_the_clock(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        case_id = await opened(town, 4)
        city_ends = await town.live.value("SELECT upper(period) FROM standings")
        up = ahead(town, 2, now + 3 * DAY, now + 12 * DAY, level="PROVINCE", area="NTT", statement="360/9")
        assert (await decide(town, K.ESCALATE_OPERATION, case_id, **up)).state == CommandState.APPLIED
        assert await shown(town, case_id) == [("REGENCY_CITY", True, False), ("PROVINCE", False, True)]
        assert (await told(town, case_id))[-1] == "StatusDecreed"
        # Duties are covered over the seam, and from its start only.
        assert await covers(town, case_id, now + DAY, now + 11 * DAY)
        await town.pass_to(now + 3 * DAY + HOUR)
        await until_told(town, case_id, "StatusBegan")
        assert await shown(town, case_id) == [("REGENCY_CITY", True, False), ("PROVINCE", True, False)]
        await town.pass_to(city_ends + HOUR)
        await until_told(town, case_id, "StatusEnded")
        assert await state(town, case_id) == "RESPONSE"


async def test_a_status_that_follows_cuts_the_other_short_when_it_begins_and_not_before(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        case_id = await opened(town, 9)
        starts = now + 3 * DAY
        follows = ahead(town, 2, starts, now + 6 * DAY, status="TRANSITION")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **follows)).state == CommandState.APPLIED
        ends = "SELECT upper(period) FROM standings WHERE number = 1"
        before = await town.live.value(ends)
        assert before > starts
        assert not await covers(town, case_id, now + DAY, now + 7 * DAY)
        await town.pass_to(starts + HOUR)
        await until_told(town, case_id, "StatusBegan")
        assert await town.live.value(ends) == starts
        assert await state(town, case_id) == "TRANSITION"
        # The decree by which it was cut short stands with the end, its date with it.
        moved = "SELECT decree || ' ' || (decree_date IS NOT NULL) FROM standing_ends"
        assert await town.live.value(moved) == "360/2 true"


async def test_what_relied_on_a_status_that_is_withdrawn_is_not_covered(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        case_id = await opened(town, 4)
        coming = ahead(town, 2, now + 3 * DAY, now + 12 * DAY, level="PROVINCE")
        assert (await decide(town, K.DECLARE_STATUS, case_id, **coming)).state == CommandState.APPLIED
        seat = await somebody(town, case_id, Trigger.ACCEPT, Trigger.RELEASE)
        back = await decide(town, K.WITHDRAW_STATUS, case_id, **decreed(town, 3))
        assert back.state == CommandState.APPLIED

        async def uncovered() -> bool:
            return "CoverLost" in await told(town, case_of(seat))

        await until(uncovered)
        assert await shown(town, case_id) == [("REGENCY_CITY", True, False), ("PROVINCE", False, False)]
        again = await decide(town, K.WITHDRAW_STATUS, case_id, **decreed(town, 4))
        assert again.refusal == "no_status_coming"
        await town.pass_to(now + 3 * DAY + HOUR)
        assert "StatusBegan" not in await told(town, case_id)


async def test_people_are_asked_for_under_a_status_to_come_from_its_start_only(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with stepped_town(time_skipping_env, fresh_database) as town:
        now = town.clock.now()
        case_id = await opened(town, 2)
        first = ahead(town, 2, now + 4 * DAY, now + 20 * DAY)
        assert (await decide(town, K.DECLARE_STATUS, case_id, **first)).state == CommandState.APPLIED
        stage, operation_id = town.live.stage, cases.parse(case_id).key
        early = small_town.nurses(stage, 1, after=3 * DAY)
        with pytest.raises(RuntimeError, match="status_has_a_gap"):
            await small_town.ask(stage, town.live.town, operation_id, early)
        surge_id = await small_town.ask(
            stage, town.live.town, operation_id, small_town.nurses(stage, 1, after=5 * DAY)
        )
        assert (await stage.boards.surge(surge_id))["state"] == "SUBMITTED"
