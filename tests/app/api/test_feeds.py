"""What comes in from outside: warnings, which deploy nobody, and rosters, whole or not at all."""

import asyncio
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.cli.request_file import read_request
from app.rosters import pack
from runtime.clock import SystemClock
from tests.app.kit import CITY, LiveHouse, copy_city, strangers


async def send(house: LiveHouse, who: str, name: str | bytes, **query: Any) -> httpx.Response:
    body = name if isinstance(name, bytes) else (CITY / name).read_bytes()
    async with house.http(who) as http:
        return await http.post("/v1/alerts", content=body, params=query or None)


async def upload(house: LiveHouse, who: str, archive: bytes) -> httpx.Response:
    async with house.http(who) as http:
        return await http.post("/v1/roster", content=archive)


async def operations(house: LiveHouse) -> list[str]:
    return [row["operation_id"] for row in (await house.get("sekda", "/v1/operations")).json()["items"]]


async def test_a_warning_opens_one_operation_drafts_a_request_and_moves_nobody(
    house: LiveHouse, tmp_path: Path
) -> None:
    answers = await asyncio.gather(
        *(
            send(house, "koordinator", "alert-banjir.xml", displaced=400, shelters=3, days=20)
            for _ in range(3)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    told = [answer.json() for answer in answers]
    assert len({one["operation_id"] for one in told}) == 1
    opened = next(one for one in told if one["effect"] == "OPENS")
    assert opened["reach"] == "INSIDE"
    assert await operations(house) == [opened["operation_id"]]
    (tmp_path / "draft.toml").write_text(opened["draft"]["toml"])
    form = read_request(tmp_path / "draft.toml", None, SystemClock().now())
    assert form["operation_id"] == opened["operation_id"]
    assert sum(line["quantity"] for line in form["lines"]) == opened["draft"]["people"]
    assert {line["wave"] for line in form["lines"]} == {1, 2}, "twenty days are two waves"
    # A draft names no fund: until a person does, it cannot be sent.
    refused = await house.post("koordinator", "/v1/surges", form)
    assert refused.json()["faults"] == ["funding: a source is needed (S10)"]
    assert (await house.get("posko", "/v1/secondments")).json()["items"] == []
    assert (await house.get("sekda", "/v1/surges")).json()["items"] == []


async def test_what_follows_a_warning_belongs_to_its_operation(house: LiveHouse) -> None:
    await send(house, "koordinator", "alert-banjir.xml")
    before = await operations(house)
    revised = (await send(house, "koordinator", "alert-banjir-update.xml")).json()
    assert (revised["effect"], revised["operation_id"]) == ("REVISES", before[0])
    assert revised["draft"] is not None
    ended = (await send(house, "koordinator", "alert-banjir-cancel.xml")).json()
    assert (ended["effect"], ended["operation_id"], ended["draft"]) == ("ENDS", before[0], None)
    assert await operations(house) == before
    shown = (await house.get("sekda", f"/v1/operations/{before[0]}")).json()
    assert shown["operation"]["state"] == "MONITORING", "people decide what becomes of it"


async def test_an_exercise_and_a_warning_of_elsewhere_are_kept_and_open_nothing(house: LiveHouse) -> None:
    before = await operations(house)
    drill = (await send(house, "koordinator", "alert-banjir-exercise.xml")).json()
    assert (drill["effect"], drill["reason"], drill["operation_id"]) == ("RECORDED", "status_exercise", None)
    far = (CITY / "alert-banjir.xml").read_text().replace("-2026-11-21-001", "-far").replace("-10.", "-7.")
    elsewhere = (await send(house, "koordinator", far.encode())).json()
    assert (elsewhere["effect"], elsewhere["reason"]) == ("RECORDED", "outside_our_area")
    assert (elsewhere["operation_id"], elsewhere["draft"]) == (None, None)
    again = (await send(house, "koordinator", far.encode())).json()
    assert again["effect"] == "DUPLICATE"
    assert await operations(house) == before


async def test_a_known_identifier_with_other_words_changes_nothing(house: LiveHouse) -> None:
    await send(house, "koordinator", "alert-banjir.xml")
    other = (CITY / "alert-banjir.xml").read_text().replace("Severe", "Extreme")
    told = (await send(house, "koordinator", other.encode())).json()
    assert (told["effect"], told["reason"]) == ("DUPLICATE", "identifier_reused")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"<alert", "line 1, column 1: not well-formed XML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><alert>&a;</alert>", "document: a DOCTYPE is not allowed"),
        (b"<alert/>", "document: not a CAP 1.2 or 1.1 alert"),
    ],
)
async def test_a_hostile_warning_is_refused_with_its_place(house: LiveHouse, body: bytes, fault: str) -> None:
    answer = await send(house, "koordinator", body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(fault.partition(":")[0][:4])
    assert answer.json()["detail"].endswith(fault.partition(": ")[2])


async def test_only_a_coordinator_brings_a_warning_and_nothing_is_kept_of_others(house: LiveHouse) -> None:
    for who in ("sekda", "posko", "auditor", "operator", "penandatangan"):
        assert (await send(house, who, "alert-banjir.xml")).status_code == 403
    assert (await send(house, "koordinator", b" " * 1_200_000)).status_code == 413


async def test_importing_the_same_roster_again_changes_nothing(house: LiveHouse) -> None:
    before = await house.books.boards.people("kota-kupang")
    archive = pack(CITY)
    answer = await upload(house, "operator", archive)
    assert answer.status_code == 200, answer.text
    assert answer.json()["people"] == len(before) > 4000
    assert answer.json()["astray"] == []
    assert await house.books.boards.people("kota-kupang") == before
    *_, entry = await house.books.boards.case_log("kota-kupang", "roster:kota-kupang")
    assert (entry["type"], entry["authority"]) == ("RosterImported", "OPERATOR")
    assert entry["data"] == {
        "archive_sha256": hashlib.sha256(archive).hexdigest(),
        "named": len(before),
        "dropped": 0,
    }


async def test_a_roster_with_faults_is_refused_whole_and_each_fault_is_named(
    house: LiveHouse, tmp_path: Path
) -> None:
    before = await house.books.boards.people("kota-kupang")
    city = copy_city(tmp_path / "city")
    people = (city / "people.csv").read_text().splitlines()
    people[3] = people[3].replace(people[3].split(",")[1], "1.97011E+17")
    del people[-5:]
    (city / "people.csv").write_text("\n".join(people) + "\n")
    answer = await upload(house, "operator", pack(city))
    assert answer.status_code == 422
    assert any("people.csv, row 4" in fault and "nip" in fault for fault in answer.json()["faults"])
    assert await house.books.boards.people("kota-kupang") == before


async def test_an_operator_imports_only_the_own_government(house: LiveHouse, tmp_path: Path) -> None:
    theirs = pack(strangers(tmp_path / "lain"))
    foreign = await upload(house, "operator", theirs)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "another_government")
    assert (await upload(house, "sekda", theirs)).status_code == 403
    assert (await upload(house, "lain:operator", theirs)).status_code == 200


async def test_an_id_of_another_governments_person_is_not_taken_from_there(house: LiveHouse) -> None:
    """The strangers' roster names people of the city by their ids."""
    ours = {row["person_id"] for row in await house.books.boards.people("kota-kupang")}
    theirs = {row["person_id"] for row in await house.books.boards.people("kota-lain")}
    assert len(ours) > 4000
    assert len(theirs) == 4
    assert not ours & theirs


@pytest.mark.parametrize(
    "name", ["../people.csv", "/etc/people.csv", "a/people.csv", "people.exe", "..\\people.csv"]
)
async def test_an_archive_cannot_write_where_it_likes(house: LiveHouse, name: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "x")
    answer = await upload(house, "operator", held.getvalue())
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body: ")


async def test_what_is_no_archive_is_told_so(house: LiveHouse) -> None:
    answer = await upload(house, "operator", b"PK\x03\x04 not really")
    assert answer.status_code == 422
    assert "not a readable ZIP archive" in answer.json()["detail"]
