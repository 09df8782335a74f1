"""What a plan says of its own surge: its places and no others, what fell empty since, who lends, and whose redline was lifted."""

from typing import Any

import pytest

from app.cli import show_plan
from tests.app.api.test_lines import asked, line, planned
from tests.app.kit import LiveHouse

pytestmark = pytest.mark.long


async def test_the_head_counts_the_places_of_the_own_surge_and_those_of_the_kept(house: LiveHouse) -> None:
    await asked(house, line(quantity=3))
    path = await asked(house, line(), line(quantity=1))
    plan = await planned(house, path)
    assert plan["statistics"]["asked"] >= 6
    assert (plan["asked"], plan["picked"], plan["kept"]) == (3, 3, 0)
    person = plan["lines"][0]["picks"][0]["person_id"]
    plan = await planned(house, path, [{"person_id": person, "line": "01"}])
    assert (plan["asked"], plan["picked"], plan["kept"]) == (3, 3, 1)


async def test_the_unit_of_somebody_who_alone_is_kept_lends_too(house: LiveHouse) -> None:
    path = await asked(house, line(quantity=1))
    plan = await planned(house, path)
    (pick,) = plan["lines"][0]["picks"]
    lends = {key: value for key, value in plan["donors"][0].items() if key != "unit"}
    plan = await planned(house, path, [{"person_id": pick["person_id"], "line": "01"}])
    assert [{key: value for key, value in one.items() if key != "unit"} for one in plan["donors"]] == [lends]
    assert (lends["unit_id"], lends["role"]) == (pick["unit_id"], pick["role"])
    await house.done("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
    await house.until_people(plan["surge_id"], "OFFERED", 1)
    told = (await house.get("koordinator", f"{path}/plan")).json()["donors"]
    assert [(one["before"], one["after"]) for one in told] == [(lends["before"], lends["after"])]


async def test_a_redline_that_was_lifted_is_told_as_it_is_and_by_whom(
    house: LiveHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await asked(house, line(quantity=1))
    (pick,) = (await planned(house, path))["lines"][0]["picks"]

    async def lends() -> dict[str, Any]:
        plan = await planned(house, path, [{"person_id": pick["person_id"], "line": "01"}])
        (donor,) = plan["donors"]
        return dict(donor)

    before = await lends()
    assert (before["lifted"], before["lifted_by"]) == (0, [])
    form = {"unit": pick["unit_id"], "role": pick["role"], "extra": 3, "code": "LIFE_SAVING"}
    await house.done("sekda", f"{path}/overrides", form)
    names = await house.books.boards.names([house.offices["sekda"]])
    assert await lends() == before | {"lifted": 3, "lifted_by": list(names.values())}
    (name,) = names.values()
    show_plan.plan((await house.get("koordinator", f"{path}/plan")).json(), everybody=True)
    printed = " ".join(capsys.readouterr().out.split())
    assert f"{before['redline']}, lifted by 3 for this surge by {name}" in printed
    assert "1 of 1 places" in printed
    assert "1 of them by name, as it was told (--keep)" in printed


async def test_places_that_fell_empty_since_are_told_until_a_new_plan_is_made(
    house: LiveHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    surge, people = await house.offered(await house.operation())
    path = f"/v1/surges/{surge}"

    async def shown() -> tuple[int, ...]:
        (told,) = (await house.get("koordinator", f"{path}/plan")).json()["lines"]
        return tuple(told[key] for key in ("standing", "asked", "picked", "empty"))

    assert await shown() == (2, 2, 2, 0)
    await planned(house, path)  # empty places wait for it from here on
    assert await shown() == (2, 0, 0, 0)
    gone = people[0]
    await house.done(gone["person_id"], f"/v1/secondments/{gone['placement_id']}/decline", {"code": "OTHER"})
    assert await shown() == (1, 0, 0, 1)
    capsys.readouterr()
    show_plan.plan((await house.get("koordinator", f"{path}/plan")).json(), everybody=True)
    printed = " ".join(capsys.readouterr().out.split())
    assert "1 places more are empty by now, which it does not fill" in printed
    assert "1 stand, asked 0, picked 0, missing 0, empty now 1" in printed
    await planned(house, path)
    assert await shown() == (1, 1, 1, 0)


async def test_a_line_is_short_of_no_more_than_stands_open(house: LiveHouse) -> None:
    path = await asked(house, line(quantity=1), line(quantity=500))
    plan = await planned(house, path)
    picked = plan["lines"][1]["picked"]
    assert 0 < picked < 500
    # A unit may stand at its redline in several roles.
    for donor in plan["lines"][1]["blocking_donors"][:5]:
        assert f"{donor['unit']} {donor['role']} (" in plan["lines"][1]["sentence"]
    assert plan["lines"][1]["blocking_donors"]
    await house.done("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
    await house.until_people(plan["surge_id"], "OFFERED", picked + 1)

    async def short() -> tuple[int, str | None]:
        told = (await house.get("koordinator", path)).json()["lines"][1]
        return told["short_by"], told["short_reason"]

    assert (await short())[0] == 500 - picked
    await house.done("koordinator", f"{path}/lines/02/cut", {"quantity": picked})
    assert await short() == (0, None)
