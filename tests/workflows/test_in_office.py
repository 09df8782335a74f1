"""What somebody is by a decree: inaugurated where they come to lead, and in the new post from its date on."""

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.authority import Capacity
from domain.commands import CommandKind
from tests.workflows.mutation_kit import JOINED, LEFT, road

pytestmark = pytest.mark.long

_K = CommandKind


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
