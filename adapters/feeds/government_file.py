"""`government.toml`: whose roster this is."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.feeds.tables import Complaints
from domain.mutation.kinds import Election
from domain.roster import Government

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_REGION = re.compile(r"\d{2}([.]\d{2})?\Z", re.ASCII)
_LEVELS = ("city", "regency", "province", "national")
_TEXTS = ("id", "name", "level", "zone", "place", "number_class")
_KNOWN = {*_TEXTS, "letterhead", "region_code", "synthetic", "head_since", "elections"}
_ELECTION = {"candidates_on", "term_ends"}


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
    elections = tuple(Election(**one) for one in data.get("elections", ()))
    return Government(**{**data, "letterhead": tuple(data["letterhead"]), "elections": elections})


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
    if "head_since" in data and not _is_day(data["head_since"]):
        faults.append(("head_since", "a day such as 2025-02-20"))
    if not _are_elections(data.get("elections", [])):
        faults.append(
            ("elections", "tables of two days, candidates_on and (not earlier) term_ends, each election once")
        )
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


def _is_day(value: object) -> bool:
    return type(value) is date


def _are_elections(value: object) -> bool:
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and set(one) == _ELECTION for one in value
    ):
        return False
    if not all(_is_day(day) for one in value for day in one.values()):
        return False
    first = {one["candidates_on"] for one in value}
    return len(first) == len(value) and all(one["candidates_on"] <= one["term_ends"] for one in value)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # not found, or a path
        return False
    return True
