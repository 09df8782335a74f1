"""What is said at the command line about a mutation, with nothing up: a wrong word is one clear line."""

import pytest

from app.cli.__main__ import main


@pytest.mark.parametrize("item", ["PASSWORD: geheim: ada", "WORK: laporan", "laporan bulanan"])
def test_a_thing_that_is_handed_over_says_its_kind_what_it_is_and_in_which_state(
    item: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mutation", "handover-list", "MU-3F9", "--to", "9c2a", "--item", item]) == 2
    said = capsys.readouterr().err
    assert said == f"siaga: --item {item!r}: expected WORK|DOCUMENT|ASSET|ACCOUNT|FUNDS:WHAT:STATE\n"


@pytest.mark.parametrize("dated", [(), ("--dated", "24-11-2026"), ("--dated", "2026-11-24T08:00+08:00")])
def test_another_authority_agrees_by_a_paper_of_a_day(
    dated: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    agreed = ["--clearance", "I_MUT", "--reference", "I-MUT/0144"]
    assert main(["mutation", "clear", "MU-3F9", *agreed, *dated]) == 2
    assert "--dated" in capsys.readouterr().err
