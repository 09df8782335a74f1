"""Turns on a place and another post by hand: each step by whoever it is up to, through the command line."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.clock import SystemClock
from tests.app.cli.test_walk import declare, head_of
from tests.app.cli.typing_in import Said, Terminal
from tests.app.kit import LiveHouse

pytestmark = pytest.mark.long

LINE = """
[[line]]
role = "field_kitchen"
quantity = 1
site = "Dapur Umum"
lat = -10.1655
lon = 123.584
report_after = "6 s"
duty = "2 d"
"""
TEAM = 'team = "Regu dapur"\n'
FAR_OFF = LINE.replace("-10.1655", "-9.5") + TEAM + "max_km = 5\n"
NOTE = "kunci gudang pada apoteker"


def request(file: Path, site: str, *more: str) -> Path:
    """A request for somebody for the kitchen of a site, for two days."""
    head = f'title = "Dapur umum {site}"\nfunding = "BTT"\n'
    file.write_text(head + LINE + "".join(more))
    return file


async def asked_for(terminal: Terminal, operation: str, file: Path) -> str:
    """A surge whose plan is confirmed."""
    asked = await terminal.ask("surge", "request", file, "--operation", operation, who="koordinator")
    surge = str(asked["case_id"].removeprefix("surge:"))
    await terminal.do("surge", "approve", surge, who="sekda")
    await terminal.do("surge", "plan", surge, who="koordinator")
    await terminal.do("surge", "confirm", surge, who="koordinator")
    return surge


async def on_site(house: LiveHouse, terminal: Terminal, surge: str) -> dict[str, Any]:
    (asked,) = await house.until_people(surge, "OFFERED", 1)
    await released(house, terminal, asked)
    await terminal.do("order", "sign", surge, who="penandatangan")
    await house.until_people(surge, "MOBILISING", 1)
    await terminal.do("check-in", asked["placement_id"], who="posko")
    return asked


async def released(house: LiveHouse, terminal: Terminal, person: dict[str, Any]) -> None:
    await terminal.do("offer", "accept", who=person["person_id"])
    await terminal.do("release", person["placement_id"], who=head_of(person))


async def refused(terminal: Terminal, words: Sequence[object], who: str, code: int, why: str) -> None:
    """It is not done, and one line says why."""
    said: Said = await terminal.call(*words, who=who)
    assert (said.code, said.err.count("\n"), said.out) == (code, 1, ""), (words, said)
    assert why in said.err, said.err


async def settle(terminal: Terminal, surge: str) -> None:
    """The coordinator finds in the inbox that a place falls empty, and asks for the next turn by the task."""
    line = f"{surge}/01"
    due = await terminal.ask("relief", "due", who="koordinator")
    (told,) = [one for one in due["to_settle"] if one["line_id"] == line]
    assert (told["why"], told["needed_until"]) == ("until_unsaid", None)
    shown = await terminal.do("relief", "due", who="posko")
    assert f"relief ask {line}, relief end {line}, or propose an extension" in shown
    (task,) = [
        one
        for one in (await terminal.ask("inbox", who="koordinator"))["items"]
        if (one["kind"], one["case_id"]) == ("RELIEVE_OR_END", f"surge:{surge}")
    ]
    await refused(terminal, ("relief", "ask", "kitchen"), "koordinator", 2, "expected a line like SU-3F9/02")
    await refused(terminal, ("relief", "ask", f"{surge}/07"), "koordinator", 3, "no_such_line")
    await refused(terminal, ("relief", "ask", line), "posko", 4, "no_authority")
    await refused(terminal, ("relief", "end", line), "sekda", 4, "no_authority")
    await refused(terminal, ("relief", "due"), "kepala:DINSOS", 4, "no_authority")
    decide = ("task", "decide", task["task_id"], "approve")
    await refused(terminal, decide, "koordinator", 2, "--with line=: field required")
    await terminal.do(*decide, "--with", "line=01", who="koordinator")
    await refused(terminal, ("relief", "ask", line), "koordinator", 3, "relief_asked_already")


async def hand_over(terminal: Terminal, first: dict[str, Any], heir: dict[str, Any]) -> None:
    """The note is written by the person, and read by whoever takes over, before they have left home."""
    await terminal.do("handover", "write", "--note", NOTE, who=first["person_id"])
    read = await terminal.ask("handover", "read", who=heir["person_id"])
    assert read["received_from"] == first["placement_id"]
    assert [note["text"] for note in read["received"]] == [NOTE]
    assert NOTE in await terminal.do("handover", "read", first["placement_id"], who="posko")
    stranger = next(head for head in ("kepala:PKM01", "kepala:PKM02") if head != head_of(first))
    await refused(terminal, ("handover", "read", first["placement_id"]), stranger, 5, "no_such_case")
    words = ("handover", "write", first["placement_id"], "--note", "x")
    await refused(terminal, words, heir["person_id"], 4, "no_authority")


async def see_the_chain(terminal: Terminal, first: dict[str, Any], heir: dict[str, Any]) -> None:
    chain = await terminal.ask("relief", "chain", heir["placement_id"], who="koordinator")
    turns = [(turn["placement_id"], turn["overlap_hours"], turn["enough"]) for turn in chain["turns"]]
    assert turns == [(first["placement_id"], None, None), (heir["placement_id"], 12, True)]
    assert (chain["turns"][0]["handed_over"], chain["turns"][1]["handed_over"]) == (True, False)
    assert "together for 12 h by the rules" in await terminal.do(
        "relief", "chain", first["placement_id"], who="posko"
    )
    await refused(terminal, ("relief", "chain", "00000000"), "koordinator", 5, "00000000")


async def move(house: LiveHouse, terminal: Terminal, person: dict[str, Any], there: str) -> None:
    """The command post proposes; the person objects, is weighed, and goes."""
    placement, post = person["placement_id"], f"{there}/01"
    propose = ("reassign", "propose", placement, post)
    await refused(terminal, ("reassign", "agree", placement), "posko", 3, "no_reassignment_proposed")
    await refused(terminal, propose, "kepala-daerah", 4, "no_authority")
    await refused(terminal, ("reassign", "propose", placement, "there"), "posko", 2, "expected a line")
    await terminal.do(*propose, who="posko")
    own = {task["kind"] for task in (await terminal.ask("inbox", who=person["person_id"]))["items"]}
    assert own == {"ANSWER_REASSIGNMENT"}
    await terminal.do("reassign", "deny", placement, "--note", "jauh dari rumah", who=person["person_id"])
    agreed = await terminal.ask("reassign", "agree", "--all", who="posko")
    assert [one["case_id"] for one in agreed] == [f"secondment:{placement}"]
    await terminal.do("order", "sign", there, who="penandatangan")
    (gone,) = await house.until_people(there, "MOBILISING", 1)
    assert gone["person_id"] == person["person_id"]
    await house.until_people(person["surge_id"], "REASSIGNED", 1)


@pytest.mark.timeout(420)
async def test_a_place_is_taken_over_and_somebody_moves_on_by_hand(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    operation = await declare(terminal)
    here = await asked_for(terminal, operation, request(tmp_path / "here.toml", "Airmata"))
    # Nobody lives near the other line of its team, so that no place of the team is filled.
    there = await asked_for(terminal, operation, request(tmp_path / "there.toml", "Oebobo", TEAM, FAR_OFF))
    first = await on_site(house, terminal, here)
    await house.until_task("koordinator", "RELIEVE_OR_END", f"surge:{here}")
    await settle(terminal, here)
    (heir,) = await house.until_people(here, "OFFERED", 1)
    await released(house, terminal, heir)
    await hand_over(terminal, first, heir)
    await see_the_chain(terminal, first, heir)
    await move(house, terminal, first, there)
    # Said until when, a line goes on by itself; said that it ends, nobody is asked for it.
    until_day = (SystemClock().now() + timedelta(days=9)).isoformat(timespec="minutes")
    await terminal.do("surge", "line", "until", there, "01", until_day, who="koordinator")
    lines = (await terminal.ask("surge", "show", there, who="koordinator"))["lines"]
    assert lines[0]["needed_until"] is not None
    plan = ("surge", "plan", there, "--newest")
    (planned, _) = (await terminal.ask(*plan, who="koordinator"))["lines"]
    assert planned["needed_until"] == lines[0]["needed_until"]
    assert (await terminal.do(*plan, who="koordinator")).count("needed until") == 1
    both = await terminal.ask("relief", "end", here, "--all-lines", who="koordinator")
    assert both["state"] == "APPLIED"
    shown = (await terminal.ask("surge", "show", here, who="koordinator"))["lines"]
    assert [line["needed_until"] == line["due_back"] for line in shown] == [True, True]
