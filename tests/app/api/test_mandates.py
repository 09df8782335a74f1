"""Deciding for somebody else: written, used, told, revoked; and never a way around one's own case."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from runtime.clock import SystemClock
from tests.app.kit import LiveHouse


@pytest.fixture(scope="module")
async def operation_id(house: LiveHouse) -> str:
    return await house.operation()


@pytest.fixture(scope="module")
async def deputy(house: LiveHouse) -> str:
    """Somebody who holds no office."""
    return next(person for person in house.people if person not in set(house.offices.values()))


def writ(substitute: str, **also: Any) -> dict[str, Any]:
    ends = SystemClock().now() + timedelta(days=7)
    return {
        "substitute_id": substitute,
        "capacity": "SEKDA",
        "ends": ends.isoformat(),
        "letter": "821/14/XI/2026",
    } | also


@pytest.fixture
async def mandate(house: LiveHouse, deputy: str) -> AsyncIterator[dict[str, Any]]:
    written = await house.post("sekda", "/v1/mandates", writ(deputy))
    assert written.status_code == 201, written.text
    yield written.json()
    async with house.http("sekda") as http:
        await http.delete(f"/v1/mandates/{written.json()['mandate_id']}")


async def test_a_substitute_decides_on_behalf_of_the_holder_until_revoked(
    house: LiveHouse, operation_id: str, deputy: str, mandate: dict[str, Any]
) -> None:
    first, second = await house.surge(operation_id), await house.surge(operation_id)
    told = await house.done(deputy, f"/v1/surges/{first}/approval")
    assert told["capacity"] == "SEKDA"
    assert (told["tenure"], told["on_behalf_of"]) == ("SUBSTITUTE", house.offices["sekda"])
    log = (await house.get("auditor", f"/v1/log?case_id=surge:{first}")).json()["items"]
    approved = next(row for row in log if row["type"] == "RequestApproved")
    assert approved["actor"] == deputy
    assert approved["on_behalf_of"] == house.offices["sekda"]
    async with house.http("sekda") as http:
        assert (await http.delete(f"/v1/mandates/{mandate['mandate_id']}")).status_code == 204
    refused = await house.post(deputy, f"/v1/surges/{second}/approval")
    assert (refused.status_code, refused.json()["code"]) == (403, "no_authority")


async def test_whoever_asked_cannot_approve_by_way_of_a_mandate(house: LiveHouse, operation_id: str) -> None:
    coordinator = house.offices["koordinator"]
    assert (await house.post("sekda", "/v1/mandates", writ(coordinator))).status_code == 201
    surge = await house.surge(operation_id)
    refused = await house.post("koordinator", f"/v1/surges/{surge}/approval")
    assert (refused.status_code, refused.json()["code"]) == (403, "own_proposal")
    shown = (await house.get("koordinator", f"/v1/surges/{surge}")).json()
    assert shown["surge"]["state"] == "SUBMITTED"


async def test_what_a_mandate_says_already_is_not_written_again(
    house: LiveHouse, deputy: str, mandate: dict[str, Any]
) -> None:
    again = await house.post("sekda", "/v1/mandates", writ(deputy, ends=mandate["ends"]))
    assert (again.status_code, again.json()["faults"]) == (
        422,
        ["substitute_id: stands in so at that time already; revoke that mandate first"],
    )
    other = {"scope": ["APPROVE_SURGE"]}
    later = {"ends": (SystemClock().now() + timedelta(days=8)).isoformat()}
    for said in (other, later):
        written = await house.post("sekda", "/v1/mandates", writ(deputy, **said))
        assert written.status_code == 201, written.text
        async with house.http("sekda") as http:
            await http.delete(f"/v1/mandates/{written.json()['mandate_id']}")


@pytest.mark.usefixtures("mandate")
async def test_a_substitute_hands_nothing_on(house: LiveHouse, deputy: str) -> None:
    other = next(p for p in house.people if p not in set(house.offices.values()) | {deputy})
    refused = await house.post(deputy, "/v1/mandates", writ(other, principal_id=house.offices["sekda"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "no_authority")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"tenure": "PLT"}, "tenure: PLT is for a vacant post"),
        ({"ends": "2020-01-01T00:00:00+08:00"}, "ends: expected an end after the start"),
        ({"scope": ["RELEASE_NOBODY"]}, "scope[1]: input should be"),
        ({"scope": ["SIGN_DEMOB", "SIGN_ORDER"]}, "scope: a decision that is not this office's"),
        ({"unit": "DINKES"}, "unit: expected for UNIT_HEAD"),
        ({"capacity": "UNIT_HEAD", "unit": "NONE"}, "unit: 'NONE', expected the code of a unit"),
        ({"substitute_id": "00000000-0000-4000-8000-000000000000"}, "substitute_id: nobody of this"),
    ],
)
async def test_a_writ_that_cannot_be_is_refused_by_the_field(
    house: LiveHouse, deputy: str, wrong: dict[str, Any], says: str
) -> None:
    answer = await house.post("sekda", "/v1/mandates", writ(deputy, **wrong))
    assert answer.status_code == 422, answer.text
    assert any(fault.startswith(says) for fault in answer.json()["faults"]), answer.json()


async def test_a_roll_call_is_handed_on_by_name_with_what_it_finds_out_and_nothing_else(
    house: LiveHouse, operation_id: str, deputy: str
) -> None:
    surge_id, (person, *_) = await house.offered(operation_id, 1)
    roll = f"/v1/surges/{surge_id}/muster"
    assert (await house.post(deputy, roll, {})).status_code == 403
    form = writ(deputy, capacity="COMMAND_POST", roll_call=True)
    written = await house.post("posko", "/v1/mandates", form)
    assert written.status_code == 201, written.text
    assert written.json()["scope"] == ["REGAIN_CONTACT", "TAKE_MUSTER"]
    taken = await house.post(deputy, roll, {})
    assert taken.status_code == 200, taken.text
    log = (await house.get("auditor", f"/v1/log?case_id=surge:{surge_id}")).json()["items"]
    (noted,) = [row for row in log if row["type"] == "MusterTaken"]
    assert (noted["actor"], noted["authority"]) == (deputy, "COMMAND_POST/SUBSTITUTE")
    assert noted["on_behalf_of"] == house.offices["posko"]
    other = await house.post(deputy, f"/v1/secondments/{person['placement_id']}/check-in", {"code": "PHONE"})
    assert (other.status_code, other.json()["code"]) == (403, "no_authority")
    async with house.http("posko") as http:
        assert (await http.delete(f"/v1/mandates/{written.json()['mandate_id']}")).status_code == 204
    assert (await house.post(deputy, roll, {})).status_code == 403
    # Of an office that calls no roll, none is handed on.
    none = await house.post("sekda", "/v1/mandates", writ(deputy, roll_call=True))
    assert none.json()["faults"] == ["scope: a decision that is not this office's"]


async def test_nobody_decides_by_the_token_of_somebody_who_has_died(
    house: LiveHouse, operation_id: str
) -> None:
    _, (person, *_) = await house.offered(operation_id, 1)
    acting = person["person_id"]
    waits = await house.surge(operation_id)
    written = await house.post("sekda", "/v1/mandates", writ(acting))
    assert written.status_code == 201, written.text
    held = (await house.get(acting, "/v1/me")).json()["offices"]
    assert [one["capacity"] for one in held] == ["SEKDA"]
    await house.done("koordinator", f"/v1/secondments/{person['placement_id']}/death")
    for path in ("/v1/me", "/v1/tasks"):
        shut = await house.get(acting, path)
        assert (shut.status_code, shut.json()["code"]) == (403, "has_died")
    refused = await house.post(acting, f"/v1/surges/{waits}/approval")
    assert (refused.status_code, refused.json()["code"]) == (403, "has_died")
    (ended,) = [
        one
        for one in (await house.get("sekda", "/v1/mandates")).json()["items"]
        if one["mandate_id"] == written.json()["mandate_id"]
    ]
    assert ended["revoked_at"] is not None
    again = await house.post("sekda", "/v1/mandates", writ(acting))
    assert again.json()["faults"] == ["substitute_id: nobody of this government has this id"]
