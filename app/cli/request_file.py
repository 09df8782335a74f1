"""A request for people as a TOML file: read, and turned into what the API takes. docs/requests.md tells every field.

operation = "OP-1B2C3D4E5F"   # or --operation; none where kind = "service_demand"
title = "Dapur umum"
funding = "Belanja Tidak Terduga APBD"

[conditions]                  # what all lines share, where they do not say it themselves
hazards = ["WATER"]
food = "SITE"

[wave.2]                      # what the lines of a wave share, where they do not say it themselves
report_after = "72 h"

[[line]]
role = "field_kitchen"
quantity = 2
site = "Airmata"
lat = -10.1655
lon = 123.584
report_after = "24 h"         # or report_at = 2026-11-23T08:00:00+08:00
duty = "7 d"                  # or due_back = …
needed_for = "21 d"           # or needed_until = …; then it goes on in turns

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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli.session import USAGE, Trouble
from app.cli.text_file import text_of

_DURATION = re.compile(r"(\d{1,6}) ?(s|min|h|d)")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_SHIFT = re.compile(r"(\d{1,2})/(\d{1,2})")
_TIMES = ("report_at", "report_after", "due_back", "duty", "needed_until", "needed_for")
_TOP = ("kind", "operation", "title", "funding", "letter", "conditions", "wave", "line")
_CONDITIONS = ("hazards", "hazard_note", "lodging", "food", "transport")
SERVICE_DEMAND = "service_demand"
_LINE = ("role", "quantity", "priority", "site", "lat", "lon", "wave", "max_km", "shift", "mode", "team",
         "substitute", *_CONDITIONS, *_TIMES)  # fmt: skip
_SUBSTITUTE = ("penalty", "role", "skill", "level", "home_role")


def read_request(path: Path, operation: str | None, now: datetime) -> dict[str, Any]:
    """Return the form of a request file. Relative times count from now. Raises Trouble naming file and place."""
    told = _read(path, _TOP)
    kind = told.get("kind", "disaster")
    named = operation or told.get("operation")
    if not named and kind != SERVICE_DEMAND:
        raise Trouble(f"{path}: operation: missing; name it here or with --operation", USAGE)
    form = {"letter": _letter(told["letter"], f"{path}: letter", now)} if "letter" in told else {}
    return form | {
        "kind": kind,
        "operation_id": named,
        "title": told.get("title", ""),
        "funding": told.get("funding", ""),
        "lines": _lines(told, path, now),
    }


def read_lines(path: Path, now: datetime) -> list[dict[str, Any]]:
    """Return the lines of a file that holds [[line]] tables, and [conditions] and [wave] tables for them."""
    lines = _lines(_read(path, ("conditions", "wave", "line")), path, now)
    if not lines:
        raise Trouble(f"{path}: line: missing, expected [[line]] tables", USAGE)
    return lines


@contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Let what the API has against the file's lines name the file, and its keys as they stand there."""
    try:
        yield
    except Trouble as trouble:
        if trouble.code != USAGE or str(trouble).startswith(f"{path}: "):
            raise
        told, *details = (
            re.sub(
                r"\]\.conditions\.",
                "].",
                re.sub(r"\bsubstitutes\[", "substitute[", re.sub(r"\blines\[", "line[", text)),
            )
            for text in (str(trouble), *trouble.details)
        )
        raise Trouble(f"{path}: {told}", USAGE, tuple(details)) from None


def _read(path: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    try:
        told = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise Trouble(f"{path}: not TOML: {error}", USAGE) from None
    _know(told, keys, f"{path}: ")
    return told


def _know(told: Iterable[str], keys: tuple[str, ...], at: str) -> None:
    if unknown := sorted(set(told) - set(keys)):
        raise Trouble(f"{at}{unknown[0]}: no such key, expected {', '.join(sorted(keys))}", USAGE)


def _lines(told: dict[str, Any], path: Path, now: datetime) -> list[dict[str, Any]]:
    lines = told.get("line", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Trouble(f"{path}: line: expected [[line]] tables", USAGE)
    waves = told.get("wave", {})
    if not isinstance(waves, dict) or not all(isinstance(wave, dict) for wave in waves.values()):
        raise Trouble(f"{path}: wave: expected tables like [wave.2]", USAGE)
    for number, wave in waves.items():
        _know(wave, _TIMES, f"{path}: wave.{number}.")
        if not any(str(line.get("wave", 1)) == number for line in lines):
            raise Trouble(f"{path}: wave.{number}: no line is of this wave", USAGE)
    shared = told.get("conditions", {})
    if not isinstance(shared, dict):
        raise Trouble(f"{path}: conditions: expected a [conditions] table", USAGE)
    _know(shared, _CONDITIONS, f"{path}: conditions.")
    return [
        _line(shared | line, waves.get(str(line.get("wave", 1)), {}), f"{path}: line[{number}]", now)
        for number, line in enumerate(lines, 1)
    ]


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


def _line(line: dict[str, Any], wave: dict[str, Any], at: str, now: datetime) -> dict[str, Any]:
    _know(line, _LINE, f"{at}.")
    told = _with_times_of(wave, line)
    report_at = _instant(told, "report_at", "report_after", now, at)
    due_back = _instant(told, "due_back", "duty", report_at, at)
    if "needed_until" in told or "needed_for" in told:
        told["needed_until"] = _instant(told, "needed_until", "needed_for", report_at, at).isoformat()
    if "shift" in told:
        told["shift"] = _shift(told["shift"], f"{at}.shift")
    substitutes = told.pop("substitute", [])
    if not isinstance(substitutes, list) or not all(isinstance(one, dict) for one in substitutes):
        raise Trouble(f"{at}.substitute: expected [[line.substitute]] tables", USAGE)
    for number, one in enumerate(substitutes, 1):
        _know(one, _SUBSTITUTE, f"{at}.substitute[{number}].")
    more: dict[str, Any] = {"substitutes": substitutes} if substitutes else {}
    if conditions := {key: told.pop(key) for key in _CONDITIONS if key in told}:
        more["conditions"] = conditions
    return told | more | {"report_at": report_at.isoformat(), "due_back": due_back.isoformat()}


def _with_times_of(wave: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    """The line, and from its wave when it reports, ends and is needed until, where it says none itself."""
    told = dict(line)
    for fixed, relative in zip(_TIMES[::2], _TIMES[1::2], strict=True):
        if fixed not in line and relative not in line:
            told |= {key: wave[key] for key in (fixed, relative) if key in wave}
    return told


def _shift(text: Any, at: str) -> dict[str, int]:
    match = _SHIFT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Trouble(f'{at}: {text!r}, expected hours on and off like "12/12"', USAGE)
    return {"on": int(match[1]), "off": int(match[2])}


def _instant(told: dict[str, Any], fixed: str, relative: str, since: datetime, at: str) -> datetime:
    """Take an instant out of a line, given as such or as a duration."""
    if (fixed in told) == (relative in told):
        raise Trouble(f"{at}: expected one of {fixed} and {relative}", USAGE)
    if relative in told:
        return since + _duration(told.pop(relative), f"{at}.{relative}")
    value = told.pop(fixed)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Trouble(
            f"{at}.{fixed}: expected an instant with its zone and without quotes, like 2026-11-23T08:00:00+08:00",
            USAGE,
        )
    return value


def _duration(text: Any, at: str) -> timedelta:
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Trouble(f'{at}: {text!r}, expected a duration like "90 s", "30 min", "24 h" or "7 d"', USAGE)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
