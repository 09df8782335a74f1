"""Workbooks: read as CSV is, and refused where they are hostile or inexact."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from adapters.feeds import xlsx
from adapters.feeds.refusal import Unreadable
from adapters.feeds.roster_files import read_roster
from domain.roster import Roster, RosterErrors

Writer = Callable[..., Path]
SITI_ROW, NIP, BIRTH, NAME = 3, 1, 3, 2


def as_workbook(directory: Path, table: str, change: Callable[[Workbook], None] = lambda book: None) -> Path:
    """Replace the CSV of the table by a workbook with the same cells, changed."""
    path = directory / f"{table}.csv"
    book = Workbook()
    for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
        book.active.append(row)
    change(book)
    path.unlink()
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def put(row: int, column: int, value: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book.active.cell(row, column).value = value

    return change


def only_error(directory: Path) -> str:
    outcome = read_roster(directory)
    assert isinstance(outcome, RosterErrors)
    assert outcome.total == 1, outcome
    return str(outcome)


def rezipped(path: Path, part: str, content: bytes) -> None:
    """Replace or add one part of the workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()} | {part: content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)


def test_a_workbook_says_the_same_as_its_csv(roster_with: Writer) -> None:
    directory = roster_with()
    from_csv = read_roster(directory)
    for table in ("units", "people", "skills", "leave", "workload", "redline", "appointments"):
        as_workbook(directory, table)
    assert isinstance(from_csv, Roster)
    assert read_roster(directory) == from_csv


def test_merged_titles_above_the_header_are_passed_over(roster_with: Writer) -> None:
    directory = roster_with()

    def titles(book: Workbook) -> None:
        sheet = book.active
        sheet.insert_rows(1, 4)
        sheet["A1"] = "DAFTAR NOMINATIF PEGAWAI"
        sheet.merge_cells("A1:H1")
        sheet["A2"] = "KEADAAN NOVEMBER"
        sheet.merge_cells("A2:H3")

    as_workbook(directory, "people", titles)
    assert isinstance(read_roster(directory), Roster)


@pytest.mark.parametrize("number", [199001022022212902, 1.99001022022212e17, 199001022022212000])
def test_a_nip_kept_as_a_number_is_refused_since_its_last_digits_are_not_sure(
    roster_with: Writer, number: float
) -> None:
    directory = roster_with()
    for file in directory.glob("*.csv"):
        if "199001022022212902" in file.read_text() and file.stem != "people":
            file.unlink()
    as_workbook(directory, "people", put(SITI_ROW, NIP, number))
    told = only_error(directory)
    assert "people.xlsx, row 3, column nip" in told
    assert "scientific notation" in told
    assert "19900102" not in told


# A spreadsheet knows no time zone.
MIDNIGHT, AFTERNOON = datetime(1990, 1, 2), datetime(1990, 1, 2, 13, 5)  # noqa: DTZ001


@pytest.mark.parametrize("value", [MIDNIGHT, date(1990, 1, 2), "1990-01-02"])
def test_a_date_may_be_a_date_cell(roster_with: Writer, value: object) -> None:
    directory = roster_with()
    as_workbook(directory, "people", put(SITI_ROW, BIRTH, value))
    assert isinstance(read_roster(directory), Roster)


@pytest.mark.parametrize("value", [32875, AFTERNOON, True])
def test_what_is_no_date_is_not_taken_for_one(roster_with: Writer, value: object) -> None:
    directory = roster_with()
    as_workbook(directory, "people", put(SITI_ROW, BIRTH, value))
    assert "expected a date" in only_error(directory)


def test_a_formula_is_refused_where_it_would_be_read(roster_with: Writer) -> None:
    directory = roster_with()
    as_workbook(directory, "people", put(SITI_ROW, NAME, '=HYPERLINK("http://x","y")'))
    assert "formulas are not read" in only_error(directory)


def test_a_sheet_formatted_down_to_its_end_has_only_the_rows_with_values(roster_with: Writer) -> None:
    directory = roster_with()
    path = as_workbook(directory, "redline", put(1_048_576, 1, ""))
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as book:
        content = book.read(sheet)
    rezipped(
        path, sheet, content.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"/></row></sheetData>')
    )
    assert isinstance(read_roster(directory), Roster)


def test_a_row_number_beyond_any_sheet_is_refused_at_once(roster_with: Writer) -> None:
    directory = roster_with()
    path = as_workbook(directory, "redline")
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as book:
        content = book.read(sheet)
    row = b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    rezipped(path, sheet, content.replace(b"</sheetData>", row))
    assert "redline.xlsx" in only_error(directory)


def test_two_sheets_with_data_are_refused_and_a_hidden_one_does_not_count(roster_with: Writer) -> None:
    directory = roster_with()

    def second(book: Workbook) -> None:
        book.create_sheet("lagi").append(["kode unit"])

    path = as_workbook(directory, "redline", second)
    assert "2 visible sheets" in only_error(directory)
    book = load_workbook(path)
    book["lagi"].sheet_state = "hidden"
    book.save(path)
    assert isinstance(read_roster(directory), Roster)


def test_billion_laughs_in_a_workbook_are_refused(roster_with: Writer) -> None:
    directory = roster_with()
    path = as_workbook(directory, "redline")
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'">]><x>&b;</x>'
    )
    rezipped(path, "xl/worksheets/sheet1.xml", laughs)
    assert "a broken workbook" in only_error(directory)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    monkeypatch.setattr(xlsx, "load_workbook", lambda *a, **k: pytest.fail("was opened"))
    with pytest.raises(Unreadable, match="packed beyond reason"):
        xlsx.read_xlsx(packed.getvalue(), 10)


def test_too_large_or_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in range(xlsx.MOST_PARTS + 1):
            archive.writestr(f"xl/{part}.xml", b"")
    with pytest.raises(Unreadable, match="2001 parts"):
        xlsx.read_xlsx(packed.getvalue(), 10)
    monkeypatch.setattr(xlsx, "LARGEST_UNPACKED", 10)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", b"x" * 11)
    with pytest.raises(Unreadable, match="too large"):
        xlsx.read_xlsx(packed.getvalue(), 10)


def test_a_sheet_with_more_rows_than_allowed_is_refused_with_the_row(tmp_path: Path) -> None:
    book = Workbook()
    for at in range(12):
        book.active.append([at])
    packed = io.BytesIO()
    book.save(packed)
    with pytest.raises(Unreadable) as refusal:
        xlsx.read_xlsx(packed.getvalue(), 10)
    assert refusal.value.row == 11


@pytest.mark.parametrize(
    "content",
    [b"<html><body>laporan</body></html>", b'<?xml version="1.0"?><Workbook/>', b"PK\x03\x04" + b"\x00" * 40],
)
def test_a_web_page_or_rubbish_named_xlsx_is_refused(roster_with: Writer, content: bytes) -> None:
    directory = roster_with()
    (directory / "redline.csv").unlink()
    (directory / "redline.xlsx").write_bytes(content)
    assert "redline.xlsx" in only_error(directory)
