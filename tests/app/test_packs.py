"""Reading the rule packs of a directory: what cannot be used is told by file and key."""

from pathlib import Path

import pytest

from app.packs import rule_packs
from domain.rule_finder import RulePackInvalid
from runtime.settings import ROOT

PACK = ROOT / "rules" / "2026-1.toml"


@pytest.mark.parametrize(
    ("was", "written", "fault"),
    [
        (
            'offer             = { value = "4 h"',
            'offer             = { value = "30 min"',
            'surge.deadlines.offer must be like "4 h" or "15 d", found \'30 min\'',
        ),
        ("[surge.deadlines]", "[surge.deadlines", "not TOML: "),
    ],
)
def test_a_pack_that_cannot_be_used_is_named_by_its_file(
    tmp_path: Path, was: str, written: str, fault: str
) -> None:
    text = PACK.read_text()
    assert was in text
    (tmp_path / "a-sound.toml").write_text(text)
    (tmp_path / "b-wrong.toml").write_text(text.replace(was, written, 1))
    with pytest.raises(RulePackInvalid) as said:
        rule_packs(tmp_path)
    assert str(said.value).startswith(f"{tmp_path / 'b-wrong.toml'}: {fault}")
