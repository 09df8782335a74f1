"""What a task asks, and why a request came back, in words for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.cli.times import when

Json = Any
_SAID = {"RequestReturned": "sent back", "RequestRejected": "rejected", "RequestCancelled": "cancelled"}
_SITE = "OTHER_SITE"


def asked(row: Json) -> Iterator[str]:
    """What is to be decided beyond who, where and until when; nothing where the kind of task says it all."""
    asks = row["asks"]
    if asks is None:
        return
    if asks["back"]:
        yield from back(asks["back"])
    if asks["condition"]:
        yield _condition(asks)
    elif asks["site"]:
        yield f"to {_post(asks)}, until {when(asks['until'])}"
    elif asks["until"]:
        yield f"until {when(asks['until'])} instead of {when(row['due_back'])}"
    if asks["heard"]:
        yield f"the person was heard: {asks['heard']}"
    if asks["agreed"]:
        yield f"agreed already: {', '.join(asks['agreed'])}"
    if asks["uncovered_from"]:
        yield (
            f"no status covers the duty from {when(asks['uncovered_from'])}; one that reaches past "
            f"{when(row['due_back'])} settles it (operation extend, or declare once it has lapsed)"
        )


def back(told: Json) -> Iterator[str]:
    """Why a request came back, by whom, and in which words."""
    code = f", {told['code']}" if told["code"] else ""
    meant = f": {told['sentence']}" if told["sentence"] else ""
    yield f"{_SAID[told['type']]} by {told['by']} at {when(told['at'])}{code}{meant}"
    if told["note"]:
        yield f"  “{told['note']}”"


def _condition(asks: Json) -> str:
    said = f"accepts only if {asks['condition']}"
    if asks["report_at"]:
        return f"{said}: from {when(asks['report_at'])}"
    if asks["condition"] == _SITE:
        return f"{said}: to {_post(asks)}" if asks["site"] else f"{said}: no other site has room now"
    return said


def _post(asks: Json) -> str:
    return f"line {asks['line_id'].rpartition('/')[2]} of {asks['line_id'].partition('/')[0]} ({asks['role']} at {asks['site']})"
