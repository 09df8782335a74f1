"""What boards say in the terminal, of rows as the API gives them."""

from typing import Any

import pytest

from app.cli import show, show_reliefs
from app.cli.records import in_order

AS_OF: dict[str, Any] = {
    "as_of": {"at": "2026-11-22T01:00:00+00:00", "log": 7, "log_at": "2026-11-22T01:00:00+00:00"}
}


def test_people_are_told_when_they_report_and_when_they_are_back(capsys: pytest.CaptureFixture[str]) -> None:
    row = dict.fromkeys(
        ("name", "home_by", "overdue", "out", "uncovered_from", "rest_lacking", "acting_wanted")
    ) | {
        "placement_id": "7c1f6f0e-2b7a-5d0e-9a53-0c7f2b8f2f11",
        "person_id": "5b0f91c2-2b7a-5d0e-9a53-0c7f2b8f2f11",
        "unit": "DINKES",
        "role": "wash",
        "site": "Pos 1",
        "state": "MOBILISING",
        "due_back": "2026-11-29T01:00:00+00:00",
    }
    reporting = [row | {"report_at": f"2026-11-22T{hour}:00+00:00"} for hour in ("06:44", "18:46")]
    show.secondments(AS_OF | {"items": reporting})
    head, early, late, _ = capsys.readouterr().out.splitlines()
    assert "report at" in head
    # In whatever zone the terminal stands: the days are back at the same minute, and are not what tells them apart.
    assert [":44 " in row for row in (early, late)] == [True, False]
    assert [":46 " in row for row in (early, late)] == [False, True]


def test_orders_of_all_surges_stand_in_the_order_of_their_numbers() -> None:
    signed = [
        ("094/3", "2026-11-23T09:00:00+08:00"),
        ("094/1", "2026-11-22T23:00:00+00:00"),
        ("094/2", "2026-11-23T00:30:00+00:00"),
    ]
    rows = [{"number": number, "signed_at": at} for number, at in signed]
    assert [row["number"] for row in in_order(rows)] == ["094/1", "094/2", "094/3"]


def test_no_place_is_said_to_be_full_above_a_line_that_falls_empty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = {
        "line_id": "SU-1/01",
        "role": "wash",
        "falls_empty_at": "2026-11-29T01:00:00+00:00",
        "sentence": "nobody has said until when it is needed",
    }
    show_reliefs.due(AS_OF | {"items": [], "to_settle": [line]})
    said = capsys.readouterr().out
    assert "SU-1/01 wash falls empty" in said
    assert "no place falls empty" not in said
    show_reliefs.due(AS_OF | {"items": [], "to_settle": []})
    assert "no place falls empty" in capsys.readouterr().out
