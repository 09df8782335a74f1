"""How a decision is answered: applied, refused, recorded; sent twice; and what a wrong one is told."""

import asyncio
import logging
import uuid
from datetime import timedelta
from typing import Any

import pytest

from app import actions
from app.sentences import SENTENCES, SHORTFALLS
from domain.plans import ShortfallReason
from runtime.clock import SystemClock
from tests.app.kit import LiveHouse, request_form
from tests.house.source import modules
from tests.patience import until


@pytest.fixture(scope="module")
async def operation_id(house: LiveHouse) -> str:
    return await house.operation()


def check_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:siaga:problem:{code}"
    assert told["code"] == code
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert "\n" not in told["detail"]
    return told


async def test_what_is_opened_is_created_and_can_be_read_where_it_says(house: LiveHouse) -> None:
    answer = await house.post("koordinator", "/v1/operations", {"title": "Angin", "hazard": "storm"})
    assert answer.status_code == 201
    assert answer.json()["state"] == "APPLIED"
    shown = (await house.get("sekda", answer.headers["Location"])).json()
    assert shown["operation"]["title"] == "Angin"
    assert shown["operation"]["state"] == "MONITORING"
    assert shown["as_of"]["log"] >= 1


async def test_the_same_key_decides_once_and_answers_the_same(house: LiveHouse) -> None:
    key, form = str(uuid.uuid4()), {"title": "Longsor", "hazard": "landslide"}
    answers = await asyncio.gather(
        *(house.post("koordinator", "/v1/operations", form, key=key) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["case_id"] for answer in answers}) == 1
    listed = (await house.get("koordinator", "/v1/operations")).json()["items"]
    assert [row["title"] for row in listed].count("Longsor") == 1


async def test_a_key_used_for_another_request_is_a_conflict(house: LiveHouse) -> None:
    key = str(uuid.uuid4())
    await house.post("koordinator", "/v1/operations", {"title": "A", "hazard": "flood"}, key=key)
    other = await house.post("koordinator", "/v1/operations", {"title": "B", "hazard": "flood"}, key=key)
    check_problem(other, 409, "key_reused")


async def test_a_case_refuses_with_its_reason_and_the_decision_stays_on_record(
    house: LiveHouse, operation_id: str
) -> None:
    surge_id = await house.surge(operation_id)
    refused = await house.post("koordinator", f"/v1/surges/{surge_id}/closure")
    told = check_problem(refused, 409, "not_now")
    kept = (await house.get("koordinator", f"/v1/commands/{told['command_id']}")).json()
    assert (kept["state"], kept["refusal"]) == ("REFUSED", "not_now")
    assert (await house.get("sekda", f"/v1/commands/{told['command_id']}")).status_code == 404


async def test_nobody_approves_their_own_request(house: LiveHouse, operation_id: str) -> None:
    surge_id = await house.surge(operation_id)
    check_problem(await house.post("koordinator", f"/v1/surges/{surge_id}/approval"), 403, "own_proposal")


async def test_a_request_without_a_status_in_force_is_refused_and_named(house: LiveHouse) -> None:
    opened = await house.done("koordinator", "/v1/operations", {"title": "Kering", "hazard": "drought"})
    form = request_form(opened["case_id"].partition(":")[2])
    check_problem(await house.post("koordinator", "/v1/surges", form), 409, "no_status_in_force")


async def test_every_fault_of_a_request_is_told_with_its_place(house: LiveHouse, operation_id: str) -> None:
    form = request_form(operation_id)
    form["funding"] = " "
    form["lines"].append({**form["lines"][0], "role": "juggler", "quantity": 0, "priority": 9, "lat": 91.0})
    told = check_problem(await house.post("koordinator", "/v1/surges", form), 422, "faulty")
    assert "funding: a source is needed (S10)" in told["faults"]
    places = {fault.partition(":")[0] for fault in told["faults"]}
    assert places == {"funding", "lines[2].role", "lines[2].quantity", "lines[2].priority", "lines[2]"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"report_at": "2026-11-23T08:00:00"}, "lines[1].report_at: input should have timezone info"),
        ({"report_at": "9999-12-31T00:00:00Z"}, "lines[1].report_at: expected a year from 2000 to 2199"),
        ({"site": "a\nb"}, "lines[1].site: expected one line without control characters"),
        ({"site": "\0"}, "lines[1].site: expected one line without control characters"),
        ({"lat": "NaN"}, "lines[1].lat: input should be a finite number"),
        ({"quantity": 10**12}, "lines[1].quantity: input should be less than or equal to 10000"),
        ({"mood": "good"}, "lines[1].mood: extra inputs are not permitted"),
    ],
)
async def test_a_form_says_what_is_wrong_and_where(
    house: LiveHouse, operation_id: str, change: dict[str, Any], fault: str
) -> None:
    form = request_form(operation_id)
    form["lines"][0] |= change
    told = check_problem(await house.post("koordinator", "/v1/surges", form), 422, "faulty")
    assert told["faults"] == [fault]


async def test_a_status_that_would_end_in_another_age_is_refused_at_the_door(
    house: LiveHouse, operation_id: str
) -> None:
    form = {
        "status": "TRANSITION",
        "level": "city",
        "area": "Kota Kupang",
        "decree": "1",
        "decree_date": "2026-11-22",
        "until": "9999-12-31T23:59:59+00:00",
    }
    told = check_problem(
        await house.post("sekda", f"/v1/operations/{operation_id}/status", form), 422, "faulty"
    )
    assert told["faults"] == ["until: expected a year from 2000 to 2199"]


async def test_a_time_that_cannot_be_is_refused_by_field_and_value(
    house: LiveHouse, operation_id: str
) -> None:
    status = {
        "status": "TRANSITION",
        "level": "city",
        "area": "Kota Kupang",
        "decree": "360/99/XI/2026",
        "decree_date": "2072-11-22",
        "until": (SystemClock().now() + timedelta(days=9)).isoformat(),
    }
    answer = await house.post("sekda", f"/v1/operations/{operation_id}/status", status)
    assert check_problem(answer, 422, "faulty")["faults"] == ["decree_date: 2072-11-22 lies in the future"]
    surge_id = await house.surge(operation_id)
    for at, fault in (
        ("2027-11-22T08:00:00+00:00", "lies in the future"),
        ("2025-11-22T08:00:00+00:00", "lies before the case began"),
    ):
        answer = await house.post("posko", f"/v1/surges/{surge_id}/muster", {"seen_at": at})
        (told,) = check_problem(answer, 422, "faulty")["faults"]
        assert told.startswith(f"seen_at: {at} {fault}")


async def test_an_override_names_a_unit_and_a_role_that_exist(house: LiveHouse, operation_id: str) -> None:
    path = f"/v1/surges/{await house.surge(operation_id)}/overrides"
    form = {"unit": "NOWHERE", "role": "nurse", "extra": 1, "code": "LIFE_SAVING"}
    check_problem(await house.post("sekda", path, form), 422, "faulty")
    lacking = check_problem(await house.post("sekda", path, form | {"unit": "SETDA"}), 422, "faulty")
    assert lacking["detail"] == "role: Sekretariat Daerah has nobody who is nurse at home"


async def test_what_is_no_json_no_route_or_too_large_is_a_problem_too(house: LiveHouse) -> None:
    async with house.http("koordinator") as http:
        check_problem(await http.post("/v1/operations", content=b"{"), 422, "faulty")
        for garbage in (b"\xff\xfe\x00", b"[" * 100_000):
            answer = await http.post(
                "/v1/operations", content=garbage, headers={"Content-Type": "application/json"}
            )
            check_problem(answer, 422, "faulty")
        check_problem(await http.get("/v1/nothing"), 404, "not_found")
        check_problem(await http.delete("/v1/operations"), 405, "method_not_allowed")
        check_problem(await http.post("/v1/operations", content=b" " * 1_100_000), 413, "too_large")
        check_problem(await http.get("/v1/surges/..%00"), 422, "faulty")


async def test_while_nobody_delivers_a_decision_is_recorded_and_applied_later_once(
    house: LiveHouse, operation_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    surge_id = await house.surge(operation_id)
    await house.stop_relay()
    monkeypatch.setattr(actions, "ANSWER_WITHIN", 0.2)
    key = str(uuid.uuid4())
    recorded = await house.post("sekda", f"/v1/surges/{surge_id}/approval", key=key)
    assert recorded.status_code == 202, recorded.text
    again = await house.post("sekda", f"/v1/surges/{surge_id}/approval", key=key)
    assert again.json()["command_id"] == recorded.json()["command_id"]
    health = (await house.get(None, "/healthz")).json()
    assert health["waiting"] == 1
    house.start_relay()

    async def answered() -> str:
        kept = (await house.get("sekda", recorded.headers["Location"])).json()
        return "" if kept["state"] == "RECORDED" else str(kept["state"])

    assert await until(answered, "an answer of the case") == "APPLIED"
    facts = (await house.get("auditor", f"/v1/log?case_id=surge:{surge_id}")).json()["items"]
    assert [fact["type"] for fact in facts] == ["RequestSubmitted", "RequestApproved"]


async def test_health_tells_a_decision_that_has_waited_too_long(
    house: LiveHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await house.get(None, "/healthz")).json() == {
        "status": "ok",
        "database": True,
        "engine": True,
        "waiting": 0,
        "oldest_waiting_seconds": None,
        "orphans": 0,
        "reconciled_at": None,
    }
    six_minutes_ago = SystemClock().now() - timedelta(minutes=6)

    async def waiting() -> tuple[int, Any]:
        return 1, six_minutes_ago

    monkeypatch.setattr(type(house.books.commands), "waiting", lambda _: waiting())
    told = (await house.get(None, "/healthz")).json()
    assert told["status"] == "degraded"
    assert told["oldest_waiting_seconds"] > 359


async def test_what_is_denied_before_it_is_recorded_is_logged_without_the_person(
    house: LiveHouse, operation_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    surge_id = await house.surge(operation_id)
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="app.api"):
        await house.post("posko", f"/v1/surges/{surge_id}/approval")
        await house.post("nobody", f"/v1/surges/{surge_id}/approval")
    events = [record.getMessage() for record in caplog.records if record.name.startswith("app.api")]
    assert events == ["denied", "token refused"]
    told = " ".join(str(vars(record)) for record in caplog.records)
    assert f"/v1/surges/{surge_id}/approval" in told
    assert house.offices["posko"] not in told


async def test_the_document_of_the_api_names_every_error_it_answers(house: LiveHouse) -> None:
    document = (await house.get(None, "/openapi.json")).json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["description"], path
            assert operation["tags"], path
            if path != "/healthz":
                assert operation["security"], path
                assert "401" in operation["responses"], path
                assert "403" in operation["responses"] or method == "get", path
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_every_code_that_a_case_may_answer_has_a_sentence() -> None:
    import ast

    said = {
        node.args[0].value
        for module in modules()
        if module.room in ("domain", "workflows", "app")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("Refused", "Denied", "NotAllowed")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 15
    assert said <= set(SENTENCES)
    assert set(SHORTFALLS) == set(ShortfallReason)
