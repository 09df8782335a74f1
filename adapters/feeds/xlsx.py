"""Reading a workbook that may be hostile: its sizes are checked before anything of it is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from openpyxl import DEFUSEDXML, load_workbook

from adapters.feeds.refusal import Unreadable

LARGEST_UNPACKED = 150_000_000  # bytes
LARGEST_RATIO = 200  # unpacked to packed; honest sheets reach about 30
SMALL = 5_000_000  # bytes; below this a high ratio harms nobody
MOST_PARTS = 2_000
MOST_COLUMNS = 120
LAST_ROW = 1_048_576
EXACT = 2**53  # a spreadsheet's number holds whole numbers exactly up to here


def read_xlsx(content: bytes, most_rows: int) -> list[Sequence[str]]:
    """All rows, as texts, of the one sheet that has any. Formulas come as they are written, with their `=`."""
    _refuse_bombs(content)
    if not DEFUSEDXML:
        raise RuntimeError(
            "openpyxl must find defusedxml, or entities in a workbook could exhaust the machine"
        )
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        grids = [_grid(sheet, most_rows) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Unreadable:
        raise
    except Exception as error:
        # A broken or hostile workbook fails in openpyxl in many ways; each means the same to who sent it.
        raise Unreadable(f"a broken workbook ({type(error).__name__})", "a workbook saved as XLSX") from error
    filled = [grid for grid in grids if any(any(row) for row in grid)]
    if len(filled) != 1:
        raise Unreadable(f"{len(filled)} visible sheets with data", "exactly one")
    return filled[0]


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable(f"a broken workbook ({type(error).__name__})", "a workbook saved as XLSX") from error
    if len(parts) > MOST_PARTS:
        raise Unreadable(f"a workbook of {len(parts)} parts", f"at most {MOST_PARTS}")
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unreadable("a workbook too large once unpacked", f"at most {LARGEST_UNPACKED // 1_000_000} MB")
    for part in parts:
        if part.file_size > SMALL and part.file_size > LARGEST_RATIO * max(part.compress_size, 1):
            raise Unreadable(
                "a workbook packed beyond reason", f"at most {LARGEST_RATIO} times its packed size"
            )


def _grid(sheet: Any, most_rows: int) -> list[Sequence[str]]:
    """The rows up to the last that has a value: a sheet may be formatted down to its end."""
    # What a sheet says of its own size may be wrong or absent; without it every row is as wide as its cells.
    sheet.reset_dimensions()
    rows: list[Sequence[str]] = []
    blank = 0
    for number, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        if number > LAST_ROW:
            raise Unreadable("a row number beyond any sheet", f"at most {LAST_ROW} rows")
        if all(value is None for value in values):
            blank += 1
            continue
        if number > most_rows:
            raise Unreadable("too many rows", f"at most {most_rows}", number)
        rows += [()] * blank
        blank = 0
        rows.append([_text(value) for value in values])
    return rows


def _text(value: object) -> str:
    """The cell as a CSV file would have it; a number that a spreadsheet cannot hold exactly shows that it is not."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) <= EXACT else f"{float(value):.14e}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) <= EXACT else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return str(value)
