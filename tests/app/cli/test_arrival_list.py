"""A list of arrivals as it is typed in: every row is read, and every fault is named, before anything is recorded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.arrival_list import rows_of
from app.cli.session import Trouble

PEOPLE = [
    {"placement_id": "7c1f6f0e-0000", "name": "Ani"},
    {"placement_id": "8d1e33b0-0000", "name": "Budi"},
]


def listed(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "daftar-hadir.csv"
    file.write_text("\n".join(("name,arrived_at,left_at", *rows)), encoding="utf-8")
    return file


def test_a_row_may_say_when_somebody_left(tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        "ani,2027-02-18T07:30+08:00,2027-02-20T16:00+08:00",
        "Budi,2027-02-18T08:00+08:00,",
    )
    assert rows_of(file, PEOPLE) == [
        ("7c1f6f0e-0000", datetime(2027, 2, 17, 23, 30, tzinfo=UTC), datetime(2027, 2, 20, 8, tzinfo=UTC)),
        ("8d1e33b0-0000", datetime(2027, 2, 18, tzinfo=UTC), None),
    ]


def test_every_fault_is_named_with_its_line_and_column(tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        "Ani,2027-02-18T07:30+08:00,2027-02-18T07:30+08:00",
        "Budi,2027-02-18T08:00+08:00,kemarin",
        "Citra,2027-02-18T08:00+08:00,",
    )
    with pytest.raises(Trouble) as trouble:
        rows_of(file, PEOPLE)
    assert (str(trouble.value), *trouble.value.details) == (
        f"{file}, line 2: left_at: 2027-02-18T07:30:00+08:00 is not after arrived_at",
        f"{file}, line 3: left_at: found 'kemarin', expected an instant like 2027-02-18T07:30+08:00",
        f"{file}, line 4: 'Citra': 0 people of this surge, expected one",
    )


def test_a_list_of_a_spreadsheet_is_read_as_it_saved_it(tmp_path: Path) -> None:
    file = tmp_path / "daftar-hadir.csv"
    file.write_bytes("Placement;Arrived_at\r\n7C1F;2027-02-18T07:30+08:00\r\n".encode("utf-16"))
    assert rows_of(file, PEOPLE) == [("7c1f6f0e-0000", datetime(2027, 2, 17, 23, 30, tzinfo=UTC), None)]


def test_a_list_without_the_columns_says_which_it_has(tmp_path: Path) -> None:
    file = tmp_path / "daftar-hadir.csv"
    file.write_text("nama,jam\nAni,07.30\n", encoding="utf-8")
    with pytest.raises(Trouble) as trouble:
        rows_of(file, PEOPLE)
    assert str(trouble.value) == (
        f"{file}, line 1: columns nama, jam; expected placement or name, arrived_at, and left_at if known"
    )
