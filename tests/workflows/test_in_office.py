"""What somebody is by a decree: inaugurated where they come to lead, and in the new post from its date on."""

from zoneinfo import ZoneInfo

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.authority import Capacity
from domain.commands import CommandKind
from lab.mutation_cases import agreed
from tests.workflows.mutation_kit import JOINED, LEFT, road
from tests.workflows.test_five_years import DAY, years

pytestmark = pytest.mark.long

_K = CommandKind


async def test_another_authority_agrees_by_a_paper(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        await case.heard()
        await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        agreement = agreed(case.live.stage.clock.now())
        for lacking in ("reference", "dated"):
            said = {name: value for name, value in agreement.items() if name != lacking}
            tried = await case.decide(Capacity.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=said)
            assert tried.refusal == "clearance_unproven"
        # The minister may have agreed long before anybody asked for the case.
        agreement["dated"] = "2026-01-05"
        await case.must(Capacity.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreement)
        await case.must(Capacity.SEKDA, _K.COUNSEL_FOR_MUTATION)
        assert await case.state() == "AWAITING_DECISION"


async def test_whoever_comes_to_lead_is_inaugurated_before_the_handover(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        async with case.live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE position_map SET kind = 'SUPERVISOR' WHERE position_id = $1", case.position
            )
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        await case.signed()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        asked = "SELECT kind FROM tasks WHERE closed_at IS NULL"
        assert await case.live.value(asked) == "INAUGURATE"
        early = await case.decide(case.live.town.heads[LEFT], _K.BEGIN_HANDOVER)
        assert early.refusal == "inauguration_owed"
        await case.must(Capacity.PERSONNEL_AGENCY, _K.FILE_INAUGURATION)
        await case.must(case.live.town.heads[LEFT], _K.BEGIN_HANDOVER)
        await case.must(case.live.town.heads[LEFT], _K.FILE_HANDOVER_RECORD)
        await case.must(case.live.town.heads[JOINED], _K.FILE_DUTY_START)
        await case.in_effect()


async def test_the_years_in_a_post_are_counted_from_the_date_of_the_decree_and_not_of_its_papers(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with years(time_skipping_env, fresh_database) as town:
        case, heads = town.road, town.road.live.town.heads
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        effective_at = town.clock.now() + 2 * DAY
        await case.signed(after=2 * DAY)
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        await case.must(heads[LEFT], _K.BEGIN_HANDOVER)
        await case.must(heads[LEFT], _K.FILE_HANDOVER_RECORD)
        await town.passed(9 * DAY)
        assert await case.state() == "HANDOVER"
        await case.must(heads[JOINED], _K.FILE_DUTY_START)
        await case.in_effect()
        since = await case.live.value("SELECT in_post_since FROM people WHERE person_id = $1", case.person)
        assert since == effective_at.astimezone(ZoneInfo("Asia/Makassar")).date()
