"""A request for people as a TOML file: read, and turned into what the API takes.

operation = "OP-1B2C3D4E5F"   # or --operation; none where kind = "service_demand"
title = "Dapur umum"
funding = "Belanja Tidak Terduga APBD"

[[line]]
role = "field_kitchen"
quantity = 2
site = "Airmata"
lat = -10.1655
lon = 123.584
report_after = "24 h"         # or report_at = 2026-11-23T08:00:00+08:00
duty = "7 d"                  # or due_back = …

Where there is no disaster, it stands on a letter:

kind = "service_demand"
[letter]
number = "440/112/PKM/II/2027"
dated = 2027-02-01
office = "Kepala Dinas Kesehatan Kota Kupang"
unit = "PKM01"                # the unit that needs help
until = 2027-04-01T00:00:00+08:00   # or lasts = "60 d", from now on
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli.session import USAGE, Trouble

_DURATION = re.compile(r"(\d{1,6}) ?(s|min|h|d)")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_TOP = {"kind", "operation", "title", "funding", "letter", "line"}
SERVICE_DEMAND = "service_demand"


def read_request(path: Path, operation: str | None, now: datetime) -> dict[str, Any]:
    """Return the form of a request file. Relative times count from now. Raises Trouble naming file and place."""
    try:
        told = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise Trouble(f"{path}: no such file", USAGE) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{path}: not readable ({error})", USAGE) from None
    except tomllib.TOMLDecodeError as error:
        raise Trouble(f"{path}: not TOML: {error}", USAGE) from None
    if unknown := sorted(set(told) - _TOP):
        raise Trouble(f"{path}: {unknown[0]}: no such key, expected {', '.join(sorted(_TOP))}", USAGE)
    kind = told.get("kind", "disaster")
    named = operation or told.get("operation")
    if not named and kind != SERVICE_DEMAND:
        raise Trouble(f"{path}: operation: missing; name it here or with --operation", USAGE)
    lines = told.get("line", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Trouble(f"{path}: line: expected [[line]] tables", USAGE)
    form = {"letter": _letter(told["letter"], f"{path}: letter", now)} if "letter" in told else {}
    return form | {
        "kind": kind,
        "operation_id": named,
        "title": told.get("title", ""),
        "funding": told.get("funding", ""),
        "lines": [_line(line, f"{path}: line[{number}]", now) for number, line in enumerate(lines, 1)],
    }


def _letter(letter: Any, at: str, now: datetime) -> dict[str, Any]:
    if not isinstance(letter, dict):
        raise Trouble(f"{at}: expected a [letter] table", USAGE)
    told = dict(letter)
    until = _instant(told, "until", "lasts", now, at)
    dated = told.get("dated")
    return told | {
        "until": until.isoformat(),
        "dated": dated.isoformat() if isinstance(dated, date) else dated,
    }


def _line(line: dict[str, Any], at: str, now: datetime) -> dict[str, Any]:
    told = dict(line)
    report_at = _instant(told, "report_at", "report_after", now, at)
    due_back = _instant(told, "due_back", "duty", report_at, at)
    return told | {"report_at": report_at.isoformat(), "due_back": due_back.isoformat()}


def _instant(told: dict[str, Any], fixed: str, relative: str, since: datetime, at: str) -> datetime:
    """Take an instant out of a line, given as such or as a duration."""
    if (fixed in told) == (relative in told):
        raise Trouble(f"{at}: expected one of {fixed} and {relative}", USAGE)
    if relative in told:
        return since + _duration(told.pop(relative), f"{at}.{relative}")
    value = told.pop(fixed)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Trouble(
            f"{at}.{fixed}: expected an instant with its zone, like 2026-11-23T08:00:00+08:00", USAGE
        )
    return value


def _duration(text: Any, at: str) -> timedelta:
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Trouble(f'{at}: {text!r}, expected a duration like "90 s", "30 min", "24 h" or "7 d"', USAGE)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
