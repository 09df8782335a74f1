"""Raising somebody's yearly cap at the door: what is refused, in words; what stands; and what the plan makes of it."""

from datetime import timedelta
from typing import Any

from app.sentences import sentence
from domain import cases
from runtime.clock import SystemClock
from tests.app.kit import LiveHouse

NOBODY = "00000000-0000-4000-8000-000000000000"


async def has_served(house: LiveHouse, person: dict[str, Any], days: int) -> None:
    """Let somebody who does not come have served so many days, until yesterday."""
    await house.done(
        person["person_id"], f"/v1/secondments/{person['placement_id']}/decline", {"code": "OTHER"}
    )
    async with house.books.database.writing() as connection:
        await connection.execute(
            "INSERT INTO experiences (placement_id, person_id, operation_id, surge_id, role, site, first_day, last_day,"
            " away, duty) SELECT placement_id, person_id, operation_id, surge_id, role, 'Pos', $2, $2, $3, $3"
            " FROM placements JOIN surges USING (surge_id) WHERE placement_id = $1",
            *(person["placement_id"], (SystemClock().now() - timedelta(days=1)).date(), days),
        )


async def test_the_sekda_raises_a_cap_that_is_reached_once_and_the_plan_says_who_goes_for_it(
    house: LiveHouse,
) -> None:
    operation_id = await house.operation()
    _, (served, rested) = await house.offered(operation_id)
    await has_served(house, served, 60)
    surge_id = await house.surge(operation_id)
    path, who = f"/v1/surges/{surge_id}", served["person_id"]
    await house.done("sekda", f"{path}/approval")
    keep = {"keep": [{"person_id": who, "line": "01"}]}
    kept = await house.post("koordinator", f"{path}/plan", keep)
    assert kept.json()["faults"] == [f"keep: {who} for {surge_id}/01: {sentence('cannot_keep_S05')} (S05)"]

    form = {"person_id": who, "days": 10, "code": "NO_OTHER_SOURCE"}
    refusals = {
        "waiver_too_long": form | {"days": 31},
        "cap_not_reached": form | {"person_id": rested["person_id"]},
        "nobody_of_that_name": form | {"person_id": NOBODY},
    }
    for code, wrong in refusals.items():
        answer = await house.post("sekda", f"{path}/cap-waivers", wrong)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert sentence(code) in answer.json()["detail"]
    own = await house.post("sekda", f"{path}/cap-waivers", form | {"person_id": house.offices["sekda"]})
    assert (own.status_code, own.json()["code"]) == (403, "own_case")

    await house.done("sekda", f"{path}/cap-waivers", form)
    again = await house.post("sekda", f"{path}/cap-waivers", form)
    assert (again.status_code, again.json()["code"]) == (409, "waived_already")
    await house.done("koordinator", f"{path}/plan", keep)
    plan = (await house.get("koordinator", f"{path}/plan")).json()
    raised = {pick["person_id"]: pick["raised"] for line in plan["lines"] for pick in line["picks"]}
    assert len(raised) == 2
    assert {person: days for person, days in raised.items() if days} == {who: 10}

    log = (await house.get("auditor", "/v1/log", case_id=cases.surge(surge_id))).json()["items"]
    (told,) = [entry for entry in log if entry["type"] == "YearlyCapWaived"]
    said = told["data"]
    assert (told["person_id"], said["days"], said["choice"]) == (who, 10, "NO_OTHER_SOURCE")
