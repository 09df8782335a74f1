"""The conditions of a request as lines for a person at a terminal: hazards, who provides, what it is likely to cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.report.words import rupiah

Json = Any
_BY = {"SITE": "the site", "HOME_UNIT": "the home unit", "PER_DIEM": "yourself, out of the per diem"}


def of_line(told: Json) -> Iterator[str]:
    """What is known of a line's conditions; nothing where nothing was said."""
    if told["hazards"]:
        note = f" ({told['hazard_note']})" if told["hazard_note"] else ""
        yield f"hazards: {', '.join(told['hazards'])}{note}"
    provided = [
        f"{what} by {_BY[told[what]]}" for what in ("lodging", "food", "transport") if told[what] is not None
    ]
    if provided:
        yield "; ".join(provided)


def of_lines(lines: Json) -> Iterator[str]:
    """The conditions of each line of which something was said."""
    for line in lines:
        if told := list(of_line(line["conditions"])):
            yield f"  {line['line_id'].rpartition('/')[2]}: {'; '.join(told)}"


def estimate(told: Json | None) -> Iterator[str]:
    """What the request is likely to cost, and what that stands on."""
    if told:
        yield (
            f"estimate: {rupiah(told['rupiah'])} per diem for {told['person_days']} person-days, at "
            f"{rupiah(told['rate'])} a day ({told['basis']}, {told['source']}), {told['meals_percent']} % withheld "
            "where meals are provided; beds, ways and days of travel are not in it"
        )
