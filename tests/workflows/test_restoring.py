"""A decree that undoes another one restores something: the former post, or its equal; once; and the rules do not keep it."""

from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

from app.actions import Faulty
from domain.authority import Capacity
from domain.commands import CommandKind
from tests.workflows.mutation_kit import JOINED, LEFT, Road, road

pytestmark = pytest.mark.long

_K = CommandKind

POST = """INSERT INTO positions (position_id, government_id, unit_id, role, name)
          SELECT $1, government_id, unit_id, role, name || $1 FROM positions WHERE position_id = $2"""
PLACE = """INSERT INTO position_map (position_id, government_id, kind, job_class, heads_unit, need)
           SELECT $1, government_id, kind, job_class, heads_unit, 1 FROM position_map WHERE position_id = $2"""


async def write(case: Road, statement: str, *values: object) -> None:
    async with case.live.books.database.writing() as connection:
        await connection.execute(statement, *values)


async def test_whoever_is_moved_back_gets_the_former_post_or_its_equal_where_that_is_lost_and_only_once(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        home = await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
        await case.whole_way()
        equal, another = "kota-kecil.equal", "kota-kecil.another"
        for post in (equal, another):
            await write(case, POST, post, home)
            await write(case, PLACE, post, home)
        back = replace(case, position=equal, left=JOINED, joined=LEFT)

        with pytest.raises(Faulty, match="position_id: the former position is free"):
            await back.propose(reverses=case.mutation_id)
        await write(case, "UPDATE position_map SET need = 0 WHERE position_id = $1", home)
        await write(case, "UPDATE position_map SET job_class = 9 WHERE position_id = $1", equal)
        with pytest.raises(Faulty, match="position_id: neither the former position nor one of its kind"):
            await back.propose(reverses=case.mutation_id)
        await write(case, "UPDATE position_map SET job_class = 7 WHERE position_id = $1", equal)
        await back.propose(reverses=case.mutation_id)
        with pytest.raises(Faulty, match="reverses: another mutation undoes it already"):
            await replace(back).propose(reverses=case.mutation_id)

        await back.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        await back.must(Capacity.PERSONNEL_AGENCY, _K.RETURN_MUTATION, choice="WRONG_POSITION")
        await write(case, "UPDATE position_map SET job_class = 9 WHERE position_id = $1", another)

        async def sent(position: str) -> str | None:
            who = case.live.town.heads[JOINED]
            details = {"position_id": position}
            return (await back.decide(who, _K.RESUBMIT_MUTATION, details=details)).refusal

        assert await sent(another) == "not_an_equal_post"
        await write(case, "UPDATE position_map SET need = 100 WHERE position_id = $1", home)
        assert await sent(another) == "former_post_free"
        assert await sent(home) is None
