"""Lines in full at the door: asked for, tried out, kept, and changed while the surge runs."""

from datetime import timedelta
from typing import Any

import pytest

from runtime.clock import SystemClock
from tests.app.kit import SITE, LiveHouse, request_form

pytestmark = pytest.mark.long

COUNTED = ("commands", "events", "placements", "plans", "plan_keeps", "request_lines", "line_drafts", "tasks", "outbox",
           "effects", "redline_overrides", "sightings", "notes")  # fmt: skip


def line(**changes: Any) -> dict[str, Any]:
    """A kitchen line from tomorrow on."""
    told: dict[str, Any] = request_form("", 2)["lines"][0]
    return told | changes


async def asked(house: LiveHouse, *lines: dict[str, Any]) -> str:
    """An approved surge with these lines; its path."""
    form = request_form(await house.operation()) | {"lines": lines}
    case = (await house.done("koordinator", "/v1/surges", form))["case_id"]
    path = f"/v1/surges/{case.partition(':')[2]}"
    await house.done("sekda", f"{path}/approval")
    return path


async def planned(house: LiveHouse, path: str, keep: Any = ()) -> dict[str, Any]:
    """The plan that is made now."""
    await house.done("koordinator", f"{path}/plan", {"keep": list(keep)} if keep else None)
    plan: dict[str, Any] = (await house.get("koordinator", f"{path}/plan")).json()
    return plan


async def rows(house: LiveHouse) -> dict[str, int]:
    """How many rows each table holds that anything could have been written to."""
    async with house.books.database.reading() as connection:
        return {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in COUNTED}


FULL = {
    "substitutes": [
        {"penalty": 30, "role": "logistics"},
        {"penalty": 60, "skill": "midwifery_str", "level": 2, "home_role": "midwife"},
    ],
    "max_km": 40,
    "shift": {"on": 12, "off": 12},
    "mode": "DIRECTED",
    "team": "Regu dapur",
}


async def test_a_line_comes_back_with_every_field_it_was_asked_with(house: LiveHouse) -> None:
    path = await asked(house, line(**FULL), line())
    told = (await house.get("koordinator", path)).json()["lines"]
    first = told[0]
    assert [{k: v for k, v in one.items() if v is not None} for one in first["substitutes"]] == [
        {"penalty": 30, "role": "logistics", "level": 1},
        {"penalty": 60, "skill": "midwifery_str", "level": 2, "home_role": "midwife"},
    ]
    assert (first["max_km"], first["shift_on"], first["shift_off"]) == (40, 12, 12)
    assert (first["mode"], first["team"], first["closed_at"]) == ("DIRECTED", "Regu dapur", None)
    assert (told[1]["mode"], told[1]["team"], told[1]["substitutes"]) == ("VOLUNTARY", "", [])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"shift": {"on": 12, "off": 4}}, "lines[1].shift: 4 h of rest, expected 8 or more"),
        (
            {"substitutes": [{"penalty": 3, "role": "pilot"}]},
            "lines[1].substitutes[1].role: 'pilot' is not one of",
        ),
        ({"max_km": -4}, "lines[1].max_km: -4, expected 0 to 20100"),
        ({"mode": "BY_FORCE"}, "lines[1].mode: input should be 'VOLUNTARY' or 'DIRECTED'"),
        ({"mood": "x"}, "lines[1].mood: extra inputs are not permitted"),
    ],
)
async def test_a_field_that_cannot_be_is_named(house: LiveHouse, change: dict[str, Any], fault: str) -> None:
    form = request_form(await house.operation()) | {"lines": [line(**change)]}
    answer = await house.post("koordinator", "/v1/surges", form)
    assert answer.status_code == 422
    assert answer.json()["faults"][0].replace("lines.0.", "lines[1].").startswith(fault)


async def test_a_plan_says_of_each_team_whether_it_goes_and_what_it_lacks(house: LiveHouse) -> None:
    nobody = line(quantity=5_000, team="Regu besar")
    path = await asked(
        house, line(team="Regu dapur"), line(team="Regu dapur"), line(team="Regu besar"), nobody
    )
    plan = await planned(house, path)
    told = {team["team"]: (team["goes"], team["sentence"]) for team in plan["teams"]}
    surge_id = path.rpartition("/")[2]
    assert told["Regu dapur"] == (True, "all 4 go")
    assert told["Regu besar"] == (False, f"nobody of 5002 goes: {surge_id}/04 cannot be filled")
    assert [row["picked"] for row in plan["lines"]] == [2, 2, 0, 0]
    assert plan["lines"][2]["reason"] == "TEAM_INCOMPLETE"
    assert plan["proven"]


async def test_the_kept_stay_in_the_next_plan_and_the_rest_is_solved_around_them(house: LiveHouse) -> None:
    path = await asked(house, line(), line(quantity=3, lat=-10.25))
    before = await planned(house, path)
    kept = before["lines"][0]["picks"][0]["person_id"]
    # Somebody whom the best plan sends to the other line is wanted on the first.
    moved = before["lines"][1]["picks"][0]["person_id"]
    after = await planned(house, path, [{"person_id": one, "line": "01"} for one in (kept, moved)])
    assert after["kept"] == 2
    first = {pick["person_id"]: pick["kept"] for pick in after["lines"][0]["picks"]}
    assert first == {kept: True, moved: True}
    assert (after["lines"][1]["picked"], after["proven"]) == (3, True)
    await house.done("koordinator", f"{path}/confirmation", {"plan_id": after["plan_id"]})
    people = await house.until_people(after["surge_id"], "OFFERED", 5)
    assert {kept, moved} <= {row["person_id"] for row in people}


async def test_whoever_may_not_go_any_more_is_refused_with_the_rule(house: LiveHouse) -> None:
    path = await asked(house, line())
    plan = await planned(house, path)
    first, second = (pick["person_id"] for pick in plan["lines"][0]["picks"])
    # Whoever is picked may carry an exemption that has run out: its last day goes too.
    exempt = "UPDATE people SET exempt_code = $2, exempt_until = NULL WHERE person_id = $1"
    async with house.books.database.reading() as connection:
        await connection.execute(exempt, first, "SICK")
    try:
        before = await rows(house)
        keep = [{"person_id": one, "line": "01"} for one in (first, second)]
        answer = await house.post("koordinator", f"{path}/plan", {"keep": keep})
        surge_id = path.rpartition("/")[2]
        assert (answer.status_code, answer.json().get("faults")) == (
            422,
            [f"keep: {first} for {surge_id}/01: somebody who should be kept is unfit or exempt (S02)"],
        )
        assert await rows(house) == before
    finally:
        async with house.books.database.reading() as connection:
            await connection.execute(exempt, first, None)
    foreign = await house.post(
        "koordinator", f"{path}/plan", {"keep": [{"person_id": first, "line": "SU-OTHER/01"}]}
    )
    assert foreign.json()["faults"] == [f"keep: SU-OTHER/01 is no line of {surge_id}"]
    assert (await house.post("sekda", f"{path}/plan", {"keep": keep})).status_code == 403


async def test_trying_out_shows_the_difference_and_writes_nothing(house: LiveHouse) -> None:
    path = await asked(house, line(quantity=3), line(quantity=2))
    plan = await planned(house, path)
    surge_id = plan["surge_id"]
    unit = plan["lines"][0]["picks"][0]
    before = await rows(house)
    code = unit["unit_id"].partition(".")[2]

    async def tried(**form: Any) -> dict[str, Any]:
        answer = await house.post("koordinator", f"{path}/what-if", form)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def own(told: dict[str, Any]) -> list[dict[str, Any]]:
        rows = [row for row in told["lines"] if row["line_id"].startswith(surge_id)]
        # Equals may change places between lines: that is no difference in numbers.
        return [row for row in rows if len(set(row["asked"])) + len(set(row["filled"])) > 2]

    same = await tried()
    assert same["same_question"]
    assert same["before"] == same["after"]
    assert (same["lines"], same["joining"], same["leaving"], same["donors"]) == ([], [], [], [])
    more = await tried(raised=[{"line": "01", "quantity": 5}], closed=["02"])
    asks = {row["line_id"]: (row["asked"], row["filled"]) for row in own(more)}
    assert asks == {f"{surge_id}/01": ([3, 5], [3, 5]), f"{surge_id}/02": ([2, 0], [2, 0])}
    assert len([one for one in more["joining"] if one["line_id"] == f"{surge_id}/01"]) >= 2
    assert all(one["name"] for one in more["joining"])
    assert more["proven"]
    added = await tried(added=[line(quantity=1)], cut=[{"line": "01", "quantity": 1}])
    asks = {row["line_id"]: (row["asked"], row["filled"]) for row in own(added)}
    assert asks == {f"{surge_id}/01": ([3, 1], [3, 1]), f"{surge_id}/new-1": ([0, 1], [0, 1])}
    without = await tried(without=[code])
    (donor,) = [
        row for row in without["donors"] if (row["unit_id"], row["role"]) == (unit["unit_id"], unit["role"])
    ]
    assert (donor["lends"][1], donor["lendable"][1]) == (0, 0)
    assert without["after"]["filled"] == without["before"]["filled"]
    assert without["after"]["burden"] >= without["before"]["burden"]
    tight = await tried(redlines=[{"unit": code, "role": unit["role"], "stay": 10_000}])
    (donor,) = [
        row for row in tight["donors"] if (row["unit_id"], row["role"]) == (unit["unit_id"], unit["role"])
    ]
    assert donor["lends"][1] == 0
    person = plan["lines"][1]["picks"][0]["person_id"]
    moved = await tried(keep=[{"person_id": person, "line": "01"}])
    assert {"person_id": person, "line_id": f"{surge_id}/01"}.items() <= next(
        row for row in moved["joining"] if row["person_id"] == person
    ).items()
    assert await rows(house) == before


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"raised": [{"line": "01", "quantity": 2}]}, "raised[1]: 2, expected more than 2"),
        ({"cut": [{"line": "01", "quantity": 2}]}, "cut[1]: 2, expected 1 to 1"),
        ({"closed": ["09"]}, "closed[1]: '09' is no open line of {surge_id}"),
        (
            {"raised": [{"line": "01", "quantity": 5}], "closed": ["01"]},
            "{surge_id}/01: raised, cut or closed more than once, expected one change a line",
        ),
        ({"without": ["NOWHERE"]}, "unit: 'NOWHERE' is no unit of this government"),
        (
            {"redlines": [{"unit": "SETDA", "role": "firefighter", "stay": 1}]},
            "has nobody who is firefighter at home",
        ),
        (
            {"keep": [{"person_id": "00000000-0000-4000-8000-000000000000", "line": "01"}]},
            "cannot be kept for {surge_id}/01: NOT_ON_THE_ROSTER",
        ),
    ],
)
async def test_what_cannot_be_tried_is_named(house: LiveHouse, form: dict[str, Any], fault: str) -> None:
    path = await asked(house, line())
    answer = await house.post("koordinator", f"{path}/what-if", form)
    assert answer.status_code == 422, answer.text
    assert fault.format(surge_id=path.rpartition("/")[2]) in answer.json()["faults"][0]


async def test_only_those_who_see_names_in_a_plan_try_changes_out(house: LiveHouse) -> None:
    path = await asked(house, line())
    codes = {
        who: (await house.post(who, f"{path}/what-if", {})).status_code
        for who in ("koordinator", "sekda", "auditor", "posko", "penandatangan", "lain:koordinator")
    }
    assert codes == {
        "koordinator": 200,
        "sekda": 200,
        "auditor": 403,
        "posko": 403,
        "penandatangan": 403,
        "lain:koordinator": 404,
    }


async def test_lines_change_while_the_surge_runs_and_people_are_asked_for_what_is_new(
    house: LiveHouse,
) -> None:
    path = await asked(house, line(), line(quantity=1))
    plan = await planned(house, path)
    surge_id = plan["surge_id"]
    await house.done("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
    await house.until_people(surge_id, "OFFERED", 3)
    await house.done("sekda", f"{path}/lines/01/raise", {"quantity": 4})
    await house.until_people(surge_id, "OFFERED", 5)
    refused = await house.post("koordinator", f"{path}/lines/01/cut", {"quantity": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "line_is_held")
    await house.done("sekda", f"{path}/lines", line(quantity=2, team="Regu baru"))
    await house.until_people(surge_id, "OFFERED", 7)
    await house.done("koordinator", f"{path}/lines/02/closure")
    again = await house.post("koordinator", f"{path}/lines/02/closure")
    assert (again.status_code, again.json()["code"]) == (409, "line_is_closed")
    none = await house.post("sekda", f"{path}/lines/09/raise", {"quantity": 3})
    assert (none.status_code, none.json()["code"]) == (409, "no_such_line")
    told = (await house.get("koordinator", path)).json()["lines"]
    assert [(row["quantity"], row["offered"], row["closed_at"] is not None) for row in told] == [
        (4, 4, False),
        (1, 1, True),
        (2, 2, False),
    ]
    log = (await house.get("koordinator", f"/v1/log?case_id=surge:{surge_id}")).json()["items"]
    changes = [(row["type"], row["data"].get("line_id")) for row in log if row["type"].startswith("Line")]
    assert changes == [
        ("LineRaised", f"{surge_id}/01"),
        ("LineAdded", f"{surge_id}/03"),
        ("LineClosed", f"{surge_id}/02"),
    ]


async def test_lines_raised_while_the_surge_runs_are_tried_out_as_the_plan_would_fill_them(
    house: LiveHouse,
) -> None:
    path = await asked(house, line(), line(quantity=1))
    somebody = (await planned(house, path))["lines"][0]["picks"][0]["person_id"]
    plan = await planned(house, path, [{"person_id": somebody, "line": "01"}])
    surge_id = plan["surge_id"]
    await house.done("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
    await house.until_people(surge_id, "OFFERED", 3)
    # Nobody is looked for who is there already: neither those asked for, nor whom the plan was told to keep.
    tried = await house.post("koordinator", f"{path}/what-if", {"raised": [{"line": "01", "quantity": 5}]})
    assert tried.status_code == 200, tried.text
    (told,) = [row for row in tried.json()["lines"] if row["line_id"] == f"{surge_id}/01"]
    assert (told["asked"], told["filled"]) == ([0, 3], [0, 3])
    await house.done("sekda", f"{path}/lines/01/raise", {"quantity": 4})
    await house.until_people(surge_id, "OFFERED", 5)
    cut = await house.post("koordinator", f"{path}/what-if", {"cut": [{"line": "01", "quantity": 3}]})
    assert cut.json()["faults"] == ["cut[1]: 3, expected 4 to 3"]
    more = await house.post("koordinator", f"{path}/what-if", {"raised": [{"line": "01", "quantity": 5}]})
    (told,) = [row for row in more.json()["lines"] if row["line_id"] == f"{surge_id}/01"]
    assert told["asked"] == [0, 1]


async def test_a_plan_that_was_seen_before_a_line_changed_is_not_confirmed(house: LiveHouse) -> None:
    path = await asked(house, line())
    plan = await planned(house, path)
    await house.done("koordinator", f"{path}/lines/01/cut", {"quantity": 1})
    late = await house.post("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
    assert (late.status_code, late.json()["code"]) == (409, "no_plan_yet")


async def test_a_line_that_its_emergency_does_not_cover_is_not_added(house: LiveHouse) -> None:
    path = await asked(house, line())
    late = SystemClock().now() + timedelta(days=40)
    form = line(report_at=late.isoformat(), due_back=(late + timedelta(days=2)).isoformat(), **SITE)
    refused = await house.post("sekda", f"{path}/lines", form)
    assert (refused.status_code, refused.json()["code"]) == (409, "reaches_past_the_status")
    faulty = await house.post("sekda", f"{path}/lines", line(role="pilot"))
    assert faulty.status_code == 422
    assert faulty.json()["faults"][0].startswith("line.role: 'pilot' is not one of")
