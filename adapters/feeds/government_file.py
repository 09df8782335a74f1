"""`government.toml`: whose roster this is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.feeds.tables import Complaints
from domain.roster import Government

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_REGION = re.compile(r"\d{2}([.]\d{2})?\Z", re.ASCII)
_LEVELS = ("city", "regency", "province", "national")
_TEXTS = ("id", "name", "level", "zone", "place", "number_class")
_KNOWN = {*_TEXTS, "letterhead", "region_code", "synthetic"}


def read_government(path: Path, complaints: Complaints) -> Government | None:
    """The government of this file; None, with complaints, if anything in it is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        complaints.add(path.name, 0, "", "no such file", "a file that says whose roster this is")
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        complaints.add(path.name, 0, "", str(error).splitlines()[0], "a TOML file in UTF-8")
        return None
    faults = list(_faults(data))
    for key, expected in faults:
        complaints.add(path.name, 0, key, repr(data.get(key, "nothing"))[:60], expected)
    if faults:
        return None
    return Government(**{**data, "letterhead": tuple(data["letterhead"])})


def _faults(data: dict[str, Any]) -> list[tuple[str, str]]:
    """(key, what was expected of it)."""
    faults = [(key, "a text") for key in _TEXTS if not _is_text(data.get(key))]
    faults += [(key, f"one of {', '.join(sorted(_KNOWN))}") for key in data if key not in _KNOWN]
    lines = data.get("letterhead")
    if not isinstance(lines, list) or not lines or not all(_is_text(line) for line in lines):
        faults.append(("letterhead", "a list of lines"))
    if not isinstance(data.get("synthetic", False), bool):
        faults.append(("synthetic", "true or false"))
    if "region_code" in data and not (_is_text(data["region_code"]) and _REGION.match(data["region_code"])):
        faults.append(("region_code", "a Kemendagri code such as 53.71, or 53 for a province"))
    if faults:
        return faults
    if not _ID.match(data["id"]):
        faults.append(("id", "small letters, digits and hyphens"))
    if data["level"] not in _LEVELS:
        faults.append(("level", f"one of {', '.join(_LEVELS)}"))
    if not _is_zone(data["zone"]):
        faults.append(("zone", "a time zone such as Asia/Makassar"))
    return faults


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 200 and value.isprintable()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # not found, or a path
        return False
    return True
