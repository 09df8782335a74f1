"""Workflows that run with no open case behind: seen, reported, never ended but by an operator with a reason."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from app import orphans
from domain import cases
from domain.duties import Seat
from domain.orphans import Orphan, Why
from domain.secondment import Life, State
from runtime.clock import SystemClock
from schemas.secondment import SecondmentStart
from tests.app.cli.typing_in import Terminal
from tests.app.kit import GOVERNMENT, LiveHouse
from tests.patience import until
from tests.undecided import let_undecided


async def alien(house: LiveHouse) -> str:
    """A secondment's workflow whose placement no book knows; it waits for an answer for days."""
    placement_id, now = str(uuid.uuid4()), SystemClock().now()
    rules = house.books.house().rules
    seat = Seat(
        *(placement_id, GOVERNMENT, "SU-0000000000", "SU-0000000000/01", str(uuid.uuid4())),
        *("kota-kupang.BPBD", "nurse", "health_post_nurse", "Pos 1"),
    )
    life = Life(State.OFFERED, 0, now, now, now + timedelta(days=7))
    start = SecondmentStart(seat=seat, life=life, clock=rules.clock, basis=rules.basis("surge"))
    case_id = cases.secondment(placement_id)
    await house.client.start_workflow("SecondmentWorkflow", start, id=case_id, task_queue=house.queue)
    return case_id


async def look(house: LiveHouse) -> tuple[Orphan, ...]:
    now = SystemClock().now()
    return await orphans.look(house.client, house.books.reconciler, house.queue, now, settled_after=0)


async def until_listed(house: LiveHouse, case_id: str) -> Orphan:
    """The engine's list lags behind."""

    async def listed() -> Orphan | None:
        return next((one for one in await look(house) if one.running.workflow_id == case_id), None)

    found = await until(listed, f"a report of {case_id}", every=0.1)
    assert found
    return found


async def runs(house: LiveHouse, case_id: str) -> bool:
    found = await house.client.get_workflow_handle(case_id).describe()
    return found.status == WorkflowExecutionStatus.RUNNING


async def board(house: LiveHouse) -> dict[str, Any]:
    told: dict[str, Any] = (await house.get("operator", "/v1/orphans")).json()
    return told


async def row_of(house: LiveHouse, case_id: str) -> dict[str, Any]:
    (row,) = [one for one in (await board(house))["items"] if one["workflow_id"] == case_id]
    return dict(row)


async def test_what_runs_behind_an_open_case_is_no_orphan(house: LiveHouse) -> None:
    surge_id, people = await house.offered(await house.operation(), 2)
    case_id = await alien(house)
    await until_listed(house, case_id)
    found = {one.running.workflow_id for one in await look(house)}
    assert not found & {cases.surge(surge_id), *(cases.secondment(one["placement_id"]) for one in people)}
    assert await runs(house, case_id), "the reconciler ends nothing"


async def test_an_alien_workflow_is_reported_and_ended_by_the_operator_with_a_reason(
    house: LiveHouse, terminal: Terminal, caplog: pytest.LogCaptureFixture
) -> None:
    case_id = await alien(house)
    orphan = await until_listed(house, case_id)
    assert (orphan.why, orphan.government_id) == (Why.NOT_IN_BOOKS, None)
    told = [record for record in caplog.records if record.message == "workflow without an open case"]
    assert case_id in {record.__dict__["case_id"] for record in told}
    health = (await house.get(None, "/healthz")).json()
    assert health["status"] == "degraded"
    assert health["orphans"] >= 1
    assert case_id in await terminal.do("orphan", "list", who="operator")
    assert (await terminal.call("orphan", "list", who="koordinator")).code == 4
    run = orphan.running.run_id
    for wrong, code in ((("--reason", "BECAUSE"), 2), ((), 2)):
        assert (await terminal.call("orphan", "end", run, *wrong, who="operator")).code == code
    assert await runs(house, case_id)
    assert case_id in await terminal.do("orphan", "end", run[-8:], "--reason", "NOT_OURS", who="operator")
    assert not await runs(house, case_id)
    row = await row_of(house, case_id)
    assert row["reason"] == "NOT_OURS"
    assert row["gone_at"] is not None
    (fact,) = await house.books.boards.case_log(GOVERNMENT, f"orphan:{run}")
    assert (fact["type"], fact["authority"], fact["data"]) == (
        "OrphanEndOrdered",
        "OPERATOR",
        {"reason": "NOT_OURS"},
    )
    again = await house.post("operator", f"/v1/orphans/{run}/end", {"reason": "NOT_OURS"})
    assert again.status_code == 404


async def test_a_case_that_ended_in_the_books_is_its_governments_orphan_until_the_books_are_mended(
    house: LiveHouse,
) -> None:
    _, people = await house.offered(await house.operation(), 1)
    placement_id = people[0]["placement_id"]
    case_id = cases.secondment(placement_id)
    await _put(house, placement_id, "WITHDRAWN", held=False)
    orphan = await until_listed(house, case_id)
    assert (orphan.why, orphan.government_id) == (Why.ENDED_IN_BOOKS, GOVERNMENT)
    strangers = (await house.get("lain:operator", "/v1/orphans")).json()["items"]
    assert case_id not in {one["workflow_id"] for one in strangers}
    await _put(house, placement_id, "OFFERED", held=True)
    refused = await house.post(
        "operator", f"/v1/orphans/{orphan.running.run_id}/end", {"reason": "LEFT_OVER"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "case_is_open")
    assert await runs(house, case_id)
    await look(house)
    assert (await row_of(house, case_id))["gone_at"] is not None


async def _put(house: LiveHouse, placement_id: str, state: str, *, held: bool) -> None:
    await let_undecided(house.books.database, "placements")
    async with house.books.database.writing() as connection:
        await connection.execute(
            "UPDATE placements SET state = $2, held = $3 WHERE placement_id = $1", placement_id, state, held
        )


async def test_only_an_operator_sees_or_ends_one(house: LiveHouse) -> None:
    run = (await until_listed(house, await alien(house))).running.run_id
    for who in ("koordinator", "sekda", "auditor", "posko", "kepala-daerah", "penandatangan"):
        assert (await house.get(who, "/v1/orphans")).status_code == 403
        answer = await house.post(who, f"/v1/orphans/{run}/end", {"reason": "OTHER"})
        assert answer.status_code == 403


async def test_pages_are_bounded_and_none_is_left_out(
    house: LiveHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "PAGE", 2)
    mine = [await alien(house) for _ in range(5)]
    for case_id in mine:
        await until_listed(house, case_id)
    assert set(mine) <= {one.running.workflow_id for one in await look(house)}


async def test_what_was_taken_up_again_is_on_the_operators_board(house: LiveHouse) -> None:
    surge_id, _ = await house.offered(await house.operation(), 1)
    await house.client.get_workflow_handle(cases.surge(surge_id)).terminate("by hand")
    await house.books.reconcile(house.client, house.queue)
    told = await board(house)
    assert cases.surge(surge_id) in {one["case_id"] for one in told["taken_up"]}
    assert told["looked_at"] is not None
