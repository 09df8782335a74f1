"""Sets the after-action report of a surge as PDF, by typst; the same figures as of the same entry give the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from adapters.documents import indonesian as id_
from adapters.documents.press import TypesettingFailed
from domain.closing.review_view import Review
from domain.closing.say import tell
from domain.closing.say_rows import Told
from domain.report import ReportView
from domain.report.words import Calendar, number

_TEMPLATES = Path(__file__).parent / "templates"


def after_action(view: ReportView, review: Review) -> bytes:
    """Return the report as PDF/A-2b; blocks for tens of milliseconds: call it by `asyncio.to_thread`."""
    try:
        pdf = typst.compile(
            input=str(_TEMPLATES / "after_action.typ"),
            root=str(_TEMPLATES),
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"said": json.dumps(_plain(_said(view, review)), ensure_ascii=False)},
            pdf_standards=["a-2b"],
            timestamp=_whole(view.as_of),
        )
    except typst.TypstError as error:
        raise TypesettingFailed(f"report of {review.surge_id}: {' '.join(error.message.split())}") from None
    assert isinstance(pdf, bytes)
    return pdf


def _said(view: ReportView, review: Review) -> dict[str, Any]:
    told: Told = tell(review, view.zone)
    calendar = Calendar(view.zone)
    spreads = {row.label: row.spread for row in told.times}
    said = asdict(told) | {
        "title": review.title,
        "surge": review.surge_id,
        "operation": view.operation_id,
        "incident": view.title,
        "government": view.government,
        "as_of": calendar.full(view.as_of),
        "last_entry": number(view.last_entry),
        "fingerprint": view.fingerprint,
        "synthetic": view.synthetic,
        "needs": [
            {
                "name": row.need.name,
                "asked": row.need.asked,
                "filled": row.need.filled,
                "why": row.why,
            }
            for row in told.needs
        ],
    }
    for row in said["times"]:
        one = spreads[row["label"]]
        longest = one.longest.total_seconds() or 1.0
        row["spread"] = {
            "bins": list(one.bins),
            "median": one.median.total_seconds() / longest,
            "ninetieth": one.ninetieth.total_seconds() / longest,
        }
    return said


def _plain(value: Any) -> Any:
    """Every text printable on one line, whatever a lesson or a unit's name contains."""
    if isinstance(value, str):
        return id_.plain(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)  # a PDF's clock has none
