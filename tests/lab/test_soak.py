"""Whatever may come to many people at once, through running workflows whose runs are short: nothing is broken."""

import pytest
from temporalio.testing import WorkflowEnvironment

from lab.soak_surge import open_soak
from lab.stepping import SteppedEngine

pytestmark = pytest.mark.long(150)

PEOPLE, ROUNDS, SEED = 200, 6, 20261125


@pytest.mark.timeout(600)
async def test_no_sequence_through_running_workflows_breaks_a_promise(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    engine = SteppedEngine(time_skipping_env)
    async with open_soak(
        time_skipping_env.client, engine, fresh_database, people=PEOPLE, seed=SEED, say=print
    ) as soak:
        found = await soak.run(PEOPLE, ROUNDS)
    assert found.faults == []
    assert found.people > PEOPLE  # seats that were given up went to others
    assert found.applied > 3 * PEOPLE
    assert found.refused > PEOPLE
    assert found.handed_over == 10
    assert found.ends["CLOSED"] > 0
