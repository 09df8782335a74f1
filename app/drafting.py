"""From a warning to the draft of a request: a text for the coordinator to correct and to send, or to drop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from domain.alerts import Point
from domain.sizing import DraftLine, Figures, SizingRatios, draft_lines

FIRST_REPORT_HOURS = 24
"""A drafted request lets people arrive a day after it is sent."""
DISPLACED_A_KELURAHAN = 60
SHELTERS_A_KELURAHAN = 1
DAYS = 7


@dataclass(frozen=True)
class FirstReport:
    """What is known of the disaster by now; what is not, is assumed and said so."""

    displaced: int | None = None
    shelters: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class Draft:
    """A drafted request: its text as TOML, and how many people it asks for in all waves."""

    toml: str
    people: int
    lines: int


def draft(
    title: str, operation_id: str, affected: Sequence[Point], report: FirstReport, ratios: SizingRatios
) -> Draft | None:
    """Draft the request that a warning over these kelurahan asks for; None where nobody would be needed."""
    figures = Figures(
        displaced=_or(report.displaced, DISPLACED_A_KELURAHAN * len(affected)),
        shelters=_or(report.shelters, SHELTERS_A_KELURAHAN * len(affected)),
        kelurahan=len(affected),
        days=_or(report.days, DAYS),
    )
    lines = draft_lines(figures, ratios)
    if not lines or not affected:
        return None
    lat = sum(point[0] for point in affected) / len(affected)
    lon = sum(point[1] for point in affected) / len(affected)
    head = _head(title, operation_id, figures, report)
    text = "\n".join([head, *(_line(line, lat, lon) for line in lines)])
    return Draft(text, sum(line.quantity for line in lines), len(lines))


def _or(said: int | None, assumed: int) -> int:
    return assumed if said is None else said


def _head(title: str, operation_id: str, figures: Figures, report: FirstReport) -> str:
    def origin(value: int | None) -> str:
        return "reported" if value is not None else "ASSUMED, correct it"

    return f"""\
# A draft made from a public warning. It asks nobody for anything until a coordinator sends it:
#   ./siaga surge request FILE.toml
# displaced {figures.displaced} ({origin(report.displaced)}), shelters {figures.shelters} ({origin(report.shelters)}), \
kelurahan {figures.kelurahan} (by the warned area), days {figures.days} ({origin(report.days)})
operation = {json.dumps(operation_id)}
title = {json.dumps(title, ensure_ascii=False)}
funding = ""  # the fund that pays, for example: Belanja Tidak Terduga APBD
"""


def _line(line: DraftLine, lat: float, lon: float) -> str:
    # Basis and source are our own texts, of one line each.
    return f"""\
[[line]] # {line.basis} ({line.source})
role = "{line.role.value}"
quantity = {line.quantity}
priority = {_priority(line)}
wave = {line.wave}
site = "Posko utama"
lat = {lat:.5f}
lon = {lon:.5f}
report_after = "{FIRST_REPORT_HOURS + 24 * line.start_day} h"
duty = "{line.days} d"
"""


def _priority(line: DraftLine) -> int:
    """Health and assessment first: what they find corrects all other numbers."""
    return {"health_post_nurse": 1, "rapid_assessment": 1, "shelter_manager": 2, "field_kitchen": 2}.get(
        line.role.value, 3
    )
