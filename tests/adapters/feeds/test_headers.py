"""Columns are found under the names, titles, encodings and delimiters of real files."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.feeds.roster_files import read_roster
from adapters.feeds.synonyms import columns, match, plain
from domain.roster import Roster, RosterErrors

Writer = Callable[..., Path]

DATA = Path(__file__).with_name("data")


@pytest.fixture(scope="module")
def sheets() -> dict[str, list[str]]:
    """Header rows of real Indonesian personnel sheets (no persons), by their id."""
    with (DATA / "hr-headers.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["header_cells"].split("|") for row in csv.DictReader(file)}


def named(headers: list[str]) -> dict[str, str]:
    return {field: headers[index] for field, index in match("people", headers).items()}


def test_markers_and_format_hints_in_headers_do_not_count(sheets: dict[str, list[str]]) -> None:
    assert named(sheets["C_guru_excel"]) == {
        "name": "Nama Lengkap (Wajib)",
        "nip": "NIP (Wajib)",
        "sex": "Jenis Kelamin",
        "birth_date": "Tanggal Lahir (YYYY-MM-DD)",
        "position": "Jabatan",
    }


def test_an_export_in_capitals_with_slashes_is_understood(sheets: dict[str, list[str]]) -> None:
    found = named(sheets["E_skpd_export"])
    assert (found["nip"], found["name"], found["grade"]) == ("NIP", "NAMA PEGAWAI", "GOL/RUANG")


def test_the_flat_siasn_names_are_understood_and_ids_not_taken_for_names(
    sheets: dict[str, list[str]],
) -> None:
    found = named(sheets["I_siasn_flat"])
    assert found["id"] == "id"
    assert found["grade"] == "golongan nama"
    assert found["position"] == "jabatan nama"
    assert found["unit"] == "unor id"


def test_a_position_history_is_not_taken_for_people(sheets: dict[str, list[str]]) -> None:
    assert "nip" not in named(sheets["H_riwayat_jabatan"])


def test_no_header_means_two_fields_of_one_table() -> None:
    for table in ("units", "people", "skills", "leave", "workload", "redline", "appointments"):
        shapes = [shape for names in columns(table).values() for shape in {plain(name) for name in names}]
        assert len(shapes) == len(set(shapes)), table


def rewrite(path: Path, delimiter: str = ",", encoding: str = "utf-8", titles: tuple[str, ...] = ()) -> None:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    rows = [[title, *[""] * (len(rows[0]) - 1)] for title in titles] + rows
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_delimiter_and_encoding_gives_the_same_roster(
    roster_with: Writer, delimiter: str, encoding: str
) -> None:
    directory = roster_with(("people", 2, "nama", "Budi Conto\u00e9, S.E."))
    plain_roster = read_roster(directory)
    assert isinstance(plain_roster, Roster)
    for name in ("units", "people", "workload"):
        rewrite(directory / f"{name}.csv", delimiter, encoding)
    assert read_roster(directory) == plain_roster
    assert plain_roster.people.name[0] == "Budi Conto\u00e9, S.E."


def test_title_rows_above_the_header_are_passed_over_and_counted(roster_with: Writer) -> None:
    directory = roster_with(("people", 3, "golongan", "?"))
    rewrite(directory / "people.csv", titles=("DAFTAR PEGAWAI", "", "PER NOVEMBER", "", ""))
    outcome = read_roster(directory)
    assert isinstance(outcome, RosterErrors)
    assert [(error.row, error.column) for error in outcome.errors] == [(8, "golongan")]


def test_a_header_further_down_than_titles_go_is_not_found(roster_with: Writer) -> None:
    directory = roster_with()
    rewrite(directory / "people.csv", titles=("DAFTAR",) * 15)
    outcome = read_roster(directory)
    assert isinstance(outcome, RosterErrors)
    assert any("within the first 15 rows" in error.expected for error in outcome.errors)


def test_the_same_header_twice_is_refused(roster_with: Writer) -> None:
    directory = roster_with()
    text = (directory / "redline.csv").read_text(encoding="utf-8")
    (directory / "redline.csv").write_text(text.replace("layanan minimum", "layanan minimum,Layanan Minimum"))
    outcome = read_roster(directory)
    assert isinstance(outcome, RosterErrors)
    assert outcome.errors[0].expected == "each column once"


@pytest.mark.parametrize(
    "cell", ["12/03/1985", "12-03-1985", "12 Maret 1985", "1985-03-12 00:00:00", "12.3.1985"]
)
def test_a_date_may_be_written_as_indonesia_writes_it(roster_with: Writer, cell: str) -> None:
    assert isinstance(read_roster(roster_with(("people", 2, "tgl lahir", cell))), Roster)


@pytest.mark.parametrize(
    "cell", ["'198503122010011901", "19850312 201001 1 901", " 198503122010011901\u00a0"]
)
def test_a_nip_kept_as_text_is_taken_as_it_is(roster_with: Writer, cell: str) -> None:
    roster = read_roster(roster_with(("people", 2, "nip", cell)))
    assert isinstance(roster, Roster)
    assert roster.people.nip[0] == "198503122010011901"
