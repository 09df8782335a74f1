"""A surge is closed, by hand and at the door: evaluations, lessons, days, costs, report, evidence, and who may."""

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.cli import show_closing
from domain.log import Attribution, Fact, entry_hash
from domain.report.words import rupiah
from runtime.clock import SystemClock
from tests.app.cli.test_walk import head_of
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse
from tests.patience import until

pytestmark = pytest.mark.long

HOST = {"WORK": 4, "DISCIPLINE": 5, "TEAMWORK": 4, "INITIATIVE": 3}
OWN = {"BRIEFING": 4, "WORKLOAD": 3, "SAFETY": 5, "LODGING": 2}
WORDS = "Air minum terlambat dua hari"


@dataclass(frozen=True)
class Home:
    """A surge whose people are home, but for one who has not left the site."""

    surge_id: str
    back: dict[str, Any]
    there: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/v1/secondments/{self.back['placement_id']}"


@pytest.fixture(scope="module")
async def home(house: LiveHouse) -> Home:
    operation_id = await house.operation()
    surge_id, people = await house.offered(operation_id, 2)
    for person in people:
        path = f"/v1/secondments/{person['placement_id']}"
        await house.done(person["person_id"], f"{path}/acceptance")
        await house.done(head_of(person), f"{path}/release")
    await house.until_people(surge_id, "RELEASED", 2)
    await house.done("penandatangan", f"/v1/surges/{surge_id}/orders")
    await house.until_people(surge_id, "MOBILISING", 2)
    # A person whose head holds no other office that sees everything.
    overseers = {
        house.offices[name] for name in ("sekda", "koordinator", "posko", "penandatangan", "auditor")
    }
    back = next(one for one in people if house.offices[head_of(one)] not in overseers)
    there = next(one for one in people if one is not back)
    path = f"/v1/secondments/{back['placement_id']}"
    await house.done("posko", f"{path}/check-in", {"code": "PHONE"})
    early = await house.post("posko", f"{path}/evaluation", {"scores": HOST})
    assert (early.status_code, early.json()["code"]) == (409, "not_left_the_site")
    await let_home(house, back)
    return Home(surge_id, back, there)


async def let_home(house: LiveHouse, person: dict[str, Any]) -> None:
    """Let somebody who has arrived go before the duty begins, and come home."""
    path = f"/v1/secondments/{person['placement_id']}"
    await house.done("posko", f"{path}/early-release", {"code": "NO_LONGER_NEEDED"})
    await house.done("posko", f"{path}/demobilisation", {"items": list(ITEMS)})
    await house.done(head_of(person), f"{path}/return")


ITEMS = ("ASSETS", "DATA_HANDOVER", "ACCOUNTS", "HEALTH", "TRAVEL")


async def test_both_sides_evaluate_once_after_the_return(
    house: LiveHouse, home: Home, terminal: Terminal
) -> None:
    placement, person = home.back["placement_id"], home.back["person_id"]
    path = f"{home.path}/evaluation"
    for who in ("auditor", "penandatangan", head_of(home.back)):
        refused = await house.post(who, path, {"scores": HOST})
        assert (refused.status_code, refused.json()["code"]) == (403, "no_authority"), who
    scores = [f"{name}={score}" for name, score in HOST.items()]
    lacking = await terminal.call("evaluate", placement[:8], *scores[:3], who="posko")
    assert (lacking.code, lacking.err) == (2, "siaga: scores: INITIATIVE missing\n")
    odd = await terminal.call("evaluate", placement[:8], "WORK", who="posko")
    assert (odd.code, odd.err) == (2, "siaga: WORK: expected CRITERION=SCORE, like WORK=4\n")
    told = await terminal.do("evaluate", placement[:8], *scores, "--note", WORDS, who="posko")
    assert "HOST: WORK 4, DISCIPLINE 5, TEAMWORK 4, INITIATIVE 3  (as COMMAND_POST" in told
    assert "PERSON: not yet" in told
    twice = await house.post("koordinator", path, {"scores": HOST})
    assert (twice.status_code, twice.json()["code"]) == (409, "evaluated_already")
    wrong = await house.post(person, path, {"scores": HOST})
    assert wrong.status_code == 422
    own = await house.post(person, path, {"scores": OWN})
    assert own.status_code == 201
    assert [row["side"] for row in own.json()["sides"]] == ["HOST", "PERSON"]
    seen = (await house.get(head_of(home.back), path)).json()
    assert seen["sides"][0]["note"] == WORDS
    log = (await house.get("auditor", f"/v1/log?case_id=secondment:{placement}")).json()["items"]
    assert [row["data"]["side"] for row in log if row["type"] == "Evaluated"] == ["HOST", "PERSON"]
    assert WORDS not in json.dumps(log)
    stranger = await house.post("lain:posko", path, {"scores": HOST})
    assert stranger.status_code == 404


async def all_heard(house: LiveHouse, home: Home) -> None:
    """Wait until the case has taken note of whatever both sides have said: from then on its log stands still."""

    async def noted() -> bool:
        log = (await house.get("auditor", "/v1/log", case_id=home.back["case_id"])).json()["items"]
        told = Counter(row["type"] for row in log)
        return told["Evaluated"] == told["ReportReceived"] + told["EvaluationReceived"]

    await until(noted, "a note of what both sides have said", every=0.1)


async def test_the_evidence_is_for_the_person_the_home_head_and_the_auditor(
    house: LiveHouse, home: Home, terminal: Terminal, tmp_path: Path
) -> None:
    path = f"{home.path}/evidence"
    await all_heard(house, home)
    may = ("auditor", home.back["person_id"], head_of(home.back))
    packs = {(await house.get(who, path)).content for who in may}
    assert len(packs) == 1  # the same bytes, whoever asks and whenever
    for who in ("posko", "koordinator", "sekda", "penandatangan", "kepala-daerah"):
        assert (await house.get(who, path)).status_code == 403, who
    for who in (home.there["person_id"], "operator", "lain:auditor"):
        assert (await house.get(who, path)).status_code == 404, who
    await terminal.do("evidence", home.back["placement_id"], "-o", tmp_path / "bukti.zip", who="auditor")
    assert (tmp_path / "bukti.zip").read_bytes() in packs
    with zipfile.ZipFile(io.BytesIO(packs.pop())) as folder:
        files = {name: folder.read(name) for name in folder.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    papers = ("orders/", "travel-orders/")
    assert {name for name in files if not name.startswith(papers)} == {
        *("log.jsonl", "release.json", "check-in.json", "checklist.json", "return.json", "evaluation.json"),
        *("days.json", "accident.json", "papers.json", "yearly-cap.json", "conversion.json"),
    }
    (extract,) = (content for name, content in files.items() if name.startswith("orders/"))
    assert extract.startswith(b"%PDF")
    assert manifest["orders"][0]["sha256_as_issued"] == hashlib.sha256(extract).hexdigest()
    (travel,) = manifest["travel_orders"]
    assert travel["number"].startswith("094/")
    assert files[travel["file"]].startswith(b"%PDF")
    entries = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    for line in entries:
        assert chained(line), line["entry"]["seq"]
    assert manifest["last_entry"] == {"seq": entries[-1]["entry"]["seq"], "hash": entries[-1]["hash"]}
    came = json.loads(files["check-in.json"])
    assert came["reported_at"]
    assert came["recorded_at"]
    assert [one["data"]["items"] for one in json.loads(files["checklist.json"])["entries"]] == [
        " ".join(ITEMS)
    ]
    assert WORDS.encode() not in b"".join(files.values())


def chained(line: dict[str, Any]) -> bool:
    """Whether an entry of the pack is the one that was hashed, by nothing but what stands in the pack."""
    said = line["entry"]
    by = Attribution(said["actor"], said["authority"], said["basis"], said["command"], said["for"])
    at = datetime.fromisoformat(said["at"])
    fact = Fact(said["type"], said["case"], at, by, said["person"], said["data"])
    return entry_hash(bytes.fromhex(line["previous"]), said["seq"], fact).hex() == line["hash"]


async def test_days_and_costs_are_told_to_those_who_may_see_them(
    house: LiveHouse, home: Home, terminal: Terminal
) -> None:
    days = (await house.get(home.back["person_id"], f"{home.path}/days")).json()
    assert (days["away"], days["open"], days["late"], days["left_home"]) == (days["paid"], False, 0, True)
    assert days["per_diem"] == days["paid"] * 170_000 - days["fed"] * 51_000
    assert (await house.get(home.there["person_id"], f"{home.path}/days")).status_code == 404
    assert "per diem Rp" in await terminal.do("days", home.back["placement_id"], who=head_of(home.back))
    costs = (await house.get("koordinator", f"/v1/surges/{home.surge_id}/costs")).json()
    assert costs["total"]["people"] == len(costs["people"]) == 2
    assert costs["total"]["per_diem"] == sum(one["per_diem"] for one in costs["donors"])
    assert sum(one["open"] for one in costs["people"]) == 1
    assert "total" in await terminal.do("surge", "costs", home.surge_id, who="koordinator")


@pytest.mark.parametrize(
    ("left_home", "said"),
    [(True, "no day of its own: it is counted on the post before"), (False, "never left home")],
)
def test_who_went_and_has_no_day_of_their_own_is_not_said_to_have_stayed_at_home(
    left_home: bool, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"role": "nurse", "site": "Pos 2", "first": None, "left_home": left_home}
    show_closing.days(
        told | {"as_of": {"at": "2026-11-26T08:00:00Z", "log": 3, "log_at": "2026-11-26T08:00:00Z"}}
    )
    assert f"nurse at Pos 2: {said}" in capsys.readouterr().out


async def test_a_lesson_is_noted_and_the_report_tells_it_as_page_and_as_paper(
    house: LiveHouse, home: Home, terminal: Terminal, tmp_path: Path
) -> None:
    lessons = f"/v1/surges/{home.surge_id}/lessons"
    for who in ("sekda", "auditor", "penandatangan", home.back["person_id"]):
        assert (await house.post(who, lessons, {"text": "x"})).status_code == 403, who
    assert (await house.post("lain:koordinator", lessons, {"text": "x"})).status_code == 404
    words = ("surge", "lesson", home.surge_id[:8], "Siapkan <b>terpal</b>", "--topic", "PREPARATION")
    assert "noted: PREPARATION" in await terminal.do(*words, who="koordinator")
    page, paper = tmp_path / "laporan.html", tmp_path / "laporan.pdf"
    for file in (page, paper):
        await terminal.do("surge", "report", home.surge_id, "-o", file, who="koordinator")
    text = page.read_text()
    assert "Siapkan &lt;b&gt;terpal&lt;/b&gt;" in text
    assert re.search(
        r"2 dari [23] orang yang ditawari menerima", text
    )  # the seat of who left early is offered again
    names = [home.back["name"], home.there["name"]]
    assert all(names)
    assert not [name for name in names if name in text]
    assert paper.read_bytes().startswith(b"%PDF")
    other = await terminal.call(
        "surge", "report", home.surge_id, "-o", tmp_path / "x.docx", who="koordinator"
    )
    assert (other.code, "expected a name that ends with .html or .pdf" in other.err) == (2, True)


async def test_the_roster_knows_who_has_been_there(house: LiveHouse, home: Home, terminal: Terminal) -> None:
    person = home.back["person_id"]
    seen = (await house.get(head_of(home.back), f"/v1/people/{person}")).json()
    assert [skill["skill"] for skill in seen["skills"]]
    # Checked in a day before the duty begins, and let go at once: no day on duty, and so no experience.
    assert seen["experience"] == []
    assert "no surge yet" in await terminal.do("roster", "person", who=person)
    assert "no surge yet" in await terminal.do("roster", "person", person, who="posko")
    assert (await house.get(home.there["person_id"], f"/v1/people/{person}")).status_code == 404


async def test_what_is_owed_after_the_return_is_settled_by_whoever_may(
    house: LiveHouse, home: Home, terminal: Terminal
) -> None:
    """The last one here: it brings the other one home as well."""
    await house.done("posko", f"/v1/secondments/{home.there['placement_id']}/check-in", {"code": "PHONE"})
    await let_home(house, home.there)
    back, there = (one["placement_id"][:13] for one in (home.back, home.there))
    await house.post(home.back["person_id"], f"{home.path}/evaluation", {"scores": OWN})
    await house.until_people(home.surge_id, "REPORTED", 1)
    due = await terminal.ask("settle", "due", "--surge", home.surge_id, who="bendahara")
    owed = {row["placement_id"]: row["owed"] for row in due["items"]}
    assert "CLAIM" in owed[home.back["placement_id"]]
    assert owed[home.there["placement_id"]] == ["REPORT", "EVALUATION", "CLAIM"]

    def paid(placement: str, amount: int = 2_040_000) -> tuple[object, ...]:
        today = SystemClock().now().date().isoformat()
        document = ("--reference", "SP2D/0144/2027", "--dated", today)
        return ("settle", "claim", placement, *document, "--amount", amount)

    for who in ("posko", "sekda", "koordinator"):
        assert (await terminal.call(*paid(back), who=who)).code == 4, who
    early = await terminal.call(*paid(there, 1), who="bendahara")
    assert (early.code, "report_owed" in early.err) == (3, True)
    due_to = (await house.get("bendahara", f"{home.path}/days")).json()
    assert (due_to["claim"], due_to["difference"]) == ("OWED", None)
    much = await terminal.call(*paid(back), who="bendahara")
    assert (much.code, rupiah(2_040_000) in much.err, rupiah(due_to["reckoned"]) in much.err) == (
        2,
        True,
        True,
    )
    assert (await terminal.call(*paid(back), "--reason", "LODGING", who="bendahara")).code == 2
    why = ("--reason", "LODGING", "--note", "dua malam di perjalanan")
    assert "applied" in await terminal.do(*paid(back), *why, who="bendahara")
    twice = await terminal.call(*paid(back, 1), who="bendahara")
    assert twice.code == 3
    waiver = ("settle", "waive", there, "--reason", "PERSON_UNABLE")
    assert (await terminal.call(*waiver, who="koordinator")).code == 4
    assert "applied" in await terminal.do(*waiver, "--paper", "REPORT", who="sekda")
    assert "applied" in await terminal.do(*waiver, who="sekda")
    left = (await terminal.ask("settle", "due", "--surge", home.surge_id, who="bendahara"))["items"]
    assert home.there["placement_id"] not in {row["placement_id"] for row in left}
    shown = await terminal.do("surge", "show", home.surge_id, who="koordinator")
    assert "home: 2 people, 1 reported, 1 reimbursed (Rp2.040.000)" in shown
    assert "1 let off some" in shown
    costs = (await house.get("koordinator", f"/v1/surges/{home.surge_id}/costs")).json()
    assert costs["total"]["claimed"] == sum(one["claimed"] or 0 for one in costs["people"]) == 2_040_000
    over = 2_040_000 - due_to["reckoned"]
    total = {name: costs["total"][name] for name in ("reckoned", "difference", "paid", "waived", "owed")}
    assert total == {"reckoned": due_to["reckoned"], "difference": over, "paid": 1, "waived": 1, "owed": 0}
    told = await terminal.do("days", back, who=head_of(home.back))
    assert f"claim settled: Rp2.040.000 by its document, +{rupiah(over)} beside the days" in told
    log = (await house.get("auditor", "/v1/log", case_id=home.back["case_id"])).json()["items"]
    (settled,) = [entry for entry in log if entry["type"] == "ClaimSettled"]
    assert (settled["data"]["choice"], settled["data"]["reckoned"]) == ("LODGING", due_to["reckoned"])
    assert "dua malam" not in str(log)
