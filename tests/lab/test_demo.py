"""The demo, run once as a newcomer runs it, and everything that it shows and leaves behind."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.events import DETAILS, EVENTS, SENSITIVE, event_type
from domain.log import GENESIS, Attribution, Fact, entry_hash
from domain.rebuild.said import DRAFTED
from domain.rebuild.sealed import DECIDED
from runtime.settings import ROOT, foreign_environment

pytestmark = [pytest.mark.long(200), pytest.mark.timeout(600)]


class Run:
    """What one run printed and left."""

    def __init__(self, done: subprocess.CompletedProcess[str], out: Path) -> None:
        self.code, self.story, self.signs, self.out = done.returncode, done.stdout, done.stderr, out
        self.log: list[dict[str, Any]] = []
        if (out / "events.jsonl").exists():
            self.log = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.log if entry["type"] == kind]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "lab.demo", "--out", str(out)]
    environment = {**foreign_environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=out.parent, timeout=580
    )
    return Run(done, out)


def test_it_ends_well_and_says_so(run: Run) -> None:
    assert run.code == 0, (run.story[-2000:], run.signs[-2000:])
    assert "FAILED" not in run.story
    assert 60 <= len(run.story.splitlines()) <= 240


def test_it_has_the_promised_size(run: Run) -> None:
    went = run.of_type("Mobilised")
    assert len({entry["person_id"] for entry in went}) >= 120
    assert len({entry["data"]["role"] for entry in went}) == 8
    assert len({entry["data"]["unit_id"] for entry in went}) >= 20
    due_back = {datetime.fromisoformat(entry["data"]["due_back"]) for entry in went}
    assert len(due_back) == 2  # two waves
    opened = datetime.fromisoformat(run.log[0]["at"])
    assert (max(due_back) - opened).days >= 14


def test_fifteen_decline_ten_stay_silent_and_somebody_else_is_asked_for_each_seat_but_nurses(
    run: Run,
) -> None:
    declined = [entry for entry in run.of_type("OfferAnswered") if entry["data"]["state"] == "DECLINED"]
    assert (len(declined), len(run.of_type("OfferLapsed"))) == (15, 10)
    emptied = Counter(entry["data"]["line_id"] for entry in (*declined, *run.of_type("OfferLapsed")))
    asked = Counter(entry["data"]["line_id"] for entry in run.of_type("OfferSent"))
    first = run.of_type("PlanConfirmed")[0]["data"]["choice"]
    planned = Counter(
        entry["data"]["line_id"] for entry in run.of_type("OfferSent") if entry["data"]["plan_id"] == first
    )
    nurses = {
        entry["data"]["line_id"]
        for entry in run.of_type("OfferSent")
        if entry["data"]["role"] == "health_post_nurse"
    }
    assert all(asked[line] - planned[line] >= emptied[line] for line in emptied if line not in nurses)


def test_only_nurses_stay_short_because_donors_stand_at_their_redline(run: Run) -> None:
    plan = json.loads((run.out / "plan.json").read_text())
    short = plan["confirmed"]["shortfalls"]
    role_of = {line["line_id"]: line["role"] for line in plan["lines"]}
    assert {role_of[row["line_id"]] for row in short} == {"health_post_nurse"}
    assert {row["reason"] for row in short} == {"DONORS_AT_REDLINE"}
    passed_over = [donor for row in short for donor in row["blocking_donors"] if donor["lendable"] == 0]
    assert passed_over
    assert all(line["needed_until"] >= line["due_back"] for line in plan["lines"])
    assert f"passed over at its redline: {plan['units'][passed_over[0]['unit_id']]}" in run.story
    assert plan["confirmed"]["certificate"]["proven"]


def test_one_person_is_overdue_and_fetched_back(run: Run) -> None:
    (case,) = {entry["case_id"] for entry in run.of_type("ReturnOverdue")}
    (back,) = [entry for entry in run.of_type("Returned") if entry["case_id"] == case]
    assert datetime.fromisoformat(back["at"]) > datetime.fromisoformat(back["data"]["due_back"])
    assert "OVERDUE" in run.story
    assert "fetched back" in run.story


def test_everybody_who_went_is_home_once(run: Run) -> None:
    gone = Counter(entry["case_id"] for entry in run.of_type("Mobilised"))
    home = Counter(entry["case_id"] for entry in run.of_type("Returned"))
    assert gone == home
    assert set(home.values()) == {1}


def test_the_log_it_leaves_verifies_without_us_and_names_nobody(run: Run) -> None:
    previous = GENESIS
    for entry in run.log:
        by = Attribution(
            entry["actor"], entry["authority"], entry["basis"], entry["command_id"], entry["on_behalf_of"]
        )
        at = datetime.fromisoformat(entry["at"])
        fact = Fact(entry["type"], entry["case_id"], at, by, entry["person_id"], entry["data"])
        previous = entry_hash(previous, entry["seq"], fact)
        assert previous.hex() == entry["hash"], entry["seq"]
    names = {
        line.split(",")[2] for line in (ROOT / "examples/kota-kupang/people.csv").read_text().splitlines()[1:]
    }
    text = (run.out / "events.jsonl").read_text()
    assert len(names) > 1000
    assert not [name for name in names if name in text]


def test_there_is_a_paper_for_each_order_and_two_for_each_person_on_it(run: Run) -> None:
    signed = run.of_type("OrderSigned")
    for order in signed:
        name = order["data"]["number"].replace("/", "-")
        assert (run.out / "orders" / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        papers = list((run.out / "orders" / name).glob("*.pdf"))
        travel = [paper for paper in papers if paper.stem.endswith("-spd")]
        assert (len(travel), len(papers)) == (order["data"]["people"], 2 * order["data"]["people"])
    assert sum(order["data"]["people"] for order in signed) == len(run.of_type("Mobilised"))


def test_the_invariants_had_rows_and_no_violations(run: Run) -> None:
    found = json.loads((run.out / "invariants.json").read_text())
    assert [result["code"] for result in found] == [*(f"I{n}" for n in range(1, 10)), "B1"]
    assert all(result["checked"] for result in found)
    assert all(result["rows"] > 0 and result["violations"] == 0 for result in found)
    table = (run.out / "invariants.txt").read_text()
    assert table in run.story


def test_a_subscriber_was_told_every_entry_in_order_and_of_nobody_by_name(run: Run) -> None:
    text = (run.out / "cloudevents.jsonl").read_text()
    events = [json.loads(line) for line in text.splitlines()]
    about = [entry for entry in run.log if entry["type"] in set(EVENTS) - SENSITIVE]
    assert sorted(int(event["sequence"]) for event in events) == [entry["seq"] for entry in about]
    for lane in {event["partitionkey"] for event in events}:
        told = [event["sequence"] for event in events if event["partitionkey"] == lane]
        assert told == sorted(told), lane
    assert {event["type"] for event in events} == {event_type(entry["type"]) for entry in about}
    (found,) = [
        result for result in json.loads((run.out / "invariants.json").read_text()) if result["code"] == "I5"
    ]
    assert found["rows"] == len(events) > 1000
    people = (ROOT / "examples/kota-kupang/people.csv").read_text().splitlines()[1:]
    assert not [line for line in people if line.split(",")[1] in text or line.split(",")[2] in text]


def test_every_type_and_key_of_the_log_is_one_that_was_weighed(run: Run) -> None:
    """A key goes out by its row in the table; what stays here stays on purpose."""
    stays = {"km", "cost", "without", "short", "leaving", "fills", "stands", "asks", "lines", "named"}
    stays |= {
        "scores",
        "reference",
        "dated",
        "amount",
        "reckoned",
    }  # what was said of somebody, and paid to them
    stays |= {DECIDED, DRAFTED}  # what the books are held against
    about = [entry for entry in run.log if not entry["case_id"].startswith("subscriber:")]
    assert {entry["type"] for entry in about} <= set(EVENTS)
    assert {key for entry in about for key in entry["data"]} <= set(DETAILS) | stays


def test_the_reports_are_pages_that_need_no_network(run: Run) -> None:
    for name in ("report.html", "report-akhir.html"):
        page = (run.out / name).read_text()
        assert page.lower().startswith("<!doctype html>")
        assert "<svg" in page
        assert not re.search(r"""(src|href)=["']https?://""", page)
    assert (run.out / "report.html").read_text() != (run.out / "report-akhir.html").read_text()


def test_the_after_action_report_is_left_as_page_and_as_paper(run: Run) -> None:
    page = (run.out / "report-akhir.html").read_text()
    served = len({entry["case_id"] for entry in run.of_type("CheckedIn")})
    asked = run.of_type("RequestSubmitted")[0]["data"]["people"]
    assert f"{served} dari {asked} kursi pernah ditempati" in page
    assert "Uang harian" in page
    assert (run.out / "report-akhir.pdf").read_bytes().startswith(b"%PDF")
