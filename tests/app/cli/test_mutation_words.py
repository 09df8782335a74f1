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
