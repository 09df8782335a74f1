"""`decree verify`, with nothing up: what it says, in words and as JSON, and its exit codes."""

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.documents.mutation_papers import MutationPapers
from app.cli.__main__ import main
from lab.sample_decrees import decreed, sample_decree, sample_decree_draft, sample_extract
from lab.signing import write_signed
from schemas.decree_record import DecreeRecordFile, read_record

pytestmark = pytest.mark.usefixtures("quiet")


@dataclass(frozen=True)
class Files:
    data: Path
    decree: Path
    record: Path
    root: Path


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIAGA_DATA", raising=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A data directory whose authority signed a decree, the file, and its record."""
    home = tmp_path_factory.mktemp("decree")
    decree, record = asyncio.run(write_signed(home))
    return Files(home, decree, record, home / "signing" / "root.crt")


def verify(*words: object) -> int:
    return main(["decree", "verify", *map(str, words)])


def test_with_the_record_everything_is_asked(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(files.decree, "--record", files.record, "--data", files.data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["ok"] * 10
    names = ("readable", "signature", "trust", "time stamp", "archive stamp", "coverage", "facts", "file")
    assert [line[11:].split("  ")[0] for line in lines] == [*names, "rendered", "number"]


def test_without_the_record_it_says_what_it_could_not_ask(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.decree, "--data", files.data) == 0
    lines = capsys.readouterr().out.splitlines()
    unasked = [line for line in lines if line.startswith("not asked")]
    assert len(unasked) == 4
    assert all("no record was given" in line or "not compared" in line for line in unasked)


def test_roots_may_be_named_where_the_stack_was_never_up(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.decree, "--roots", files.root, "--data", tmp_path / "nothing") == 0
    assert verify(files.decree, "--data", tmp_path / "nothing") == 5
    assert "no roots to believe" in capsys.readouterr().err


def test_an_altered_decree_ends_with_one_and_json_says_why(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(files.decree.read_bytes() + b"\n")
    assert verify(altered, "--record", files.record, "--data", files.data, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    wrong = {one["name"]: one["said"] for one in told["checks"] if one["holds"] is False}
    assert set(wrong) == {"coverage", "file"}
    assert wrong["coverage"] == "1 byte was appended after the last stamp or signature"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("{", "no record of a decree: it: Invalid JSON"),
        ("{}", "no record of a decree: number: Field required"),
        ('{"format": 2}', "no record of a decree: format: Input should be 1"),
    ],
)
def test_a_record_that_is_none_is_a_wrong_file(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str], record: str, words: str
) -> None:
    file = tmp_path / "record.json"
    file.write_text(record)
    assert verify(files.decree, "--record", file, "--data", files.data) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"siaga: {file}: {words}")
    assert said.count("\n") == 1


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extract of the decree that was signed."""
    file = tmp_path_factory.mktemp("extract") / "petikan.pdf"
    decree = sample_decree()
    file.write_bytes(MutationPapers().extract(sample_extract(decree, decree.moves[0].case_id)))
    return file


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[bool | None, str]]:
    checks = json.loads(capsys.readouterr().out)["checks"]
    return {one["name"]: (one["holds"], one["said"]) for one in checks}


def test_an_extract_is_told_from_the_decree_and_held_against_its_record(
    files: Files, extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(extract, "--record", files.record, "--data", files.data, "--json") == 0
    checks = told(capsys)
    assert checks["paper"][1].startswith("an extract (petikan) for one person of 'KEPUTUSAN WALI KOTA KUPANG")
    assert checks["signature"][0] is None
    assert "nothing in it proves that its words are unaltered" in checks["signature"][1]
    assert (checks["facts"][0], checks["number"][0]) == (True, True)
    assert (checks["file"][0], checks["rendered"][0]) == (None, None)

    assert verify(extract, "--data", files.data, "--json") == 0
    checks = told(capsys)
    assert checks["facts"][0] is None
    assert "it names the facts" in checks["facts"][1]


def test_an_extract_of_another_decree_is_found(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = decreed(replace(sample_decree_draft(), number="821.2/148/BKPPD/XI/2026"))
    file = tmp_path / "petikan.pdf"
    file.write_bytes(MutationPapers().extract(sample_extract(other, other.moves[0].case_id)))
    assert verify(file, "--record", files.record, "--data", files.data, "--json") == 1
    wrong = {name for name, (holds, _) in told(capsys).items() if holds is False}
    assert wrong == {"facts", "number"}


def test_a_decree_that_nobody_signed_is_no_extract(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keputusan.pdf"
    file.write_bytes(MutationPapers().decree(sample_decree()))
    assert verify(file, "--record", files.record, "--data", files.data, "--json") == 1
    checks = told(capsys)
    assert checks["signature"] == (False, "nobody signed it")
    assert "paper" not in checks


def test_a_file_that_is_not_there_is_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify("nowhere.pdf", "--data", files.data) == 2
    assert capsys.readouterr().err == "siaga: nowhere.pdf: No such file or directory\n"


def test_roots_that_hold_no_certificate_are_a_wrong_file(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.decree, "--roots", files.record) == 2
    assert "no certificate in it; expected PEM" in capsys.readouterr().err


def test_a_record_says_the_same_after_it_was_written_and_read(files: Files) -> None:
    text = files.record.read_bytes()
    assert DecreeRecordFile.of(read_record(text)).model_dump_json(indent=1).encode() == text.strip()
