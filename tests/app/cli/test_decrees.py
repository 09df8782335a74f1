"""`decree verify`, with nothing up: what it says, in words and as JSON, and its exit codes."""

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.documents.mutation_papers import MutationPapers
from app.cli.__main__ import main
from lab.sample_decrees import decreed, sample_decree, sample_decree_draft, sample_extract, with_name
from lab.signing import sample_desk, seal_extract, write_signed
from schemas.decree_record import DecreeRecordFile, read_record

pytestmark = pytest.mark.usefixtures("quiet")


@dataclass(frozen=True)
class Files:
    data: Path
    decree: Path
    record: Path
    extract: Path
    extract_record: Path
    root: Path


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIAGA_DATA", raising=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A data directory whose authority signed a decree, the file, and its record."""
    home = tmp_path_factory.mktemp("decree")
    return Files(home, *asyncio.run(write_signed(home)), home / "signing" / "root.crt")


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


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[bool | None, str]]:
    checks = json.loads(capsys.readouterr().out)["checks"]
    return {one["name"]: (one["holds"], one["said"]) for one in checks}


def test_an_extract_is_told_from_the_decree_and_everything_is_asked_with_its_own_record(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.extract, "--record", files.extract_record, "--data", files.data, "--json") == 0
    checks = told(capsys)
    assert checks["paper"][1].startswith("an extract (petikan) for one person of 'KEPUTUSAN WALI KOTA KUPANG")
    assert checks["signature"][1] == "what Segel Elektronik Kota Kupang (TTE1) signed is unaltered"
    assert [name for name, (holds, _) in checks.items() if not holds] == []
    assert len(checks) == 11


def test_the_record_of_an_extract_says_of_nobody_else(files: Files) -> None:
    facts = read_record(files.extract_record.read_bytes()).facts
    assert facts["decree_facts_sha256"] == read_record(files.record.read_bytes()).facts_sha256
    assert "moves" not in facts


def test_an_extract_is_checked_without_a_record_and_with_that_of_its_decree(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.extract, "--record", files.record, "--data", files.data, "--json") == 0
    checks = told(capsys)
    assert (checks["facts"][0], checks["number"][0]) == (True, True)
    assert {name for name, (holds, _) in checks.items() if holds is None} == {"file", "rendered"}

    assert verify(files.extract, "--data", files.data, "--json") == 0
    checks = told(capsys)
    assert checks["signature"][0]
    assert checks["facts"][0] is None
    assert "it names the facts" in checks["facts"][1]


def test_a_decree_is_not_the_file_of_its_extracts_record(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.decree, "--record", files.extract_record, "--data", files.data, "--json") == 1
    wrong = {name for name, (holds, _) in told(capsys).items() if holds is False}
    assert wrong == {"facts"}


def test_an_altered_extract_and_one_that_nobody_sealed_are_found(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "petikan.pdf"
    altered.write_bytes(files.extract.read_bytes() + b"\n")
    assert verify(altered, "--record", files.extract_record, "--data", files.data, "--json") == 1
    assert {name for name, (holds, _) in told(capsys).items() if holds is False} == {"coverage", "file"}

    record = read_record(files.extract_record.read_bytes())
    altered.write_bytes(files.extract.read_bytes()[: record.rendered_bytes])
    assert verify(altered, "--data", files.data, "--json") == 1
    nobody = "nobody sealed it: nothing in it proves that its words are unaltered"
    assert told(capsys)["signature"] == (False, nobody)


@pytest.mark.parametrize("what", ["number", "name"])
def test_another_extract_that_is_rightly_sealed_is_found_with_the_record(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """Of another decree; and of the same facts, for the same id, under another name."""
    draft = sample_decree_draft()
    other = decreed(
        replace(draft, number="821.2/148/BKPPD/XI/2026") if what == "number" else with_name(draft, "Lain")
    )
    made = sample_extract(other, other.moves[0].case_id)

    async def sealed() -> bytes:
        async with sample_desk(files.data / "signing") as desk:
            return (await seal_extract(desk, made, MutationPapers().extract(made)))[0].pdf

    file = tmp_path / "petikan.pdf"
    file.write_bytes(asyncio.run(sealed()))
    wrong = {"number": {"facts", "file", "rendered", "number"}, "name": {"facts", "file", "rendered"}}[what]
    assert verify(file, "--record", files.extract_record, "--data", files.data, "--json") == 1
    assert {name for name, (holds, _) in told(capsys).items() if holds is False} == wrong
    alone = verify(file, "--record", files.record, "--data", files.data)
    assert alone == (1 if what == "number" else 0), "the record of the decree knows no names"


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


def test_the_record_of_an_extract_is_not_held_against_the_decree_as_if_other_facts_were_approved(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(files.decree, "--record", files.extract_record, "--data", files.data, "--json") == 1
    checks = told(capsys)
    assert checks["facts"][0] is False
    assert "the record is that of an extract (petikan), and the file is none" in checks["facts"][1]
    assert [checks[name][0] for name in ("file", "rendered", "number")] == [None, None, True]
