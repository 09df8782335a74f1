"""Arrivals that were kept on paper while nothing worked, typed in at the command line: in time, and when the duty is over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.clock import SystemClock
from tests.app.cli.test_walk import head_of
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse, request_form
from tests.patience import until

pytestmark = pytest.mark.long

SECOND = timedelta(seconds=1)
PAPER = ("--paper", "360/HDR/12/II/2027")
LATE_REFUSALS = 2


def listed(folder: Path, *rows: str) -> Path:
    """A list as somebody types it in: who, when, and when they left, if the list says so."""
    file = folder / "daftar-hadir.csv"
    file.write_text("\n".join(("placement,name,arrived_at,left_at", *rows)) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module", autouse=True)
def nobody_is_far_away(house: LiveHouse) -> Iterator[None]:
    """Who does not come may be told so at the time to report, however late the order was."""
    kept = dict(house.books.rules)
    for name, pack in kept.items():
        house.books.rules[name] = replace(pack, clock=replace(pack.clock, travel=timedelta(0)))
    yield
    house.books.rules.update(kept)


async def on_the_way(house: LiveHouse, terminal: Terminal) -> tuple[str, list[dict[str, Any]]]:
    """Four people who are to report any moment, ordered and gone; return their surge, and them."""
    report_at = SystemClock().now() + 20 * SECOND
    form = request_form(await house.operation(), 4)
    form["lines"][0] |= {
        "report_at": report_at.isoformat(),
        "due_back": (report_at + timedelta(days=7)).isoformat(),
    }
    surge = (await house.done("koordinator", "/v1/surges", form))["case_id"].partition(":")[2]
    await house.done("sekda", f"/v1/surges/{surge}/approval")
    await terminal.do("surge", "plan", surge, who="koordinator")
    await terminal.do("surge", "confirm", surge, who="koordinator")
    for person in await house.until_people(surge, "OFFERED", 4):
        await terminal.do("offer", "accept", who=person["person_id"])
        await terminal.do("release", person["placement_id"], who=head_of(person))
    await house.until_people(surge, "RELEASED", 4)
    await terminal.do("order", "sign", surge, who="penandatangan")
    people = await house.until_people(surge, "MOBILISING", 4)
    await until(lambda: SystemClock().now() > report_at, "the time to report")
    return surge, people


async def standing(house: LiveHouse, surge: str) -> dict[str, dict[str, Any]]:
    """Where everybody of a surge stands, by placement."""
    rows = (await house.get("koordinator", "/v1/secondments", surge_id=surge)).json()["items"]
    return {row["placement_id"]: row for row in rows}


async def told(terminal: Terminal, placement: str) -> list[dict[str, Any]]:
    """What the log tells of an arrival."""
    facts = (await terminal.ask("audit", "log", f"secondment:{placement}", who="auditor"))["items"]
    return [fact for fact in facts if fact["type"] in ("CheckedIn", "ArrivalProved")]


@pytest.mark.timeout(420)
async def test_a_list_kept_on_paper_checks_in_who_is_there_and_proves_who_was(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    surge, (one, two, absent, unseen) = await on_the_way(house, terminal)
    arrived = SystemClock().now()
    on_paper = arrived.isoformat()
    ids = [person["placement_id"] for person in (one, two, absent, unseen)]

    async def type_in(*rows: str, words: tuple[str, ...] = ()) -> Any:
        return await terminal.call(
            "check-in-paper", surge, listed(tmp_path, *rows), *words, "--json", who="posko"
        )

    # One wrong row, and nobody of the list is checked in.
    wrong = await type_in(f"{ids[0]},,{on_paper},", f",Tidak Ada,{on_paper},", f"{ids[1]},,kemarin,")
    assert wrong.code == 2
    assert all(part in wrong.err for part in ("line 3: 'Tidak Ada': 0 people", "line 4: arrived_at: found"))
    assert {row["state"] for row in (await standing(house, surge)).values()} == {"MOBILISING"}

    # By the beginning of the id and by name; sent twice, nothing is recorded twice.
    rows = (f"{ids[0][:13]},,{on_paper},", f",{two['name']},{on_paper},")
    for _ in range(2):
        came = await type_in(*rows)
        assert [one["state"] for one in came.json] == ["APPLIED", "APPLIED"], came
    stand = await standing(house, surge)
    for placement in ids[:2]:
        assert datetime.fromisoformat(stand[placement]["arrived_at"]) == arrived
        assert datetime.fromisoformat(stand[placement]["checked_in_at"]) > arrived
        (fact,) = await told(terminal, placement)
        assert (fact["type"], fact["data"]["choice"]) == ("CheckedIn", "PAPER")

    # One is taken for a no-show, the other for somebody who never came before all were called home.
    await terminal.do("no-show", ids[2], who="posko")
    await terminal.do("return", ids[2], who=head_of(absent))
    await terminal.do("surge", "stand-down", surge, who="koordinator")
    await house.until_people(surge, "DEMOBILISING", 3)
    assert (await standing(house, surge))[ids[2]]["state"] == "CLOSED"
    left = (arrived + SECOND).isoformat()
    late = (f"{ids[2]},,{on_paper},", f"{ids[3]},,{on_paper},{left}")
    unproved = await type_in(*late)
    assert (unproved.code, unproved.err.count("arrival_needs_paper")) == (3, LATE_REFUSALS)
    assert "2 of 2 were not checked in" in unproved.err
    again = f"{ids[0]},,{left},"
    proved = await type_in(*late, again, words=PAPER)
    assert (proved.code, [one["state"] for one in proved.json]) == (3, ["APPLIED", "APPLIED"])
    assert "1 of 3 were not checked in" in proved.err
    assert "arrived_already" in proved.err
    stand = await standing(house, surge)
    assert [stand[placement]["state"] for placement in ids[2:]] == ["RETURNED", "DEMOBILISING"]
    assert {datetime.fromisoformat(stand[placement]["arrived_at"]) for placement in ids} == {arrived}
    assert set(stand[ids[2]]["owed"]) == {"REPORT", "EVALUATION", "CLAIM"}
    facts = [(await told(terminal, placement))[0]["data"] for placement in ids[2:]]
    assert [fact["reference"] for fact in facts] == [PAPER[1]] * 2
    assert [fact.get("corrects") for fact in facts] == ["NO_SHOW", None]
    assert datetime.fromisoformat(facts[1]["served_until"]) == arrived + SECOND
