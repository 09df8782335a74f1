"""A small drill in which everything befalls somebody, and a little one played again and again, on the real workflows."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from runtime.settings import ROOT, foreign_environment
from tests.lab.small_drill import LITTLE, write_scenario

pytestmark = [pytest.mark.long(180), pytest.mark.timeout(420)]


def play(scenario: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lab.drill_run", str(scenario), "--out", str(out), *more]
    environment = {**foreign_environment(), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=out.parent, timeout=400
    )


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scenario(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def played(scenario: Path) -> subprocess.CompletedProcess[str]:
    return play(scenario, scenario.parent / "out")


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scenario(tmp_path_factory.mktemp("little"), LITTLE)


@pytest.fixture(scope="module")
def log(scenario: Path, played: Any) -> list[dict[str, Any]]:
    assert played
    lines = (scenario.parent / "out" / "events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_everything_befalls_somebody_and_no_invariant_is_violated(
    played: subprocess.CompletedProcess[str], scenario: Path
) -> None:
    assert played.returncode == 0, (played.stdout[-2000:], played.stderr[-2000:])
    found = json.loads((scenario.parent / "out" / "invariants.json").read_text())
    assert all(result["rows"] > 0 and result["violations"] == 0 for result in found if result["checked"])


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("ConditionDecided", 3), ("FoundUnfit", 1), ("NoShowReported", 1), ("InjuryReported", 2),
        ("AccidentReportFiled", 2), ("ContactLost", 1), ("ContactRegained", 1), ("AffectedConfirmed", 1),
        ("RecalledByUnit", 1), ("ReleasedEarly", 1), ("ExtensionProposed", 2), ("ExtensionDecided", 2),
        ("ReturnOverdue", 1), ("OfferLapsed", 1), ("StatusExtended", 1), ("SurgeClosed", 3),
        ("OralOrderGiven", 1), ("OralOrderRatified", 1), ("LineRaised", 1), ("ReassignmentProposed", 1), ("MissionChanged", 1), ("OperationEnded", 2),
    ],
)  # fmt: skip
def test_each_behaviour_is_in_the_log(log: list[dict[str, Any]], kind: str, least: int) -> None:
    assert sum(entry["type"] == kind for entry in log) >= least


def test_a_longer_duty_was_agreed_by_three(log: list[dict[str, Any]]) -> None:
    extended = {entry["case_id"] for entry in log if entry["type"] == "ExtensionDecided"}
    for case in extended:
        answers = [
            entry for entry in log if entry["type"] == "ExtensionAnswered" and entry["case_id"] == case
        ]
        assert {entry["authority"] for entry in answers} == {"SUBJECT", "UNIT_HEAD", "COMMAND_POST"}


def test_in_the_blackout_nobody_is_recorded_and_the_paper_tells_the_hour(log: list[dict[str, Any]]) -> None:
    paper = [
        entry for entry in log if entry["type"] == "CheckedIn" and entry["data"].get("choice") == "PAPER"
    ]
    assert paper
    assert all(entry["data"]["reported_at"] < "2027-02-04T01:12" < entry["at"] for entry in paper)


def test_everybody_who_left_is_back(log: list[dict[str, Any]]) -> None:
    gone, back, moved = (
        Counter(entry["person_id"] for entry in log if entry["type"] == kind)
        for kind in ("Mobilised", "Returned", "MissionChanged")
    )
    assert gone == back
    assert moved
    assert moved <= back, "who is moved on comes home from there, once"


def test_the_same_seed_tells_the_same_story(little: Path) -> None:
    first, second = (play(little, little.parent / name) for name in ("out", "again"))
    for played in (first, second):
        assert played.returncode == 0, (played.stdout[-2000:], played.stderr[-2000:])
    assert len(_story(first.stdout)) > 40
    assert _story(first.stdout) == _story(second.stdout)


def _story(told: str) -> list[str]:
    """The story without what tells of files and of this run's length."""
    days = told.partition("Invariants")[0]
    return re.sub(r"file\s+sha256\s+\w+…", "", days).splitlines()


def test_each_operation_has_its_reports(scenario: Path, played: Any) -> None:
    assert played
    names = {path.name for path in (scenario.parent / "out").glob("report*.html")}
    assert names == {
        "report.html", "report-akhir.html", "report-akhir-2.html", "report-province.html",
        "report-province-akhir.html",
    }  # fmt: skip


def test_many_runs_tell_how_their_outcomes_spread(little: Path) -> None:
    out = little.parent / "many"
    done = play(little, out, "--runs", "2", "--jobs", "2")
    assert done.returncode == 0, (done.stdout[-2000:], done.stderr[-2000:])
    runs = [json.loads(line) for line in (out / "runs.jsonl").read_text().splitlines()]
    assert [run["seed"] for run in runs] == [5, 6]
    assert all(0.5 < run["filled"] <= 1 and run["violations"] == 0 for run in runs)
    assert len({tuple(sorted(run.items())) for run in runs}) == 2
    assert re.search(r"2 of 2 runs in \d+ s, about 0 s left", done.stderr)
    assert (out / "latihan.txt").read_text() in done.stdout
    page = (out / "latihan.html").read_text()
    assert page.count("<circle") >= 2
    assert not re.search(r"""(src|href)=["']https?://""", page)
