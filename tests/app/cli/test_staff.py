"""What a proposal starts from, at a terminal: whom it may be about, and where a place is free."""

import re
from pathlib import Path

from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse


async def test_a_head_finds_whom_to_propose_and_where_a_place_is_free(
    house: LiveHouse, terminal: Terminal
) -> None:
    free = (await terminal.ask("roster", "positions", "--free", who="kepala:DINSOS"))["positions"]
    assert free
    assert all(one["free"] == one["need"] - one["filled"] - one["reserved"] > 0 for one in free)
    own = (await terminal.ask("roster", "people", "DINSOS", who="kepala:DINSOS"))["people"]
    head = (await terminal.ask("whoami", who="kepala:DINSOS"))["person_id"]
    assert own[0]["person_id"] == head, "a unit's head stands first"
    mapped = (await terminal.ask("roster", "positions", "--unit", "DINSOS", who="kepala:DINSOS"))["positions"]
    assert {one["unit"] for one in mapped} == {"DINSOS"}
    assert sum(one["filled"] for one in mapped) == len([one for one in own if one["kind"]])

    whom = next(one for one in own if one["kind"] == "GENERAL" and one["person_id"] != head)
    where = next(one for one in free if one["unit"] != "DINSOS" and one["kind"] == "GENERAL")
    said = await terminal.do(
        *("mutation", "propose", whom["person_id"], where["position_id"], "--document", "UNIT_PROPOSAL"),
        who="kepala:DINSOS",
    )
    assert "propose mutation: applied" in said
    shown = await terminal.do("mutation", "show", said.strip().rpartition(":")[2], who="bkpsdm")
    measured = next(line for line in shown.splitlines() if line.startswith("M10"))
    assert re.search(r": \d+ / \d+(\.\d)? people", measured), "an exact share is told as a number"
    assert whom["name"] in await terminal.do("roster", "people", "DINSOS", who="bkpsdm")
    assert "places free" in await terminal.do("roster", "positions", "--free", who=whom["person_id"])


async def test_who_serves_in_a_unit_is_told_to_nobody_else(house: LiveHouse, terminal: Terminal) -> None:
    someone = (await terminal.ask("roster", "people", "DINSOS", who="bkpsdm"))["people"][-1]["person_id"]
    for who, unit in ((someone, "DINSOS"), ("kepala:DINSOS", "PKM05"), ("bkpsdm", "NOWHERE")):
        said = await terminal.call("roster", "people", unit, who=who)
        assert (said.code, unit in said.err) == (5, True), said
    assert (await terminal.call("roster", "positions", "--unit", "NOWHERE", who="bkpsdm")).code == 5


async def test_what_is_no_id_is_named_and_a_paper_that_is_not_there_too(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    said = await terminal.call("mutation", "propose", "xyz", "abc", who="bkpsdm")
    assert (said.code, "person_id" in said.err) == (2, True), said
    case = (await terminal.ask("mutation", "list", who="bkpsdm"))["items"][0]["mutation_id"]
    said = await terminal.call("mutation", "paper", case, "decree", tmp_path / "sk.pdf", who="bkpsdm")
    assert (said.code, "no_such_paper" in said.err) == (5, True), said
    said = await terminal.call("mutation", "paper", case, "draft", tmp_path / "no" / "sk.pdf", who="bkpsdm")
    assert said.code != 0
    assert "Traceback" not in said.err


async def test_what_the_head_of_the_personnel_agency_proposes_another_officer_of_it_screens(
    house: LiveHouse, terminal: Terminal
) -> None:
    own = (await terminal.ask("roster", "people", "DINSOS", who="bkpsdm"))["people"]
    whom = next(one["person_id"] for one in own[1:] if one["kind"] == "FUNCTIONAL")
    free = (await terminal.ask("roster", "positions", "--free", who="bkpsdm"))["positions"]
    where = next(one["position_id"] for one in free if one["kind"] == "FUNCTIONAL")
    await terminal.do("mutation", "propose", whom, where, "--document", "UNIT_PROPOSAL", who="bkpsdm")
    cases = (await terminal.ask("mutation", "list", who="bkpsdm"))["items"]
    mutation = next(one["mutation_id"] for one in cases if one["person_id"] == whom)
    await terminal.do("mutation", "receive", mutation, who="bkpsdm")
    back = ("mutation", "return", mutation, "--reason", "INCOMPLETE")
    said = await terminal.call(*back, who="bkpsdm")
    assert (said.code, "own_proposal" in said.err) == (4, True), said
    assert "applied" in await terminal.do(*back, who="bkpsdm-2")
