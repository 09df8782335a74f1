"""The road of a mutation on the real engine: proposed, screened, heard, decided, decreed, in force, reported."""

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from tests.workflows.kit import until
from tests.workflows.mutation_kit import JOINED, LEFT, road

_K = CommandKind


async def test_somebody_is_moved_by_a_decree_and_holds_the_new_position_from_its_date_on(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        proposed = await case.propose()
        assert proposed.state == CommandState.APPLIED, proposed.refusal
        await case.screened()
        await case.heard("OBJECTS", ground="DISTANCE")
        await case.approved()
        assert await case.live.value("SELECT reserves FROM mutations")
        await case.signed(after=timedelta(seconds=3))
        assert await case.live.value("SELECT state FROM decrees") == "ISSUED"
        await case.handed_over()

        async def in_effect() -> bool:
            return await case.state() == "EFFECTIVE"

        await until(in_effect)
        unit = "SELECT unit_id FROM people WHERE person_id = $1"
        assert await case.live.value(unit, case.person) == JOINED
        heads = "SELECT headcount FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
        assert [await case.live.value(heads, one) for one in (LEFT, JOINED)] == [7, 9]
        await case.must(Capacity.PERSONNEL_AGENCY, _K.REPORT_MUTATION)
        assert await case.state() == "REPORTED"
        assert await case.live.runs(case.case_id), "the person may still object"
