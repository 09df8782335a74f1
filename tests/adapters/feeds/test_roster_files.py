"""A roster directory is read whole, or refused with every cell at fault named."""

import csv
import gc
import random
import string
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.feeds.roster_files import read_roster
from domain.mutation.codes import Charge, Education, Grade, Kinship, PositionKind, Rating, Tie
from domain.mutation.kinds import Election
from domain.personnel import (
    CareerRow,
    Personnel,
    PositionRow,
    ProcessRow,
    RatingRow,
    RelationRow,
    TieRow,
)
from domain.roster import Role, Roster, RosterError, RosterErrors, Skill

BUDI, SITI = "198503122010011901", "199001022022212902"
Writer = Callable[..., Path]


def refused(directory: Path) -> tuple[RosterError, ...]:
    outcome = read_roster(directory)
    assert isinstance(outcome, RosterErrors)
    return outcome.errors


def only_error(directory: Path) -> RosterError:
    errors = refused(directory)
    assert len(errors) == 1, errors
    return errors[0]


def test_a_right_roster_is_read_into_typed_values(roster_with: Writer) -> None:
    roster = read_roster(roster_with())
    assert isinstance(roster, Roster)
    assert roster.people.nip == [BUDI, SITI]
    assert roster.people.birth_date == [date(1985, 3, 12), date(1990, 1, 2)]
    assert roster.people.sex == ["M", "F"]
    assert roster.people.volunteer == [True, False]
    assert roster.people.exempt_until == [None, date(2027, 1, 31)]
    assert roster.people.id == [None, None]
    assert roster.skills[0].skill is Skill.NURSING_STR
    assert roster.workload[0].minutes_each == Decimal("35.5")
    assert roster.redlines[0].role is Role.NURSE
    assert roster.units[1].critical
    # One because its unit is, the other because its role is there.
    assert roster.critical() == {("PKM", "nurse"), ("SETDA", "administrator")}
    assert roster.headcounts() == {("SETDA", "administrator"): 1, ("PKM", "nurse"): 1}
    assert next(iter(roster.people.rows()))[roster.people.names().index("grade")] == "III/b"


def test_what_is_kept_of_careers_and_posts_is_read_into_typed_values(roster_with: Writer) -> None:
    roster = read_roster(roster_with())
    assert isinstance(roster, Roster)
    assert roster.personnel == Personnel(
        careers=(CareerRow(BUDI, date(2011, 3, 1), Education.S1, date(2026, 10, 1)),),
        ratings=(RatingRow(BUDI, 2025, Rating.EXCELLENT),),
        processes=(ProcessRow(SITI, Charge.DISCIPLINARY_SANCTION, date(2026, 12, 31)),),
        ties=(TieRow(SITI, Tie.SERVICE_BOND, None),),
        relations=(RelationRow(BUDI, SITI, Kinship.SPOUSE),),
        positions=(
            PositionRow(
                *("PKM", "Perawat", "nurse", PositionKind.FUNCTIONAL, 8, False, 3),
                education=Education.D3,
                competences=("first_aid", "nursing_str"),
                lowest_grade=Grade.II_C,
                highest_grade=Grade.III_D,
            ),
        ),
    )


def test_what_a_roster_lacks_of_them_is_not_known(roster_with: Writer) -> None:
    directory = roster_with()
    for name in ("careers", "ratings", "processes", "study_ties", "relations", "position_map"):
        (directory / f"{name}.csv").unlink()
    roster = read_roster(directory)
    assert isinstance(roster, Roster)
    assert roster.personnel == Personnel()


def test_a_government_says_when_its_head_was_sworn_in_and_is_elected(roster_with: Writer) -> None:
    directory = roster_with()
    with (directory / "government.toml").open("a", encoding="utf-8") as file:
        file.write("""head_since = 2025-02-20
[[elections]]
candidates_on = 2024-09-22
term_ends = 2025-02-19
""")
    roster = read_roster(directory)
    assert isinstance(roster, Roster)
    assert roster.government.head_since == date(2025, 2, 20)
    assert roster.government.elections == (Election(date(2024, 9, 22), date(2025, 2, 19)),)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('region_code = "Kupang"', "region_code"),
        ('head_since = "lately"', "head_since"),
        ("head_since = 2025-02-20T10:00:00", "head_since"),
        ("elections = [2024]", "elections"),
        ("[[elections]]\ncandidates_on = 2024-09-22", "elections"),
        ("[[elections]]\ncandidates_on = 2024-09-22\nterm_ends = 2024-09-21", "elections"),
        ("[[elections]]\ncandidates_on = 2024-09-22\nterm_ends = 2025-02-19\n" * 2, "elections"),
    ],
)
def test_what_is_no_fact_of_a_government_is_named(roster_with: Writer, line: str, key: str) -> None:
    directory = roster_with()
    with (directory / "government.toml").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    error = only_error(directory)
    assert (error.file, error.column) == ("government.toml", key)


def test_the_garbage_collector_is_left_as_it_was(roster_with: Writer) -> None:
    assert gc.isenabled()
    read_roster(roster_with())
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("change", "found", "expected"),
    [
        (("people", 3, "nip", "1.99001E+17"), "...0117", "scientific notation"),
        (("people", 3, "nip", "199001022022212000"), "...2000", "rounded to 15 digits"),
        (("people", 3, "nip", ""), "a blank cell", "a value"),
        (("people", 2, "tgl lahir", "1985-03-13"), "NIP ...1901", "birth date in the NIP"),
        (("people", 2, "tgl lahir", "13/31/1985"), "'13/31/1985'", "day first"),
        (("people", 2, "tgl lahir", "12-03-85"), "'12-03-85'", "a date such as"),
        (("people", 2, "jenis kelamin", "P"), "NIP ...1901", "the sex in the NIP"),
        (("people", 2, "tmt cpns", "2010-02-01"), "NIP ...1901", "the month in the NIP"),
        (("people", 3, "jenis pegawai", "PNS"), "PNS", "digits 13-14"),
        (("people", 3, "jenis pegawai", "honorer"), "'honorer'", "one of PNS, CPNS, PPPK"),
        (("people", 3, "kode unit", "PKX"), "'PKX'", "unit code of units.csv"),
        (("people", 3, "rumpun jabatan", "wizard"), "'wizard'", "one of administrator"),
        (("people", 3, "golongan", "V/a"), "'V/a'", "golongan such as III/b"),
        (("people", 3, "nama", "=HYPERLINK(1)"), "'=HYPERLINK(1)'", "formulas are not read"),
        (("people", 3, "nama", "Siti\nContoh"), "'Siti?Contoh'", "one line"),
        (("people", 3, "nama", "x" * 201), "...'", "at most 200 characters"),
        (("people", 3, "kode pengecualian", ""), "a date without a code", "code of the exemption"),
        (("people", 2, "no hp", "call me"), "'call me'", "telephone"),
        (("people", 2, "sukarela", "maybe"), "'maybe'", "ya or tidak"),
        (("units", 3, "kode induk", "NOWHERE"), "'NOWHERE'", "code of this file"),
        (("units", 2, "kode induk", "PKM"), "a circle of parents", "a tree"),
        (("units", 3, "lintang", "10.17"), "'10.17'", "latitude of Indonesia"),
        (("units", 3, "nip kepala", "198503122010011902"), "...1902", "NIP of people.csv"),
        (("skills", 2, "tingkat", "4"), "'4'", "from 1 to 3"),
        (("skills", 2, "tingkat", "1.5"), "'1.5'", "from 1 to 3"),
        (("skills", 2, "nip", "198503122010011902"), "...1902", "NIP of people.csv"),
        (("leave", 2, "selesai", "2026-11-30"), "2026-11-30", "not before 2026-12-01"),
        (("workload", 2, "volume per tahun", "-1"), "'-1'", "whole number from 0"),
        (("workload", 2, "menit per kegiatan", "nan"), "'nan'", "a number"),
        (("redline", 2, "layanan minimum", "one"), "'one'", "whole number"),
        (("appointments", 2, "kapasitas", "SYSTEM"), "'SYSTEM'", "one of COORDINATOR"),
        (("appointments", 2, "kode unit", ""), "no unit", "head"),
        (("careers", 2, "NIP Baru", "198503122010011902"), "...1902", "NIP of people.csv"),
        (("careers", 2, "Tingkat Pendidikan Nama", "kursus"), "'kursus'", "one of SD, SMP"),
        (("careers", 2, "TMT PNS", "2011"), "'2011'", "a date such as"),
        (("ratings", 2, "tahun", "25"), "'25'", "from 1970 to 2200"),
        (("ratings", 2, "predikat kinerja", ""), "a blank cell", "a value"),
        (("processes", 2, "jenis proses", "gosip"), "'gosip'", "one of DISCIPLINARY_PROCESS"),
        (("study_ties", 2, "jenis ikatan", "kursus"), "'kursus'", "one of STUDY_LEAVE"),
        (("relations", 2, "hubungan", "teman"), "'teman'", "one of SPOUSE"),
        (("relations", 2, "nip keluarga", BUDI), "the same person", "somebody else"),
        (("position_map", 2, "kode unit", "PKX"), "'PKX'", "unit code of units.csv"),
        (("position_map", 2, "kelas jabatan", "18"), "'18'", "from 1 to 17"),
        (("position_map", 2, "kebutuhan", "-1"), "'-1'", "whole number from 0"),
        (("position_map", 2, "syarat kompetensi", "p3k; menyanyi"), "'p3k; menyanyi'", "one of nursing_str"),
        (("position_map", 2, "golongan terendah", "IX"), "'IX'", "golongan of a PNS"),
        (("position_map", 2, "golongan tertinggi", "II/b"), "II/b", "II/c or higher"),
    ],
)
def test_a_wrong_cell_is_named_with_file_row_and_column(
    roster_with: Writer, change: tuple[str, int, str, str], found: str, expected: str
) -> None:
    errors = refused(roster_with(change))
    table, row, _, _ = change
    blamed = [error for error in errors if error.file == f"{table}.csv" and error.row == row]
    assert any(found in error.found and expected in error.expected for error in blamed), errors
    assert all(BUDI not in str(error) and SITI not in str(error) for error in errors)


@pytest.mark.parametrize(
    ("table", "row", "column", "expected"),
    [
        (
            "people",
            [BUDI, "Lain", "", "", "PNS", "III/a", "", "SETDA", "driver", "", "", "", "", ""],
            "nip",
            "row 2 has",
        ),
        ("units", ["PKM", "Lagi", "uptd", "", "-10.1", "123.6", "", ""], "kode unit", "each code once"),
        ("skills", [SITI, "str perawat", "1", ""], "keahlian", "each skill of a person once"),
        (
            "workload",
            ["PKM", "perawat", "Asuhan", "1", "1"],
            "uraian tugas",
            "each task of a unit and role once",
        ),
        ("redline", ["PKM", "nurse", "2"], "layanan minimum", "each unit and role once"),
        (
            "leave",
            [SITI, "sick", "2026-12-05", "2026-12-09"],
            "mulai",
            "no overlap with the absence in row 2",
        ),
        (
            "appointments",
            [BUDI, "kepala unit", "SETDA", "2026-01-01", ""],
            "kapasitas",
            "each appointment once",
        ),
        ("careers", [BUDI, "", "", ""], "NIP Baru", "each person once"),
        ("ratings", [BUDI, "2025", "EXCELLENT"], "predikat kinerja", "each rating of a year once"),
        ("processes", [SITI, "DISCIPLINARY_SANCTION", "2026-12-31"], "jenis proses", "each process once"),
        ("study_ties", [SITI, "SERVICE_BOND", ""], "jenis ikatan", "each tie once"),
        ("relations", [SITI, BUDI, "keluarga"], "nip keluarga", "each pair once"),
        (
            "position_map",
            ["PKM", "Perawat", "nurse", "pelaksana", "5", "", "1", "", "", "", ""],
            "nama jabatan",
            "each position of a unit and role once",
        ),
    ],
)
def test_what_may_be_there_once_is_refused_twice(
    roster_with: Writer, table: str, row: list[str], column: str, expected: str
) -> None:
    error = only_error(roster_with(extra={table: [row]}))
    assert (error.file, error.column) == (f"{table}.csv", column)
    assert expected in error.expected


def test_all_errors_are_counted_and_the_first_fifty_shown_in_order(roster_with: Writer) -> None:
    rows = [["x", "", "", "", "", "", "", "", "", "", "", "", "", ""] for _ in range(60)]
    outcome = read_roster(roster_with(("units", 3, "lintang", "far"), extra={"people": rows}))
    assert isinstance(outcome, RosterErrors)
    assert len(outcome.errors) == 50
    assert outcome.total > 60 * 4
    assert outcome.errors[0].file == "units.csv"
    people = [error.row for error in outcome.errors if error.file == "people.csv"]
    assert people == sorted(people)
    assert people[0] == 4
    assert f"and {outcome.total - 50} more" in str(outcome)


def test_blank_rows_are_passed_over_and_rows_still_counted(roster_with: Writer) -> None:
    blank = [""] * 14
    wrong = [SITI, "Kembar", "", "", "PPPK", "IX", "", "PKM", "nurse", "", "", "", "", ""]
    error = only_error(roster_with(extra={"people": [blank, [" "] * 14, wrong]}))
    assert error.row == 6


def test_a_column_nobody_understands_is_told(roster_with: Writer) -> None:
    directory = roster_with()
    text = (directory / "redline.csv").read_text(encoding="utf-8")
    lines = [line + (",catatan" if at == 0 else ",x") for at, line in enumerate(text.splitlines())]
    (directory / "redline.csv").write_text("\n".join(lines), encoding="utf-8")
    roster = read_roster(directory)
    assert isinstance(roster, Roster)
    assert roster.unread_columns == (("redline.csv", "catatan"),)


def test_more_cells_than_the_header_are_refused_and_fewer_are_blanks(roster_with: Writer) -> None:
    directory = roster_with()
    (directory / "redline.csv").write_text(
        "kode unit,rumpun jabatan,layanan minimum,catatan\nPKM,nurse,1\nSETDA,driver,1,a,b\n",
        encoding="utf-8",
    )
    error = only_error(directory)
    assert (error.row, error.found) == (3, "5 cells")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("people.csv", b"<html><table><tr><td>nip</td></tr></table></html>", "CSV, or a workbook"),
        ("people.csv", b"PK\x03\x04rest", "a name that fits"),
        ("people.csv", b"nip,nama\x00\n", "plain text"),
        ("people.csv", b"", "a header and rows"),
        ("people.csv", b"nip,nama\n1,2\n", "a header with 'jenis pegawai'"),
        ("people.csv", b'nip,nama\n"1,2\n', "quotes in pairs"),
        ("people.csv", b"\x81\x8d\x8f,\n", "text"),
        ("skill.csv", b"nip\n", "one of units, people"),
        ("government.toml", b"id = ", "a TOML file"),
        ("government.toml", b'id = "x"\ncolour = "red"', "a text"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    roster_with: Writer, name: str, content: bytes, expected: str
) -> None:
    directory = roster_with()
    (directory / name).write_bytes(content)
    assert any(error.file == name and expected in error.expected for error in refused(directory))


def test_a_quote_left_open_is_blamed_on_its_row(roster_with: Writer) -> None:
    directory = roster_with()
    text = (directory / "redline.csv").read_text(encoding="utf-8") + 'SETDA,"driver,1\n'
    (directory / "redline.csv").write_text(text, encoding="utf-8")
    error = only_error(directory)
    assert (error.file, error.row, error.expected) == ("redline.csv", 4, "CSV with quotes in pairs")


def test_an_old_workbook_is_refused_alone_and_beside_its_csv(roster_with: Writer) -> None:
    directory = roster_with()
    (directory / "redline.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\x00" * 99)
    assert only_error(directory).found == "redline.csv and redline.xls"
    (directory / "redline.csv").unlink()
    assert only_error(directory).found == "an old workbook (XLS)"


@pytest.mark.parametrize("name", ["units.csv", "people.csv", "government.toml"])
def test_what_must_be_there_is_asked_for(roster_with: Writer, name: str) -> None:
    directory = roster_with()
    (directory / name).unlink()
    assert any(error.file == name and error.found == "no such file" for error in refused(directory))


def test_no_directory_is_an_answer_and_no_crash(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere")[0].expected == "a directory of roster files"


def test_files_may_be_left_out_that_not_every_government_has(roster_with: Writer) -> None:
    directory = roster_with()
    for name in ("skills", "leave", "workload", "redline", "appointments"):
        (directory / f"{name}.csv").unlink()
    roster = read_roster(directory)
    assert isinstance(roster, Roster)
    assert (roster.skills, roster.appointments) == ((), ())


def test_thousands_of_mangled_files_never_crash_the_reader(roster_with: Writer) -> None:
    directory = roster_with()
    whole = (directory / "people.csv").read_bytes()
    dice = random.Random(7)
    accepted = 0
    for _ in range(600):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data))
            data[at : at + dice.randint(0, 3)] = dice.choice(
                [b'"', b",", b"\n", b"\xff", b"\x00", b"=", b"E+17", dice.choice(string.printable).encode()]
            )
        (directory / "people.csv").write_bytes(bytes(data))
        outcome = read_roster(directory)
        assert isinstance(outcome, Roster | RosterErrors)
        if isinstance(outcome, Roster):
            accepted += 1
            assert all(len(nip) == 18 for nip in outcome.people.nip)
    assert 0 < accepted < 600


def test_half_a_home_point_is_refused(roster_with: Writer) -> None:
    directory = roster_with()
    rows = list(csv.reader((directory / "people.csv").read_text(encoding="utf-8").splitlines()))
    rows = [[*row, extra] for row, extra in zip(rows, ["lintang rumah", "-10.1", ""], strict=True)]
    with (directory / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert only_error(directory).expected == "latitude and longitude, or neither"
