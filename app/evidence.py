"""The evidence pack of one person: a ZIP whose bytes are the same for the same case of the log.

Nothing in it asks a clock or the machine: names sorted, dates fixed, stored without compression, JSON in one spelling.
It ends with the case's last entry, so what other cases do meanwhile changes nothing. Free text is not in it: notes can
be erased, and a pack that changed then would prove less.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from domain import cases
from domain.closing.days import days_of
from domain.closing.evaluation import EVALUATED
from domain.closing.placed import Line, Placed
from domain.closing.terms import ClosingTerms
from domain.closing.waivers import WAIVED
from domain.facts import ARRIVALS, PAPERWORK
from domain.secondment import Ready

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day of a ZIP's calendar: every file carries it."""
RELEASE = ("ReleaseEscalated", "ReleaseDecided")
CHECK_IN = ("Mobilised", *ARRIVALS, "CheckInEscalated", "FoundUnfit", "NoShowReported")
CHECKLIST = ("ChecklistSigned", "ChecklistWaived", "DemobSignedOff")
ACCIDENT = (
    *("InjuryReported", "DeathReported", "DeathRetracted"),
    *("AccidentReportFiled", "AccidentReportOverdue", "AccidentReportWaived"),
)
RETURN = ("ReturnOverdue", "Returned")
CONVERSION = ("Converted",)
PAPERS = tuple(sorted(PAPERWORK))


def pack(
    placed: Placed,
    extracts: Iterable[Mapping[str, Any]],
    travelled: Iterable[Mapping[str, Any]],
    terms: ClosingTerms,
) -> bytes:
    """Return the pack; `extracts` are issued extracts as {number, sha256, file}, travel orders are {number, file}."""
    files = _files(placed, terms)
    orders, travel_orders = [], []
    for extract in extracts:
        name = _paper("orders", extract)
        files[name] = extract["file"]
        orders.append({"number": extract["number"], "file": name, "sha256_as_issued": extract["sha256"]})
    for paper in travelled:
        name = _paper("travel-orders", paper)
        files[name] = paper["file"]
        travel_orders.append({"number": paper["number"], "file": name})
    last = placed.entries[-1]
    manifest = {
        "case": cases.secondment(placed.placement_id),
        "government": placed.government_id,
        "person": placed.person_id,
        "surge": placed.surge_id,
        "rule_pack": placed.rule_pack,
        "last_entry": {"seq": last.entry.seq, "hash": last.hash.hex()},
        "orders": orders,
        "travel_orders": travel_orders,
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    return _zipped({"manifest.json": _json(manifest)} | dict(sorted(files.items())))


def _paper(folder: str, paper: Mapping[str, Any]) -> str:
    return f"{folder}/{re.sub(r'[^A-Za-z0-9.-]+', '-', paper['number'])}.pdf"


def _files(placed: Placed, terms: ClosingTerms) -> dict[str, bytes]:
    lines, road = placed.entries, placed.road
    days = days_of(road, terms, placed.zone, at=lines[-1].entry.at)
    ready = {
        "signed": sorted(road.ready),
        "waived": sorted(road.unready),
        "missing": sorted(set(Ready) - road.ready - road.unready),
    }
    came = {"reported_at": road.arrived_at, "recorded_at": road.recorded_at, "ready": ready}
    papers = {name: sorted(getattr(road, name) or ()) for name in ("received", "waived", "owed")}
    home = {"due_back": road.due_back, "home_by": road.home_by, "confirmed_at": road.returned_at}
    return {
        "log.jsonl": b"".join(_line(line) for line in sorted((*placed.waivers, *lines), key=_seq)),
        "yearly-cap.json": _json({"entries": _told(placed.waivers, (WAIVED,))}),
        "release.json": _json({"entries": _told(lines, RELEASE)}),
        "check-in.json": _json(came | {"entries": _told(lines, CHECK_IN)}),
        "checklist.json": _json({"entries": _told(lines, CHECKLIST)}),
        "accident.json": _json({"entries": _told(lines, ACCIDENT)}),
        "return.json": _json(home | {"entries": _told(lines, RETURN)}),
        "conversion.json": _json({"entries": _told(lines, CONVERSION)}),
        "papers.json": _json(papers | {"claimed": road.claimed, "entries": _told(lines, PAPERS)}),
        "evaluation.json": _json({"entries": _told(lines, (EVALUATED,))}),
        "days.json": _json(asdict(days) | {"zone": placed.zone}),
    }


def _told(lines: Iterable[Line], kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """The entries of these kinds, told shortly; whole they stand in log.jsonl."""
    return [
        {
            "seq": line.entry.seq,
            "type": line.fact.type,
            "case": line.fact.case_id,
            "at": line.fact.at,
            "actor": line.fact.by.actor,
            "authority": line.fact.by.authority,
            "for": line.fact.by.on_behalf_of,
            "data": line.fact.data,
        }
        for line in lines
        if line.fact.type in kinds
    ]


def _seq(line: Line) -> int:
    return line.entry.seq


def _line(line: Line) -> bytes:
    """One entry as it was hashed (domain.log.entry_hash), with its hash and the one before, so that it can be checked."""
    fact = line.fact
    entry = {
        "seq": line.entry.seq,
        "type": fact.type,
        "case": fact.case_id,
        "at": fact.at,
        "person": fact.person_id,
        "actor": fact.by.actor,
        "for": fact.by.on_behalf_of,
        "authority": fact.by.authority,
        "basis": fact.by.basis,
        "command": fact.by.command_id,
        "data": fact.data,
    }
    said = {"previous": line.previous.hex(), "entry": entry, "hash": line.hash.hex()}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain).encode() + b"\n"


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, default=_plain).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in evidence")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            folder.writestr(entry, content)
    return out.getvalue()
