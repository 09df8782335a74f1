"""A list of arrivals that was kept on paper, typed in as CSV: who, when, and when they left, if the list says so."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from app.cli.session import USAGE, Trouble
from app.cli.text_file import text_of


def rows_of(file: Path, people: list[dict[str, Any]]) -> list[tuple[str, datetime, datetime | None]]:
    """Read (placement, arrived at, left at) of each row; raises Trouble with every fault, by its line."""
    rows = _rows(file)
    found, faults = [], []
    for number, row in enumerate(rows, 2):
        try:
            found.append((_on_list(row, people), *_times(row)))
        except ValueError as fault:
            faults.append(f"{file}, line {number}: {fault}")
    if faults or not rows:
        first = faults[0] if faults else f"{file}: no rows below the header"
        raise Trouble(first, USAGE, tuple(faults[1:]))
    return found


def _rows(file: Path) -> list[dict[str, str | None]]:
    """Read the rows by their header; a spreadsheet of this country separates columns by semicolons."""
    lines = text_of(file).splitlines()
    header = lines[0] if lines else ""
    rows = csv.DictReader(lines, delimiter=max(",;\t", key=header.count))
    columns = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = columns
    if columns and not ({"placement", "name"} & set(columns) and "arrived_at" in columns):
        raise Trouble(
            f"{file}, line 1: columns {', '.join(columns)}; expected placement or name, arrived_at, and left_at if known",
            USAGE,
        )
    return list(rows)


def _on_list(row: dict[str, str | None], people: list[dict[str, Any]]) -> str:
    placement, name = (row.get("placement") or "").strip().lower(), (row.get("name") or "").strip()
    if not placement and not name:
        raise ValueError("expected a placement or a name")
    fits = [
        one["placement_id"]
        for one in people
        if (placement and one["placement_id"].startswith(placement))
        or (not placement and (one["name"] or "").casefold() == name.casefold())
    ]
    if len(fits) != 1:
        raise ValueError(f"{placement or name!r}: {len(fits)} people of this surge, expected one")
    return str(fits[0])


def _times(row: dict[str, str | None]) -> tuple[datetime, datetime | None]:
    arrived = _instant(row, "arrived_at")
    left = _instant(row, "left_at") if (row.get("left_at") or "").strip() else None
    if left and left <= arrived:
        raise ValueError(f"left_at: {left.isoformat()} is not after arrived_at")
    return arrived, left


def _instant(row: dict[str, str | None], column: str) -> datetime:
    text = (row.get(column) or "").strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError(f"{column}: found {text!r}, expected an instant like 2027-02-18T07:30+08:00")
    return at
