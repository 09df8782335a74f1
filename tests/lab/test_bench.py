"""The benches run, count what they say they count, and say by their exit code whether a goal is missed."""

import re

import pytest

from lab import bench, bench_courier, bench_decree, bench_engine, bench_import, bench_rebuild
from lab.bench_engine import Offered, verdict

pytestmark = pytest.mark.long


def test_the_engine_bench_offers_everybody_and_prints_its_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    bench_engine.main(small=50, large=100, rounds=1)
    told = capsys.readouterr().out
    assert re.search(r"round 1: bare +[\d.]+ +[\d.]+/s +offered +[\d.]+ +[\d.]+/s +100 people", told)
    assert re.search(r"offered / bare +[\d.]+, at least 1.2 wanted", told)
    longest = re.search(r"longest history +(\d+) events", told)
    assert longest is not None
    assert 5 <= int(longest[1]) < bench_engine.LONGEST


def test_the_import_bench_writes_what_it_copies_and_prints_its_ratios(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_import.main(people=600, rounds=1)
    told = capsys.readouterr().out
    assert told.startswith("600 people, ")
    for row in ("raw COPY", "guarded COPY", "import", "import again"):
        assert re.search(rf"^  {row} +\d+\.\d\d ", told, re.MULTILINE), row
    assert "at most 4.0 wanted" in told


def test_the_courier_bench_delivers_what_it_posts_and_prints_its_ratios(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_courier.main(events=60, rounds=1)
    told = capsys.readouterr().out
    assert re.search(r"round 1: plain +[\d.]+/s +httpx +[\d.]+/s +delivered +[\d.]+/s", told)
    assert re.search(r"delivered / plain +[\d.]+, at least 0.25 wanted", told)


def test_the_rebuild_bench_folds_what_it_scans_and_prints_its_ratio(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_rebuild.main(events=240, rounds=1)
    told = capsys.readouterr().out
    assert re.search(r"round 1: scan +[\d.]+ s +fold +[\d.]+ s +20 people", told)
    assert re.search(r"fold / scan +[\d.]+, at most 2.5 wanted", told)


def test_the_decree_bench_sets_signs_and_checks_and_prints_its_ratios(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_decree.main(rounds=1, sizes=(12,))
    told = capsys.readouterr().out
    assert re.search(r"^ +12 +\d+ +(\d+|-) +\d+ +\d+ +\d+$", told, re.MULTILINE)
    assert re.search(r"12 people: signed / bare \d+\.\d, at most 15 wanted", told)
    assert re.search(
        r"12 people: weasyprint / typst [\d.]+, at least 3 wanted|not compared: WeasyPrint", told
    )


def test_a_missed_goal_of_the_decree_shows_in_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    def told(weasyprint: float, signed: float) -> dict[int, dict[str, float]]:
        return {500: {"typst": 100.0, "weasyprint": weasyprint, "bare": 10.0, "signed": signed}}

    assert bench_decree.verdict(told(300.0, 150.0)) == 0
    assert bench_decree.verdict(told(299.0, 150.0)) == 1
    assert bench_decree.verdict(told(300.0, 151.0)) == 1
    assert bench_decree.verdict(told(0.0, 150.0), absent="it has no Pango") == 0
    assert capsys.readouterr().out.endswith("not compared: it has no Pango\n")


def test_a_missed_goal_of_the_rebuild_shows_in_the_exit_code() -> None:
    assert bench_rebuild.verdict([1.0, 1.0], [2.4, 2.4]) == 0
    assert bench_rebuild.verdict([1.0, 1.0], [2.6, 2.6]) == 1


def test_a_missed_goal_of_the_courier_shows_in_the_exit_code() -> None:
    assert bench_courier.verdict([400.0], [300.0], [101.0]) == 0
    assert bench_courier.verdict([400.0], [300.0], [99.0]) == 1


@pytest.mark.parametrize(
    ("bare", "few", "many", "missed"),
    [
        (100.0, Offered(500, 0.1, 4.0, 50), Offered(2000, 0.2, 17.0, 90), 0),
        (
            110.0,
            Offered(500, 0.1, 4.0, 50),
            Offered(2000, 0.2, 17.0, 90),
            1,
        ),  # 125/s against 110/s: below 1.2
        (
            100.0,
            Offered(500, 0.1, 4.0, 50),
            Offered(2000, 0.2, 17.7, 90),
            1,
        ),  # four times the people, 4.43 the time
        (100.0, Offered(500, 0.1, 4.0, 50), Offered(2000, 0.2, 17.0, 5001), 1),
    ],
)
def test_a_missed_goal_of_the_engine_shows_in_the_exit_code(
    bare: float, few: Offered, many: Offered, missed: int
) -> None:
    assert verdict([bare], [few], [many]) == missed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: name"),
        (["engines"], "invalid choice: 'engines'"),
        (["engine", "--rounds", "none"], "'none', expected a whole number from 1 to 9"),
        (["planning", "--rounds", "2"], "planning has rounds of its own"),
    ],
)
def test_a_wrong_call_is_answered_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
