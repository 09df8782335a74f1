"""Opening a table's file, whatever it claims to be: text in some encoding with some delimiter, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from adapters.feeds import synonyms
from adapters.feeds.refusal import Unreadable
from adapters.feeds.xlsx import read_xlsx

LARGEST_FILE = 200_000_000  # bytes
MOST_ROWS = 500_000
HEADER_WITHIN = 15  # rows; above the header stand titles, at most so many
HEAD = 20_000  # characters in which the header is looked for
DELIMITERS = ",;\t|"


def rows_of(path: Path, name: str) -> Iterator[Sequence[str]]:
    """The rows of the file as texts, titles and blank rows included; raises `Unreadable`.

    `name` is the table it should be: a CSV file is split at the delimiter under which its header is understood.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable("a larger file", f"at most {LARGEST_FILE // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"an unreadable file ({error.strerror})", "a file that can be read") from None
    if (
        content.lstrip(b"\xef\xbb\xbf \t\r\n")[:15]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
    ):
        raise Unreadable("a web page or XML under another name", "CSV, or a workbook saved as XLSX")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("an old workbook (XLS)", "CSV, or the workbook saved as XLSX")
    zipped = content.startswith(b"PK\x03\x04")
    if zipped != (path.suffix.lower() == ".xlsx"):
        kind = "a workbook" if zipped else "no workbook"
        raise Unreadable(
            f"{kind} in a file named *{path.suffix}", "a name that fits: .xlsx for workbooks, .csv for text"
        )
    return (
        iter(read_xlsx(content, MOST_ROWS + HEADER_WITHIN)) if zipped else _csv_rows(_decode(content), name)
    )


def _decode(content: bytes) -> str:
    """UTF-8 or UTF-16 by its mark; else UTF-8, else the code page of older Windows."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [encoding for mark, encoding in marks if content.startswith(mark)]
    row = 0
    for encoding in marked or ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            row = content.count(b"\n", 0, error.start) + 1
    raise Unreadable("bytes that are no text", "UTF-8 (or cp1252) text", row)


def _csv_rows(content: str, name: str) -> Iterator[Sequence[str]]:
    if "\x00" in content:
        raise Unreadable("NUL characters", "plain text", content.count("\n", 0, content.index("\x00")) + 1)
    head = content[:HEAD]
    understood = {
        delimiter: max((len(synonyms.match(name, row)) for row in _head_rows(head, delimiter)), default=0)
        for delimiter in DELIMITERS
    }
    return _parse(content, max(DELIMITERS, key=lambda delimiter: understood[delimiter]))


def _head_rows(head: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), HEADER_WITHIN))
    return rows


def _parse(content: str, delimiter: str) -> Iterator[Sequence[str]]:
    lines = io.TextIOWrapper(io.BytesIO(content.encode()), "utf-8", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):  # noqa: B007 - the last number is told when the next row breaks
            yield row
    except csv.Error as error:
        raise Unreadable(f"broken quoting ({error})", "CSV with quotes in pairs", number + 1) from None
