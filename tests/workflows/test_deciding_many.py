"""One act for many cases at the door, on the real engine: each has its own decision, its own refusal, and both once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from app.api.app import create_app
from app.api.door import Door, Engine
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.states import GroupKind
from lab.mutation_cases import agreed
from runtime.settings import Settings
from tests.workflows.group_kit import Together, together
from tests.workflows.mutation_kit import LEFT

pytestmark = pytest.mark.long

_K, _C = CommandKind, Capacity
DECISIONS = "SELECT count(*) FROM commands WHERE kind = 'APPROVE_MUTATION'"


@asynccontextmanager
async def door(batch: Together) -> AsyncIterator[httpx.AsyncClient]:
    """The API over the same books; a token is `t-` and the person's id."""
    live = batch.live
    people = {*live.town.officers.values(), *live.town.heads.values(), *sum(live.town.staff.values(), ())}
    await live.books.desk.keep_tokens(live.town.government_id, [(one, f"t-{one}") for one in people])
    app = create_app(nullcontext)  # type: ignore[arg-type] # its door is this one
    app.state.door = Door(live.books, live.stage.house, Engine(Settings.load(), live.client))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://town") as http:
        yield http


async def decide(http: httpx.AsyncClient, who: str, key: str = "k", **form: Any) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer t-{who}", "Idempotency-Key": key}
    answer = await http.post("/v1/tasks/decisions", json=form, headers=headers, timeout=120)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def to_be_decided(batch: Together) -> None:
    for one in batch.roads:
        await one.screened()
        await one.heard()
        await one.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        at = batch.live.stage.clock.now()
        await one.must(_C.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(at))


async def test_an_approver_decides_a_batch_by_one_act_and_each_case_answers_for_itself_and_once(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 4) as batch, door(batch) as http:
        await to_be_decided(batch)
        await batch.form(GroupKind.BATCH)
        town = batch.live.town
        mayor, secretary = town.officers[_C.APPOINTING_AUTHORITY], town.officers[_C.SEKDA]
        cases = [one.case_id for one in batch.roads]

        early = await decide(http, mayor, verdict="APPROVE", cases=cases[:2])
        assert [(one["state"], one["code"]) for one in early] == [("NOT_RECORDED", "nothing_asked")] * 2
        counselled = await decide(http, secretary, verdict="APPROVE", cases=[batch.case_id])
        assert {one["case_id"] for one in counselled} == set(cases)
        assert {one["state"] for one in counselled} == {"APPLIED"}

        # One of them may not be the mayor's to decide, and another's place is taken meanwhile: the others are approved.
        async with batch.live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE mutations SET proposer_id = $1 WHERE mutation_id = $2",
                mayor,
                batch.roads[3].mutation_id,
            )
            await connection.execute(
                "UPDATE position_map SET need = (SELECT count(*) FROM people WHERE people.position_id = position_map.position_id) + 2"
            )
        became = await decide(http, mayor, verdict="APPROVE", cases=[batch.case_id])
        told = {one["case_id"]: (one["state"], one["code"]) for one in became}
        assert told.pop(cases[3]) == ("NOT_RECORDED", "own_proposal")
        assert sorted(told.values(), key=str) == [
            ("APPLIED", None),
            ("APPLIED", None),
            ("REFUSED", "position_taken"),
        ]
        recorded = await batch.live.value(DECISIONS)
        again = await decide(http, mayor, verdict="APPROVE", cases=[batch.case_id])
        by_case = {one["case_id"]: one["command_id"] for one in became if one["command_id"]}
        assert {one["case_id"]: one["command_id"] for one in again if one["command_id"]} == by_case
        assert await batch.live.value(DECISIONS) == recorded == len(by_case)

        reused = await decide(http, mayor, verdict="REJECT", reason="NOT_NEEDED", cases=[batch.case_id])
        codes = {one["case_id"]: one["code"] for one in reused}
        assert {codes[case] for case in by_case} == {"key_reused"}
        colleague = town.staff[LEFT][-1]
        outside = await decide(http, colleague, verdict="APPROVE", cases=[batch.case_id])
        assert [(one["case_id"], one["code"]) for one in outside] == [(batch.case_id, "nothing_asked")]


async def test_tasks_are_decided_by_their_ids_and_what_cannot_be_is_said_before_anything_is_recorded(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 2) as batch, door(batch) as http:
        officer = batch.live.town.officers[_C.PERSONNEL_AGENCY]
        rows = "SELECT array_agg(task_id::text ORDER BY task_id) FROM tasks WHERE closed_at IS NULL"
        tasks = await batch.live.value(rows)
        absent = "01a21368-0000-7000-8000-000000000000"
        headers = {"Authorization": f"Bearer t-{officer}"}
        for form, where in (
            ({"verdict": "APPROVE"}, "cases: name at least one"),
            ({"verdict": "APPROVE", "tasks": [tasks[0], tasks[0]]}, "stands there twice"),
            ({"verdict": "APPROVE", "cases": ["flood:1"]}, "no case"),
        ):
            wrong = await http.post("/v1/tasks/decisions", json=form, headers=headers)
            assert wrong.status_code == 422, wrong.text
            assert where in wrong.text
        faulty = await decide(http, officer, "f", verdict="APPROVE", reason="OTHER", tasks=tasks)
        assert {one["state"] for one in faulty} == {"NOT_RECORDED"}
        assert all("takes no code" in one["faults"][0] for one in faulty)
        became = await decide(http, officer, verdict="APPROVE", tasks=[*tasks, absent])
        assert [one["state"] for one in became] == ["APPLIED", "APPLIED", "NOT_RECORDED"]
        assert became[-1]["code"] == "no_such_case"
        assert set(await batch.states()) == {"SCREENING"}
