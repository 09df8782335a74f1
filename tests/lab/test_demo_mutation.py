"""The demo of mutations, as a newcomer runs it: a batch of twelve, and decrees that others' programs call valid too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lab.demo_mutation import OWN_PAPERS
from runtime.settings import ROOT, foreign_environment
from tests.adapters.signing.kit import pdfsig, run

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that it leaves, and what it said."""
    out = tmp_path_factory.mktemp("mutation") / "out"
    command = [sys.executable, "-m", "lab.demo", "mutation", "--out", str(out)]
    done = subprocess.run(
        command, cwd=ROOT, env=foreign_environment(), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done.stdout


def test_twelve_are_proposed_and_each_comes_to_its_end(left: tuple[Path, str]) -> None:
    assert "13 cases: 1 INELIGIBLE, 10 REPORTED, 1 REVERSED, 1 WITHDRAWN" in left[1]
    assert "2 decrees signed, numbers 1 to 2, each checked with its record" in left[1]
    sealed = (
        f"11 extracts and {11 * len(OWN_PAPERS)} papers of the cases sealed, each checked with its record"
    )
    assert sealed in left[1]


def test_one_decree_holds_for_the_batch_and_each_has_the_own_extract_and_papers(
    left: tuple[Path, str],
) -> None:
    folders = {one.name: {file.name for file in one.iterdir()} for one in left[0].iterdir() if one.is_dir()}
    names = ("petikan", *OWN_PAPERS.values())
    of_the_case = {f"{name}.{kind}" for name in names for kind in ("pdf", "json")}
    of_the_decree = {"keputusan.pdf", "keputusan.json"}
    (batch,) = (name for name in folders if name.startswith("BA-"))
    assert folders.pop(batch) == of_the_decree
    assert sorted(map(len, folders.values())) == [len(of_the_case)] * 10 + [len(of_the_case | of_the_decree)]
    assert all(files >= of_the_case for files in folders.values())
    moves = json.loads((left[0] / batch / "keputusan.json").read_text())["facts"]["moves"]
    assert len(moves) == 10
    assert all(set(one) <= {"case_id", "person_id", "from", "to", "dossier_sha256"} for one in moves)


@pytest.mark.needs("pdfsig", "certutil", "qpdf")
def test_other_programs_call_each_signature_valid_and_trusted(left: tuple[Path, str], tmp_path: Path) -> None:
    files = sorted(left[0].glob("*/*.pdf"))
    assert len(files) == 2 + 11 * (1 + len(OWN_PAPERS))
    for file in files:
        home = tmp_path / file.parent.name / file.stem
        home.mkdir(parents=True)
        said = pdfsig(file.read_bytes(), left[0] / "akar.pem", home)
        assert "Signature is Valid." in said, file
        assert "Certificate is Trusted." in said, file
        run("qpdf", "--check", str(file))
