"""A new plan of a running surge at the command line: seen before anybody is asked, and then only its new people are."""

import pytest

from tests.app.cli.test_tasks import decide
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse

pytestmark = pytest.mark.long


@pytest.mark.timeout(300)
async def test_what_is_open_is_planned_seen_and_confirmed_while_others_stand(
    house: LiveHouse, terminal: Terminal
) -> None:
    surge, standing = await house.offered(await house.operation())
    path = f"/v1/surges/{surge}"
    printed = await terminal.do("surge", "plan", surge, who="koordinator")
    assert "2 stand, asked 0, picked 0, missing 0" in printed
    assert "empty places wait for it until" in printed
    await terminal.do("surge", "line", "raise", surge, "01", "4", who="sekda")
    old = await terminal.call("surge", "confirm", surge, who="koordinator")
    assert old.code != 0  # the line that was raised has no plan yet
    printed = await terminal.do("surge", "plan", surge, who="koordinator")
    assert "2 stand, asked 2, picked 2, missing 0" in printed
    plan = (await house.get("koordinator", f"{path}/plan")).json()
    (line,) = plan["lines"]
    new = {pick["person_id"] for pick in line["picks"]}
    assert not new & {person["person_id"] for person in standing}
    assert all(pick["km"] >= 0 and pick["name"] for pick in line["picks"])
    lending = {(donor["unit_id"], donor["role"]) for donor in plan["donors"]}
    assert lending == {(pick["unit_id"], pick["role"]) for pick in line["picks"]}
    assert all(donor["before"] > donor["after"] >= donor["redline"] for donor in plan["donors"])
    assert (await house.get("sekda", path)).json()["surge"]["proposed_until"] == plan["waits_until"]
    people = (await house.get("koordinator", "/v1/secondments", surge_id=surge)).json()["items"]
    assert len(people) == 2
    await decide(
        terminal,
        "koordinator",
        "CONFIRM_PLAN",
        f"surge:{surge}",
        "approve",
        "--with",
        f"plan_id={plan['plan_id']}",
    )
    people = await house.until_people(surge, "OFFERED", 4)
    assert {person["person_id"] for person in people} == new | {person["person_id"] for person in standing}
    await _taken_back(house, terminal, surge)
    again = await terminal.call("surge", "confirm", surge, who="koordinator")
    assert (again.code, "no_plan_waits" in again.err) == (3, True)


async def _taken_back(house: LiveHouse, terminal: Terminal, surge: str) -> None:
    """A plan of the place that was just raised is taken back: the next best person is asked by themself."""
    nothing = await terminal.call("surge", "withdraw-plan", surge, who="koordinator")
    assert (nothing.code, "no_plan_waits" in nothing.err) == (3, True)
    await terminal.do("surge", "plan", surge, who="koordinator")
    await terminal.do("surge", "line", "raise", surge, "01", "5", who="sekda")
    refused = await terminal.call("surge", "withdraw-plan", surge, who="posko")
    assert (refused.code, "no_authority" in refused.err) == (4, True)
    assert "withdraw plan: applied" in await terminal.do("surge", "withdraw-plan", surge, who="koordinator")
    await house.until_people(surge, "OFFERED", 5)
    shown = (await house.get("koordinator", f"/v1/surges/{surge}")).json()["surge"]
    assert shown["proposed_until"] is None
