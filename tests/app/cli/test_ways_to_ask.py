"""Other ways to ask for people, through the command line: by a letter without a disaster, and by word of mouth."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.clock import SystemClock
from runtime.settings import ROOT
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse

pytestmark = pytest.mark.long

DEMAND = ROOT / "examples" / "permintaan-maulafa.toml"
FLOOD = ROOT / "examples" / "permintaan-kupang.toml"


async def request(terminal: Terminal, *words: object) -> str:
    asked = await terminal.ask("surge", "request", *words, who="koordinator")
    return str(asked["case_id"].removeprefix("surge:"))


async def tasks_of(terminal: Terminal, who: str, surge: str) -> set[str]:
    inbox = (await terminal.ask("inbox", who=who))["items"]
    return {task["kind"] for task in inbox if task["case_id"] == f"surge:{surge}"}


async def confirmed(terminal: Terminal, surge: str) -> None:
    await terminal.do("surge", "plan", surge, who="koordinator")
    await terminal.do("surge", "confirm", surge, who="koordinator")


@pytest.mark.timeout(300)
async def test_a_unit_that_is_overrun_gets_help_by_a_letter_without_a_disaster(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    surge = await request(terminal, DEMAND)
    shown = await terminal.do("surge", "show", surge, who="sekda")
    assert "by letter 440/112/DINKES/XI/2026 of Kepala Dinas Kesehatan Kota Kupang" in shown
    await terminal.do("surge", "return", surge, "--reason", "TOO_MANY", "--note", "satu saja", who="sekda")
    assert await tasks_of(terminal, "koordinator", surge) == {"RESUBMIT_SURGE"}
    (task,) = [
        one
        for one in (await terminal.ask("task", "list", who="koordinator"))["items"]
        if one["case_id"] == f"surge:{surge}"
    ]
    command = f"./siaga surge resubmit {surge} FILE.toml"
    assert command in await terminal.do("task", "show", task["task_id"], who="koordinator")
    verdict = await terminal.call("task", "decide", task["task_id"], "approve", who="koordinator")
    assert (verdict.code, command in verdict.err) == (2, True)
    fewer = tmp_path / "fewer.toml"
    fewer.write_text(DEMAND.read_text().replace("quantity = 2", "quantity = 1"))
    await terminal.do("surge", "resubmit", surge, fewer, who="koordinator")
    assert await tasks_of(terminal, "sekda", surge) == {"APPROVE_SURGE"}
    early = await terminal.call("surge", "approve", surge, who="kepala-daerah")
    assert (early.code, "no_authority" in early.err) == (4, True)
    await terminal.do("surge", "approve", surge, who="sekda")
    later = ("--until", (SystemClock().now() + timedelta(days=70)).isoformat())
    same = await terminal.call(
        "surge", "prolong", surge, "--letter", "440/112/DINKES/XI/2026", *later, who="sekda"
    )
    assert (same.code, same.err) == (2, "siaga: letter: the one that it stands on, expected a new one\n")
    await confirmed(terminal, surge)
    people = await house.until_people(surge, "OFFERED", 2)
    assert len(people) == 2
    assert "kota-kupang.PKM11" not in {person["unit_id"] for person in people}
    await terminal.do("surge", "cancel", surge, "--reason", "ASKED_IN_ERROR", who="koordinator")
    await house.until_people(surge, "WITHDRAWN", 2)
    told = [fact["type"] for fact in (await terminal.ask("audit", "log", surge, who="auditor"))["items"]]
    assert told[:4] == ["RequestSubmitted", "RequestReturned", "RequestResubmitted", "RequestApproved"]


@pytest.mark.timeout(300)
async def test_an_oral_order_goes_ahead_and_whoever_gave_it_ratifies_it(
    house: LiveHouse, terminal: Terminal
) -> None:
    words = ("--title", "Banjir", "--hazard", "flood")
    opened = await terminal.ask("operation", "open", *words, who="koordinator")
    operation = opened["case_id"].removeprefix("operation:")
    on_paper = await terminal.call("surge", "request", FLOOD, "--operation", operation, who="koordinator")
    assert (on_paper.code, "no_status_in_force" in on_paper.err) == (3, True)
    surge = await request(terminal, FLOOD, "--operation", operation, "--oral-order-by", "kepala-daerah")
    assert "NOT RATIFIED" in await terminal.do("surge", "show", surge, who="auditor")
    assert await tasks_of(terminal, "kepala-daerah", surge) == {"RATIFY_ORAL_ORDER"}
    assert await tasks_of(terminal, "sekda", surge) == set()

    await confirmed(terminal, surge)
    person = (await house.until_people(surge, "OFFERED", 5))[0]
    await terminal.do("offer", "accept", who=person["person_id"])
    head = f"kepala:{person['unit_id'].partition('.')[2]}"
    await terminal.do("release", person["placement_id"], who=head)
    gone = (await house.until_people(surge, "MOBILISING", 1))[0]
    assert (gone["placement_id"], gone["order_id"]) == (person["placement_id"], None)
    assert "SIGN_ORDER" in await tasks_of(terminal, "penandatangan", surge)

    ratify = ("surge", "ratify", surge, "--letter", "360/21/XI/2026")
    for who, code, why in (
        ("koordinator", 4, "own_proposal"),
        ("sekda", 3, "not_your_oral_order"),
        ("kepala-daerah", 3, "no_status_in_force"),
    ):
        refused = await terminal.call(*ratify, who=who)
        assert (refused.code, why in refused.err) == (code, True), refused
    until_day = (SystemClock().now() + timedelta(days=20)).isoformat()
    status = ("RESPONSE", "--area", "Kota Kupang", "--decree", "360/15/XI/2026", "--until", until_day)
    await terminal.do("operation", "declare", operation, *status, who="sekda")
    await terminal.do(*ratify, who="kepala-daerah")
    again = await terminal.call(*ratify, who="kepala-daerah")
    assert (again.code, "ratified_already" in again.err) == (3, True)
    assert "; ratified " in await terminal.do("surge", "show", surge, who="auditor")

    await terminal.do("order", "sign", surge, who="penandatangan")
    signed = (await terminal.ask("surge", "show", surge, who="penandatangan"))["orders"]
    assert [(order["state"], order["people"]) for order in signed] == [("ISSUED", 1)]
    out = await terminal.call("surge", "cancel", surge, "--reason", "OTHER", who="koordinator")
    assert (out.code, "somebody_is_out" in out.err) == (3, True)
    replayed = await terminal.ask("audit", "replay", f"surge:{surge}", who="auditor")
    assert replayed["ok"], replayed


async def test_what_does_not_fit_together_is_told_in_one_line(terminal: Terminal, tmp_path: Path) -> None:
    async def fails(text: str, *words: object) -> tuple[int, str]:
        file = tmp_path / "request.toml"
        file.write_text(text)
        said: Any = await terminal.call("surge", "request", file, *words, who="koordinator")
        assert said.err.count("\n") == 1, said.err
        return said.code, said.err

    demand = DEMAND.read_text()
    code, err = await fails(demand.replace('"PKM11"', '"PKM99"'))
    assert (code, "letter.unit: 'PKM99' is no unit of this government" in err) == (2, True)
    code, err = await fails(demand.partition("[letter]")[0])
    assert (code, "letter: expected for a demand for service, and for nothing else" in err) == (2, True)
    code, err = await fails(demand.replace('lasts = "60 d"', ""))
    assert (code, "letter: expected one of until and lasts" in err) == (2, True)
    code, err = await fails(demand.replace('"96 h"', '"24 h"'))
    assert (code, "notice_too_short" in err) == (3, True)
    code, err = await fails(demand, "--oral-order-by", "sekda")
    assert (code, "only a disaster is answered by word of mouth" in err) == (2, True)
    code, err = await fails(demand, "--given-at", "2026-11-22T08:00+0800")
    assert (code, "expected together with --oral-order-by" in err) == (2, True)
